"""The search of `benchmarks/kernel.py` by vectorbt, in a process of its own: one line in, one line of JSON out.

    python -m benchmarks.vectorbt_sweep BARS.npz FAST SLOW

`BARS.npz` holds `close`; FAST and SLOW are ranges as Python's (5,105). The process first runs once (which compiles) and
answers; then it runs again for each line that it is given.
"""

import json
import sys
import time
import warnings

METRICS = (
    "total_return total_profit annualized_return annualized_volatility sharpe_ratio sortino_ratio calmar_ratio "
    "omega_ratio max_drawdown total_benchmark_return beta alpha"
).split()
OF_TRADES = "count win_rate profit_factor expectancy sqn".split()


def once(close: "object", fast: range, slow: range) -> dict[str, float]:
    """Seconds until the final values stand, and until the statistics do."""
    import numpy as np
    import vectorbt as vbt

    begin = time.perf_counter()
    windows = [np.repeat(list(fast), len(slow)), np.tile(list(slow), len(fast))]
    quick, late = (vbt.MA.run(close, window=[int(one) for one in of]) for of in windows)
    entries = quick.ma_crossed_above(late)
    exits = quick.ma_crossed_below(late)
    portfolio = vbt.Portfolio.from_signals(close, entries, exits, fees=0.001, init_cash=100_000.0, freq="1D")
    portfolio.final_value()
    simulated = time.perf_counter()
    figures = {name: getattr(portfolio, name)() for name in METRICS}
    trades = portfolio.trades
    figures |= {name: getattr(trades, name)() for name in OF_TRADES}
    figures["max_drawdown_duration"] = portfolio.drawdowns.max_duration()
    end = time.perf_counter()
    return {"finals_s": simulated - begin, "all_s": end - begin, "metrics": len(figures) + 1}


def main() -> None:
    import numpy as np
    import pandas as pd

    warnings.simplefilter("ignore")
    path, fast, slow = sys.argv[1:]
    spans = [range(*map(int, text.split(","))) for text in (fast, slow)]
    loaded = np.load(path)
    close = pd.Series(loaded["close"], index=pd.DatetimeIndex(loaded["stamps"]))
    while True:
        print(json.dumps(once(close, *spans)), flush=True)
        if not sys.stdin.readline():
            return


if __name__ == "__main__":
    main()
