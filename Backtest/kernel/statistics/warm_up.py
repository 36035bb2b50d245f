"""How long a run's columns warm up, as backtesting.py counts it for its buy and hold."""

import numpy as np

from Backtest.kernel.compilation import compiled
from Backtest.kernel.machine import row_of


@compiled
def warm_up_bars(inputs: np.ndarray, numbers: np.ndarray, waited: np.ndarray, first_bar: int) -> int:
    """The window's first bar, counted from its start, by which each register waited for has had a value in the window.

    One that never has in the window counts as having one at once. `inputs`, `numbers` and `waited` are those of
    `machine.first_evaluated`.
    """
    latest = 0
    bars = inputs.shape[1]
    for k in range(len(waited)):
        of = row_of(inputs, numbers, waited[k])
        bar = first_bar
        while bar < bars and np.isnan(of[bar]):
            bar += 1
        if bar < bars:
            latest = max(latest, bar - first_bar)
    return latest
