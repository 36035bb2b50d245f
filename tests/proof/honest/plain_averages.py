"""Two averages and a cross."""

from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA


class S(Strategy):
    def init(self):
        self.fast = self.I(SMA, self.data.Close, 10)
        self.slow = self.I(SMA, self.data.Close, 30)

    def next(self):
        if crossover(self.fast, self.slow):
            self.buy(sl=self.data.Close[-1] * 0.95, tp=self.data.Close[-1] * 1.1)
        elif crossover(self.slow, self.fast):
            self.position.close()
