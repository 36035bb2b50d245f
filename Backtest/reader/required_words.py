"""What a text must hold for a regular expression to fit: a cheap look before a dear search.

It knows the plain part of the language: literals, groups, classes, looks around and quantifiers. Where it can't tell, a
pattern needs nothing, and is always searched for.
"""

import re
from collections.abc import Iterator

_SHORTEST = 3
_QUANTIFIED = re.compile(r"[?*]|\{0?,")
_REPEATED = re.compile(r"[?*+]|\{[\d,]+\}")
_LOOKS = ("?=", "?!", "?<=", "?<!")
_GROUP_HEAD = re.compile(r"\?(?:P<\w+>|:|-?[aims]+:)")


def required_words(pattern: str) -> tuple[str, ...]:
    """Lower-case parts of words of which a text that `pattern` fits holds at least one; none where it may hold any."""
    found = [needed for needed in _needed(pattern) if needed]
    return max(found, key=lambda needed: (min(map(len, needed)), -len(needed)), default=())


def _needed(pattern: str) -> Iterator[tuple[str, ...]]:
    """For each literal and each group that can't be left out: what must be there of it."""
    options = list(_split(pattern))
    if len(options) > 1:
        each = [required_words(option) for option in options]
        yield tuple(word for words in each for word in words) if all(each) else ()
        return
    run, i = "", 0
    while i < len(pattern):
        end = _end(pattern, i)
        optional = _QUANTIFIED.match(pattern, end) is not None
        repeated = _REPEATED.match(pattern, end)
        sign = pattern[i].lower()
        if (sign.isalpha() or sign == " ") and not optional:
            run += sign
            if repeated is None:
                i = end
                continue
        yield (run.strip(),) if len(run.strip()) >= _SHORTEST else ()
        run = ""
        inside = pattern[i + 1 : end - 1]
        if pattern[i] == "(" and not optional and not inside.startswith(_LOOKS):
            yield from _needed(_GROUP_HEAD.sub("", inside, count=1) if inside.startswith("?") else inside)
        i = repeated.end() if repeated else end
    yield (run.strip(),) if len(run.strip()) >= _SHORTEST else ()


def _split(pattern: str) -> Iterator[str]:
    """The alternatives of a pattern."""
    begin = i = 0
    while i < len(pattern):
        if pattern[i] == "|":
            yield pattern[begin:i]
            begin = i + 1
        i = _end(pattern, i)
    yield pattern[begin:]


def _end(pattern: str, i: int) -> int:
    """Where the literal, the class or the group that begins at `i` ends."""
    if pattern[i] == "\\":
        return i + 2
    if pattern[i] == "[":
        j = i + 2 if pattern[i + 1 : i + 2] != "^" else i + 3
        while pattern[j] != "]":
            j += 2 if pattern[j] == "\\" else 1
        return j + 1
    if pattern[i] != "(":
        return i + 1
    j = i + 1
    while pattern[j] != ")":
        j = _end(pattern, j)
    return j + 1
