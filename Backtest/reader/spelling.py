"""Misspelt words of the vocabulary put right: one candidate, the same first letter, no number, no negation."""

from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from Backtest.reader.number_words import NUMBER_WORDS
from Backtest.reader.phrases import english

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
        "when": "whne wehn hwen",
        "with": "wiht wtih wth",
        "then": "thne hten",
        "from": "frm",
        "long": "lng logn lnog",
        "short": "shrot shor shrt sohrt",
        "buy": "buuy",
        "sell": "sel sll slel selll",
        "exit": "exti eixt exi",
        "stop": "stpo sotp stp",
        "loss": "los lss",
        "take": "tke taek",
        "above": "abov aobve abvoe abve abover",
        "below": "belw belo bleow bewlo belwo",
        "over": "ovr voer",
        "under": "undr udner",
        "cross": "corss crss",
        "close": "clsoe colse clos",
        "open": "opne oepn",
        "high": "hihg hgih hig",
        "price": "pirce prcie",
        "enter": "entr",
        "day": "dya",
        "days": "dyas",
        "bars": "brs",
        "half": "hlaf hafl",
        "hold": "hodl hlod",
        "both": "btoh",
        "than": "tahn",
        "falls": "flals",
        "after": "afetr aftre",
        "risk": "rsik",
    }.items()
    for typo in typos.split()
}
"""Slips of the fingers in short words, of which no other word is as near; among them those that no guess may touch."""


@lru_cache(maxsize=4096)
def correction(word: str, known: frozenset[str]) -> str | None:
    """The one known word that `word` misspells, or None. One edit (or swap of neighbours); two from nine letters on."""
    if _LISTED.get(word) in known:
        return _LISTED[word]
    if len(word) < 3 or not word.isalpha() or not word.isascii() or word in english():
        return None
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
