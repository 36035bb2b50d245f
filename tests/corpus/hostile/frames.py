from backtesting import Strategy


class X(Strategy):
    def init(self):
        def f():
            yield g.gi_frame.f_back  # BAD

        g = f()
        try:
            next(g)
        except ZeroDivisionError as error:
            error.__traceback__.tb_frame  # BAD

    def next(self):
        pass
