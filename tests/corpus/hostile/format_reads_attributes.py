from backtesting import Strategy


class X(Strategy):
    def init(self):
        a = "{0.__class__}".format(self)  # BAD
        b = "{a.__class__}".format_map({"a": self})  # BAD
        c = f"{self.__class__}"  # BAD
        d = ("{0." + "__class__}").format(self)  # BAD

    def next(self):
        pass
