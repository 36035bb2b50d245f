"""Titles in any words: a noun phrase before the rules, told by what is not in it."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import colour, title_nouns, weighty
from Backtest.reader.remarks import LIGHT
from Backtest.reader.titles import ABANDONED, words_of

_NAMES = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON SLASH LPAR RPAR AND OR ITS OF IN ON AT TO FOR FROM BY WITH AS THEN TRADE "
    "CHART PRICE TREND SETUP BACK L_RULES L_INDICATORS RUN TICKER IND OUT MA CHANNEL CANDLE CROSSNAME FIRST OFF "
    "EQUITY CASH ALL TERM LAST UNIT L_SETUP L_FILTER TF FAST ATR BREAK BREAK_DOWN MOVE_DOWN MOVE_UP TURN CROSS "
    "UPPER LOWER MIDDLE BAND SESSION TARGET SHARES LINE L_TIMEFRAME LENGTH VOLUME GAP".split()
)
"""What a title may hold: no verb, order, comparison, condition or negation."""
_NAMING = frozenset("IND OUT MA CHANNEL CANDLE CROSSNAME BREAK TREND SETUP L_RULES TF TICKER".split())
_REPEATED = frozenset({"NUMBER", "PERIOD", "WEEKDAY", "SLASH"})
_NO_BEGINNING = frozenset("TRADE RUN IN ON WITH AT FOR FROM BY OF TO AS L_FILTER THEN".split())
_LABELS = frozenset({"L_FILTER", "L_SETUP", "SETUP", "TREND", "TARGET", "VOLUME"})
_SUBJECTS = frozenset(
    {"volatility", "trend", "trends", "pullback", "pullbacks", "dip", "dips", "reversal", "reversals", "momentum"}
)
_COUNTED = frozenset("issue number volume vol part edition version chapter episode week no".split())
_LONGEST_TITLE = 12
_LONGEST_NAME = 7
_ABOUT = frozenset(
    "VOLUME BREAK BREAK_DOWN GAP CHANNEL BAND CANDLE TREND PRICE OPEN CLOSE HIGH LOW UNIT TURN MOVE_UP MOVE_DOWN "
    "RISING FALLING LONG SHORT TRADE CROSS WEEKDAY LIMIT_ORDER L_ENTRY L_SETUP OVERSOLD OVERBOUGHT TF".split()
)
"""What a name may hold beside words that ask for nothing: what it is about."""
_NEVER = frozenset(
    "if when whenever while until unless except only no not never without always don't avoid skip until after before "
    "above below over under".split()
)
_SENTENCE = re.compile(
    r"(?i)^\s*(?:my|our)\b|\b(?:(?:i|we|you|he|she|they)(?:['’]\w+)?|must|should|shall|will|would|can|could|may|might|needs?|wants?|please|"
    r"is|are|be|was|were|do|does|have|has)\b"
)
_IMPERATIVES = frozenset(
    "check ignore respect avoid watch look confirm ensure make keep take stay wait trust diversify monitor focus "
    "prefer choose select find scan screen follow use apply remember mind beware see learn get let never always stick "
    "read study limit reduce increase adjust scale size hedge skip manage protect".split()
)


def is_heading(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` before its rules can be nothing but their name."""
    return _is_called_so(tokens) or _names_what_it_is_of(tokens, text)


def _is_called_so(tokens: Sequence[Token]) -> bool:
    """ "Gap fade", "Volume breakout", "Notes from Sunday": few words, the first or last of which is what strategies are
    called, and no condition."""
    content = [
        token for token in tokens if token.kind not in {"NOISE", "COMMA", "DASH", "COLON", "LPAR", "RPAR", "DOT"}
    ]
    words = words_of(content)
    if not words or len(words) > _LONGEST_NAME or {*words} & (_NEVER | ABANDONED):
        return False
    if not (words[-1] in title_nouns() or words[0] in title_nouns()):
        return False
    return all(token.kind in LIGHT | _ABOUT for token in content)


def _names_what_it_is_of(tokens: Sequence[Token], text: str) -> bool:
    """Titles of more words: something in it must be what strategies are called after.

    A number or a day of the week may stand in it where what follows says that again.
    """
    if not tokens or len(tokens) > _LONGEST_TITLE or tokens[0].kind in _NO_BEGINNING:
        return False
    before = re.split(r"[.;:!?\n]", text[: tokens[0].start])[-1]
    words = words_of(tokens)
    if words[0] in _IMPERATIVES or {*words} & ABANDONED:
        return False
    if len(tokens) == 1 and tokens[0].kind in _LABELS:
        return False
    unlisted = {word for token in tokens if token.kind in {"UNKNOWN", "SETUP", "TREND"} for word in words_of([token])}
    if unlisted & (weighty() - _SUBJECTS) or _SENTENCE.search(before + text[tokens[0].start : tokens[-1].end]):
        return False
    if not any(token.kind in _NAMING or any(word in colour() for word in words_of([token])) for token in tokens):
        return False
    after = text[tokens[-1].end :]
    return all(
        token.kind in _NAMES
        or (token.kind in _REPEATED and _is_said_again(token, after))
        or _is_numbered(tokens[i - 1 : i], token)
        for i, token in enumerate(tokens)
    )


def _is_numbered(before: Sequence[Token], token: Token) -> bool:
    """ "Issue 14", "card #12", "Two-Average Newsletter": a number that counts no bars and no price."""
    if token.kind == "HASH":
        return True
    counted = bool(before) and (before[0].kind == "HASH" or before[0].text.lower() in _COUNTED)
    return token.kind == "NUMBER" and (counted or token.text.isalpha())


def _is_said_again(token: Token, after: str) -> bool:
    numbers = re.findall(r"\d+(?:\.\d+)?", token.text)
    if not numbers:
        word = token.text.strip().lower().removesuffix("s")
        return token.kind == "SLASH" or re.search(rf"\b{re.escape(word)}", after.lower()) is not None
    return all(re.search(rf"(?<![\d.]){re.escape(number)}(?!\.?\d)", after) for number in numbers)
