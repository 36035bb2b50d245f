"""The phrase tables of `phrases/`: which words make which terminal of the grammar, and what they mean."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, product
from pathlib import Path
from typing import NamedTuple

_TABLES = (
    "words",
    "families",
    "frames",
    "translated",
    "filters",
    "flags",
    "account",
    "protection",
    "indicators",
    "names",
    "refusals",
    "noise",
    "talk",
    "remarks",
    "conditions",
    "references",
)
_REMARKS = ("TITLE_NOUN", "NARRATOR", "WEIGHTY", "PERSON", "MARKET", "SOFT", "SAYING")
_PROSE = frozenset(
    {"OPENING", "COLOUR", "UNDO", "COMPLAINT", "NARRATION", "MARKER", "TALK", *_REMARKS}
)  # of whole sentences, not terminals
_PARENTHESES = re.compile(r"[()]")
_CANDLE_TAILS = ("candle", "pattern", "candlestick", "bar", "candlestick pattern", "candle pattern")


class Phrase(NamedTuple):
    """`words` make the terminal `kind`; `value` is None, a name, or a pair of names."""

    words: tuple[str, ...]
    kind: str
    value: str | tuple[str, str] | None


def _read(table: str) -> Iterator[Phrase]:
    """A table is a list of blocks: a line "KIND [VALUE [VALUE]]", then indented lines of phrases between bars.

    In a phrase "(a/few words/-)" stands for each of the words between strokes, or, with a dash, for none.
    """
    kind, value = "", None
    text = (Path(__file__).parent / "phrases" / f"{table}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if not line.startswith(" "):
            kind, *names = line.split()
            value = _value(names)
            continue
        for phrase in line.split("|"):
            yield from [Phrase(words, kind, value) for words in _phrasings(phrase) if words]


def _phrasings(phrase: str) -> Iterator[tuple[str, ...]]:
    parts = _PARENTHESES.split(phrase)  # what stands between parentheses has the odd places
    if len(parts) == 1:
        return iter((tuple(phrase.split()),))
    choices = [
        [() if word.strip() == "-" else tuple(word.split()) for word in (part.split("/") if i % 2 else (part,))]
        for i, part in enumerate(parts)
        if i % 2 or part.strip()
    ]
    return (tuple(chain.from_iterable(chosen)) for chosen in product(*choices))


def _value(names: list[str]) -> str | tuple[str, str] | None:
    plain = ["" if name == "-" else name.replace("_", " ") if name.islower() else name for name in names]
    if len(plain) == 2:
        first, second = names
        return first, "" if second == "-" else second
    return plain[0] if plain else None


@lru_cache(maxsize=1)
def _all() -> tuple[Phrase, ...]:
    return tuple(phrase for table in _TABLES for phrase in _read(table))


@lru_cache(maxsize=1)
def by_first_word() -> Mapping[str, tuple[Phrase, ...]]:
    """The phrases that begin with a word, longest first; of two equal ones the one that stands first in the tables."""
    table: dict[str, dict[tuple[str, ...], Phrase]] = {}
    for phrase in _all():
        if phrase.kind in _PROSE:
            continue
        first = table.setdefault(phrase.words[0], {})
        first.setdefault(phrase.words, phrase)
        if phrase.kind == "CANDLE":
            for tail in _CANDLE_TAILS:
                words = (*phrase.words, *tail.split())
                first.setdefault(words, phrase._replace(words=words))
    return {first: tuple(sorted(same.values(), key=lambda p: -len(p.words))) for first, same in table.items()}


def by_second_word(phrases: Iterable[Phrase]) -> Mapping[str, tuple[Phrase, ...]]:
    """Phrases by their second word ("" where there is none), in their order."""
    table: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        table.setdefault(phrase.words[1] if len(phrase.words) > 1 else "", []).append(phrase)
    return {second: tuple(same) for second, same in table.items()}


@lru_cache(maxsize=1)
def by_two_words() -> Mapping[str, Mapping[str, tuple[Phrase, ...]]]:
    """The phrases by their first word, and then by their second."""
    return {first: by_second_word(phrases) for first, phrases in by_first_word().items()}


@lru_cache(maxsize=1)
def openings() -> tuple[tuple[str, ...], ...]:
    """How sentences of opinion begin, longest first."""
    return tuple(sorted((p.words for p in _all() if p.kind == "OPENING"), key=len, reverse=True))


@lru_cache(maxsize=1)
def narrations() -> frozenset[tuple[str, ...]]:
    """How words of narration begin."""
    return frozenset(p.words for p in _all() if p.kind == "NARRATION")


@lru_cache(maxsize=1)
def markers() -> frozenset[tuple[str, ...]]:
    """How words begin that are noise where all the others are of talk."""
    return frozenset(p.words for p in _all() if p.kind == "MARKER")


@lru_cache(maxsize=1)
def noise_words() -> frozenset[str]:
    """The single words that mean nothing for a trade wherever they stand."""
    return frozenset(p.words[0] for p in _all() if p.kind == "NOISE" and len(p.words) == 1)


@lru_cache(maxsize=1)
def talk() -> frozenset[str]:
    """Everyday words, of which a sentence can consist that says nothing of a trade."""
    return frozenset(word for p in _all() if p.kind == "TALK" for word in p.words)


@lru_cache(maxsize=1)
def title_nouns() -> frozenset[str]:
    """What strategies are called: "plan", "breakout", "notes"."""
    return _single("TITLE_NOUN")


@lru_cache(maxsize=1)
def narrators() -> frozenset[str]:
    """How a remark may begin: whom, or what, it is about."""
    return _single("NARRATOR")


@lru_cache(maxsize=1)
def weighty() -> frozenset[str]:
    """The words that could bear on a trade, whatever stands around them."""
    return _single("WEIGHTY")


@lru_cache(maxsize=1)
def persons() -> frozenset[str]:
    """Who narratives are about, in the third person."""
    return _single("PERSON")


@lru_cache(maxsize=1)
def markets() -> frozenset[str]:
    """What a trade may wait for: a sentence that begins with one may tell of its state."""
    return _single("MARKET")


@lru_cache(maxsize=1)
def soft() -> frozenset[str]:
    """The weighty words that a narrative may hold: of what was done, or what others do."""
    return _single("SOFT")


@lru_cache(maxsize=1)
def sayings() -> tuple[tuple[str, ...], ...]:
    """What people say in words of trading that is no rule wherever it stands, longest first."""
    return tuple(sorted((p.words for p in _all() if p.kind == "SAYING"), key=len, reverse=True))


def _single(kind: str) -> frozenset[str]:
    return frozenset(p.words[0] for p in _all() if p.kind == kind and len(p.words) == 1)


@lru_cache(maxsize=1)
def complaints() -> frozenset[str]:
    """What something can be too much of, where a later turn says why it is changed."""
    return _single("COMPLAINT")


@lru_cache(maxsize=1)
def undoings() -> frozenset[tuple[str, ...]]:
    """The sentences that take a turn back."""
    return frozenset(p.words for p in _all() if p.kind == "UNDO")


@lru_cache(maxsize=1)
def colour() -> frozenset[str]:
    """The words that say nothing of a trade by themselves."""
    return frozenset(word for p in _all() if p.kind == "COLOUR" for word in p.words)


@lru_cache(maxsize=1)
def words() -> frozenset[str]:
    """Every word of the tables but those of talk, which are no targets of a correction."""
    phrases = [
        phrase.words for phrase in _all() if phrase.kind not in {"COMPLAINT", "NARRATION", "MARKER", "TALK", *_REMARKS}
    ]
    return frozenset(word for phrase in (*phrases, ("candle", "candlestick", "pattern")) for word in phrase)


@lru_cache(maxsize=1)
def common() -> frozenset[str]:
    """The words that are typed most, of which a slip is taken for no rarer word."""
    return frozenset((Path(__file__).parent / "phrases" / "common.txt").read_text(encoding="utf-8").split())


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """Words that are no misspelling of a word of the tables, however near they are."""
    listed = (Path(__file__).parent / "phrases" / "english.txt").read_text(encoding="utf-8").split()
    return (
        frozenset(listed)
        | talk()
        | title_nouns()
        | narrators()
        | weighty()
        | complaints()
        | {word for phrase in narrations() | markers() for word in phrase}
    )
