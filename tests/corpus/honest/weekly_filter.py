"""A filter on weekly bars, sessions, options of pandas, and reductions by name."""
import datetime as dt
import warnings
from datetime import time, timedelta

import pandas as pd
from backtesting import Strategy
from backtesting.lib import crossover, resample_apply
from backtesting.test import SMA

pd.set_option("display.max_columns", 20)
warnings.filterwarnings("ignore")


class Weekly(Strategy):
    fast, slow = 10, 30

    def init(self):
        super().init()
        self.weekly = resample_apply("W-FRI", SMA, self.data.Close, 5)
        frame = self.data.df.resample("MS").agg({"High": "max", "Low": "min", "Close": "last"})
        self.first = frame.index[0].to_pydatetime() + timedelta(days=1)
        self.a = self.I(SMA, self.data.Close, self.fast)
        self.b = self.I(SMA, self.data.Close, self.slow)

    @property
    def late(self):
        return self.data.index[-1].time() > time(23, 0) or self.data.index[-1].date() < dt.date(2004, 9, 1)

    def next(self):
        try:
            ratio = self.data.Close[-1] / self.weekly[-1]
        except ZeroDivisionError:
            ratio = 1.0
        if self.late:
            print("late", type(self).__name__, self.__class__.__name__)
        elif crossover(self.a, self.b) and ratio > 0.9:
            for order in self.orders:
                order.cancel()
            self.buy(size=0.5)
        elif crossover(self.b, self.a):
            for trade in sorted(self.trades, key=lambda t: t.pl):
                trade.close()
