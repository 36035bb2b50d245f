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
        if not self.position:
            self.buy()


from backtesting import Backtest
from backtesting.test import GOOG
bt = Backtest(GOOG, X, cash=10_000, commission=.002)
stats = bt.run()
print(stats)
print(stats['_trades'].head())
