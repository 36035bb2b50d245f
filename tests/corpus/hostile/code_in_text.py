from backtesting import Strategy


class X(Strategy):
    def init(self):
        self.data.df.query("@x == 1")  # BAD
        self.data.df.eval("@x")  # BAD
        self.data.df.agg("to_csv", 0, "x")  # BAD
        f = "to_" + "csv"  # BAD
        self.data.df.agg(f, 0, "x")

    def next(self):
        pass
