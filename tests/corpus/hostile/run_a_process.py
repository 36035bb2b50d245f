from subprocess import run  # BAD
from backtesting import Strategy


class X(Strategy):
    def init(self):
        run(["true"])

    def next(self):
        pass
