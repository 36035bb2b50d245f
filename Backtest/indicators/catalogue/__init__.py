"""The indicators themselves; defaults and formulas are those of the strategy language's rules 8, 26 and 27."""

from Backtest.indicators.catalogue.averages import AVERAGES
from Backtest.indicators.catalogue.bands import BANDS
from Backtest.indicators.catalogue.entries import PRICE_COLUMNS
from Backtest.indicators.catalogue.oscillators import OSCILLATORS
from Backtest.indicators.catalogue.trend import TREND
from Backtest.indicators.catalogue.volatility import VOLATILITY
from Backtest.indicators.catalogue.volume import VOLUME
from Backtest.indicators.definitions import Indicator

__all__ = ["INDICATORS", "PRICE_COLUMNS"]

INDICATORS: tuple[Indicator, ...] = (*AVERAGES, *OSCILLATORS, *TREND, *BANDS, *VOLATILITY, *VOLUME)
