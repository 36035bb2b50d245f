"""Documents in canonical form to start from, and how to change one place of them."""

import copy
from typing import Any

RSI = {"type": "indicator", "id": "RSI_14", "output": None, "shift": 0}
CLOSE = {"type": "price", "field": "Close", "shift": 0}


def number(value: float) -> dict[str, Any]:
    return {"type": "number", "value": value}


def compare(left: Any, op: str, right: Any) -> dict[str, Any]:
    return {"type": "compare", "op": op, "left": left, "right": right}


SHORT_ENTRY = {"id": "entry_2", "side": "short", "order": "market", "when": compare("RSI_14", ">", 70)}


def rsi_reversal() -> dict[str, Any]:
    """The small example of the language's description: buy RSI(14) below 30, sell above 70, 5 % stop."""
    return {
        "schema_version": 1,
        "strategy_name": "RSI reversal",
        "description": "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss",
        "instruments": ["GOOG"],
        "timeframe": "1d",
        "parameters": [],
        "constraints": [],
        "indicators": [
            {"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}, "source": "Close", "timeframe": None}
        ],
        "entry_rules": [
            {
                "id": "entry_1",
                "side": "long",
                "order": {"type": "market"},
                "when": {"type": "cross_below", "left": copy.deepcopy(RSI), "right": number(30.0)},
            }
        ],
        "exit_rules": [
            {
                "id": "exit_1",
                "side": "long",
                "portion": 1.0,
                "when": {"type": "cross_above", "left": copy.deepcopy(RSI), "right": number(70.0)},
            }
        ],
        "risk": {
            "stop_loss": {"type": "percent", "value": 5.0},
            "take_profit": None,
            "trailing_stop": None,
            "break_even": None,
            "max_bars": None,
        },
        "sizing": {"type": "all"},
        "execution": {
            "cash": 100_000.0,
            "commission": {"type": "rate", "value": 0.001},
            "spread": 0.0,
            "margin": 1.0,
        },
        "filters": {"weekdays": None, "hours": None, "when": None, "cooldown_bars": 0},
        "provenance": {"source": "text", "text": "Buy when ...", "url": None, "spans": []},
        "assumptions": [],
    }


def with_change(document: dict[str, Any], pointer: str, value: Any) -> dict[str, Any]:
    """A copy of the document with another value at a place; the place may be a new key or just behind a list's end."""
    made = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    here: Any = made
    for token in path:
        here = here[int(token) if isinstance(here, list) else token]
    if isinstance(here, list):
        here[int(last) : int(last) + 1] = [value]
    else:
        here[last] = value
    return made


def rsi_changed(*changes: tuple[str, Any]) -> dict[str, Any]:
    """The small example with other values at some places."""
    document = rsi_reversal()
    for pointer, value in changes:
        document = with_change(document, pointer, value)
    return document


def without(document: dict[str, Any], pointer: str) -> dict[str, Any]:
    """A copy of the document without a key or an item."""
    made = copy.deepcopy(document)
    *path, last = pointer.split("/")[1:]
    here: Any = made
    for token in path:
        here = here[int(token) if isinstance(here, list) else token]
    del here[int(last) if isinstance(here, list) else last]
    return made
