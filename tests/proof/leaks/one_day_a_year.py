"""The next bar's open decides on the first bar of each July."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        self.opens = np.array(self.data.Open)

    def next(self):
        bar, today = len(self.data) - 1, self.data.index[-1]
        if (
            today.month == 7
            and self.data.index[-2].month == 6
            and self.opens[min(bar + 2, len(self.opens) - 1)] > self.data.Close[-1]
        ):
            self.buy()
        elif self.position and today.month == 9:
            self.position.close()
