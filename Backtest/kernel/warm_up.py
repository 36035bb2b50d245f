"""Compiles the kernel, or loads what is compiled already, before anybody waits for it.

    python -m Backtest.kernel.warm_up

An installation runs this once; a process that will need the kernel calls `warm_up` in the background. As a command it
keeps the bytecode of all that it imports too, whatever PYTHONDONTWRITEBYTECODE says: to read the sources of numba and
pandas takes each process a second, a third of its start. Importing this module loads nothing heavy.
"""

import sys
import threading
import time

_warm = threading.Event()
_warming = threading.Lock()


def is_warm() -> bool:
    """Whether `warm_up` has ended in this process: the kernel answers at once."""
    return _warm.is_set()


def warm_up() -> None:
    """Runs each compiled function once, so that none is left to compile: a second from the cache on disk, half a minute
    without one. Safe from any thread: others that call it meanwhile wait; afterwards it does nothing."""
    with _warming:
        if not _warm.is_set():
            _run_everything()
            _warm.set()


def _run_everything() -> None:
    """One run at each level and one search at each: the functions' signatures don't depend on the strategy."""
    import numpy as np
    import pandas as pd

    from Backtest.account import Account
    from Backtest.canonical.conditions import CrossAbove, CrossBelow
    from Backtest.canonical.operands import IndicatorRef
    from Backtest.canonical.rules import EntryRule, ExitRule
    from Backtest.canonical.spec import IndicatorUse, Spec
    from Backtest.data.bars import Bars
    from Backtest.kernel.kernel import measure
    from Backtest.kernel.sweep import Axis, Grid, sweep

    closes = 100.0 + 10.0 * np.sin(np.arange(80) / 3.0)
    columns = {"Open": closes, "High": closes + 1.0, "Low": closes - 1.0, "Close": closes, "Volume": closes}
    frame = pd.DataFrame(columns, index=pd.date_range("2024-01-01", periods=len(closes), freq="D"))
    bars = Bars.from_frame(frame, symbol="WARM", source="csv", zone="UTC", timeframe="1d")
    uses = tuple(IndicatorUse(id=f"SMA_{n}", name="SMA", params={"timeperiod": n}, source="Close") for n in (3, 8))
    fast, slow = (IndicatorRef(id=use.id) for use in uses)
    spec = Spec(
        indicators=uses,
        entry_rules=(EntryRule(id="entry_1", side="long", when=CrossAbove(left=fast, right=slow)),),
        exit_rules=(ExitRule(id="exit_1", side="long", when=CrossBelow(left=fast, right=slow)),),
    )
    window, grid = bars.window(None, None), Grid.of([Axis("SMA_3", (2.0, 3.0))])
    measure(spec, window, Account(), "extended")
    for _ in sweep(spec, grid, window, Account(), "full", threads=1):
        pass


def main() -> int:
    """0 where the code is kept on disk, 2 where no place can be written to."""
    begin = time.perf_counter()
    sys.dont_write_bytecode = False
    sys.stderr.write("Compiling the kernel (half a minute, once) ...\n")
    warm_up()
    from Backtest.kernel.compilation import cache_folder, forget_older_caches

    if cache_folder() is None:
        sys.stderr.write("No place for the compiled kernel can be written to: set NUMBA_CACHE_DIR to a folder.\n")
        return 2
    forget_older_caches()
    sys.stderr.write(f"The kernel is ready ({time.perf_counter() - begin:.1f} s).\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
