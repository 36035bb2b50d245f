"""Reads its own bars one by one."""

from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.seen = []

    def next(self):
        self.seen.append(float(self.data.Close[-1]))
        up = len(self.seen) > 4 and self.seen[-1] > sum(self.seen[-5:]) / 5
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
