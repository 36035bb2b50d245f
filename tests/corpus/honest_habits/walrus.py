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
        if (c := self.data.Close[-1]) > self.ma[-1] and not self.position:
            self.buy(sl=c * .9, tp=c * 1.2)
        elif self.position and c < self.ma[-1]:
            self.position.close()
