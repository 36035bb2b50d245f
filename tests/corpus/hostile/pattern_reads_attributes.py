from backtesting import Strategy


class X(Strategy):
    def init(self):
        match self:
            case object(__class__=c):  # BAD
                print(c)
            case object(_broker=b):  # BAD
                print(b)

    def next(self):
        pass
