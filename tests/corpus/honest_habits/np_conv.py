from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        k = np.ones(10) / 10
        self.ma = self.I(lambda c: np.convolve(c, k)[: len(c)], self.data.Close)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
