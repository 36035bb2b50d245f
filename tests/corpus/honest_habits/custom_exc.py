from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
class NoSignal(Exception):
    pass


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        try:
            if self.data.Close[-1] < self.ma[-1]:
                raise NoSignal('below')
            if not self.position:
                self.buy()
        except NoSignal as e:
            if self.position:
                self.position.close()
        finally:
            pass
