"""The middle of the data, which only its end tells."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.middle = len(self.data) // 2

    def next(self):
        if len(self.data) == self.middle:
            self.buy()
