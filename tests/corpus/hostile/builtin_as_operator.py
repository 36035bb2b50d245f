class Z:
    __contains__ = exec  # BAD


"x = 1" in Z()
from backtesting import Strategy


class X(Strategy):
    def init(self):
        pass

    def next(self):
        pass
