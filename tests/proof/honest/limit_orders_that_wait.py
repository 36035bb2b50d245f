"""Limit orders that wait, are filled and taken back."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.sent = 0

    def next(self):
        if not self.position and len(self.data) % 5 == 0:
            for order in self.orders:
                order.cancel()
            self.buy(limit=self.data.Close[-1] * 0.985, size=0.4)
        elif self.position and len(self.data) % 11 == 0:
            self.position.close(0.5)
