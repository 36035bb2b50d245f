from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from contextlib import contextmanager, suppress


@contextmanager
def quiet():
    with np.errstate(divide='ignore'):
        yield


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        with quiet(), suppress(ZeroDivisionError):
            if not self.position:
                self.buy()
