from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
import math
from math import log, sqrt, inf, nan, isnan


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if math.isfinite(self.ma[-1]) and not isnan(sqrt(4)) and not self.position:
            self.buy()
