"""Rules of craft: what an experienced trader would say of a strategy and of its run, each with a way to mend it."""

from Backtest.advice.of_run import Traded, advise_run
from Backtest.advice.of_spec import advise_spec
from Backtest.advice.recommendation import Recommendation

__all__ = ["Recommendation", "Traded", "advise_run", "advise_spec"]
