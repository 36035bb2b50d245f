"""A sell where nothing is bought: the end of a long, or a short (rule 12)."""

from dataclasses import replace

from Backtest.reader.builder import Builder
from Backtest.reader.clause import Clause
from Backtest.reader.lists import sells_short
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid, NoteSaid

_QUESTION = "Is this sell the exit of a long, or a short?"
_OFFERED = {"exit": "the exit of a long", "short": "a short: it opens a position"}


def told_sells(clauses: list[Clause], builder: Builder) -> list[Clause] | None:
    """The clauses of a text without an entry, with its sells as shorts; None where they are none.

    What is bought back may have been a long before it was sold; only a short is covered. Raises Pending where the
    author must say it.
    """
    sells = [c for c in clauses if isinstance(c.said, ExitSaid) and c.said.verb == "sell" and c.said.when is not None]
    if not sells or _is_long_only(clauses) or builder.built.document["entry_rules"] or builder.pending_entry:
        return None
    sold = sells_short(clauses) and not any(_is_bought_back(clause, builder.text) for clause in clauses)
    if not sold and builder.scope.desk.choice("sell", _QUESTION, sells[0].span, _OFFERED) == "exit":
        return None
    return [_short(clause) if clause in sells else clause for clause in clauses]


def _is_bought_back(clause: Clause, text: str) -> bool:
    said = clause.said
    return isinstance(said, ExitSaid) and said.verb == "cover" and "cover" not in text[slice(*clause.span)].lower()


def _is_long_only(clauses: list[Clause]) -> bool:
    return any(isinstance(clause.said, NoteSaid) and clause.said.kind == "long_only" for clause in clauses)


def _short(clause: Clause) -> Clause:
    said = clause.said
    if not isinstance(said, ExitSaid) or said.portion:
        return clause
    return replace(clause, said=EntrySaid("short", said.when, span=said.span, lead=said.lead))
