from backtesting import Strategy


class X(Strategy):
    def init(self):
        table = {"k": open, "c": compile}  # BAD
        table["k"]("x", "w")

    def next(self):
        pass
