from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from datetime import datetime, timedelta


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.index[-1] > datetime(2008, 1, 1) + timedelta(days=3) and not self.position:
            self.buy()
        elif self.position and self.trades[0].entry_time < self.data.index[-1] - pd.Timedelta('30D'):
            self.position.close()
