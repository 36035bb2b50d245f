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
        try:
            if not self.position:
                self.buy(sl=self.data.Close[-1] * .9)
        except Exception as e:
            print('order failed', e, repr(e), e.args)
