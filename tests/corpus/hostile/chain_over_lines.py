from backtesting import Strategy


class X(Strategy):
    def init(self):
        x = (
            self.data.df
            .rolling(3)
            .mean()
            .to_csv("x")  # BAD
        )
        open(  # BAD
            "x"
        ).close()  # BAD

    def next(self):
        pass
