from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10
    n1 = 5
    n2 = 20

    def init(self):
        for name in ('n1', 'n2'):
            print(name)
        self.a = getattr(self, 'n1')
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
