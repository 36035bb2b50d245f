"""Conditions that are never true, and comparisons that always are."""

from collections.abc import Iterator

from Backtest.canonical.condition_phrases import describe_condition
from Backtest.canonical.conditions import And, Between, Compare, Condition, CrossAbove, CrossBelow, Touches
from Backtest.canonical.lint.literals import Alternatives, alternatives, in_hours, on_weekdays
from Backtest.canonical.lint.ranges import ANYTHING, constant, is_extreme, range_of
from Backtest.canonical.lint.solver import Solver
from Backtest.canonical.node import Node
from Backtest.canonical.operand_phrases import describe_operand, number_text
from Backtest.canonical.operands import Operand, ParamRef
from Backtest.canonical.rules import EntryRule, Side
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import children
from Backtest.errors import Issue

_COMPARISONS = (Compare, Between, CrossAbove, CrossBelow, Touches)


def contradiction_issues(spec: Spec) -> Iterator[Issue]:
    """Every name in the spec must stand for something (`reference_issues` is empty)."""
    filters = spec.filters.when
    of_filters = [] if filters is None else list(_Judge(spec).issues(filters, "/filters/when"))
    yield from of_filters
    for i, entry in enumerate(spec.entry_rules):
        own = [] if entry.when is None else list(_Judge(spec).issues(entry.when, f"/entry_rules/{i}/when"))
        yield from own
        if not own and not of_filters:
            yield from _with_filters(spec, entry, f"/entry_rules/{i}/when")
    for i, leave in enumerate(spec.exit_rules):
        yield from _Judge(spec, leave.side).issues(leave.when, f"/exit_rules/{i}/when")


def _with_filters(spec: Spec, entry: EntryRule, pointer: str) -> Iterator[Issue]:
    """An entry that is never true on the bars which the filters let through."""
    filters = spec.filters
    days = [] if filters.weekdays is None else [on_weekdays(filters.weekdays)]
    fixed = [*days, *([] if filters.hours is None else [in_hours(filters.hours)])]
    conditions = tuple(condition for condition in (entry.when, filters.when) if condition is not None)
    found: Alternatives = alternatives(And(of=conditions)) if conditions else [()]
    solver = Solver(spec)
    if not any(solver.can_hold((*fixed, *facts)) for facts in found):
        said = "a contradiction: this entry can never be true on the bars that the filters let through"
        yield Issue(pointer, said, "change the rule or the filters")


class _Judge:
    def __init__(self, spec: Spec, side: Side | None = None) -> None:
        self._spec, self._side, self._solver = spec, side, Solver(spec, side)

    def issues(self, condition: Condition, pointer: str) -> Iterator[Issue]:
        """The innermost conditions that are never true, and the comparisons that always are."""
        inner = [issue for place, child in _conditions(condition, pointer) for issue in self.issues(child, place)]
        if inner:
            yield from inner
        elif not self._may_be(condition, negated=False):
            yield self._never(condition, pointer)
        elif self._is_judged_both_ways(condition) and not self._may_be(condition, negated=True):
            said = f"{describe_condition(condition, self._spec)}: this is always true"
            yield Issue(pointer, said, self._range_hint(condition) or "leave it out")

    def _may_be(self, condition: Condition, *, negated: bool) -> bool:
        return any(self._solver.can_hold(facts) for facts in alternatives(condition, negated=negated))

    def _is_judged_both_ways(self, condition: Condition) -> bool:
        """A level; one of numbers alone that are to be tuned may well change."""
        if not isinstance(condition, Compare | Between):
            return False
        operands = _operands(condition)
        is_tuned = any(isinstance(operand, ParamRef) for operand in operands)
        return not is_tuned or any(constant(operand, self._spec) is None for operand in operands)

    def _never(self, condition: Condition, pointer: str) -> Issue:
        said = describe_condition(condition, self._spec)
        if isinstance(condition, And):
            return Issue(pointer, f"a contradiction: {said}: this can never be true", "did you mean 'or'?")
        return Issue(
            pointer, f"{said}: this can never be true", self._range_hint(condition) or self._window_hint(condition)
        )

    def _window_hint(self, condition: Condition) -> str:
        """A breakout that compares with a window which the bar itself belongs to."""
        has_window = any(is_extreme(operand, self._spec) for operand in _operands(condition))
        return "leave the current bar out of the window (include_current false, or a shift of 1)" if has_window else ""

    def _range_hint(self, condition: Condition) -> str:
        """ "RSI(14) runs from 0 to 100" for each operand with bounds."""
        hints = []
        for operand in _operands(condition):
            low, high = range_of(operand, self._spec, self._side)
            if constant(operand, self._spec) is not None or (low, high) == ANYTHING:
                continue
            ends = (
                f"from {number_text(low)} up" if high == ANYTHING.high else f"from {_end(low)} to {number_text(high)}"
            )
            hints.append(f"{describe_operand(operand, self._spec)} runs {ends}")
        return "; ".join(hints)


def _end(low: float) -> str:
    return "anything below" if low == ANYTHING.low else number_text(low)


def _conditions(condition: Condition, pointer: str) -> Iterator[tuple[str, Condition]]:
    for place, child in children(condition, pointer):
        if not _is_operand_of(condition, child):
            yield place, child  # type: ignore[misc]


def _is_operand_of(condition: Condition, child: Node) -> bool:
    return any(child is operand for operand in _operands(condition))


def _operands(condition: Condition) -> tuple[Operand, ...]:
    match condition:
        case Compare() | CrossAbove() | CrossBelow():
            return condition.left, condition.right
        case Between():
            return condition.value, condition.low, condition.high
        case Touches():
            return (condition.value,)
    return ()


__all__ = ["contradiction_issues"]
