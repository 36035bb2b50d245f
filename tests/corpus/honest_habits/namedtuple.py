from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from typing import NamedTuple


class Sig(NamedTuple):
    up: bool
    why: str = ''


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        s = Sig(self.data.Close[-1] > self.ma[-1])
        if s.up and not self.position:
            self.buy(tag=s.why)
        elif not s.up and self.position:
            self.position.close()
