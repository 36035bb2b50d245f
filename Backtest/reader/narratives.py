"""What tells of people and of what was: it may hold words of trading, for no rule is told of one's wife.

"My wife says ...", "most people lose money because they short too early", "I bought the annual plan": a person in the
third one, or a verb in the past. No number beside a unit of trading, condition, time, size or word of restriction may
be in it: those who copy a rule out of a book tell it of somebody too.
"""

import re
from collections.abc import Sequence

from Backtest.reader.everyday import blanked, without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import persons, soft
from Backtest.reader.remarks import FILLERS, LIGHT, said_before, weighs
from Backtest.reader.titles import words_of

_TOLD = LIGHT | frozenset(
    "TRADE BREAK BREAK_DOWN MOVE_UP MOVE_DOWN LOSS LOSE MAKE PRICE TREND WAIT TOUCH TURN FAST RUN PLACE USEV TARGET "
    "CANDLE CHANNEL CASH SECOND LATER AGO HOLD_ON".split()
)
"""Kinds of tokens that tell of no rule where a narrative holds them."""
_DEALS = frozenset({"BUY", "SELL", "SHORT", "LONG", "ENTER", "EXIT"})
_ORDERED = re.compile(
    r"(?i)\b(?:to|should|must|shall|would|can|could|may|please|also|as well|let|lets|let's|i|we|you) (?:\w+ly )?"
    r"(?:buy|sell|short|go|exit|enter|close|cover|hold|wait|take|use|stop|trade|get|add|stay|scale|risk|put|place)\b"
)
_SLOGAN = re.compile(  # what the system is about, behind how one came to it
    r"(?i),? so (?:this (?:one|system|strategy)|it|i|we) (?:now )?(?:just |simply |only )?"
    r"(?:follow|buy|ride|chase|trade)s? (?:strength|the trend|trends|momentum|breakouts)$"
)
_PEOPLE = frozenset({"he", "she", "they", "people", "everybody", "everyone", "somebody", "someone", "nobody", "folks"})
_OWN = frozenset({"my", "our", "his", "her", "their", "the", "a", "an", "some", "most", "many", "all", "every"})
_FIRST = frozenset({"i", "we", "it", "that", "this"})
_PRESENT = frozenset(
    "remember remembers "
    "says say said thinks think believes believe expects expect swears swear claims claim calls call reckons reckon "
    "likes like loves love hates hate hopes hope knows know wants keeps tells tell lose loses fail fails want "
    "make makes overthink overthinks overcomplicate overcomplicates do does quit quits laugh laughs ask asks "
    "give gives ignore ignores forget forgets".split()
)
_PAST = frozenset(
    "was were had did came got went lost made bought sold took told said saw read heard found learned learnt thought "
    "tried used wrote grew left kept gave became began blew burned burnt won ran felt met spent paid changed broke "
    "fell drove stood knew brought taught caught chose built sent drew sat never".split()
) - {"never"}
_NO_PAST = frozenset("need speed based indeed feed bed red shed seed exceed proceed wed led fed called".split())
_PERFECT = frozenset({"have", "has", "had", "i've", "we've", "been", "he's", "she's", "used"})
_NOUNS_BETWEEN = 4


def is_narrative(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` tells of people, or of the past, and of nothing that is to be done."""
    slogan = _SLOGAN.search(text, tokens[0].start, tokens[-1].end)
    weighing = without_everyday([one for one in tokens if slogan is None or one.start < slogan.start()], text)
    said = text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")
    written = [word for word in [*said_before(tokens, text), *re.findall(r"[\w']+", said)] if word not in FILLERS]
    while written and written[0] in {"where", "which", "who", "that", "although", "though", "since", "as", "while"}:
        written = written[1:]
    mine = _is_of(written)
    if mine is None:
        return False
    told = [token for token in weighing if token.kind != "NOISE"]
    allowed = _TOLD if mine else _TOLD | _DEALS
    if mine and told and told[0].kind in {"BUY", "SELL"} and told[0].text.lower() in _PAST:
        told = told[1:]
    if any(token.kind not in allowed and token.text.lower() not in soft() | {"one", "where"} for token in told):
        return False
    if _ORDERED.search(blanked(said)) or any(sign.isdigit() for token in told for sign in token.text):
        return False
    weighed = {word for token in [*weighing] for word in words_of([token])}
    return not any(weighs(word, soft()) for word in weighed)


def _is_of(words: Sequence[str]) -> bool | None:
    """True for what the author did, or had; False for what others do or did; None for anything else."""
    if not words:
        return None
    first = words[0]
    near = words[1 : 2 + _NOUNS_BETWEEN]
    past = [i for i, word in enumerate(near) if _is_past(word)]
    if near[:2] in (["has", "to"], ["have", "to"]):
        return None  # "it has to be proven"
    if first in _FIRST or first in {"i've", "we've", "i'd"}:
        return True if (past[:1] == [0] or (near[:1] and near[0] in _PERFECT) or first in {"i've", "we've"}) else None
    if first == "been" or (first in _PAST and first not in {"left", "kept"}):
        return True  # "Bought the course last week"
    if {*words[2:5]} & {"me", "us"} and any(_is_past(word) for word in words[1:3]):
        return True  # "Whipsaws killed me"
    if first in _PEOPLE:
        return False if past or {*near} & _PRESENT else None
    if first not in _OWN and first not in persons():
        return None
    subject = words[: 1 + _NOUNS_BETWEEN]
    person = any(word in persons() for word in subject)
    if person and (past or {*near} & _PRESENT):
        return False
    if person and {*near} & {"is", "has", "isn't", "lives", "works", "hates"}:
        return True
    return True if past and first in {"my", "our", "their", "his", "her"} else None


def _is_past(word: str) -> bool:
    return word in _PAST or (len(word) > 4 and word.endswith("ed") and word not in _NO_PAST)
