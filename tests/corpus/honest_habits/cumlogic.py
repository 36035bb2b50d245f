from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        c = self.data.Close.s
        up = (c.diff() > 0).astype(int)
        streak = up.groupby((up != up.shift()).cumsum()).cumsum()
        self.ma = self.I(lambda: streak.values)

    def next(self):
        if self.ma[-1] >= 3 and not self.position:
            self.buy()
        elif self.ma[-1] == 0 and self.position:
            self.position.close()
