from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        df = self.data.df
        tr = df.apply(lambda r: max(r.High - r.Low, 0), axis=1)
        self.ma = self.I(lambda: df.Close.rolling(10).apply(np.mean, raw=True))
        self.tr = self.I(lambda: tr.values)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
