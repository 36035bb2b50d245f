from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
class Ring:
    def __init__(self, n):
        self._xs = [0] * n

    def __getitem__(self, i):
        return self._xs[i]

    def __setitem__(self, i, v):
        self._xs[i] = v

    def __len__(self):
        return len(self._xs)

    def __iter__(self):
        return iter(self._xs)

    def __contains__(self, x):
        return x in self._xs


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
