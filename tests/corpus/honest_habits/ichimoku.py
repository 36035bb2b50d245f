from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
def ichi(h, l, n=9):
    h, l = pd.Series(h), pd.Series(l)
    return (h.rolling(n).max() + l.rolling(n).min()) / 2


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(ichi, self.data.High, self.data.Low)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
