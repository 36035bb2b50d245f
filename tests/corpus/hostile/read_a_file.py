import pandas as pd
import numpy as np
from backtesting import Strategy


class X(Strategy):
    def init(self):
        pd.read_csv("/etc/hosts")  # BAD
        np.fromfile("/etc/hosts")  # BAD
        self.data.df.to_pickle("x")  # BAD
        self.data.Close.tofile("x")  # BAD

    def next(self):
        pass
