"""Numbers in words: "twenty", "two hundred", "twenty five"."""

from collections.abc import Sequence

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}

NUMBER_WORDS: frozenset[str] = frozenset({*_UNITS, *_TENS, *_SCALES})


def read_number_words(words: Sequence[str]) -> tuple[int, int] | None:
    """The number that the beginning of `words` says, and how many of them say it; None when they begin with none.

    "and" inside a number ("one hundred and five") is not read: the words around it may be two numbers.
    """
    total = current = used = 0
    last: str | None = None
    for word in words:
        if word in _SCALES and (last in {None, "unit", "tens"} or (current and _SCALES[word] > 100)):
            current = max(1, current) * _SCALES[word]  # "hundred-day" says one hundred
            if _SCALES[word] > 100:
                total, current = total + current, 0
            last = "scale"
        elif word in _TENS and last in {None, "scale"}:
            current, last = current + _TENS[word], "tens"
        elif word in _UNITS and (last in {None, "scale"} or (last == "tens" and 0 < _UNITS[word] < 10)):
            current, last = current + _UNITS[word], "unit"
        else:
            break
        used += 1
    return (total + current, used) if used else None
