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
        for o in self.orders:
            if not o.is_contingent:
                o.cancel()
        if not self.position:
            self.buy(limit=self.data.Low[-1], size=10)
        elif len(self.data) % 9 == 0:
            self.position.close(.5)
