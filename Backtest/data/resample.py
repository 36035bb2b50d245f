"""Longer bars made of shorter ones."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from Backtest.data.bars import Bars, Finding
from Backtest.data.quality import RULES, iso
from Backtest.errors import BarsInvalid, Issue
from Backtest.timeframes import TIMEFRAMES, can_build, is_intraday

_MONDAY_OFFSET = 3  # 1970-01-01 was a Thursday


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
    stamps = _stamps(frame.index.to_numpy(), timeframe)
    starts = np.flatnonzero(np.concatenate([[True], stamps[1:] != stamps[:-1]]))
    ends = np.concatenate([starts[1:], [len(stamps)]]) - 1
    built = pd.DataFrame(
        {
            "Open": frame["Open"].to_numpy()[starts],
            "High": np.maximum.reduceat(frame["High"].to_numpy(), starts),
            "Low": np.minimum.reduceat(frame["Low"].to_numpy(), starts),
            "Close": frame["Close"].to_numpy()[ends],
            "Volume": np.add.reduceat(frame["Volume"].to_numpy(), starts),
        },
        index=pd.DatetimeIndex(stamps[starts]),
    )
    message = (
        f"{len(built)} {timeframe} bars were made from {len(frame)} {bars.timeframe} bars; "
        "the first and the last may hold a part of their span only"
    )
    made = Finding("resampled", message, iso(stamps[0]), len(built), "info")
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


def _stamps(times: npt.NDArray[np.datetime64], timeframe: str) -> npt.NDArray[np.datetime64]:
    """For each time, the beginning of the longer bar that it lies in (datetime64[us])."""
    if is_intraday(timeframe):
        length_us = TIMEFRAMES[timeframe] * 1_000_000
        microseconds = times.astype("datetime64[us]").astype(np.int64)
        return (microseconds // length_us * length_us).astype("datetime64[us]")  # a length divides the day
    dates = times.astype("datetime64[D]")
    if timeframe == "1w":
        dates = dates - (dates.astype(np.int64) + _MONDAY_OFFSET) % 7
    elif timeframe == "1mo":
        dates = dates.astype("datetime64[M]")
    elif timeframe == "1q":
        months = dates.astype("datetime64[M]")
        dates = months - months.astype(np.int64) % 3
    return dates.astype("datetime64[us]")
