"""Whatever the language can say: the stories agree with the run, and each verdict with Kleene's logic."""

import os
import zlib

from hypothesis import HealthCheck, Phase, given, settings

from Backtest.canonical.conditions import And, Condition, For, Not, Or, Sequence, Within
from Backtest.canonical.identity import identity
from Backtest.canonical.spec import Spec
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.conditions import Reader
from Backtest.pipeline import account_of
from Backtest.why import BarStory, Fill
from Backtest.why.replay import INSIDE_A_BAR, Replay
from Backtest.why.verdicts import Judge, Verdict
from tests.generators.specs import specs
from tests.kernel.differential import Case, case_of

EXAMPLES = 500 if os.environ.get("EXPLORE") else 25
BARS = 120


def case_drawn(spec: Spec) -> Case:
    """The spec on some bars of its own kind, in every fifth case only from a third of them on."""
    return case_of(spec, zlib.crc32(identity(spec).encode()), BARS)


@given(specs())
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_what_is_told_of_every_bar_is_what_the_run_did(spec: Spec) -> None:
    case = case_drawn(spec)
    account = account_of(case.spec.execution)
    last = len(case.window.bars) - 1
    stories = Replay(case.spec, case.window, account).run(last, range(last + 1))
    run = interpret(case.spec, case.window, account)
    by_bar = {story.bar: story for story in stories.values()}
    fills = [(story.bar, fill) for story in by_bar.values() for fill in story.fills]
    closed = [(bar, fill.closed_by, fill.price, -fill.size) for bar, fill in fills if fill.closed_by is not None]
    assert sorted(closed) == sorted((t.exit_bar, t.closed_by, t.exit_price, t.size) for t in run.trades)
    assert {bar: story.equity for bar, story in by_bar.items()} == dict(enumerate(run.equity))
    for bar, fill in fills:
        if fill.closed_by not in INSIDE_A_BAR:
            assert_sent(by_bar[bar if fill.signal_bar is None else fill.signal_bar], fill)
    for bar, story in by_bar.items():
        sent = {rule.id for rule in story.rules if rule.outcome == "acted" and rule.kind != "entry"}
        if sent and bar + 1 in by_bar:
            assert sent & {fill.closed_by for fill in by_bar[bar + 1].fills}, story
        assert all(rule.reason for rule in story.rules if rule.outcome not in ("not_true", "undefined"))


def assert_sent(signal: BarStory, fill: Fill) -> None:
    """The signal bar says of the rule behind a fill that it acted; a reversal closes even where its own order fails."""
    sender = fill.rule if fill.closed_by is None else fill.closed_by
    (rule,) = [each for each in signal.rules if each.id == sender]
    closed_only = rule.kind == "entry" and fill.closed_by is not None and rule.outcome == "no_order"
    assert rule.outcome == "acted" or closed_only, (signal, fill)


@given(specs())
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
def test_the_parts_of_a_verdict_are_those_that_settle_it(spec: Spec) -> None:
    case = case_drawn(spec)
    reader = Reader(Chart(case.spec, case.window.bars.frame), None)
    for bar in (0, 1, 30, 90, BARS - 1):
        for rule in case.spec.entry_rules:
            if rule.when is not None and bar < len(case.window.bars):
                verdict = Judge(reader, bar).verdict(rule.when)
                assert verdict.truth is reader.truth(rule.when, bar)
                check(verdict, rule.when)


def check(verdict: Verdict, condition: Condition) -> None:
    parts = {part.truth for part in verdict.parts}
    match condition:
        case And() | Or() | Sequence() | For() | Within():
            assert parts == {verdict.truth}
        case Not():
            assert parts == {None if verdict.truth is None else not verdict.truth}
        case _:
            assert verdict.parts == ()
            assert verdict.truth is not None or verdict.note or any(each.value is None for each in verdict.values)
