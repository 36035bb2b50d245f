class M(type):  # BAD
    pass


class C(metaclass=M):  # BAD
    pass
from backtesting import Strategy


class X(Strategy):
    def init(self):
        Z = type("Z", (), {})  # BAD

    def next(self):
        pass
