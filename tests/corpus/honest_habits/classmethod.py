from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    @classmethod
    def make(cls, n):
        cls.n = n
        return cls

    @staticmethod
    def up(a, b):
        return a > b

    @property
    def price(self):
        return self.data.Close[-1]

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.up(self.price, self.ma[-1]) and not self.position:
            self.buy()
        elif self.position and self.price < self.ma[-1]:
            self.position.close()
