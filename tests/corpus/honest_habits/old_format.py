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
        print('{} {:.2f}'.format(self.n, self.data.Close[-1]))
        print('%s %d' % (self.n, 3))
        print('{name}'.format(name='x'))
        if not self.position:
            self.buy()
