import urllib.request  # BAD
import socket  # BAD
from backtesting import Strategy


class X(Strategy):
    def init(self):
        pass

    def next(self):
        pass
