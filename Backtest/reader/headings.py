"""Titles in any words: a noun phrase before the rules, told by what is not in it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import colour, title_nouns, weighty
from Backtest.reader.remarks import LIGHT, is_remark
from Backtest.reader.statement_syntax import ListSaid
from Backtest.reader.syntax import Side
from Backtest.reader.titles import ABANDONED, words_of

_NAMES = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON SLASH LPAR RPAR AND OR ITS OF IN ON AT TO FOR FROM BY WITH AS THEN TRADE "
    "CHART PRICE TREND SETUP BACK L_RULES L_INDICATORS RUN TICKER IND OUT MA CHANNEL CANDLE CROSSNAME FIRST OFF "
    "EQUITY CASH ALL TERM LAST UNIT L_SETUP L_FILTER TF FAST ATR BREAK BREAK_DOWN MOVE_DOWN MOVE_UP TURN CROSS "
    "UPPER LOWER MIDDLE BAND SESSION TARGET SHARES LINE L_TIMEFRAME LENGTH VOLUME GAP LEVEL RANGE".split()
)
"""What a title may hold: no verb, order, comparison, condition or negation."""
_NAMING = frozenset("IND OUT MA CHANNEL CANDLE CROSSNAME BREAK TREND SETUP L_RULES TF TICKER".split())
_REPEATED = frozenset({"NUMBER", "PERIOD", "WEEKDAY", "SLASH"})
_NO_BEGINNING = frozenset("TRADE RUN IN ON WITH AT FOR FROM BY OF TO AS L_FILTER THEN".split())
_LABELS = frozenset({"L_FILTER", "L_SETUP", "SETUP", "TREND", "TARGET", "VOLUME"})
_SUBJECTS = frozenset(
    "volatility trend trends pullback pullbacks dip dips reversal reversals momentum bear bull bearish bullish market "
    "markets rally rallies".split()
)
_COUNTED = frozenset("issue number volume vol part edition version chapter episode week no".split())
_LONGEST_TITLE = 12
_LONGEST_NAME = 7
_ABOUT = frozenset(
    "VOLUME BREAK BREAK_DOWN GAP CHANNEL BAND CANDLE TREND PRICE OPEN CLOSE HIGH LOW UNIT TURN MOVE_UP MOVE_DOWN "
    "RISING FALLING RANGE LEVEL LONG SHORT TRADE CROSS WEEKDAY LIMIT_ORDER L_ENTRY L_SETUP OVERSOLD "
    "OVERBOUGHT TF".split()
)
"""What a name may hold beside words that ask for nothing: what it is about."""
_NEVER = frozenset(
    "if when whenever while until unless except only no not never without always don't avoid skip until after before "
    "above below over under".split()
)
SENTENCE = re.compile(
    r"(?i)^\s*(?:my|our)\b|\b(?:(?:i|we|you|he|she|they)(?:['’]\w+)?|must|should|shall|will|would|can|could|may|"
    r"might|needs?|wants?|please|"
    r"tends?|comes?|often|usually|rarely|seldom|typically|is|are|be|was|were|do|does|have|has|takes|uses|goes|holds|waits|keeps|puts|sets|books|buys|sells|exits|enters|"
    r"suggests?|recommends?|advises?|prefers?|likes?|wants?|works? (?:on|in|with|for|best|better))\b"
)
_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d| ?[ap]m\b)", re.IGNORECASE)
_SESSION = re.compile(
    r"(?i)(?:the )?(?:london|new york|ny|us|european|asian|tokyo|sydney|frankfurt) (?:hours|trading hours|"
    r"session|time only)"
)
_CAME = re.compile(
    r"(?i)(?:(?:that|which) )?(?:(?:i|we|my \w+|our \w+|a friend|dad) (?:once )?)?(?:got|found|read|saw|heard|"
    r"learned|learnt|"
    r"stole|borrowed|picked up|came (?:across|up)|taught|wrote|posted|mentioned|described|taken|copied|adapted)\b"
)
_HALF = re.compile(
    r"(?i)(?:the )?(?P<side>long|short)[ -](?:half|side|part|leg|version)(?: of (?:it|this|that))?(?: only)?"
)
_TO_ACT = re.compile(
    r"\b(?:to|before i|before we|before|for|for a|before any) (?P<verb>buy|buying|enter|entering|entry|get in|"
    r"go in|going long|"
    r"go long|go short|going short|short|shorting|sell|selling|exit|exiting|get out|take a trade|"
    r"pull the trigger|trade)\b"
)
_CHECKS = re.compile(  # "Pre-trade checklist (long)", "Exit checklist"
    r"\b(?:pre[- ])?(?P<verb>trade|entry|exit|buy|sell|short)(?:ing)? (?:check ?list|checks|"
    r"criteria)(?: \(?(?:long|short)\)?)?"
)
_ROLES: Mapping[tuple[str, ...], tuple[str, Side | None]] = {
    ("buy", "buying", "go long", "going long"): ("entry", "long"),
    ("go short", "going short", "short", "shorting"): ("entry", "short"),
    ("enter", "entering", "entry", "get in", "go in", "take a trade", "pull the trigger", "trade"): ("entry", None),
    ("sell", "selling"): ("exit", "long"),
    ("exit", "exiting", "get out"): ("exit", None),
}
_LISTED = re.compile(
    r"\b(?:checklist|check list|conditions|criteria|requirements|boxes|things|points|rules|list|ticked|checked|"
    r"met|true)\b"
)
_NO_LIST = re.compile(
    r"\b(?:not|no|none|never|unless|except|but|at least|most|two|three|some|don't|avoid|without|\d+)\b"
)
_EVERY = re.compile(r"\b(?:all|every|everything|each|both)\b")
_ONE = re.compile(r"\b(?:any|either|one)\b")
_OF_LIST = LIGHT | frozenset(
    "TRADE ALL ALL_OF ANY_OF EITHER BOTH BUY SELL LONG SHORT ENTER EXIT ENTRY REQUIRE L_FILTER L_SETUP L_ENTRY L_EXIT "
    "EACH BEFORE THEM NUMBER DOT L_LONG_ENTRY HAS CHECKED".split()
)
_IMPERATIVES = frozenset(
    "check ignore respect avoid watch look confirm ensure make keep take stay wait trust diversify monitor focus "
    "prefer choose select pick find scan screen follow use apply remember mind beware see learn get never always "
    "stick read study limit reduce increase adjust scale size hedge skip manage protect".split()
)


def is_heading(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` before its rules can be nothing but their name, with or without where it is from."""
    named = list(_without_side(tokens, text))
    for i, token in enumerate(named):
        if i and _CAME.match(text, token.start) and is_remark(named[i:], text, goes_on=True):
            named = named[:i]
            break
    named = without_everyday(named, text)
    if all(re.search(rf"(?i)\b{side}", text[tokens[-1].end :]) for side in (r"(?:long|buy)", "short")):
        both = [one for one in named if one.kind != "BOTH_SIDES"]
        if len(both) < len(named) and len(both) < 3 and all(one.kind in LIGHT | _ABOUT for one in both):
            return True
        named = both  # "Breakouts in both directions", of rules that are
    return bool(named) and (_is_called_so(named) or _names_what_it_is_of(named, text))


def with_session_named(tokens: Sequence[Token], text: str) -> list[Token] | None:
    """The tokens of a title, with a session in it as a name ("London session breakout"), where hours are said below."""
    if not any(token.kind == "UNSUPPORTED" and token.value == "session" for token in tokens):
        return None
    if len(_CLOCK.findall(text[tokens[-1].end :])) < 2:
        return None
    return [
        replace(token, kind="SESSION") if token.kind == "UNSUPPORTED" and token.value == "session" else token
        for token in tokens
    ]


def names_hours(tokens: Sequence[Token], text: str) -> bool:
    """ "London hours: only trade between 07:00 and 16:00": a name of the hours that are said right behind it."""
    said = text[tokens[0].start : tokens[-1].end]
    after = re.split(r"[;!?\n]|\.(?!\d)", text[tokens[-1].end :])[0]
    return _SESSION.fullmatch(said) is not None and after[:1] in {":", "("} and len(_CLOCK.findall(after)) == 2


def named_list(tokens: Sequence[Token], text: str) -> ListSaid | None:
    """ "My checklist (all must be ticked to buy)": what the items below are for, in words of one's own."""
    said = text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")
    acts = [*_TO_ACT.finditer(said)] or [*_CHECKS.finditer(said)]
    if len(acts) != 1 or not _LISTED.search(said) or _NO_LIST.search(said):
        return None
    if any(token.kind not in _OF_LIST and token.text.lower() not in {"own", "tick"} for token in tokens):
        return None
    verb = " ".join(acts[0]["verb"].split())
    role, side = next((meant for words, meant in _ROLES.items() if verb in words), ("", None))
    checked = role == "entry" and "verb" in acts[0].groupdict() and acts[0].re is _CHECKS
    every, one = _EVERY.search(said) is not None, _ONE.search(said) is not None
    if not role or (every and one):
        return None
    return ListSaid(
        role,
        side,
        "and" if every or (checked and not one) else "or" if one else None,
        (tokens[0].start, tokens[-1].end),
    )


def _without_side(tokens: Sequence[Token], text: str) -> Sequence[Token]:
    """A name without its side ("long half of it") where the rules below are of no other."""
    for i, token in enumerate(tokens):
        half = _HALF.match(text, token.start)
        if i and half is not None and half.end() == tokens[-1].end:
            after = text[half.end() :].lower()
            other = (
                r"\bshort" if half["side"].lower() == "long" else r"\b(?:go(?:es|ing)? long|buys?\b(?! to cover| back))"
            )
            return tokens if re.search(other, after) else tokens[:i]
    return tokens


def _is_called_so(tokens: Sequence[Token]) -> bool:
    """ "Gap fade", "Volume breakout", "Notes from Sunday": few words, the first or last of which is what strategies are
    called, and no condition."""
    content = [
        token for token in tokens if token.kind not in {"NOISE", "COMMA", "DASH", "COLON", "LPAR", "RPAR", "DOT"}
    ]
    words = words_of(content)
    if not words or len(words) > _LONGEST_NAME or {*words} & (_NEVER | ABANDONED):
        return False
    if any(one.kind == "ON" and two.kind == "WEEKDAY" for one, two in pairwise(content)):
        return False  # "Fade gaps on Mondays"
    if not (words[-1] in title_nouns() or words[0] in title_nouns()) or any(one.kind == "IS" for one in content):
        return False
    return all(token.kind in LIGHT | _ABOUT | {"RUN"} for token in content) and content[0].kind != "RUN"


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
    if unlisted & (weighty() - _SUBJECTS) or SENTENCE.search(before + text[tokens[0].start : tokens[-1].end]):
        return False
    if not any(token.kind in _NAMING or any(word in colour() for word in words_of([token])) for token in tokens):
        return False
    if any(one.kind == "NUMBER" and two.kind == "SHARES" for one, two in pairwise(tokens)):
        return False  # "One contract at a time" is a size
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
