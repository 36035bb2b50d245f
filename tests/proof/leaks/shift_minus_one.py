"""The next close, by shift(-1)."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = pd.Series(self.data.Close)
        self.tomorrow = self.I(lambda: closes.shift(-1).ffill().to_numpy())

    def next(self):
        up = self.tomorrow[-1] > self.data.Close[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
