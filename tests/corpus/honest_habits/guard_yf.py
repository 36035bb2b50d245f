from backtesting import Strategy
from backtesting.lib import crossover
from backtesting.test import SMA
import numpy as np
import pandas as pd


class X(Strategy):
    n = 10

    def init(self):
        self.ma = self.I(SMA, self.data.Close, self.n)

    def next(self):
        if self.data.Close[-1] > self.ma[-1]:
            if not self.position:
                self.buy()
        elif self.position:
            self.position.close()


if __name__ == '__main__':
    import yfinance as yf
    from backtesting import Backtest
    df = yf.download('AAPL', start='2020-01-01')
    Backtest(df, X).run()
