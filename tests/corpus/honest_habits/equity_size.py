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
        size = int(self.equity * .01 // self.data.Close[-1])
        if size > 0 and not self.position:
            self.buy(size=size, sl=self.data.Close[-1] * .95)
        elif self.position.pl_pct > .05 or self.position.size < 0:
            self.position.close()
