from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        df = self.data.df
        hi = df.groupby(df.index.to_period('M'))['High'].transform('max').shift(1)
        self.ma = self.I(lambda: hi.bfill().values)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
