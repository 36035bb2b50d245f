import os  # BAD
from backtesting import Strategy


class X(Strategy):
    def init(self):
        os.system("true")  # BAD

    def next(self):
        pass
