"""Sold on the last day there is."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.last = self.data.index[-1]

    def next(self):
        if not self.position and len(self.data) > 20 and not self.closed_trades:
            self.buy()
        elif self.position and (self.last - self.data.index[-1]).days < 30:
            self.position.close()
