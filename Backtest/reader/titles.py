"""Words that say nothing of a trade: titles, openings, opinions and narration, all of them listed."""

import re
from collections.abc import Sequence

from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import colour, markers, narrations, noise_words, openings, talk, weighty
from Backtest.reader.subjects import is_demand, is_of_market

# What may stand in words of narration: no action, number, comparison, negation, condition or time is among it.
_TOLD = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON SLASH LPAR RPAR AND OR IT ITS OF IN ON AT TO FOR FROM BY WITH AS THEN IS HAS TRADE "
    "CHART PRICE TREND SETUP MOVE MAKES BACK L_RULES L_INDICATORS RUN WHATIF TICKER IND OUT MA CHANNEL CANDLE TERM "
    "CROSSNAME FIRST DECLARE".split()
)
# What words of narration may name beside, without deciding anything.
_SPOKEN = _TOLD | frozenset(
    "OFF EQUITY CASH ALL TERM LAST UNIT SETUP L_SETUP L_FILTER TF FAST BREAK TURN PLACE USEV AFTER AGO LATER BOTH "
    "SECOND".split()
)
_EVERYDAY = frozenset({"PLACE", "USEV"})
_ORDERED = frozenset({"TRADE", "PLACE", "USEV", "RUN", "MOVE", "MAKES", "WHATIF", "DECLARE"})
_NAMED = frozenset({"TURN", "BREAK", "BREAK_DOWN", "MOVE_DOWN", "MOVE_UP", "HIGH", "LOW"})
_PREPOSITIONS = frozenset({"IN", "ON", "WITH", "AT", "FOR", "FROM", "BY", "OF", "TO", "AS"})
_LONGEST_OPENING = 6
CONTEXT = frozenset({"TICKER", "TF"})
# What is said of rules that do not hold any more, or never did: they are no title and no talk.
ABANDONED = frozenset({"old", "previous", "example", "examples", "original", "former", "rejected", "unused"})


def words_of(tokens: Sequence[Token]) -> list[str]:
    return [word for token in tokens for word in token.text.lower().replace("’", "'").replace("-", " ").split()]


def is_colour(tokens: Sequence[Token]) -> bool:
    """Nothing but listed words that say nothing of a trade: no number, no comparison, no condition."""
    return all(
        token.kind in {"NOISE", "TERM", "COMMA", "DASH", "COLON"} or all(word in colour() for word in words_of([token]))
        for token in tokens
    )


def is_opinion(tokens: Sequence[Token]) -> bool:
    """A sentence such as "I like buying dips in an uptrend": an opening of the list, then colour."""
    words = [word for word in words_of(tokens) if word[0].isalnum()]
    for opening in openings():
        if tuple(words[: len(opening)]) == opening and all(word in colour() for word in words[len(opening) :]):
            return True
    return False


def is_title(tokens: Sequence[Token]) -> bool:
    """ "Gap reversal" or "RSI mean reversion strategy": names, no verbs, no numbers."""
    return bool(tokens) and len(tokens) <= 8 and is_colour(tokens)


def without_context(tokens: Sequence[Token]) -> list[Token]:
    """The words without the instrument and the chart that they name ("Fade the bands on EURUSD H1")."""
    left: list[Token] = []
    for token in tokens:
        if token.kind not in CONTEXT:
            left.append(token)
        elif left and left[-1].kind in {"ON", "IN", "FOR", "COMMA"}:
            left.pop()
    return left


def is_name(tokens: Sequence[Token]) -> bool:
    """ "Turn of the trend with Aroon": a title without a verb or a preposition at its beginning."""
    return tokens[0].kind not in _ORDERED | _PREPOSITIONS and all(token.kind in _TOLD | _NAMED for token in tokens)


def is_narration(tokens: Sequence[Token], text: str) -> bool:
    """Words of the list that tell of the author or the forum, with nothing of a trade behind them.

    `tokens` are those of a part of `text`, in order, with or without those of noise.
    """
    start = tokens[0].start
    before = re.split(r"[^\w'’ ]", text[:start])[-1].split()[-_LONGEST_OPENING:]
    words = _written(text[start : tokens[-1].end])
    for n in range(len(before) + 1):
        led = [*_written(" ".join(before[len(before) - n :])), *words]
        if n and led[0] not in noise_words():
            return False
        opening = next((m for m in range(_LONGEST_OPENING, n, -1) if tuple(led[:m]) in narrations() | markers()), 0)
        if opening:
            told = [one for one in tokens if len(_written(text[start : one.end])) + n > opening]
            told = without_everyday(told, text)
            if tuple(led[:opening]) not in narrations():
                return not told or is_talk(told)
            return all(
                (token.kind in _SPOKEN and not _is_weighty(token)) or token.text.lower() == "one" for token in told
            )
    return False


def _is_weighty(token: Token) -> bool:
    return token.kind == "UNKNOWN" and any(word in weighty() for word in words_of([token]))


def is_talk(tokens: Sequence[Token]) -> bool:
    """Everyday words and nothing else; an order is none."""
    if tokens[0].kind in _ORDERED or ABANDONED & {*words_of(tokens)}:
        return False
    if any(is_demand(token) for token in tokens):
        return False  # "it has to be proven"
    if any(token.kind == "REQUIRE" for token in tokens) and any(_is_weighty(token) for token in tokens):
        return False  # "you want confirmation"
    if any(token.kind == "IS" for token in tokens) and is_of_market(words_of(tokens)):
        return False  # "the stock is loved"
    return all(
        token.kind in {"NOISE", "COMMA", "DASH", "LPAR", "RPAR"}
        or (token.kind in _TOLD | _EVERYDAY and all(word in talk() or word in colour() for word in words_of([token])))
        or all(word in talk() for word in words_of([token]))
        for token in tokens
    )


def _written(part: str) -> list[str]:
    words = (word.strip(".,;:!?()'\"") for word in part.lower().replace("’", "'").replace("-", " ").split())
    return [word for word in words if word]
