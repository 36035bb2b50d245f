"""A sell where nothing is bought: the end of a long, or a short (rule 12)."""

from dataclasses import replace

from Backtest.reader.clause import Clause
from Backtest.reader.lists import sells_short
from Backtest.reader.questions import Desk, Pending
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid, NoteSaid

_QUESTION = "Is this sell the exit of a long, or a short?"
_OFFERED = {"exit": "the exit of a long", "short": "a short: it opens a position"}


def told_sells(clauses: list[Clause], text: str, desk: Desk) -> list[Clause]:
    """The clauses, with their sells as short entries where the author says so; asked where no entry is said.

    What is bought back may have been a long before it was sold; only a short is covered.
    """
    sells = [c for c in clauses if isinstance(c.said, ExitSaid) and c.said.verb == "sell" and c.said.when is not None]
    if not sells or any(isinstance(c.said, EntrySaid) for c in clauses) or _is_long_only(clauses):
        return clauses
    bought_back = any(_is_bought_back(clause, text) for clause in clauses)
    if sells_short(clauses) and not bought_back:
        answer = "short"
    else:
        try:
            answer = desk.choice("sell", _QUESTION, sells[0].span, _OFFERED)
        except Pending:
            return clauses
    return [_short(clause) if answer == "short" and clause in sells else clause for clause in clauses]


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
