from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
def ind(*args, **kwargs):
    return SMA(*args, **kwargs)


class X(Strategy):
    n = 10

    def init(self):
        opts = {'n': 10}
        self.ma = self.I(ind, self.data.Close, **opts)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
