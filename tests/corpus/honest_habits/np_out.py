from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        x = np.zeros(len(self.data.Close))
        np.add(x, 1, out=x)
        np.copyto(x, 2)
        x[3:] = 5
        x.sort()
        x.fill(3)
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
