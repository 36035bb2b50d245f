"""Checks: of a stored version, written down, and of documents and code that are only sent to be judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from auth_api.models import User
from Backtest.errors import Issue, SpecInvalid
from rest.errors import under
from rest.turns import turn
from strategy_api.models import ConversationMemory, Status, StrategyValidation, StrategyVersion
from strategy_api.selectors import strategy_version_get
from strategy_api.services.clarity import unclear
from strategy_api.services.contents import spec_of
from strategy_api.services.conversation import conversation_append, version_state
from strategy_api.services.strategies import strategy_locked
from strategy_api.services.trial_limits import trial_limits

if TYPE_CHECKING:
    from Backtest.canonical.spec import Spec
    from Backtest.data.bars import Bars
    from Backtest.safety.findings import ScanFinding, ScanReport

log = structlog.get_logger("strategy_api.validation")

CHECKED = (Status.DRAFT, Status.VALID, Status.INVALID)
"""What a version can be before and after a check; the others wait for its author."""


@dataclass(frozen=True)
class Validated:
    """A version and the checks that were made of it; `skipped` says why one was not."""

    version: StrategyVersion
    validations: tuple[StrategyValidation, ...]
    skipped: tuple[str, ...]

    @property
    def valid(self) -> bool:
        return all(validation.ok for validation in self.validations)


@dataclass(frozen=True)
class SchemaReport:
    """What the strictest reading says of a document; `canonical_json` is its canonical form, where it has one."""

    errors: tuple[Issue, ...]
    identity: str | None = None
    canonical_json: Mapping[str, Any] | None = None

    @property
    def valid(self) -> bool:
        return not self.errors


@dataclass(frozen=True)
class CodeTrial:
    """What the scan said of code and, unless it is `refused`, what came of its run on sample bars."""

    status: str
    findings: "tuple[ScanFinding, ...]" = ()
    error: str | None = None
    error_line: int | None = None
    metrics: Mapping[str, Any] = field(default_factory=dict)
    notices: tuple[str, ...] = ()
    logs: str = ""
    layers: tuple[str, ...] = ()
    limits_hit: tuple[str, ...] = ()
    look_ahead: Mapping[str, Any] | None = None
    self_reported: bool = True


def strategy_validate(*, user: User, strategy_id: int, number: int | None = None) -> Validated:
    """Check a version: its spec by lint, its code by the scan and by a bounded run on sample bars.

    A draft becomes valid or invalid by it. Raises NotFound, and SandboxBroken where no sandbox can be had.
    """
    version = strategy_version_get(user=user, strategy_id=strategy_id, number=number)
    checks, skipped = _checks(version)
    with transaction.atomic():
        strategy = strategy_locked(user=user, strategy_id=strategy_id)
        before = version_state(version)
        for check in checks:
            check.save()
        if version.status in CHECKED:
            version.status = Status.VALID if all(check.ok for check in checks) else Status.INVALID
            version.save(update_fields=["status"])
            if strategy.version == version.number and strategy.status != version.status:
                strategy.status = version.status
                strategy.save(update_fields=["status", "updated_at"])
        conversation_append(
            user=user,
            strategy=strategy,
            session=strategy.session,
            kind=ConversationMemory.Kind.VALIDATE,
            message="",
            answer={"checks": [{"kind": check.kind, "ok": check.ok} for check in checks], "skipped": list(skipped)},
            state_before=before,
            state_after=version_state(version),
        )
    log.info("strategy validated", strategy_id=strategy.pk, version=version.number, status=version.status)
    return Validated(version, checks, skipped)


def schema_validate(*, canonical_json: Mapping[str, Any]) -> SchemaReport:
    """Judge a document by the schema as it is published: no shorthand, no default, no older version."""
    from Backtest.canonical.document import to_document
    from Backtest.canonical.identity import identity
    from Backtest.canonical.parse import parse_spec
    from Backtest.pipeline.author import check_canonical

    try:
        spec = check_canonical(canonical_json)
    except SpecInvalid as error:
        errors = tuple(under("canonical_json", error.issues))
    else:
        return SchemaReport((), identity(spec), to_document(spec))
    try:
        meant = parse_spec(canonical_json)
    except SpecInvalid:
        return SchemaReport(errors)
    return SchemaReport(errors, identity(meant), to_document(meant))


def code_validate(*, code: str) -> "ScanReport":
    """Judge code by the source gate and the scan, without running it."""
    from Backtest.safety.scan import scan

    return scan(code)


def code_try(*, code: str, symbol: str) -> CodeTrial:
    """Run code that passes the scan on the bars of a sample, isolated and tightly bounded.

    Raises SymbolUnknown, and SandboxBroken where no sandbox can be had.
    """
    from Backtest.account import Account
    from Backtest.data_manager import load_bars
    from Backtest.pipeline.author import try_code, try_futures

    bars = load_bars(symbol=symbol)
    report = code_validate(code=code)
    if not report.ok:
        return CodeTrial("refused", report.findings)
    with turn():
        outcome = try_code(code, bars, Account(), trial_limits())
        run = outcome.result
        futures = None if run is None else try_futures(code, bars, Account(), trial_limits())
    return CodeTrial(
        outcome.status,
        error=outcome.error,
        error_line=outcome.error_line,
        metrics=run.metrics if run else {},
        notices=run.notices if run else (),
        logs=outcome.logs,
        layers=outcome.layers,
        limits_hit=outcome.limits_hit,
        look_ahead=None if futures is None else futures.as_dict(),
    )


def _checks(version: StrategyVersion) -> tuple[tuple[StrategyValidation, ...], tuple[str, ...]]:
    """The checks of a version, not yet stored, and why some were not made."""
    spec, code = spec_of(version), version.generated_code
    checks = [] if spec is None and code else [_spec_check(version, spec)]
    if not code:
        return tuple(checks), ("there is no code to scan and to run",)
    report = code_validate(code=code)
    findings = [_of_scan(found) for found in report.findings]
    checks.append(_check(version, StrategyValidation.Kind.CODE, findings, {"bytes": len(code.encode())}))
    if not report.ok:
        return tuple(checks), ("the code was not run: the scan refuses it",)
    from Backtest.pipeline.author import trial_bars

    bars = trial_bars(spec)
    if bars is None:
        return tuple(checks), (f"the code was not run: no sample has bars of {spec.timeframe if spec else '1d'}",)
    return (*checks, _trial_check(version, spec, bars)), ()


def _spec_check(version: StrategyVersion, spec: "Spec | None") -> StrategyValidation:
    from Backtest.canonical.lint import lint

    if spec is None:
        lists = (version.questions, version.unresolved, version.errors)
        open_issues = unclear(status=version.status, questions=lists[0], unresolved=lists[1], errors=lists[2]).issues
        return _check(version, StrategyValidation.Kind.SPEC, [_of_issue(issue) for issue in open_issues], {})
    findings = [_of_issue(issue) for issue in under("canonical_json", lint(spec))]
    return _check(version, StrategyValidation.Kind.SPEC, findings, {"identity": version.identity})


def _trial_check(version: StrategyVersion, spec: "Spec | None", bars: "Bars") -> StrategyValidation:
    from Backtest.account import Account
    from Backtest.pipeline import account_of
    from Backtest.pipeline.author import try_code, try_futures

    account = Account() if spec is None else account_of(spec.execution)
    with turn():
        outcome = try_code(version.generated_code, bars, account, trial_limits())
        futures = None
        if outcome.result is not None:
            futures = try_futures(version.generated_code, bars, account, trial_limits())
    findings = []
    if futures is not None and futures.state == "found":
        advice = "decide on what is known at the close of the bar"
        findings.append(_finding("generated_code", futures.sentence, advice, line=futures.line, rule="look_ahead"))
    if outcome.result is None:
        message = (outcome.error or "the run gave no result").replace("\0", "�")  # PostgreSQL stores no NUL
        findings.append(_finding("generated_code", message, "correct the code", line=outcome.error_line))
    details = {
        "symbol": bars.symbol,
        "timeframe": bars.timeframe,
        "bars": len(bars),
        "status": outcome.status,
        "total_trades": None if outcome.result is None else len(outcome.result.trades),
        "layers": list(outcome.layers),
        "limits_hit": list(outcome.limits_hit),
        "look_ahead": None if futures is None else futures.as_dict(),
    }
    return _check(version, StrategyValidation.Kind.SANDBOX, findings, details)


def _check(
    version: StrategyVersion, kind: StrategyValidation.Kind, findings: list[dict[str, Any]], details: dict[str, Any]
) -> StrategyValidation:
    return StrategyValidation(version=version, kind=kind, ok=not findings, findings=findings, details=details)


def _finding(
    field: str,
    message: str,
    suggestion: str,
    *,
    line: int | None = None,
    column: int | None = None,
    rule: str | None = None,
) -> dict[str, Any]:
    return {
        "field": field,
        "line": line,
        "column": column,
        "rule": rule,
        "message": message,
        "suggestion": suggestion,
    }


def _of_issue(issue: Issue) -> dict[str, Any]:
    return _finding(issue.field, issue.message, issue.suggestion)


def _of_scan(found: "ScanFinding") -> dict[str, Any]:
    return _finding(
        "generated_code", found.message, found.suggestion, line=found.line, column=found.column, rule=found.rule
    )
