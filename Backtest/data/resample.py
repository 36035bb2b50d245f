"""Longer bars made of shorter ones."""

import pandas as pd

from Backtest.data.bars import Bars, Finding
from Backtest.data.quality import RULES, iso
from Backtest.errors import BarsInvalid, Issue
from Backtest.indicators.timeframes import resample_bars
from Backtest.timeframes import TIMEFRAMES, can_build


def resample(bars: Bars, timeframe: str) -> Bars:
    """Bars of a longer canonical timeframe: first Open, highest High, lowest Low, last Close, summed Volume.

    A bar's stamp says where it belongs. Days run from 00:00 to 24:00, weeks from Monday to Sunday, months and quarters
    by the calendar, intraday bars from 00:00; each is stamped with its beginning, and spans without a bar are left out.
    The first and the last may hold a part of their span only, which the finding "resampled" says.
    Raises BarsInvalid where `can_build` says that whole bars of one don't make the other.
    """
    if not can_build(bars.timeframe, timeframe):
        has = f"the {bars.source} bars of {bars.symbol} are {bars.timeframe}"
        message = f"{has}; asked for {timeframe}"
        raise BarsInvalid(message, [Issue("timeframe", message, _buildable(bars.timeframe))])
    frame = bars.frame
    built = resample_bars(frame, timeframe)
    built.index = _beginnings(pd.DatetimeIndex(built.index), timeframe)
    message = (
        f"{len(built)} {timeframe} bars were made from {len(frame)} {bars.timeframe} bars; "
        "the first and the last may hold a part of their span only"
    )
    made = Finding("resampled", message, iso(built.index.to_numpy()[0]), len(built), "info")
    sources_own = (finding for finding in bars.findings if finding.rule not in RULES)
    return Bars.from_frame(
        built,
        symbol=bars.symbol,
        source=bars.source,
        zone=bars.zone,
        timeframe=timeframe,
        findings=(*sources_own, made),
    )


def _buildable(base: str) -> str:
    longer = [name for name in TIMEFRAMES if can_build(base, name)]
    return f"use {base}" + (f", or one that is made from it: {', '.join(longer)}" if longer else "")


def _beginnings(ends: pd.DatetimeIndex, timeframe: str) -> pd.DatetimeIndex:
    """When the spans that end then begin; every intraday length divides the day, so none is cut short."""
    months = {"1mo": 1, "1q": 3}
    if timeframe in months:
        return ends - pd.DateOffset(months=months[timeframe])
    return ends - pd.Timedelta(seconds=TIMEFRAMES[timeframe])
