"""Statistics of all the data that no decision uses."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.mean = float(np.mean(self.data.Close))
        self.bars = len(self.data)
        print(self.mean, self.bars)

    def next(self):
        up = self.data.Close[-1] > self.data.Close[-2]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
