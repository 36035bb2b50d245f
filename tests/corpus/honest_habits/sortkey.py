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
        for t in sorted(self.trades, key=lambda t: t.pl_pct, reverse=True):
            if t.pl_pct > .1:
                t.close()
            elif t.pl_pct < -.05:
                t.sl = t.entry_price * .9
        if not self.position:
            self.buy(size=.5)
