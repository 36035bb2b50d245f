"""Swing lows that are known two bars before they are."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        lows = pd.Series(self.data.Low)
        self.pivot = self.I(lambda: (lows == lows.rolling(5, center=True).min()).astype(float).to_numpy())

    def next(self):
        if self.pivot[-1] > 0 and not self.position:
            self.buy()
        elif self.position and len(self.data) % 9 == 0:
            self.position.close()
