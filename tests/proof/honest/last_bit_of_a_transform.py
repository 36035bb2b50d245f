"""A causal filter by the Fourier transform: its last bits differ with the length of the data."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        closes = np.asarray(self.data.Close)
        size = 2 * len(closes)
        kernel = np.zeros(len(closes))
        kernel[:10] = 0.1
        self.average = self.I(
            lambda: np.fft.irfft(np.fft.rfft(closes, size) * np.fft.rfft(kernel, size), size)[: len(closes)]
        )

    def next(self):
        up = self.data.Close[-1] > self.average[-1]
        if up and not self.position:
            self.buy(size=0.5, sl=min(self.average[-1], self.data.Close[-1]) * 0.9)
        elif not up and self.position:
            self.position.close()
