"""Advice on a strategy and its run, each with a sentence that was tried: it can be said, and it helps."""

import time
from collections.abc import Callable
from dataclasses import replace

from Backtest.advice import Recommendation, advise_run, advise_spec
from Backtest.canonical.identity import identity
from Backtest.canonical.spec import Spec
from Backtest.pipeline.evidence import Trial, tried
from Backtest.pipeline.preparation import read_request
from Backtest.pipeline.request import BacktestRequest
from Backtest.reader.reading import Reading

BUDGET_S = 4.0
_MORE_TRADES = frozenset({"few_trades", "one_trade_a_year", "rule_never_fires", "look_back_beyond_history"})
"""What is mended where there are more trades than before."""

Clock = Callable[[], float]


def advise(
    request: BacktestRequest, *, budget_s: float = BUDGET_S, clock: Clock = time.monotonic
) -> tuple[Recommendation, ...]:
    """What can be said of the request's strategy and of its run on the request's bars.

    The strategy is executed here once more, without its code. A sentence goes with a piece of advice only where saying
    it next makes a strategy that is clear, and of which the same is not to be said any more, or which trades more; so a
    strategy that was not told in words gets none. No further sentence is tried after `budget_s`.
    """
    trial = tried(request)
    if trial.prepared is None or trial.prepared.spec is None or trial.outcome is None or trial.taken:
        return ()
    ends = clock() + budget_s
    return tuple(_tested(request, trial, each, lambda: clock() < ends) for each in _advice_on(trial))


def advise_words(request: BacktestRequest, spec: Spec) -> tuple[Recommendation, ...]:
    """What can be said of a strategy before it is run, each with a sentence that was read and settles it."""
    return tuple(_said(request, spec, each) for each in advise_spec(spec))


def _advice_on(trial: Trial) -> tuple[Recommendation, ...]:
    if trial.prepared is None or trial.prepared.spec is None or trial.outcome is None:
        return ()
    spec = trial.prepared.spec
    return (*advise_spec(spec), *advise_run(spec, trial.prepared.window, trial.outcome))


def _tested(
    request: BacktestRequest, before: Trial, advice: Recommendation, in_time: Callable[[], bool]
) -> Recommendation:
    """The advice with the first of its sentences that mends it; with none where none does, or time is up."""
    for edit in advice.edits:
        changed = _with_edit(request, edit)
        if changed is None or not in_time():
            break
        if _mends(before, tried(changed), advice.topic):
            return replace(advice, edits=(edit,))
    return replace(advice, edits=())


def _with_edit(request: BacktestRequest, edit: str) -> BacktestRequest | None:
    """The request with one sentence more; None where it is not in words. The sentence may name another chart."""
    turns = request.turns or ((request.text,) if request.text else ())
    return replace(request, text=None, turns=(*turns, edit), timeframe=None) if turns else None


def _mends(before: Trial, after: Trial, topic: str) -> bool:
    if before.prepared is None or after.prepared is None or before.outcome is None or after.outcome is None:
        return False
    old, new = before.prepared.spec, after.prepared.spec
    if after.taken or old is None or new is None or identity(old) == identity(new):
        return False
    if topic not in {advice.topic for advice in _advice_on(after)}:
        return True
    return topic in _MORE_TRADES and _count(after) > _count(before)


def _count(trial: Trial) -> int:
    return 0 if trial.outcome is None else len(trial.outcome.trades) + len(trial.outcome.open_at_end)


def _said(request: BacktestRequest, spec: Spec, advice: Recommendation) -> Recommendation:
    """The advice with the first of its sentences that is read and settles it."""
    for edit in advice.edits:
        changed = _with_edit(request, edit)
        if changed is None:
            break
        read = read_request(changed)
        after = read.spec if isinstance(read, Reading) else read
        if after is not None and advice.topic not in {each.topic for each in advise_spec(after)}:
            return replace(advice, edits=(edit,))
    return replace(advice, edits=())
