from backtesting import Strategy


class X(Strategy):
    def init(self):
        __import__("os")  # BAD

    def next(self):
        pass
