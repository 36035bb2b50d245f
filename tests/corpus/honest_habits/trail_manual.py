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
        for t in self.trades:
            t.sl = max(t.sl or -np.inf, self.data.Close[-1] * .95) if t.is_long else min(t.sl or np.inf, self.data.Close[-1] * 1.05)
        if not self.position and self.data.Close[-1] > self.ma[-1]:
            self.buy()
