from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        df = self.data.df.copy()
        df['ret'] = df.Close.pct_change()
        df['vol'] = df['ret'].rolling(20).std().shift(1).bfill()
        df.loc[df.vol > .02, 'hot'] = 1
        df['hot'] = df['hot'].fillna(0)
        self.ma = self.I(lambda: df.Close.rolling(10).mean().values, name='ma')
        self.hot = self.I(lambda: df.hot.to_numpy())

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
