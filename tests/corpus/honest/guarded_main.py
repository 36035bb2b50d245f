"""A file that also runs on its own: what only its main guard calls is not run in the sandbox."""
import numpy as np
import pandas as pd
import talib
from backtesting import Backtest, Strategy


def load_bars(csv, sample):
    if csv:
        return pd.read_csv(csv, index_col=0, parse_dates=True)
    from backtesting import test

    return getattr(test, sample)


def report(strategy, bars, plot=None):
    backtest = Backtest(bars, strategy, cash=100_000)
    stats = backtest.run()
    if plot:
        backtest.plot(filename=plot, open_browser=False)
    columns = {name: values for name, values in vars(stats._strategy).items() if isinstance(values, np.ndarray)}
    stats._trades.to_csv("trades.csv")
    return stats, columns


class Momentum(Strategy):
    def init(self):
        self.rsi = self.I(talib.RSI, self.data.Close, 14)

    def next(self):
        if self.rsi[-2] <= 50 < self.rsi[-1]:
            self.buy()
        elif self.rsi[-1] < 45:
            self.position.close()


if __name__ == "__main__":
    import argparse
    import sys
    from pathlib import Path

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--csv")
    parser.add_argument("--plot", type=Path)
    args = parser.parse_args()
    print(report(Momentum, load_bars(args.csv, "GOOG"), args.plot)[0].to_string(), file=sys.stderr)
    sys.exit(0)
