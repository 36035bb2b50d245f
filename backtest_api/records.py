"""Between what the engine answers and the rows of a run, both ways, without loss."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from Backtest.errors import Issue
from backtest_api.models import BacktestRun, BacktestTrade
from backtest_api.series import Series, series_load

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome
    from Backtest.report.record import Executor, RunRecord
    from Backtest.report.verdict import Verdict
    from Backtest.run_result import RunResult

MAX_LOG_CHARACTERS = 100_000


def outcome_columns(outcome: "Outcome") -> dict[str, Any]:
    """The columns of a run that a completed or failed outcome fills, but for its series."""
    from Backtest.canonical.document import to_document
    from Backtest.report.record import versions

    run, window = outcome.run, outcome.window
    columns: dict[str, Any] = {
        "status": BacktestRun.Status.COMPLETED if run else BacktestRun.Status.FAILED,
        "canonical_json": to_document(outcome.spec) if outcome.spec else None,
        "self_reported": outcome.spec is None,
        "code": outcome.code or "",
        "account": asdict(outcome.account) if outcome.account else {},
        "assumptions": [assumption.model_dump(mode="json") for assumption in outcome.assumptions],
        "errors": issue_columns(outcome.errors),
        **code_columns(outcome.logs, outcome.layers, outcome.class_name or ""),
        "versions": dict(versions()),
    }
    if window is not None:
        bars = window.bars
        columns |= {
            "symbol": bars.symbol,
            "source": bars.source,
            "timeframe": bars.timeframe,
            "zone": bars.zone,
            "data_hash": bars.content_hash,
            "findings": [asdict(finding) for finding in bars.findings],
            "first_bar": window.first_bar,
        }
    if run is not None:
        columns |= figure_columns(run, outcome.executor, outcome.verdict)
    return columns


def code_columns(logs: str, layers: Iterable[str], class_name: str) -> dict[str, Any]:
    """The columns of a run that its code filled, in whatever process it ran."""
    return {
        "logs": storable(logs[:MAX_LOG_CHARACTERS]),
        "layers": list(layers),
        "class_name": storable(class_name)[:200],
    }


def figure_columns(result: "RunResult", executor: "Executor", verdict: "Verdict") -> dict[str, Any]:
    """The columns of a run that hold its figures, whose they are, and what came of comparing them."""
    return {
        "metrics": result.metrics,
        "notices": [storable(notice) for notice in result.notices],
        "open_at_end": [{**asdict(trade), "tag": _tag(trade.tag)} for trade in result.open_at_end],
        "executor": executor,
        "verification": verdict_column(verdict),
    }


def verdict_column(verdict: "Verdict") -> dict[str, Any]:
    """A verdict for a row: what it quotes may come from code."""
    return dict(json.loads(json.dumps(verdict.as_dict(), allow_nan=False).replace(r"\u0000", r"\ufffd")))


def outcome_series(outcome: "Outcome") -> Series | None:
    """The bars and the equity of a completed outcome."""
    if outcome.run is None or outcome.window is None:
        return None
    return Series(outcome.window.bars.frame, outcome.run.equity)


TRADE_COLUMNS = tuple(field.attname for field in BacktestTrade._meta.concrete_fields if not field.primary_key)


def trade_rows(run: BacktestRun, result: "RunResult") -> list[tuple[int | float | str | None, ...]]:
    """The closed trades as rows of this run, numbered from 1: the values of TRADE_COLUMNS, each as it is stored."""
    rows = []
    for number, trade in enumerate(result.trades, start=1):
        values = vars(trade) | {"run_id": run.pk, "number": number}
        values |= {"tag": _tag(trade.tag), "closed_by": _tag(trade.closed_by)}
        rows.append(tuple([values[column] for column in TRADE_COLUMNS]))
    return rows


def issue_columns(issues: Iterable[Issue]) -> list[dict[str, str]]:
    """Issues for a row: what they quote may come from code."""
    return [{name: storable(text) for name, text in issue.as_dict().items()} for issue in issues]


def storable(text: str) -> str:
    """The text without the one character that PostgreSQL has no place for."""
    return text.replace("\0", "\ufffd")


def _tag(tag: str | None) -> str | None:
    return None if tag is None else storable(tag)


def run_record(run: BacktestRun) -> "RunRecord":
    """A completed run as its renderers read it: the same as right after it ran."""
    from Backtest.account import Account
    from Backtest.canonical.spec import Spec
    from Backtest.data.bars import Bars, Window
    from Backtest.data.quality import Finding
    from Backtest.report.record import RunRecord, versions
    from Backtest.report.verdict import Verdict

    series = series_load(run.series_file_name)
    bars = Bars(
        frame=series.frame,
        symbol=run.symbol,
        source=run.source,
        timeframe=run.timeframe,
        zone=run.zone,
        findings=tuple(Finding(**finding) for finding in run.findings),
        content_hash=run.data_hash,
    )
    return RunRecord(
        spec=None if run.canonical_json is None else Spec.model_validate(run.canonical_json),
        code=run.code,
        window=Window(bars, run.first_bar),
        account=Account(**run.account),
        result=_result(run, series),
        created_at=run.created_at,
        run_id=str(run.pk),
        class_name=run.class_name,
        executor=_executor(run.executor),
        verdict=Verdict(**run.verification),
        versions=_in_order(run.versions, versions()),
    )


def _executor(stored: str) -> "Executor":
    match stored:
        case "kernel" | "interpreter" | "code":
            return stored
    raise ValueError(f"nobody called {stored} executes runs")


def _result(run: BacktestRun, series: Series) -> "RunResult":
    from Backtest.run_result import METRIC_NAMES, OWN_METRIC_NAMES, ClosedTrade, OpenTrade, RunResult

    names = tuple(ClosedTrade.__dataclass_fields__)
    return RunResult(
        metrics=_in_order(run.metrics, (*METRIC_NAMES.values(), *OWN_METRIC_NAMES)),
        trades=tuple(ClosedTrade(*row) for row in run.trades.order_by("number").values_list(*names)),
        open_at_end=tuple(OpenTrade(**trade) for trade in run.open_at_end),
        equity=series.equity,
        notices=tuple(run.notices),
    )


def _in_order(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """The values in the order of these names, others last: PostgreSQL keeps an object's values, not their order."""
    known = [name for name in names if name in values]
    return {name: values[name] for name in (*known, *(name for name in values if name not in known))}
