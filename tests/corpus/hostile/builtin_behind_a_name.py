from backtesting import Strategy


class X(Strategy):
    def init(self):
        e = eval  # BAD
        e("1 + 1")

    def next(self):
        pass
