from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
from abc import ABC, abstractmethod


class Rule(ABC):
    @abstractmethod
    def ok(self, s): ...


class Up(Rule):
    def ok(self, s):
        return s.data.Close[-1] > s.ma[-1]


class X(Strategy):
    n = 10
    rule = Up()

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.rule.ok(self) and not self.position:
            self.buy()
        elif self.position and not self.rule.ok(self):
            self.position.close()
