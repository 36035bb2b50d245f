from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
import random
rng = np.random.default_rng(1)
random.seed(3)
R = random.Random(2)


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if R.random() < .05 and not self.position:
            self.buy()
        elif random.random() < .05 and self.position:
            self.position.close()
