from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
"""A strategy with os.system and eval in its docstring, and __import__ too."""
NOTE = "open() exec to_csv __class__"


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()
