"""The marks of steps ("Step 1: ... Step 2: within 6 bars ..."): noise, or "then" where a step says how soon."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from Backtest.reader.lexicon import Token

_MARKS = frozenset({"COLON", "DASH", "COMMA", "RPAR"})
_ORDINALS = {"FIRST": 1, "SECOND": 2, "THIRD": 3}


def step_mark(tokens: Sequence[Token]) -> tuple[int, int]:
    """The number of the step that a sentence begins with ("Step 2:", "Second,"), and how many tokens say so."""
    kinds = [token.kind for token in tokens[:3]]
    if kinds[1:2] == ["COMMA"] and kinds[0] in _ORDINALS and tokens[0].text.istitle():
        return _ORDINALS[kinds[0]], 2
    named = tokens[0].text.lower() == "step" and kinds[1:2] == ["NUMBER"] and kinds[2:] and kinds[2] in _MARKS
    value = tokens[1].value if named else None
    return (int(value), 3) if isinstance(value, float) else (0, 0)


def with_steps(line: Sequence[Token]) -> list[Token]:
    """The tokens of a line without the marks of its steps; that of one which says how soon it comes is a "then"."""
    sentences: list[list[Token]] = [[]]
    for token in line:
        sentences[-1].append(token)
        if token.kind == "DOT":
            sentences.append([])
    told = [step_mark(sentence)[0] if sentence else 0 for sentence in sentences]
    if told[0] > 1 or sum(number > 0 for number in told) < 2:  # the mark of a line alone is that of a list
        return list(line)
    return [token for sentence in sentences for token in (without_mark(sentence) if sentence else ())]


def without_mark(sentence: Sequence[Token]) -> list[Token]:
    """A step without its mark, or with "then" for it."""
    number, taken = step_mark(sentence)
    step = list(sentence[taken:])
    if number < 2 or not _says_how_soon(step):
        return step
    return [_then(sentence[:taken]), *step]


def numbered(mark: Sequence[Token], item: Sequence[Token]) -> list[Token]:
    """The item of a numbered list, with "then" for the number of one that begins with how soon it comes."""
    soon = item[0].kind == "WITHIN" and isinstance(mark[0].value, float) and mark[0].value > 1
    return [_then(mark), *item] if soon and _says_how_soon(item) else list(item)


def _then(mark: Sequence[Token]) -> Token:
    return replace(mark[0], kind="THEN", value=None, end=mark[-1].end)


def _says_how_soon(step: Sequence[Token]) -> bool:
    """Whether a step says within how many bars it comes, and not that something was so within the last ones."""
    kinds = [token.kind for token in step if token.kind != "NOISE"]
    soon = any(one == "WITHIN" and two != "LAST" for one, two in pairwise(kinds))
    return soon and kinds[0] != "THEN"
