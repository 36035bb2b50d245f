"""The sides of a strategy changed by a later sentence: one of them alone, each in the other's place."""

from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.exchange_syntax import SwapSides
from Backtest.reader.replacement import mapped
from Backtest.reader.scope import Unread
from Backtest.reader.statement_syntax import (
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    NoteSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import It, OperandSaid, Relation, Side

_OTHER: dict[Side, Side] = {"long": "short", "short": "long"}
_CLOSING = {"sell": "cover", "cover": "sell"}


def with_own_pair(clauses: list[Clause], said: EntrySaid | ExitSaid) -> EntrySaid | ExitSaid:
    """ "Also go short when it crosses under": the two lines whose crossing the strategy is about."""
    pairs: set[tuple[OperandSaid | None, OperandSaid | None]] = set()

    def noted(one: Any) -> Any:
        if "cross" in one.op and one.right is not None:
            pairs.add((one.left, one.right))
        return one

    for clause in clauses:
        mapped(clause.said, Relation, noted)
    if len(pairs) != 1 or any(isinstance(end, It) for end in next(iter(pairs))):
        return said
    ((left, right),) = pairs

    def told(one: Any) -> Any:
        if one.cross == "default" and {one.left, one.right} != {left, right}:
            raise Unread("the crossing of which lines", one.span, "edit")
        unsaid = one.left is None or (isinstance(one.left, It) and not one.left.which)
        if one.right is None and unsaid and one.op in {"cross_above", "cross_below"}:
            return replace(one, left=left, right=right)
        return one

    return mapped(said, Relation, told)


def one_side(clauses: list[Clause], side: Side, clause: Clause) -> list[Clause]:
    """The clauses of one side. Raises Unread where the strategy has no entry of that side."""
    clauses = [_told(one, clauses) for one in clauses]
    entered = {one.said.side or "long" for one in clauses if isinstance(one.said, EntrySaid)}
    if side not in entered:
        raise Unread(f"the strategy has no {side} entry: say when to go {side}", clause.span, "edit")
    if len(entered) == 1:
        return clauses
    exits = [one.said for one in clauses if isinstance(one.said, ExitSaid)]
    if any(said.verb not in {"sell", "cover"} for said in exits):
        raise Unread("it is not clear which exits are left", clause.span, "edit")
    closing = {"long": "cover", "short": "sell"}[side]
    return [
        one
        for one in clauses
        if not (isinstance(one.said, EntrySaid | FilterSaid) and (one.said.side or side) != side)
        and not (isinstance(one.said, ExitSaid) and one.said.verb == closing)
    ]


def _told(clause: Clause, clauses: list[Clause]) -> Clause:
    """The clause with the pair whose crossing it speaks of, which another side's rule may name."""
    said = clause.said
    return replace(clause, said=with_own_pair(clauses, said)) if isinstance(said, EntrySaid | ExitSaid) else clause


def swapped(clauses: list[Clause], change: SwapSides) -> list[Clause]:
    """Every rule of the other side, on the same conditions.

    Raises Unread where the side that is named is there already, and for what stands above or below the entry.
    """
    entered = {one.said.side or "long" for one in clauses if isinstance(one.said, EntrySaid)}
    if not entered or (change.to is not None and change.to in entered):
        raise Unread("which side takes the place of which", change.span, "edit")
    kept = [c for c in clauses if not (isinstance(c.said, NoteSaid) and c.said.kind in {"long_only", "short_only"})]
    return [_turned(clause, change) for clause in kept]


def _turned(clause: Clause, change: SwapSides) -> Clause:
    said = clause.said
    match said:
        case EntrySaid() if said.order.kind != "market" or clause.side is not None or clause.under is not None:
            raise Unread("a waiting order, or a list of one side, on the other", change.span, "edit")
        case EntrySaid():
            return replace(clause, said=replace(said, side=_OTHER[said.side or "long"]))
        case ExitSaid() | HoldSaid():
            return replace(clause, said=replace(said, verb=_CLOSING.get(said.verb, said.verb)))
        case FilterSaid() if said.side is not None:
            return replace(clause, said=replace(said, side=_OTHER[said.side]))
        case NoteSaid(kind="mirror"):
            raise Unread("rules that are turned round already", change.span, "edit")
        case StopSaid() | TargetSaid() if said.level is not None or said.direction is not None:
            raise Unread("a stop or target at a price: where is that of the other side", change.span, "edit")
        case TrailSaid() if said.direction is not None:
            raise Unread("a stop of one side: where is that of the other side", change.span, "edit")
        case _:
            return clause
