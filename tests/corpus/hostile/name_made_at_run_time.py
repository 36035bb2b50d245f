import numpy as np
from backtesting import Strategy


class X(Strategy):
    def init(self):
        getattr(np, "sa" + "ve")("x", [1])  # BAD
        getattr(self, "__class__")  # BAD
        vars(np)["save"]  # BAD

    def next(self):
        pass
