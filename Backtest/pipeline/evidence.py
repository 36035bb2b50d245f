"""What speaks for each answer to an open question: every reading is run on the prices at hand, and compared."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from Backtest.data.bars import Window
from Backtest.errors import InputError, KernelUnsupported, SourceUnavailable
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import run_spec
from Backtest.pipeline.preparation import Prepared, prepare
from Backtest.pipeline.request import BacktestRequest
from Backtest.reader.questions import Alternative, Question
from Backtest.run_result import ClosedTrade, OpenTrade

BUDGET_S = 5.0
MOST_BARS = 50_000
"""The last so many are run of a longer chart."""
_BARS_FOR_THE_INTERPRETER = 10_000
_MOST_FOLLOW_UPS = 5
_MOST_CHOICES = 4

Clock = Callable[[], float]
AnyTrade = ClosedTrade | OpenTrade


@dataclass(frozen=True)
class Trial:
    """One reading, run; `taken` are the answers to the other questions, `outcome` is None where it can't be run."""

    prepared: Prepared | None
    outcome: Execution | None
    taken: dict[str, JsonValue]
    why_not: str = ""


def weigh(
    request: BacktestRequest,
    questions: Sequence[Question],
    *,
    budget_s: float = BUDGET_S,
    clock: Clock = time.monotonic,
) -> tuple[Question, ...]:
    """The questions, each alternative with the evidence of its run; what would begin after `budget_s` is not run.

    The other questions are answered by their default meanwhile, else by their first alternative. An alternative is
    compared with the default, or with the first one that ran.
    """
    ends = clock() + budget_s
    return tuple(_weighed(request, question, lambda: clock() < ends) for question in questions)


def _weighed(request: BacktestRequest, question: Question, in_time: Callable[[], bool]) -> Question:
    trials = [
        _trial(request, question, alternative) if in_time() else Trial(None, None, {}, "time was up")
        for alternative in question.alternatives
    ]
    pairs = list(zip(question.alternatives, trials, strict=True))
    ran = [pair for pair in pairs if pair[1].outcome is not None]
    reference = next((pair for pair in ran if pair[0].value == question.default), ran[0] if ran else None)
    weighed = tuple(replace(each, evidence=_evidence(trial, each, reference)) for each, trial in pairs)
    return replace(question, alternatives=weighed)


def _trial(request: BacktestRequest, question: Question, alternative: Alternative) -> Trial:
    """The alternative run with the other questions' first answers, or with their next ones where those don't fit it."""
    trials = (_tried(request, question, alternative, choice) for choice in range(_MOST_CHOICES))
    first = next(trials)
    if first.outcome is not None or not first.taken:
        return first
    return next((trial for trial in trials if trial.outcome is not None), first)


def _tried(request: BacktestRequest, question: Question, alternative: Alternative, choice: int) -> Trial:
    return tried(replace(request, answers={**request.answers, question.id: alternative.value}), choice)


def tried(request: BacktestRequest, choice: int = 0) -> Trial:
    """The request run without its code, what else is open answered by a default or the alternative number `choice`."""
    taken: dict[str, JsonValue] = {}
    for _ in range(_MOST_FOLLOW_UPS):
        try:
            prepared = prepare(replace(request, answers={**request.answers, **taken}), lambda step: None)
        except (InputError, SourceUnavailable) as error:
            return Trial(None, None, taken, error.message)
        if isinstance(prepared, Prepared):
            return _run(prepared, taken)
        if not prepared.questions:
            reasons = [clause.reason for clause in prepared.unresolved] + [issue.message for issue in prepared.errors]
            return Trial(None, None, taken, "; ".join(reasons[:2]) or "it makes no whole strategy")
        for other in prepared.questions:
            offered = other.default if other.default is not None else _offered(other, choice)
            if offered is None:
                return Trial(None, None, taken, f"it leaves open: {other.question}")
            taken[other.id] = offered
    return Trial(None, None, taken, "it leaves more open than can be tried")


def _offered(question: Question, choice: int) -> JsonValue:
    values = [alternative.value for alternative in question.alternatives]
    return values[min(choice, len(values) - 1)] if values else None


def _run(prepared: Prepared, taken: dict[str, JsonValue]) -> Trial:
    if prepared.spec is None or prepared.issues:
        return Trial(None, None, taken, prepared.issues[0].message if prepared.issues else "it is no specification")
    spec, bars = prepared.spec, prepared.window.bars
    window = Window(bars, max(prepared.window.first_bar, len(bars) - MOST_BARS))
    prepared = replace(prepared, window=window)
    if len(bars) > _BARS_FOR_THE_INTERPRETER:
        try:
            return Trial(prepared, run_spec(spec, window, prepared.account), taken)
        except KernelUnsupported as error:
            return Trial(None, None, taken, error.message)
    return Trial(prepared, interpret(spec, window, prepared.account), taken)


def _evidence(
    trial: Trial, alternative: Alternative, reference: tuple[Alternative, Trial] | None
) -> dict[str, JsonValue]:
    if trial.outcome is None or trial.prepared is None or reference is None:
        return {"ran": False, "text": f"not run: {trial.why_not}", "taken": trial.taken}
    window, outcome = trial.prepared.window, trial.outcome
    shown: dict[str, JsonValue] = {
        "ran": True,
        "trades": len(outcome.trades),
        "open_at_end": len(outcome.open_at_end),
        "return_pct": 100 * (outcome.equity[-1] / trial.prepared.account.cash - 1),
        "symbol": window.bars.symbol,
        "timeframe": window.bars.timeframe,
        "bars": len(window.bars) - window.first_bar,
        "taken": trial.taken,
    }
    if reference[0] is alternative or reference[1].outcome is None:
        on = f"{window.bars.symbol} {window.bars.timeframe}, {shown['bars']:,} bars"
        text = f"{_counted(len(outcome.trades))}, {shown['return_pct']:+.2f} % ({on})"
        return {**shown, "text": text + _with(trial.taken)}
    theirs = reference[1].outcome
    first = first_difference(outcome, theirs)
    told = f"{_counted(len(outcome.trades))} against {len(theirs.trades)}"
    text = f"{told}; the first differs on {first}" if first else f"{_counted(len(outcome.trades))}, the same ones"
    return {**shown, "against": reference[0].value, "first_difference": first, "text": text + _with(trial.taken)}


def _with(taken: dict[str, JsonValue]) -> str:
    """The answers to the other questions that a run took."""
    return f", taking {', '.join(repr(value) for value in taken.values())} for what else is open" if taken else ""


def first_difference(one: Execution, other: Execution) -> str | None:
    """The stamp on which two runs on the same bars part: of the first entry, or exit, that they don't share."""
    ours, theirs = _all_trades(one), _all_trades(other)
    for mine, their in zip(ours, theirs, strict=False):
        if _entry(mine) != _entry(their):
            return min(mine.entry_time, their.entry_time)
        if _exit(mine) != _exit(their):
            ends = [end for end in (_exit(mine)[0], _exit(their)[0]) if end is not None]
            return min(ends)
    shorter = min(len(ours), len(theirs))
    left = [*ours[shorter:], *theirs[shorter:]]
    return left[0].entry_time if left else None


def _all_trades(run: Execution) -> list[AnyTrade]:
    trades: list[AnyTrade] = [*run.trades, *run.open_at_end]
    return sorted(trades, key=_entered)


def _entered(trade: AnyTrade) -> tuple[int, int]:
    return trade.entry_bar, trade.exit_bar if isinstance(trade, ClosedTrade) else trade.entry_bar + trade.duration_bars


def _entry(trade: AnyTrade) -> tuple[str, int, float]:
    return trade.entry_time, trade.size, trade.entry_price


def _exit(trade: AnyTrade) -> tuple[str | None, float | None]:
    return (trade.exit_time, trade.exit_price) if isinstance(trade, ClosedTrade) else (None, None)


def _counted(trades: int) -> str:
    return "1 trade" if trades == 1 else f"{trades} trades"
