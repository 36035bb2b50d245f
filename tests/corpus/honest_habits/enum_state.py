from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from enum import Enum, auto


class Regime(Enum):
    UP = auto()
    DOWN = auto()


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        r = Regime.UP if self.data.Close[-1] > self.ma[-1] else Regime.DOWN
        if r is Regime.UP and not self.position:
            self.buy()
        elif r.name == 'DOWN' and self.position:
            self.position.close()
