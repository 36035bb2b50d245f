from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd
import statistics as st
from statistics import mean, pstdev


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        xs = [float(v) for v in self.data.Close[-10:]]
        if st.mean(xs) > mean(xs[:5]) and pstdev(xs) > 0 and not self.position:
            self.buy()
        elif self.position:
            self.position.close()
