from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
FMT = '{:.2f}'


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        print(FMT.format(self.data.Close[-1]))
        if not self.position:
            self.buy()
