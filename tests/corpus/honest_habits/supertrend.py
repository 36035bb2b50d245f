from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
def st(h, l, c, n=10, m=3.0):
    h, l, c = (np.asarray(x, float) for x in (h, l, c))
    tr = np.maximum(h[1:] - l[1:], np.abs(h[1:] - c[:-1]))
    atr = np.r_[np.nan, pd.Series(tr).ewm(alpha=1 / n).mean().values]
    up = (h + l) / 2 + m * atr
    d = np.ones(len(c))
    for i in range(1, len(c)):
        d[i] = 1 if c[i] > up[i - 1] else d[i - 1]
    return d


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(st, self.data.High, self.data.Low, self.data.Close)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
