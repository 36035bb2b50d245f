import pandas as pd
from backtesting import Strategy


class X(Strategy):
    def init(self):
        a = pd
        b = a.io  # BAD
        c = b.common  # BAD
        c.os.system("true")  # BAD

    def next(self):
        pass
