"""Who or what a rule is said to be of, before it: "The template below buys when ...", "Suppose you go long when ...".

Articles and manuals tell of rules as of somebody's or something's. What stands before the first verb or condition and
names only a text, an example, a strategy or its author is no part of the rule that follows.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import meanings
from Backtest.reader.statement_syntax import ContextSaid, Statement
from Backtest.reader.statement_trees import instrument
from Backtest.reader.titles import words_of

_ACTS = frozenset("BUY LONG SHORT ENTER SELL EXIT COVER".split())
_LEADS = frozenset({"WHEN", "EACH_TIME", "FIRST_WHEN", "WHILE", "AFTER"})
_FRAMING = frozenset(
    "NOISE COMMA DASH COLON IS IT ITS TO OF IN ON FOR FROM AS L_RULES THATIS SETUP BELOW DECLARE THEM HAS".split()
)
_OF_CHART = frozenset({"TF", "TICKER", "CHART", "UNIT"})
_WORDS = frozenset(
    "author authors book article chapter lesson lecture guide tutorial course newsletter post template sample example "
    "examples illustration instance case demo demonstration version variant classic classical standard simple simplest "
    "basic usual typical traditional common popular application use method approach technique recipe scheme idea "
    "rule rules "
    "strategy strategies system systems model models portfolio bot robot algorithm program script code trader traders "
    "investor we you i he she one our your this that these those which who whose the a an here there below above "
    "following "
    "next present first below under study test tested shown described worked consider considers suppose imagine assume "
    "say let's let us take look think picture meaning means is are was be in which such called named series and with "
    "will would simply just then so now often usually therefore thus hence proposed suggested suggests proposes "
    "recommends "
    "builder tool platform editor works as follows by wants want like likes to decides decide aims plan plans".split()
)
_RESTRICTS = re.compile(
    r"\b(?:not|no|never|n't|don't|doesn't|only|unless|until|except|without|instead|rather|maybe|perhaps|some|most|many|"
    r"others?|people|beginners|crowd|avoid|stop|old|former|previous|could|might|used)\b"
)
_THIRD = {"enters": "ENTER", "leaves": "EXIT", "exits": "EXIT"}
_LOOKED_AT = re.compile(
    r"(?i)(?:(?:for|in) (?:this|that|the) (?:one|example|test|case|system|strategy|exercise),? )?(?:(?:we|i|let us|"
    r"you) )?"
    r"(?:consider|take|use|trade|assume|load|open)\b"
)
_LONGEST = 14
_NUMBERED = re.compile(
    r"(?i)\b(?:example|exercise|figure|listing|table|chapter|section|lesson|lecture|problem|assignment)s? "
    r"(?:no\.? ?)?\d+(?:\.\d+)*(?![\w%])"
)


def framed_rules(content: Sequence[Token], text: str) -> tuple[Statement, ...]:
    """What a sentence says behind its frame, with the instrument and the chart that the frame names."""
    tokens = _plain([token for token in content if token.kind != "NOISE"])
    for at, token in enumerate(tokens[: _LONGEST + 1]):
        if token.kind not in _ACTS | _LEADS:
            continue
        frame = tokens[:at]
        said = _context(frame) if _is_frame(frame, text) else None
        if said is None:
            return ()
        read = meanings(tokens[at:], "sentence")
        if len(read) == 1 and not any(isinstance(one, ContextSaid) for one in read[0]):
            return (*said, *read[0])
    return ()


def framed_chart(content: Sequence[Token], text: str) -> tuple[Statement, ...]:
    """ "For this one, use the hourly EURUSD chart", "Consider hourly EURUSD": the instrument and the chart alone."""
    tokens = [token for token in content if token.kind not in {"NOISE", "COMMA", "USEV", "PLACE", "RUN", "TRADE_ON"}]
    named = [token for token in tokens if token.kind in {"TICKER", "TF"}]
    frame = [token for token in tokens if token not in named and token.kind not in {"CHART", "UNIT", "ON", "IN"}]
    if not named or (frame and not _is_frame(frame, text)) or _LOOKED_AT.match(text[content[0].start :]) is None:
        return ()
    return _context(tokens) or ()


def is_numbered(content: Sequence[Token], text: str) -> bool:
    """ "Example 7.1": the number of the one example of `text`; where it numbers several, they may be alternatives."""
    if not content or _NUMBERED.fullmatch(text[content[0].start : content[-1].end]) is None:
        return False
    return len(_NUMBERED.findall(text)) == 1


def _plain(tokens: Sequence[Token]) -> list[Token]:
    """ "to hold it when A and to step aside when B", "buy a stock whose RSI is ...": the verbs and conditions alone."""
    kinds = [token.kind for token in tokens]
    leaves = bool({"EXIT", "SELL"} & {*kinds})
    out: list[Token] = []
    for i, token in enumerate(tokens):
        following = kinds[i + 1] if i + 1 < len(kinds) else ""
        word = token.text.lower()
        if token.kind == "TO" and following in _ACTS | {"HOLD"}:
            continue
        if token.kind in _ACTS and i == 1 and following == "COMMA" and kinds[0] == "TO":
            continue  # "To exit, sell when ..."
        if token.kind == "COMMA" and not out:
            continue
        if token.kind in {"MOVE", "LEAVE"} and following in _LEADS and word in _THIRD:
            out.append(replace(token, kind=_THIRD[word]))
        elif token.kind == "HOLD" and following in {"WHEN", "WHILE"} and leaves:
            out.append(replace(token, kind="BUY"))
        elif word == "whose" and out and out[-1].kind == "PRICE":
            out[-1] = replace(token, kind="WHEN")
        else:
            out.append(token)
    return out


def _is_frame(frame: Sequence[Token], text: str) -> bool:
    if not frame:
        return True
    written = text[frame[0].start : frame[-1].end].lower().replace("’", "'")
    if _RESTRICTS.search(written):
        return False
    named = any(word in _WORDS for token in frame for word in words_of([token]))
    return named and all(
        token.kind in _FRAMING | _OF_CHART
        or (
            token.kind in {"UNKNOWN", "AND", "WITH", "SECOND", "FIRST", "OVER", "PLACE", "RUN", "AFTER"}
            and _is_framing(token)
        )
        for token in frame
    )


def _is_framing(token: Token) -> bool:
    return all(word.removesuffix("'s") in _WORDS for word in words_of([token]))


def _context(frame: Sequence[Token]) -> tuple[Statement, ...] | None:
    """The instrument and the chart of a frame; None where it may name more than one of either."""
    charts = [token for token in frame if token.kind == "TF"]
    tickers = [token for token in frame if token.kind == "TICKER"]
    if len(charts) > 1 or len(tickers) > 1:
        return None
    said: list[Statement] = [instrument(token) for token in tickers]
    said += [ContextSaid("timeframe", str(one.value), (one.start, one.end)) for one in charts]
    return tuple(said)
