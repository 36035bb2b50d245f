"""The parent's reading of a child's answer: untrusted bytes become a checked `RunResult`, or a ProtocolBreach."""

import math
import types
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

import pandas as pd

from Backtest.run_result import METRIC_NAMES, OWN_METRIC_NAMES, RunResult, stamp_writer
from Backtest.sandbox.job import Status
from Backtest.sandbox.protocol import ProtocolBreach, from_json

if TYPE_CHECKING:
    from Backtest.data.bars import Window

MAX_TEXT_CHARACTERS = 2000
MAX_INTEGER = 1 << 62
MAX_ROWS = 200_000
"""Trades, open positions or notices of one run: far more than any strategy that is meant to be read makes."""

MAX_VALUES_OF_A_ROW = 32
LIMITS_A_CHILD_REPORTS = ("memory_mb", "result_mb")


@dataclass(frozen=True)
class Answer:
    """How a run ended: with a result, or with an error, perhaps its line and the limit that was reached."""

    status: Status
    class_name: str | None = None
    result: RunResult | None = None
    error: str | None = None
    error_line: int | None = None
    limit: str | None = None


def answer_from_payload(payload: bytes, window: "Window", job_id: str, *, measured: bool = True) -> Answer:
    """Read the answer to a job on `window`; raises ProtocolBreach when a type, a bound or a length is off."""
    _expect_bounded(payload, len(window.bars.frame))
    value = from_json(payload)
    if not isinstance(value, dict):
        raise ProtocolBreach("an answer that is no object")
    if value.pop("job_id", None) != job_id:
        raise ProtocolBreach("an answer to another job")
    status: Status
    match value.get("status"):
        case "completed":
            _expect_keys(value, {"status", "class_name", "result"}, "answer")
            result: RunResult = _read(RunResult, value["result"], "result")
            _check_against(window, result, measured=measured)
            return Answer("completed", _read(str, value["class_name"], "class_name"), result)
        case "failed":
            status = "failed"
            _expect_keys(value, {"status", "error", "line"}, "answer")
        case "killed":
            status = "killed"
            _expect_keys(value, {"status", "error", "line", "limit"}, "answer")
            if value["limit"] not in LIMITS_A_CHILD_REPORTS:
                raise ProtocolBreach("an answer with an unknown limit")
        case _:
            raise ProtocolBreach("an answer without a known status")
    return Answer(
        status,
        error=_read(str, value["error"], "error"),
        error_line=_read(int | None, value["line"], "line"),
        limit=value.get("limit"),
    )


def _expect_bounded(payload: bytes, bars: int) -> None:
    """Before it is parsed: a small text can become a large tree of objects."""
    if payload.count(b",") > bars + MAX_ROWS * MAX_VALUES_OF_A_ROW or payload.count(b"[") > MAX_ROWS:
        raise ProtocolBreach("an answer with too many values")


def _read(hint: Any, value: Any, path: str) -> Any:
    """`value` as the type `hint` (dataclass, tuple, dict, union, str, int, float), checked all the way down."""
    if is_dataclass(hint):
        return _read_dataclass(hint, value, path)
    origin = get_origin(hint)
    if origin is tuple:
        if not isinstance(value, list):
            raise ProtocolBreach(f"{path} is no list")
        item = get_args(hint)[0]
        if item is not float and len(value) > MAX_ROWS:
            raise ProtocolBreach(f"{path} has {len(value)} rows, {MAX_ROWS} are allowed")
        return tuple(_read(item, part, path) for part in value)
    if origin is dict:
        if not isinstance(value, dict):
            raise ProtocolBreach(f"{path} is no object")
        item = get_args(hint)[1]
        return {key: _read(item, part, f"{path}.{key[:40]}") for key, part in value.items()}
    if origin in (Union, types.UnionType):
        return _read_union(get_args(hint), value, path)
    return _read_scalar(hint, value, path)


def _read_dataclass(hint: Any, value: Any, path: str) -> Any:
    if not isinstance(value, dict):
        raise ProtocolBreach(f"{path} is no object")
    names = {field.name for field in fields(hint)}
    _expect_keys(value, names, path)
    hints = get_type_hints(hint)
    return hint(**{name: _read(hints[name], value[name], f"{path}.{name}") for name in names})


def _read_union(hints: tuple[Any, ...], value: Any, path: str) -> Any:
    if value is None and types.NoneType in hints:
        return None
    # An integer stays one where both it and a float may stand.
    kind = int if isinstance(value, int) and int in hints else float if isinstance(value, int | float) else type(value)
    if kind not in hints:
        raise ProtocolBreach(f"{path} has a wrong type")
    return _read_scalar(kind, value, path)


def _read_scalar(kind: Any, value: Any, path: str) -> str | int | float:
    if kind is str and isinstance(value, str):
        if len(value) > MAX_TEXT_CHARACTERS or any(0xD800 <= ord(character) <= 0xDFFF for character in value):
            raise ProtocolBreach(f"{path} is too long or no text")
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < math.inf:
        raise ProtocolBreach(f"{path} has a wrong type")
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise ProtocolBreach(f"{path} is out of range")
    if kind is int and isinstance(value, int):
        return value
    if kind is float:
        return float(value)
    raise ProtocolBreach(f"{path} has a wrong type")


def _expect_keys(value: dict[str, Any], names: set[str], path: str) -> None:
    if value.keys() != names:
        wrong = ", ".join(sorted(key[:40] for key in value.keys() ^ names)[:5])
        raise ProtocolBreach(f"{path} with missing or unknown keys ({wrong})")


def _check_against(window: "Window", result: RunResult, *, measured: bool) -> None:
    """The facts that the parent knows itself: how many bars there are, and what their stamps are."""
    index = pd.DatetimeIndex(window.bars.frame.index)[window.first_bar :]
    metrics = result.metrics
    if metrics.keys() != ({*METRIC_NAMES.values(), *OWN_METRIC_NAMES} if measured else set()):
        raise ProtocolBreach("result.metrics with missing or unknown keys")
    for name, count in (("bars", len(index)), ("total_trades", len(result.trades))):
        if measured and metrics[name] != count:
            raise ProtocolBreach(f"result.metrics.{name} is not {count}")
    if len(result.equity) != len(index):
        raise ProtocolBreach(f"result.equity with {len(result.equity)} values for {len(index)} bars")
    stamp = stamp_writer(index, window.bars.timeframe)
    for trade in result.trades:
        if not 0 <= trade.entry_bar <= trade.exit_bar < len(index):
            raise ProtocolBreach("a trade outside of the bars")
        if (trade.entry_time, trade.exit_time) != (stamp(index[trade.entry_bar]), stamp(index[trade.exit_bar])):
            raise ProtocolBreach("a trade whose time is not that of its bar")
    for held in result.open_at_end:
        if not 0 <= held.entry_bar < len(index) or held.entry_time != stamp(index[held.entry_bar]):
            raise ProtocolBreach("an open trade outside of the bars")
