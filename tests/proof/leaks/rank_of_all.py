"""Ranked among all bars, later ones too."""

import pandas as pd
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.rank = self.I(lambda: pd.Series(self.data.Volume).rank(pct=True).to_numpy())

    def next(self):
        up = self.rank[-1] > 0.7
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
