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
        if self.ma[-1] < self.data.Close[-1] < self.ma[-1] * 1.5 and not self.position:
            self.buy()
        elif self.position and any(x < self.ma[-1] for x in self.data.Close[-3:]):
            self.position.close()
