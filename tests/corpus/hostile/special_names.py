from backtesting import Strategy


class X(Strategy):
    def init(self):
        self.__class__.__mro__[1].__init__.__globals__  # BAD
        for c in ().__class__.__mro__[1].__subclasses__():  # BAD
            if c.__name__ == "x":  # BAD
                c()

    def next(self):
        pass
