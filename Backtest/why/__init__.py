"""Why a run did on a bar what it did, and why it did nothing else: which condition was false, with its values."""

from Backtest.why.bar_story import BarStory, Fill, TradeStory
from Backtest.why.why import why_bar, why_trade

__all__ = ["BarStory", "Fill", "TradeStory", "why_bar", "why_trade"]
