"""Canonical JSON, piece by piece, and bars drawn by hand, as the tests of the conventions write them."""

import pandas as pd
from backtesting import test

GOOG = test.GOOG.astype(float)
EURUSD = test.EURUSD.astype(float)


def number(value: float) -> dict:
    return {"type": "number", "value": float(value)}


def price(field: str = "Close", shift: int = 0) -> dict:
    return {"type": "price", "field": field, "shift": shift}


def indicator(identifier: str, output: str | None = None, shift: int = 0) -> dict:
    return {"type": "indicator", "id": identifier, "output": output, "shift": shift}


def arith(op: str, *args: dict) -> dict:
    return {"type": "arith", "op": op, "args": list(args)}


def highest(of: dict, bars: int, *, include_current: bool) -> dict:
    return {"type": "highest", "of": of, "bars": bars, "include_current": include_current}


def lowest(of: dict, bars: int, *, include_current: bool) -> dict:
    return {"type": "lowest", "of": of, "bars": bars, "include_current": include_current}


def percent_change(of: dict, bars: int) -> dict:
    return {"type": "percent_change", "of": of, "bars": bars}


def previous(period: str, field: str) -> dict:
    return {"type": "previous", "period": period, "field": field}


def compare(left: dict, op: str, right: dict) -> dict:
    return {"type": "compare", "op": op, "left": left, "right": right}


def cross_above(left: dict, right: dict) -> dict:
    return {"type": "cross_above", "left": left, "right": right}


def cross_below(left: dict, right: dict) -> dict:
    return {"type": "cross_below", "left": left, "right": right}


def all_of(*conditions: dict) -> dict:
    return {"type": "and", "of": list(conditions)}


def any_of(*conditions: dict) -> dict:
    return {"type": "or", "of": list(conditions)}


def negated(condition: dict) -> dict:
    return {"type": "not", "of": condition}


def pattern(name: str, direction: str) -> dict:
    return {"type": "pattern", "name": name, "direction": direction}


def use(
    identifier: str, name: str, *, source: str | None = None, timeframe: str | None = None, **params: float
) -> dict:
    return {"id": identifier, "name": name, "params": params, "source": source, "timeframe": timeframe}


def sma(period: int, **where: str) -> dict:
    return use(f"SMA_{period}", "SMA", source="Close", timeperiod=period, **where)


def rsi(period: int) -> dict:
    return use(f"RSI_{period}", "RSI", source="Close", timeperiod=period)


def atr(period: int) -> dict:
    return use(f"ATR_{period}", "ATR", timeperiod=period)


def enter(when: dict | None, side: str = "long", order: dict | None = None) -> dict:
    return {"side": side, "order": order or {"type": "market"}, "when": when}


def leave(when: dict, side: str = "long", portion: float = 1.0) -> dict:
    return {"side": side, "portion": portion, "when": when}


def limit(at: dict, valid_bars: int | None = 1) -> dict:
    return {"type": "limit", "price": at, "valid_bars": valid_bars}


def stop(at: dict, valid_bars: int | None = 1) -> dict:
    return {"type": "stop", "price": at, "valid_bars": valid_bars}


def percent(value: float) -> dict:
    return {"type": "percent", "value": float(value)}


def atrs(period: int, multiple: float) -> dict:
    return {"type": "atr", "indicator": f"ATR_{period}", "multiple": float(multiple)}


def document(entries: list[dict], exits: list[dict] | None = None, **sections: object) -> dict:
    """A spec: rules get their ids by position; `sections` are its other parts."""
    return {
        "schema_version": 1,
        "strategy_name": "Convention",
        "instruments": ["GOOG"],
        "timeframe": "1d",
        "entry_rules": [{"id": f"entry_{i}", **rule} for i, rule in enumerate(entries, 1)],
        "exit_rules": [{"id": f"exit_{i}", **rule} for i, rule in enumerate(exits or [], 1)],
        **sections,
    }


def signal(*codes: int) -> dict:
    """The bar bears one of the codes (see `bars`)."""
    marks = [compare(price("Volume"), "==", number(code)) for code in codes]
    return marks[0] if len(marks) == 1 else any_of(*marks)


def bars(*rows: tuple[float, ...], start: str = "2024-01-01", every: str = "1D") -> pd.DataFrame:
    """Bars of (open, high, low, close) and, where a test wants one, a code in Volume that its rules answer to."""
    full = [(*row, 0.0) if len(row) == 4 else row for row in rows]
    index = pd.date_range(start, periods=len(full), freq=every)
    return pd.DataFrame(full, columns=["Open", "High", "Low", "Close", "Volume"], index=index, dtype=float)


def flat(level: float, code: float = 0) -> tuple[float, ...]:
    """A bar that opens and closes at `level` and spans 1 around it."""
    return (level, level + 0.5, level - 0.5, level, code)


def closes(*levels: float, start: str = "2024-01-01", every: str = "1D") -> pd.DataFrame:
    """Bars that open where the last one closed."""
    opens = (levels[0], *levels[:-1])
    rows = [(o, max(o, c) + 0.5, min(o, c) - 0.5, c) for o, c in zip(opens, levels, strict=True)]
    return bars(*rows, start=start, every=every)
