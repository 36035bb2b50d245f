from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        t = self.data.index[-1]
        if t.weekday() == 0 and t.month in (1, 2, 3) and not self.position:
            self.buy()
        elif t.day > 25 and self.position:
            self.position.close()
