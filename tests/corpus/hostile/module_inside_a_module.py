import random
import dataclasses
from typing import sys  # BAD
from backtesting import Strategy


class X(Strategy):
    def init(self):
        random._os.system("true")  # BAD
        dataclasses.sys  # BAD

    def next(self):
        pass
