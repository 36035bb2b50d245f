"""What "that" and "it" of a later sentence speak of: first of all what the turn before has said."""

from collections.abc import Callable

from Backtest.reader.clause import Clause
from Backtest.reader.edit_syntax import Change, NewAmount, NewPeriod, Scale
from Backtest.reader.exchange_syntax import NewFraction, NewThat
from Backtest.reader.scope import Unread

Apply = Callable[[list[Clause]], list[Clause]]


def of_the_turn_before(clauses: list[Clause], change: Change, since: int, apply: Apply) -> list[Clause]:
    """The clauses changed: those that begin at `since` or later, where the sentence fits one of them, else any."""
    recent = [clause for clause in clauses if clause.span[0] >= since]
    if not since or not recent or not _points_back(change):
        return apply(clauses)
    try:
        after = apply(recent)
    except Unread:
        return apply(clauses)
    new = {id(before): one for before, one in zip(recent, after, strict=True)}
    return [new.get(id(clause), clause) for clause in clauses]


def _points_back(change: Change) -> bool:
    if isinstance(change, Scale):
        return change.kind == "it"
    return isinstance(change, NewAmount | NewFraction | NewThat) or (isinstance(change, NewPeriod) and change.that)
