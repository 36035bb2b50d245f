from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
def pairs(xs):
    yield from zip(xs, xs[1:])


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        ups = sum(b > a for a, b in pairs(list(self.data.Close[-5:])))
        if ups >= 3 and not self.position:
            self.buy()
        elif ups < 2 and self.position:
            self.position.close()
