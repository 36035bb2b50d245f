"""What a clause that is not read leaves open: how much, how far, how long, or which of two numbers.

Its words are understood, and no rule: the reason asks for the one thing that is missing.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from Backtest.reader.lexicon import Token

_MEASURES = frozenset({"PERCENT", "PERIOD", "MONEY", "PIPS", "POINTS", "RMULT", "TIMES", "BPS"})
_LINES = frozenset({"MA", "IND", "OUT", "ATR", "CHANNEL", "HIGH", "LOW", "VOLUME"})
_DISTANCES = _MEASURES - {"PERIOD"}
_PROTECTIONS = {"STOP": "the stop", "TRAILING_STOP": "the trailing stop", "TARGET": "the target"}
OR_ELSE = "OR_ELSE"
"""The kind of an "or" between two numbers for one place."""

_AMOUNT = (
    r"(?:lot|lots|sharply|strongly|hard|significantly|substantially|big time|bit|little|slightly|somewhat|"
    r"massively|hugely|considerably|steeply|nicely|heavily|dramatically|too much|enough)"
)
_MOVES = r"(?:up|down|drops?|falls?|rises?|climbs?|moves?|jumps?|sinks?|gains?|loses?|dips?|slides?|runs?|rall\w+|goes)"
_SIZED = (
    r"(?:small|smaller|little|big|bigger|large|larger|huge|tiny|modest|reasonable|moderate|decent|sensible|few|some)"
)
_OF_SIZE = re.compile(
    rf"\b{_SIZED} (?:positions?|sizes?|amounts?|stake|bet|part|share|shares|number of shares|sum)\b|"
    rf"\b(?:positions?|size|sizes|trades?|bets?) (?:are |is |stay |stays |rather |fairly |quite |very )*{_SIZED}\b|"
    r"\brisk (?:only )?(?:little|bit|some)\b"
)
_OPEN: tuple[tuple[str, str], ...] = (
    (
        r"\b(?:tight|tighter|wide|wider|loose|close|small|big|reasonable|sensible|safe|mental|appropriate|suitable)\b"
        r"[^,.;]{0,12}\b(?:stops?|stop loss|sl|targets?|tp|take profits?)\b",
        "how far from the entry: '2% stop', '2 ATR stop', 'stop at the 10-day low'",
    ),
    (
        _OF_SIZE.pattern,
        "how much in a trade: '10% of equity', '100 shares', 'risk 1% per trade'",
    ),
    (r"\bentry (?:bar|candle|day)\b", "which bar is meant: the signal bar, or the bar after it, of the fill"),
    (r"\bticks?\b(?! data)", "how much a tick is: '$0.01', '1 pip'"),
    (r"\b(?:support|resistance)\b", "which level that is, in bars: 'the 20-day low', 'the 20-day high'"),
    (
        r"\b(?:big|heavy|high|low|strong|huge|large|unusual|good|above[- ]normal|light|thin|massive) volume\b|"
        r"\bvolume (?:is|gets|turns|looks) (?:very |really |quite )?(?:high|low|big|heavy|strong|light|thin|good)\b|"
        r"\bvolume (?:spikes?|surges?|picks? up|dries up|explodes)\b",
        "against what: 'volume is above its 20-day average', 'volume above 2 times its 20-day average'",
    ),
    (rf"\b{_MOVES}\b[^,.;]{{0,10}}\b{_AMOUNT}\b", "how much, over how many bars: 'up 5% over 10 bars'"),
    (
        r"\b(?:decent|nice|good|enough|some|reasonable|small|big|healthy|quick) "
        r"(?:profits?|gains?|wins?|loss|losses)\b",
        "how much: 'when the open profit is 5%', '5% target'",
    ),
    (
        r"\b(?:near|nearby|close to|around|about|roughly|approximately|almost at)\b",
        "how near: 'within 1% of that line'",
    ),
    (r"\b(?:far|well|way|deep|deeply|clearly) (?:above|below|under|over)\b", "how far: '3% below that line'"),
    (
        r"\b(?:after|for|within|in) (?:while|some time|bit|few|several|some|many)\b|\bsoon\b|"
        r"\b(?:several|some|few|many) (?:days|bars|candles|weeks|hours)\b",
        "how many bars: 'after 10 bars'",
    ),
    (
        r"\btrend(?:ing)? (?:is |turns |looks )?(?:up|down|bullish|bearish|strong|higher|lower)\b|\b(?:up|down)trend\b|"
        r"\btrending\b",
        "how the trend is told: 'price is above its 200-day SMA'",
    ),
    (
        r"\b(?:momentum|volatility|market|stock|price|rsi|macd|cci|adx|atr|it)\b (?:is |are |looks |gets |turns )*"
        r"(?:very |really |too |quite )?(?:low|high|strong|weak|cheap|expensive|calm|wild|fades|slows|calms)\b",
        "by which indicator, and beyond which value: 'RSI(14) is below 30'",
    ),
    (r"\bbreaks? ?(?:out|down)\b|\bbreak-?outs?\b|\bbreakdowns?\b", "of which level: 'closes above the 20-day high'"),
)
_PATTERNS = tuple((re.compile(pattern), open_) for pattern, open_ in _OPEN)


def with_or_else(content: Sequence[Token]) -> list[Token]:
    """The tokens with each "or" between two numbers for one place ("a 2% or 3% stop") as a kind of its own."""
    out = list(content)
    for i in range(1, len(content) - 1):
        before, after = content[i - 1].kind, content[i + 1].kind
        noun = content[i + 2].kind if i + 2 < len(content) else ""
        alike = before == after and before in _MEASURES | {"NUMBER"}
        measured = before == "NUMBER" and (after in _DISTANCES or (after == "PERIOD" and noun in _LINES))
        if content[i].kind == "OR" and (alike or measured):
            out[i] = Token(OR_ELSE, content[i].text, content[i].start, content[i].end)
    return out


def is_of_size(clause: Sequence[Token]) -> bool:
    """ "A small position": so much in a trade, whatever else it is beside."""
    return _OF_SIZE.search(_words(clause)) is not None


_OF_LOSS = re.compile(r"\b(?:los[est]\w*|losing|down)\b")


def is_loss_in_money(clause: Sequence[Token]) -> bool:
    """ "Lose at most $500 a trade": a question by rule 17, since it depends on the size how far away that is."""
    return any(token.kind == "MONEY" for token in clause) and _OF_LOSS.search(_words(clause)) is not None


def _words(clause: Sequence[Token]) -> str:
    return " ".join(token.text.lower().replace("’", "'") for token in clause)


def what_is_open(clause: Sequence[Token]) -> str | None:
    """The one thing that a clause leaves open, None where it may be unread for another reason."""
    for i, token in enumerate(clause):
        if token.kind == OR_ELSE:
            return f"it is left open which of the two is meant, {clause[i - 1].text} or {clause[i + 1].text}"
        if token.kind in {"TO", "DASH"} and _is_range(clause[i - 1 : i], clause[i + 1 : i + 2]):
            return f"it is left open which number is meant, from {clause[i - 1].text} to {clause[i + 1].text}"
    if is_loss_in_money(clause):
        return "a loss in money is no distance: how far from the entry is the stop ('2% stop', '$2 stop' by the share)"
    words = _words(clause)
    open_ = next((open_ for pattern, open_ in _PATTERNS if pattern.search(words)), None)
    return f"it is left open {open_}" if open_ is not None else _without_distance(clause)


def _is_range(before: Sequence[Token], after: Sequence[Token]) -> bool:
    kinds = {token.kind for token in (*before, *after)}
    values = [token.value for token in (*before, *after) if isinstance(token.value, int | float)]
    if values != sorted(values):
        return False
    return len(before) == len(after) == 1 and kinds <= _MEASURES | {"NUMBER"} and len(kinds - {"NUMBER"}) <= 1


def _without_distance(clause: Sequence[Token]) -> str | None:
    """ "Use a trailing stop", "SL 30": how far, or measured in what."""
    kinds = [token.kind for token in clause]
    named = next((kind for kind in kinds if kind in _PROTECTIONS), None)
    if named is None or {*kinds} & _DISTANCES or {*kinds} & _LINES:
        return None
    if any(one in _PROTECTIONS and other == "NUMBER" for one, other in pairwise(_plain(kinds))):
        return "it is left open in what this is measured: percent, ATR, pips, points or dollars"
    if "NUMBER" in kinds or "UNKNOWN" in kinds or len(kinds) > 3:
        return None
    return f"it is left open how far {_PROTECTIONS[named]} is from the entry: '2%', '2 ATR', a level"


def _plain(kinds: Sequence[str]) -> list[str]:
    return [kind for kind in kinds if kind not in {"AT", "OF", "IS", "COLON", "EQ"}]
