"""Why a run did what it did, as the API and the commands answer it."""

from typing import TYPE_CHECKING, Any

from Backtest.canonical.explain import explain
from Backtest.data.zoned_time import zoned_text
from Backtest.errors import Issue
from Backtest.why import why_bar, why_trade
from Backtest.why.wording import bar_as_json, trade_as_json
from rest.errors import Conflict
from rest.turns import turn

if TYPE_CHECKING:
    from Backtest.pipeline import Prepared
    from Backtest.report.record import RunRecord


_STAMPS = ("time", "signal_time", "entry_time")


def why_columns(record: "RunRecord", *, date: str | None, trade: int | None) -> dict[str, Any]:
    """The story of a bar under `bar`, or of a trade under `trade`; the other one None.

    Raises Conflict for code without a spec, which has no rules that could be asked, InputError, and SandboxBroken where
    too much runs here.
    """
    if record.spec is None:
        raise _no_rules()
    asked = (record.spec, record.window, record.account)
    with turn():
        told = bar_as_json(why_bar(*asked, date or "")) if trade is None else trade_as_json(why_trade(*asked, trade))
    bars = record.window.bars
    told = _zoned(told, bars.zone, bars.timeframe)
    name = "bar" if trade is None else "trade"
    notices = _notices(record)
    return {"sentences": [*notices, *told["sentences"]], "bar": None, "trade": None, "notices": notices, name: told}


def explanation_answer(run: "RunRecord | Prepared", *, date: str | None, trade: int | None) -> dict[str, Any]:
    """The object that `explain --json` prints: the strategy's sentences, each with the words it came from, and `why`.

    Raises Conflict for code without a spec, and InputError.
    """
    spec, window = run.spec, run.window
    if spec is None:
        raise _no_rules()
    text = spec.provenance.text or ""
    why: dict[str, Any] | None = None
    if trade is not None:
        why = trade_as_json(why_trade(spec, window, run.account, trade))
    elif date is not None:
        why = bar_as_json(why_bar(spec, window, run.account, date))
    return {
        "strategy_name": spec.strategy_name,
        "symbol": window.bars.symbol,
        "timeframe": window.bars.timeframe,
        "sentences": [
            {
                "path": sentence.path,
                "text": sentence.text,
                "words": [text[s.start : s.end] for s in spec.provenance.spans if s.path == sentence.path],
            }
            for sentence in explain(spec)
        ],
        "source": {"kind": spec.provenance.source, "text": spec.provenance.text, "url": spec.provenance.url},
        "why": why,
    }


def _notices(record: "RunRecord") -> list[str]:
    """Where the story, which is the specification's, may be another than that of the run's figures."""
    if record.verdict.state == "mismatch":
        return ["The run's code does something else than its specification, which this tells of: see its verification."]
    if record.executor == "code":
        return ["The run's figures are those of its code; this tells of its specification, not compared with it yet."]
    return []


def _no_rules() -> Conflict:
    message = "this run is of code without a specification: it has no rules that could be asked"
    return Conflict(message, [Issue("", message, "describe the strategy in words, or give it as canonical_json")])


def _zoned(value: Any, zone: str, timeframe: str, name: str = "") -> Any:
    """The value with each stamp of a bar as the API writes it."""
    if isinstance(value, dict):
        return {key: _zoned(inner, zone, timeframe, key) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_zoned(inner, zone, timeframe) for inner in value]
    return zoned_text(value, zone, timeframe) if name in _STAMPS and value is not None else value
