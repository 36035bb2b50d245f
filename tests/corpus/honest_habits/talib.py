from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
import talib
from talib import RSI
import talib as ta


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(ta.SMA, self.data.Close, 10)
        self.rsi = self.I(RSI, self.data.Close, timeperiod=14)
        self.u, self.m, self.l = self.I(talib.BBANDS, self.data.Close, 20, 2, 2, matype=talib.MA_Type.EMA)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
