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
        match (bool(self.position), self.data.Close[-1] > self.ma[-1]):
            case (False, True):
                self.buy()
            case (True, False):
                self.position.close()
            case _:
                pass
