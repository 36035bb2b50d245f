"""Many requests in one process: a line of JSON in, a line of JSON out, whatever happens to one of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest

FIELDS: Mapping[str, tuple[type, ...]] = {
    "id": (str, int),
    "text": (str,),
    "turns": (list,),
    "canonical_json": (dict,),
    "symbol": (str,),
    "source": (str,),
    "csv": (str,),
    "timeframe": (str,),
    "start": (str,),
    "end": (str,),
    "cash": (int, float),
    "commission": (int, float),
    "answers": (dict,),
    "accept_defaults": (bool,),
}
STRATEGY_FIELDS = ("text", "turns", "canonical_json")


def answer_lines(lines: Iterable[str], progress: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    """The answer of each line that is not blank, with its "id" (the line's number where it has none)."""
    from Backtest.errors import AlgoAgentError, InputError
    from backtest_api.answers import error_answer

    given = [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    for count, (number, line) in enumerate(given, start=1):
        identifier: object = number
        try:
            document = _document(line)
            identifier = document.get("id", number)
            progress(f"[{count}/{len(given)}] {identifier}")
            answer = _answer(request_of(document))
        except AlgoAgentError as error:
            status = "rejected" if isinstance(error, InputError) else "failed"
            answer = error_answer(error.message, error.issues, status=status)
        yield {"id": identifier, **answer}


def _answer(request: "BacktestRequest") -> dict[str, Any]:
    from backtest_api.answers import backtest_answer
    from backtest_api.services import backtest_run

    return backtest_answer(backtest_run(request=request, progress=lambda step: None))


def _document(line: str) -> dict[str, Any]:
    from Backtest.canonical.json_text import read_json

    return read_json(line)


def request_of(document: Mapping[str, Any]) -> "BacktestRequest":
    """The request that a line asks for; raises InputError with one Issue for each field at fault."""
    from Backtest.errors import InputError
    from Backtest.pipeline import BacktestRequest

    issues = list(_faults(document))
    if issues:
        raise InputError(issues[0].message, issues)
    given = {name: value for name, value in document.items() if name != "id" and value is not None}
    if "csv" in given:
        given["csv"] = Path(given["csv"])
    if "turns" in given:
        given["turns"] = tuple(given["turns"])
    return BacktestRequest(**given)


def _faults(document: Mapping[str, Any]) -> "Iterator[Any]":
    from rapidfuzz import process

    from Backtest.errors import Issue

    for name, value in document.items():
        if name not in FIELDS:
            near = process.extractOne(name, list(FIELDS), score_cutoff=70)
            suggestion = f"did you mean {near[0]!r}?" if near else f"known fields: {', '.join(FIELDS)}"
            yield Issue(f"/{name}", f"unknown field {name!r}", suggestion)
        elif value is not None and not _has_type(value, FIELDS[name]):
            wanted = " or ".join(kind.__name__ for kind in FIELDS[name])
            yield Issue(f"/{name}", f"{name} must be {wanted}, not {type(value).__name__}")
    turns = document.get("turns")
    if isinstance(turns, list) and not (turns and all(isinstance(turn, str) for turn in turns)):
        yield Issue("/turns", "turns must be texts, one at least")
    strategies = [name for name in STRATEGY_FIELDS if document.get(name) is not None]
    if strategies != ["text", "turns"] and len(strategies) != 1:
        message = (
            "give a strategy as text, turns or canonical_json"
            if not strategies
            else f"{' and '.join(strategies)} exclude each other"
        )
        yield Issue("/", message)


def _has_type(value: object, kinds: tuple[type, ...]) -> bool:
    """Whether a JSON value is of one of these kinds; true and false are no numbers."""
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
