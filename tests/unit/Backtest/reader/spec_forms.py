"""Canonical documents in few words, for the reader's tests: what a text must come out as, in the input forms of the language."""

from typing import Any

from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec

Doc = dict[str, Any]


def up(left: Any, right: Any) -> Doc:
    return {"type": "cross_above", "left": left, "right": right}


def down(left: Any, right: Any) -> Doc:
    return {"type": "cross_below", "left": left, "right": right}


def is_(left: Any, op: str, right: Any) -> Doc:
    return {"type": "compare", "op": op, "left": left, "right": right}


def both(*of: Doc) -> Doc:
    return {"type": "and", "of": list(of)}


def either(*of: Doc) -> Doc:
    return {"type": "or", "of": list(of)}


def times(of: Any, factor: float) -> Doc:
    return {"type": "arith", "op": "*", "args": [of, factor]}


def high(bars: int, *, now: bool = False) -> Doc:
    return {"type": "highest", "of": "High", "bars": bars, "include_current": now}


def low(bars: int, *, now: bool = False) -> Doc:
    return {"type": "lowest", "of": "Low", "bars": bars, "include_current": now}


def ago(field: str, bars: int = 1) -> Doc:
    return {"type": "price", "field": field, "shift": bars}


def change(bars: int, of: str = "Close") -> Doc:
    return {"type": "percent_change", "of": of, "bars": bars}


def pct(value: float) -> Doc:
    return {"type": "percent", "value": value}


def atr(multiple: float, bars: int = 14) -> Doc:
    return {"type": "atr", "indicator": f"ATR_{bars}", "multiple": multiple}


def spec(
    entry: Any = None,
    exit: Any = None,
    *,
    short: Any = None,
    cover: Any = None,
    risk: Doc | None = None,
    atrs: tuple[int, ...] = (),
    order: Doc | None = None,
    exits: tuple[Doc, ...] = (),
    symbol: str = "GOOG",
    timeframe: str = "1d",
    **sections: Any,
) -> Spec:
    """A spec with at most one market entry and exit of each side; `entry="always"` is true on every bar."""
    entries = (
        [{"side": "long", "when": None if entry == "always" else entry, "order": order or {"type": "market"}}]
        if entry
        else []
    )
    entries += [{"side": "short", "when": short}] if short else []
    rules = [{"side": "long", "when": exit}] if exit else []
    rules += [{"side": "short", "when": cover}] if cover else []
    return parse_spec(
        {
            "instruments": [symbol],
            "timeframe": timeframe,
            "indicators": [{"id": f"ATR_{bars}", "name": "ATR", "params": {"timeperiod": bars}} for bars in atrs],
            "entry_rules": entries,
            "exit_rules": [*rules, *exits],
            "risk": risk or {},
            **sections,
        }
    )
