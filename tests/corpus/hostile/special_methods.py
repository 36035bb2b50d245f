class D:
    def __del__(self):  # BAD
        pass

    def __set_name__(self, owner, name):  # BAD
        pass

    def __getattr__(self, name):  # BAD
        return name
from backtesting import Strategy


class X(Strategy):
    def init(self):
        pass

    def next(self):
        pass
