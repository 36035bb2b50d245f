"""Names that a text gives to its lines ("let F = EMA(15)"), put back wherever they are used."""

from collections.abc import Sequence

from Backtest.reader.definitions import Definition, definitions, name_at, with_lines
from Backtest.reader.lexicon import Token
from Backtest.reader.syntax import Span


def with_names(tokens: Sequence[Token]) -> tuple[list[Token], list[Span]]:
    """The tokens with each name's line in its place and without the definitions, and where these stood.

    A name that is defined twice, or never used, is none: its words stay as they are.
    """
    found = definitions(tokens)
    names = [name for one in found for name in one.names]
    found = [one for one in found if all(names.count(name) == 1 for name in one.names)]
    found = [one for one in found if _is_used(tokens, one)]
    lines = {name: one.line for one in found for name in one.names}
    out: list[Token] = []
    done = 0
    for one in found:
        out += with_lines(tokens[done : one.begin], lines)
        done = one.end
    out += with_lines(tokens[done:], lines)
    return out, [(tokens[one.begin].start, tokens[one.end - 1].end) for one in found]


def _is_used(tokens: Sequence[Token], one: Definition) -> bool:
    """Whether a rule, or the definition of another line, speaks of it by its name."""
    own = range(one.begin, one.end)
    names = dict.fromkeys(one.names, one.line)
    return any(i not in own and name_at(tokens, i, names) for i in range(len(tokens)))
