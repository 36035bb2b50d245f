"""backtesting.py without its plots: importing Bokeh takes longer than most runs, and nothing is drawn in a sandbox."""

import sys
from types import ModuleType

_MODULE = "backtesting._plotting"


def install() -> None:
    """Stand in for the library's plotting module; to be called before `backtesting` is imported."""
    if _MODULE in sys.modules:
        return
    module = ModuleType(_MODULE, "Stands in for the plots, which a sandbox has no use for.")
    for name in ("plot", "plot_heatmaps", "set_bokeh_output"):
        setattr(module, name, _refuse)
    sys.modules[_MODULE] = module


def _refuse(*_: object, **__: object) -> None:
    raise RuntimeError("Plots can't be drawn in the sandbox: leave Backtest.plot() and plot_heatmaps() out.")
