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
        msg = f'{self.data.Close[-1]:,.2f} {self.n!r:>10} {"long" if self.position else "flat"}'
        if not self.position:
            self.buy(tag=msg)
        elif len(self.data) % 50 == 0:
            self.position.close()
