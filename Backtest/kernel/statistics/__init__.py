"""The statistics of a run, in levels: what a search ranks by, backtesting.py's full list, and more."""

from Backtest.kernel.statistics.figures import FULL_WIDTH, RANK_WIDTH, Figure
from Backtest.kernel.statistics.meter import Meter
from Backtest.kernel.statistics.run_statistics import Level, figures_by_name, run_statistics
from Backtest.kernel.statistics.time_axis import TimeAxis, time_axis
from Backtest.kernel.statistics.warm_up import warm_up_bars

__all__ = [
    "FULL_WIDTH",
    "RANK_WIDTH",
    "Figure",
    "Level",
    "Meter",
    "TimeAxis",
    "figures_by_name",
    "run_statistics",
    "time_axis",
    "warm_up_bars",
]
