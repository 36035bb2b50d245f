from backtesting import Strategy


class X(Strategy):
    def init(self):
        print.__ｓｅｌｆ__  # BAD
        getattr(self, "\x5fbroker")  # BAD

    def next(self):
        pass
