"""Another line for one rule only ("use the 30-day EMA for the exit, keep the 20 for the entry")."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from Backtest.reader.clause import Clause
from Backtest.reader.exchange_syntax import KeptLength, NewLineOfRule
from Backtest.reader.operands import AVERAGES
from Backtest.reader.replacement import mapped, with_mentions
from Backtest.reader.scope import Unread, mentions
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid
from Backtest.reader.syntax import It, Mention, Relation

_RULES: Mapping[str, type] = {"entry": EntrySaid, "exit": ExitSaid}


def new_line_of_rule(clauses: list[Clause], change: NewLineOfRule) -> list[Clause]:
    """The one average of the entries, or of the exits, becomes another; an exit may only point at the entry's."""
    kind = _RULES[change.role]
    mine = [clause for clause in clauses if isinstance(clause.said, kind)]
    found = {_key(m) for clause in mine for m in mentions(clause.said) if m.name in AVERAGES and m.column is None}
    every = {_key(m) for clause in clauses for m in mentions(clause.said) if m.name in AVERAGES and m.column is None}
    pointed = not found and len(every) == 1

    def put(one: Any) -> Any:
        return replace(one, right=change.new) if pointed and isinstance(one.right, It) else one

    def renamed(mention: Mention) -> Mention:
        if _key(mention) not in found or mention.column is not None:
            return mention
        return replace(change.new, owned=False)

    pointing = [clause for clause in mine if mapped(clause.said, Relation, put) != clause.said]
    if len(found) != 1 and not pointing:
        raise Unread(f"which line of the {change.role} is changed", change.span, "edit")
    changed = [replace(one, said=mapped(one.said, Relation, put)) for one in with_mentions(mine, renamed)]
    new = {id(before): after for before, after in zip(mine, changed, strict=True)}
    return [new.get(id(clause), clause) for clause in clauses]


def _key(mention: Mention) -> tuple[object, ...]:
    return mention.name, mention.numbers, mention.period, mention.chart


def kept_length(clauses: list[Clause], change: KeptLength) -> list[Clause]:
    """ "Keep the 20 for the entry": nothing changes, but a line of that length must be there."""
    kind = _RULES[change.role]
    mine = [m for clause in clauses if isinstance(clause.said, kind) for m in mentions(clause.said)]
    if not any(change.length in (*m.numbers, m.period.count if m.period is not None else None) for m in mine):
        raise Unread(f"no line of the {change.role} has that length", change.span, "edit")
    return clauses
