from backtesting import Strategy


class E(Exception):
    def __eq__(self, other):
        return True


try:
    raise E
except E as __name__:  # BAD
    pass
match 1:
    case __builtins__:  # BAD
        pass
__loader__ = None  # BAD
