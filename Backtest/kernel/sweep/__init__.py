"""A search over a grid of a spec's numbers."""

from Backtest.kernel.sweep.grid import Axis, Grid, parse_axis
from Backtest.kernel.sweep.places import Place, bind, places_of
from Backtest.kernel.sweep.ranking import Ranked, Ranking
from Backtest.kernel.sweep.search import Chunk, cores, sweep

__all__ = [
    "Axis",
    "Chunk",
    "Grid",
    "Place",
    "Ranked",
    "Ranking",
    "bind",
    "cores",
    "parse_axis",
    "places_of",
    "sweep",
]
