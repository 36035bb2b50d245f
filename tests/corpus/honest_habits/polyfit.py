from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        def slope(c):
            c = pd.Series(c)
            return c.rolling(10).apply(lambda y: np.polyfit(range(len(y)), y, 1)[0], raw=True)
        self.ma = self.I(slope, self.data.Close)

    def next(self):
        if self.ma[-1] > 0 and not self.position:
            self.buy()
        elif self.ma[-1] < 0:
            self.position.close()
