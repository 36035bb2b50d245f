from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
COUNT = 0


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        global COUNT
        COUNT += 1
        if COUNT % 20 == 0 and not self.position:
            self.buy()
        elif COUNT % 30 == 0 and self.position:
            self.position.close()
