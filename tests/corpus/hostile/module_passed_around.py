import numpy as np
from backtesting import Strategy


class X(Strategy):
    def init(self):
        [np][0].save("x", [1])  # BAD
        self.library = np  # BAD
        (lambda m: m.save("x", [1]))(np)  # BAD

    def next(self):
        pass
