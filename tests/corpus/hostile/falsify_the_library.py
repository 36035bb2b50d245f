import numpy as np
from backtesting import Strategy


class X(Strategy):
    def init(self):
        self._broker._cash = 1e12  # BAD
        Strategy.buy = lambda self: None  # BAD
        np.mean = lambda *a: 0  # BAD
        setattr(np, "mean", 1)  # BAD
        trade = self.trades[0]
        trade._replace(exit_price=1)  # BAD

    def next(self):
        pass
