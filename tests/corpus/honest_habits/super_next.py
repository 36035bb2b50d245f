from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
class Base(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        pass


class X(Base):
    n = 10

    def init(self):
        super().init()

    def next(self):
        super().next()
        if crossover(self.data.Close, self.ma):
            self.buy()
        elif crossover(self.ma, self.data.Close):
            self.position.close()
