"""What the commands print for programs: the objects of the command line's contract, plain and finite JSON."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from Backtest.errors import Issue
    from Backtest.gemini_strategy_generator import Generated
    from Backtest.pipeline import Outcome
    from Backtest.proof.causality import LookAhead
    from Backtest.run_result import RunResult
    from Backtest.safety.findings import ScanReport
    from Backtest.sandbox.job import SandboxOutcome

TRADE_FIELDS = (
    "entry_time",
    "exit_time",
    "entry_bar",
    "exit_bar",
    "size",
    "entry_price",
    "exit_price",
    "pnl",
    "return_pct",
    "commission",
    "tag",
    "closed_by",
)


def backtest_answer(outcome: "Outcome") -> dict[str, Any]:
    """The object that `backtest --json` prints."""
    from Backtest.canonical.document import to_document

    run, artifacts = outcome.run, outcome.artifacts
    return {
        "status": outcome.status,
        "canonical_json": to_document(outcome.spec) if outcome.spec else None,
        "understood": [sentence.text for sentence in outcome.sentences],
        "code": outcome.code,
        "code_path": str(outcome.code_path) if outcome.code_path else None,
        **(generated_answer(outcome.generated) if outcome.generated else {}),
        "questions": [question.as_dict() for question in outcome.questions],
        "unresolved": [clause.as_dict() for clause in outcome.unresolved],
        "errors": issues_answer(outcome.errors),
        **({"reading": outcome.reading.as_dict()} if outcome.reading else {}),
        "assumptions": [assumption.model_dump(mode="json") for assumption in outcome.assumptions],
        "metrics": run.metrics if run else {},
        "executor": outcome.executor,
        "verification": outcome.verdict.as_dict(),
        "verified": outcome.verdict.verified,
        "self_reported": outcome.run is not None and outcome.spec is None,
        "notices": list(run.notices) if run else [],
        "open_at_end": [asdict(trade) for trade in run.open_at_end] if run else [],
        "trades": trades_answer(run),
        **({} if outcome.advice is None else {"ai_recommendations": [each.as_dict() for each in outcome.advice]}),
        "artifacts": {name: str(path) for name, path in asdict(artifacts).items()} if artifacts else {},
    }


def generated_answer(generated: "Generated") -> dict[str, Any]:
    """How the code came about, where a model was asked for it."""
    rounds = [{"stage": made.stage, "finding": made.finding} for made in generated.rounds]
    return {
        "provider": generated.provider,
        "model": generated.model,
        "rounds": rounds,
        "fallback_reason": generated.fallback_reason,
    }


def error_answer(message: str, issues: "Iterable[Issue]", *, status: str) -> dict[str, Any]:
    """The same object for input that never became a request, or a machine that failed."""
    from Backtest.errors import Issue
    from Backtest.pipeline import Outcome

    found = tuple(issues) or (Issue("", message),)
    return backtest_answer(Outcome("failed" if status == "failed" else "rejected", errors=found))


def issues_answer(issues: "Iterable[Issue]") -> list[dict[str, str]]:
    return [issue.as_dict() for issue in issues]


def trades_answer(run: "RunResult | None") -> list[dict[str, Any]]:
    """The closed trades, in the order of their entries."""
    trades = [asdict(trade) for trade in run.trades] if run else []
    return [{name: trade[name] for name in TRADE_FIELDS} for trade in trades]


def scan_answer(file: str, report: "ScanReport") -> dict[str, Any]:
    """The line that `scan_code` prints for a file."""
    return {"file": file, "ok": report.ok, "findings": [finding.as_dict() for finding in report.findings]}


def sandbox_answer(
    file: str,
    report: "ScanReport | None",
    outcome: "SandboxOutcome | None",
    look_ahead: "LookAhead | None" = None,
) -> dict[str, Any]:
    """The line that `sandbox_run` prints for a file; without an outcome the scan refused it."""
    run = outcome.result if outcome else None
    return {
        "file": file,
        "status": outcome.status if outcome else "refused",
        "findings": [finding.as_dict() for finding in report.findings] if report else [],
        "error": outcome.error if outcome else None,
        "error_line": outcome.error_line if outcome else None,
        "self_reported": True,
        "metrics": run.metrics if run else {},
        "trades": trades_answer(run),
        "open_at_end": [asdict(trade) for trade in run.open_at_end] if run else [],
        "notices": list(run.notices) if run else [],
        "logs": outcome.logs if outcome else "",
        "layers": list(outcome.layers) if outcome else [],
        "limits_hit": list(outcome.limits_hit) if outcome else [],
        "look_ahead": look_ahead.as_dict() if look_ahead else None,
    }
