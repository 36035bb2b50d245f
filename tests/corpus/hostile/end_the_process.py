from backtesting import Strategy


class X(Strategy):
    def init(self):
        exit(0)  # BAD
        raise SystemExit  # BAD

    def next(self):
        pass
