"""A signal that is stored a bar early."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        average = pd.Series(self.data.Close).rolling(10).mean()
        self.signal = self.I(
            lambda: (pd.Series(self.data.Close) > average).shift(-1).fillna(0).astype(float).to_numpy()
        )

    def next(self):
        up = self.signal[-1] > 0
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
