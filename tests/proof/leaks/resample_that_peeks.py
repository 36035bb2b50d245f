"""The week's last close, on each of its days."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        weekly = self.data.Close.s.resample("W").last()
        days = self.data.Close.s.index
        self.week = self.I(lambda: weekly.reindex(days, method="bfill").ffill().to_numpy())

    def next(self):
        up = self.week[-1] > self.data.Close[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
