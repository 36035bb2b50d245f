from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
import talib.abstract as abst


class X(Strategy):
    n = 10

    def init(self):
        df = self.data.df.rename(columns=str.lower)
        self.ma = self.I(lambda: abst.SMA(df, timeperiod=10))

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
