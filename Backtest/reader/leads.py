"""Whose the conditions before a verb are, in a sentence with another rule before: "buy when A and B, go short on C"."""

from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import BareCondition, EntrySaid, ExitSaid, FilterSaid, Lead, Statement
from Backtest.reader.syntax import All, AnyOf, InHours

_JOINS = frozenset({"AND", "OR", "THEN"})
_ENDS = frozenset({"COMMA", "COLON", "DASH", "ARROW"})
_OPENINGS = frozenset({"WHEN", "EACH_TIME", "ONLYWHEN", "WITH", "REQUIRE", "UNLESS", "WHILE", "ON", "AFTER", "EXCEPT"})


def disputed(
    said: Sequence[Statement], tokens: Sequence[Token], before: Statement | None = None, text: str = ""
) -> tuple[Statement, ...]:
    """The rules of a sentence whose verb follows conditions that may be those of the rule before.

    `tokens` are the sentence's, `before` is what the text said last before it. A condition that goes on a chain ("A and
    B"), or that stands between two verbs of which the second has conditions of its own, is nobody's for certain. Where
    `text` is given, a line that ends before the verb parts it from its conditions as a comma does.
    """
    out: list[Statement] = []
    for n, one in enumerate(said):
        previous = said[n - 1] if n else before
        at = _index(tokens, one.span[0])
        if previous is None or not at:
            continue
        if n and isinstance(one, ExitSaid) and _is_session(previous) and not _is_hung(previous, tokens, at):
            out.append(one)  # "between 13:00 and 16:00, sell when ...": of what is sold, or of what is bought
        elif isinstance(one, EntrySaid | ExitSaid) and one.lead is not None and not one.lead.owned:
            if (n or tokens[at - 1].kind in _JOINS) and _is_disputed(one, one.lead, previous, tokens, at, text):
                out.append(one)
        elif isinstance(one, FilterSaid) and tokens[at - 1].kind == "OR":
            out.append(one)
    return tuple(out)


def _is_session(said: Statement) -> bool:
    return isinstance(said, FilterSaid) and isinstance(said.when, InHours)


def _is_hung(session: Statement, tokens: Sequence[Token], at: int) -> bool:
    """ "Buy when A between 07:00 and 15:00, exit when B": hours behind a condition, with a comma behind them alone."""
    begin = _index(tokens, session.span[0])
    return begin > 0 and tokens[begin - 1].kind not in _ENDS | _JOINS and tokens[at - 1].kind == "COMMA"


def _index(tokens: Sequence[Token], start: int) -> int:
    return next((i for i, token in enumerate(tokens) if token.start >= start), 0)


def chained(said: Sequence[Statement], tokens: Sequence[Token]) -> bool:
    """Whether a rule takes its conditions out of the middle of a chain ("buy when A and B, ...": B)."""
    places = [_index(tokens, one.span[0]) for one in disputed(said, tokens)]
    return any(tokens[at - 1].kind in _JOINS and tokens[at].kind not in _OPENINGS for at in places)


def _is_disputed(
    one: EntrySaid | ExitSaid, lead: Lead, previous: Statement, tokens: Sequence[Token], at: int, text: str
) -> bool:
    joined = tokens[at - 1].kind not in _ENDS
    if not isinstance(previous, EntrySaid | ExitSaid | FilterSaid | BareCondition):
        return joined and tokens[at].kind not in _OPENINGS
    if not lead.alone:
        return True
    if isinstance(previous, EntrySaid | ExitSaid) and previous.lead is not None and previous.lead.alone:
        return False  # that verb ended its own conditions
    if tokens[at].kind in {"WHEN", "EACH_TIME"}:
        return joined and (tokens[at - 1].kind not in _JOINS or (at > 1 and tokens[at - 2].kind != "COMMA"))
    verb = _index(tokens, lead.verb_start)
    parted = tokens[verb - 1].kind == "COMMA" or "\n" in text[tokens[verb - 1].end : tokens[verb].start]
    return joined or parted or isinstance(one.when, All | AnyOf)


def shares_a_place(content: Sequence[Token]) -> bool:
    """ "A doji or a hammer below the 20-day SMA": the place of the last pattern, or of both."""
    kinds = [token.kind for token in content]
    return any(
        kinds[i : i + 3] == ["CANDLE", "OR", "CANDLE"] and kinds[i + 3 : i + 4] in (["ABOVE"], ["BELOW"], ["OVER"])
        for i in range(len(kinds) - 3)
    )
