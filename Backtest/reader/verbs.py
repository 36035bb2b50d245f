"""The forms of a verb: "took", "taking" and "takes" are "take"."""

from collections.abc import Mapping
from functools import lru_cache

from Backtest.reader.phrases import Phrase, by_first_word, by_second_word

_ACTIONS = frozenset(
    "BUY LONG SHORT ENTER SELL EXIT COVER MOVE_UP MOVE_DOWN RECLAIM LEAVE TOUCH BREAK PLACE USEV RISKV HOLD TARGET "
    "TRAIL MOVE_STOP WAIT".split()
)
_IRREGULAR: Mapping[str, str] = {
    "went": "go",
    "goes": "go",
    "going": "go",
    "gone": "go",
    "got": "get",
    "gotten": "get",
    "took": "take",
    "taken": "take",
    "bought": "buy",
    "sold": "sell",
    "came": "come",
    "fell": "fall",
    "fallen": "fall",
    "rose": "rise",
    "risen": "rise",
    "broke": "break",
    "broken": "break",
    "held": "hold",
    "kept": "keep",
    "left": "leave",
    "let": "let",
    "sank": "sink",
    "slid": "slide",
    "stood": "stand",
    "threw": "throw",
    "spent": "spend",
    "overtook": "overtake",
    "retook": "retake",
    "shrank": "shrink",
}
_ENDINGS = ("ing", "ed", "es", "s")


def is_form(word: str) -> bool:
    """Whether a word can be a form of a verb other than its plain one."""
    return word in _IRREGULAR or any(word.endswith(ending) and len(word) - len(ending) > 2 for ending in _ENDINGS)


@lru_cache(maxsize=4096)
def verb_of(word: str) -> str:
    """The stem that the forms of a verb share; of no use by itself."""
    plain = _IRREGULAR.get(word, word)
    for ending in _ENDINGS:
        stem = plain.removesuffix(ending)
        if stem != plain and len(stem) >= 3 and any(letter in "aeiouy" for letter in stem):
            plain = stem
            break
    if len(plain) > 3 and plain[-1] == plain[-2] and plain[-1] not in "ls":
        plain = plain[:-1]
    return plain.removesuffix("e") if len(plain) > 3 else plain


@lru_cache(maxsize=1)
def actions_by_verb() -> Mapping[str, Mapping[str, tuple[Phrase, ...]]]:
    """The phrases of what is done, by the stem of their verb and then by their second word, longest first."""
    table: dict[str, list[Phrase]] = {}
    for phrases in by_first_word().values():
        for phrase in phrases:
            if phrase.kind in _ACTIONS:
                table.setdefault(verb_of(phrase.words[0]), []).append(phrase)
    return {verb: by_second_word(sorted(same, key=lambda p: -len(p.words))) for verb, same in table.items()}
