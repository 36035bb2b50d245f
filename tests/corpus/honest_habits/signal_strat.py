from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from backtesting.lib import SignalStrategy, TrailingStrategy


class X(SignalStrategy, TrailingStrategy):
    n = 10

    def init(self):
        super().init()
        c = self.data.Close.s
        sig = (c > c.rolling(10).mean()).astype(int).diff().fillna(0)
        self.set_signal(sig.replace(-1, 0) * .95)
        self.set_trailing_sl(3)

    def next(self):
        super().next()
