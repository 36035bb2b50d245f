"""A low pass by the Fourier transform of all of the data."""

import numpy as np
from backtesting import Strategy


class S(Strategy):
    def init(self):
        waves = np.fft.rfft(self.data.Close)
        waves[20:] = 0
        self.smooth = self.I(lambda: np.fft.irfft(waves, len(self.data.Close)))

    def next(self):
        up = self.data.Close[-1] < self.smooth[-1]
        if up and not self.position:
            self.buy()
        elif not up and self.position:
            self.position.close()
