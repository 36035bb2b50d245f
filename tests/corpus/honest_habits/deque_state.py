from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from collections import deque


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)
        self.last = deque(maxlen=3)

    def next(self):
        self.last.append(self.data.Close[-1])
        if len(self.last) == 3 and self.last[0] < self.last[-1] and not self.position:
            self.buy()
        elif self.position and self.last[0] > self.last[-1]:
            self.position.close()
