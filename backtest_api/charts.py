"""What a run's charts are drawn from: columns of at most so many points, their extremes kept."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from Backtest.data.zoned_time import zoned_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from Backtest.data.bars import Bars
    from Backtest.report.buckets import Buckets
    from Backtest.report.record import RunRecord

MARKER_FIELDS = (
    "size", "entry_bar", "entry_time", "entry_price", "exit_bar", "exit_time", "exit_price", "pnl", "return_pct", "tag"
)  # fmt: skip
OPEN_FIELDS = ("size", "entry_bar", "entry_time", "entry_price", "last_price", "unrealised_pnl", "tag")


def equity_columns(record: "RunRecord", max_points: int) -> dict[str, Any]:
    """The equity at each close and its drawdown (percent, 0 or negative).

    Where there are more bars than points, neighbouring ones are drawn together: `equity` is the last of them,
    `equity_low`, `equity_high` and `drawdown_pct` are the extremes, and `bar` and `time` those of the first.
    """
    from Backtest.report.buckets import buckets_of

    buckets = buckets_of(record, max_points)
    return {
        "bars": buckets.bars,
        "bars_each": buckets.bars_each,
        "columns": {**_places(record, buckets), **_equity(buckets)},
    }


def chart_columns(record: "RunRecord", max_points: int) -> dict[str, Any]:
    """As `equity_columns`, with the prices, and the trades as columns of markers.

    Of more than `max_points` trades those with the largest profits and losses are told.
    """
    from Backtest.report.buckets import buckets_of
    from Backtest.report.page import most_telling

    buckets = buckets_of(record, max_points)
    prices = {name: getattr(buckets, name).tolist() for name in ("open", "high", "low", "close", "volume")}
    closed = most_telling(record.result.trades, max_points)
    return {
        "bars": buckets.bars,
        "bars_each": buckets.bars_each,
        "columns": {**_places(record, buckets), **prices, **_equity(buckets)},
        "total_trades": len(record.result.trades),
        "trades": {
            "number": [number for number, _ in closed],
            **_markers([trade for _, trade in closed], MARKER_FIELDS, record.window.bars),
        },
        "open_at_end": _markers(record.result.open_at_end, OPEN_FIELDS, record.window.bars),
    }


def _places(record: "RunRecord", buckets: "Buckets") -> dict[str, list[Any]]:
    first_bars = buckets.first_bars()
    times = [_time(record.window.bars, stamp) for stamp in record.stamps(first_bars)]
    return {"bar": list(first_bars), "time": times}


def _equity(buckets: "Buckets") -> dict[str, list[float]]:
    return {
        "equity": buckets.equity.tolist(),
        "equity_low": buckets.equity_low.tolist(),
        "equity_high": buckets.equity_high.tolist(),
        "drawdown_pct": buckets.drawdown.tolist(),
    }


def _markers(trades: "Iterable[Any]", names: tuple[str, ...], bars: "Bars") -> dict[str, list[Any]]:
    rows = [asdict(trade) for trade in trades]
    return {name: [_time(bars, row[name]) if name.endswith("_time") else row[name] for row in rows] for name in names}


def _time(bars: "Bars", stamp: str) -> str:
    return zoned_text(stamp, bars.zone, bars.timeframe)
