from backtesting import Strategy


def only_in_the_guard():
    open("x")  # BAD


def called():
    return vars(Strategy)  # BAD


def decorated(x=open("x")):  # BAD
    pass


called()
if __name__ != "__main__":
    import argparse  # BAD
if __name__ == "__main__":
    only_in_the_guard()
    import subprocess  # BAD
    eval("1")  # BAD
else:
    import sys  # BAD


class X(Strategy):
    def init(self):
        pass

    def next(self):
        pass
