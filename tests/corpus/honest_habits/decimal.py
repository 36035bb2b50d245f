from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from decimal import Decimal, ROUND_HALF_UP


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        p = Decimal(str(self.data.Close[-1])).quantize(Decimal('0.01'), rounding=ROUND_HALF_UP)
        if p > 100 and not self.position:
            self.buy()
