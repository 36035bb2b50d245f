"""Misspelt words of the vocabulary put right: one candidate, the same first letter, no number, no negation."""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from Backtest.reader.number_words import NUMBER_WORDS
from Backtest.reader.phrases import common, english

# never the result of a correction: one letter would turn the trade around
_UNTOUCHABLE = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "isn't",
        "aren't",
        "don't",
        "doesn't",
        "won't",
        "can't",
        "unless",
        "except",
        "above",
        "below",
        "under",
        "over",
        "long",
        "short",
        "up",
        "down",
        "buy",
        "sell",
    ]
)
_SHORT_TARGETS = frozenset(
    [
        "when",
        "then",
        "with",
        "stop",
        "exit",
        "sell",
        "band",
        "rises",
        "falls",
        "drops",
        "price",
        "cross",
        "goes",
        "above",
        "below",
        "under",
    ]
)


_LISTED = {
    typo: word
    for word, typos in {
        "the": "teh hte",
        "and": "adn nad",
        "if": "fi iff",
        "is": "si",
        "or": "ro",
        "of": "fo",
        "above": "abvoe abover abuv abv",
        "below": "bleow belwo bellw blw",
        "over": "ovr",
        "short": "sohrt shrt",
        "long": "lnog",
        "buy": "buuy buyy bbuy",
        "up": "uup",
        "down": "dwon donw dwn",
        "sell": "slel selll",
        "stop": "sotp",
        "enter": "entr",
        "cover": "cvr",
        "overbought": "overbght ovrbght",
        "oversold": "ovrsld",
        "through": "thru thorugh thruogh",
        "though": "tho",
        "you": "u yu",
        "your": "ur",
        "market": "mkt mrkt",
        "position": "pos posn",
        "level": "lvl",
        "previous": "prev",
        "yesterday": "yday ystd yest",
        "today": "tdy",
        "tomorrow": "tmrw tmr tomorow",
        "crossover": "xover",
        "crossunder": "xunder",
        "between": "btwn",
        "because": "bcuz becuz",
        "shares": "shrs sh",
        "low": "lo",
    }.items()
    for typo in typos.split()
}
"""Shorthand, and slips in short words of which no other word is as near; among them those that no guess may touch."""


@lru_cache(maxsize=4096)
def correction(word: str, known: frozenset[str]) -> str | None:
    """The one known word that `word` misspells, or None. One edit (or swap of neighbours); two from nine letters on."""
    if _LISTED.get(word) in known:
        return _LISTED[word]
    if len(word) < 3 or not word.isalpha() or not word.isascii() or word in english():
        return None
    if (slip := _slip(word)) in known:
        return slip
    limit = 2 if len(word) >= 9 else 1
    near = [
        candidate
        for candidate in known
        if candidate[0] == word[0]
        and abs(len(candidate) - len(word)) <= limit
        and len(candidate) >= 4
        and candidate.isalpha()
        and DamerauLevenshtein.distance(word, candidate, score_cutoff=limit) <= limit
    ]
    if len(word) <= 4:
        near = [candidate for candidate in near if candidate in _SHORT_TARGETS]
    if len(near) > 1:
        closest = [c for c in near if DamerauLevenshtein.distance(word, c) == 1]
        alike = [c for c in closest if _skeleton(c) == _skeleton(word)]
        near = _without_inflections(alike or closest)
    if near in (["long"], ["short"]) and len(word) > len(near[0]) and _once(word) == near[0]:
        return near[0]  # "longg": a letter written twice turns nothing around
    if len(near) != 1 or near[0] in _UNTOUCHABLE - _SHORT_TARGETS or near[0] in NUMBER_WORDS:
        return None
    return near[0]


def _slip(word: str) -> str | None:
    """The one common word that `word` is with a letter left out, one written twice or two neighbours swapped."""
    found = _slips().get(word, frozenset())
    return next(iter(found)) if len(found) == 1 else None


@lru_cache(maxsize=1)
def _slips() -> Mapping[str, frozenset[str]]:
    """The common words by their slips. None is of two letters, or looks like a word with another first letter."""
    table: dict[str, frozenset[str]] = {}
    for word in common():
        places = range(len(word))
        left_out = {word[:i] + word[i + 1 :] for i in places[1:]}
        doubled = {word[:i] + word[i] + word[i:] for i in places}
        swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places[:-1]}
        for slip in left_out | doubled | swapped - {word}:
            if len(slip) > 2:
                table[slip] = table.get(slip, frozenset()) | {word}
    return table


def _once(word: str) -> str:
    """The word with no letter twice in a row."""
    return "".join(c for i, c in enumerate(word) if not i or word[i - 1] != c)


def _skeleton(word: str) -> str:
    """Its consonants: "traling" has those of "trailing", not those of "trading"."""
    return _once("".join(c for c in word if c not in "aeiou"))


def _without_inflections(candidates: list[str]) -> list[str]:
    """`band` for [band, bands]: several forms of one word are one candidate, the shortest."""
    shortest = min(candidates, key=lambda c: (len(c), c), default="")
    return (
        [shortest]
        if shortest and all(c in {shortest, shortest + "s", shortest + "es"} for c in candidates)
        else candidates
    )
