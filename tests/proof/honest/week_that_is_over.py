"""The close of the last week that is over."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        weekly = self.data.Close.s.resample("W-FRI").last()
        days = self.data.Close.s.index
        self.week = self.I(lambda: weekly.shift(1).reindex(days, method="bfill").ffill().to_numpy())

    def next(self):
        up = self.data.Close[-1] > self.week[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
