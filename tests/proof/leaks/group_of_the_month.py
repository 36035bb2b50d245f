"""The month's mean, from its first day on."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = self.data.Close.s
        self.month = self.I(
            lambda: closes.groupby([closes.index.year, closes.index.month]).transform("mean").to_numpy()
        )

    def next(self):
        up = self.data.Close[-1] < self.month[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
