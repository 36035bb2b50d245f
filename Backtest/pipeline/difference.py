"""Where two runs of one spec part first, in words."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from Backtest.run_result import ClosedTrade, OpenTrade, RunResult, stamp_writer

if TYPE_CHECKING:
    from Backtest.data.bars import Window

Side = ClosedTrade | OpenTrade | None


def first_difference(trusted: RunResult, reported: RunResult, window: "Window") -> dict[str, Any] | None:
    """The first trade, open position or bar's equity that is not the same on both sides; None where all are.

    `message` says it in a sentence; `bar` and `time` are where both part, `specification` and `code` what each had.
    """
    kinds: tuple[tuple[str, Sequence[Side], Sequence[Side]], ...] = (
        ("trade", trusted.trades, reported.trades),
        ("open position", trusted.open_at_end, reported.open_at_end),
    )
    for kind, ours, theirs in kinds:
        for number, (our, their) in enumerate(zip_longest(ours, theirs), start=1):
            if our != their:
                return _of_trades(f"{kind} {number}", our, their)
    for bar, (here, there) in enumerate(zip_longest(trusted.equity, reported.equity)):
        if here != there:
            return _of_equity(bar, here, there, window)
    return None


def _of_trades(name: str, ours: Side, theirs: Side) -> dict[str, Any]:
    differing = [
        field.name
        for field in fields(ours or theirs or ClosedTrade)
        if field.compare and getattr(ours, field.name, None) != getattr(theirs, field.name, None)
    ]
    if ours is None or theirs is None:
        made, other = ("specification", "code") if ours else ("code", "specification")
        message = f"The {made} makes {name} ({_said(ours or theirs)}), and the {other} does not."
    else:
        at = differing[0]
        both = f"{getattr(ours, at)} by the specification, and {getattr(theirs, at)} by the code"
        message = f"In {name} ({_said(ours)}) the {at.replace('_', ' ')} is {both}."
    bar, time = min(_place(side, differing) for side in (ours, theirs) if side is not None)
    return {
        "message": message,
        "bar": bar,
        "time": time,
        "differing": differing if ours and theirs else [],
        "specification": asdict(ours) if ours else None,
        "code": asdict(theirs) if theirs else None,
    }


def _place(trade: ClosedTrade | OpenTrade, differing: list[str]) -> tuple[int, str]:
    """The bar from which a trade differs: that of its exit where its entry is the same."""
    entry = {"entry_bar", "entry_price", "size", "tag"} & set(differing)
    if isinstance(trade, ClosedTrade) and not entry:
        return trade.exit_bar, trade.exit_time
    return trade.entry_bar, trade.entry_time


def _said(trade: Side) -> str:
    if trade is None:
        return ""
    side = "long" if trade.size > 0 else "short"
    return f"{abs(trade.size):,} units {side} from {trade.entry_time} at {trade.entry_price:g}"


def _of_equity(bar: int, here: float | None, there: float | None, window: "Window") -> dict[str, Any]:
    import pandas as pd

    index = pd.DatetimeIndex(window.bars.frame.index)
    time = stamp_writer(index, window.bars.timeframe)(index[window.first_bar + bar])
    message = f"The equity at the close of {time} is {here} by the specification, and {there} by the code."
    return {"message": message, "bar": bar, "time": time, "specification": {"equity": here}, "code": {"equity": there}}
