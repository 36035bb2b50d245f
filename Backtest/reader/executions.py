"""What a text says of when rules are judged and orders filled, which rule 1 says of all of them.

Signals are taken on a bar's close and filled at the next bar's open. Words that say so are noise; a fill at the close
itself, or a stop that is judged there, is another thing and is left to be read or asked about.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from Backtest.reader.lexicon import Token

_EACH = r"(?:(?:the|each|every|its|their) )?"
_BAR = r"(?:bar|day|candle|session|candlestick)"
_CLOSE = (
    rf"{_EACH}(?:(?:daily|end of day|{_BAR}['’]?s?) )?(?:clos(?:e|es|ing)(?: prices?)?)"
    rf"(?: of {_EACH}(?:signal )?{_BAR})?"
)
_BASIS = rf"(?:an? |the )?(?:(?:daily|{_BAR}) )?clos(?:e|ing) basis"
_ALL = r"(?:(?:all|the|my|our|every|any|both) )*"
_BE = r"(?:(?:is|are|get|gets|will be|to be|being|always|then|only|all|assumed|just) )*"
_OFTEN = r"(?: only| once a day| once per bar| daily| each day| every day)?"
_SIGNALS = (
    rf"{_ALL}(?:(?:entry|exit|entry and exit|buy|sell|buy and sell) )?(?:signals?|rules|cross(?:es|overs?)|triggers)"
)
_TRADES = rf"{_ALL}(?:entries and exits|entries|exits|buys and sells|breakouts?)"
_WHATEVER = rf"{_ALL}(?:conditions?|everything|it all|strategy|system|checks?)"
_DECIDED = r"(?:checked|evaluated|judged|measured|computed|generated|calculated|assessed|confirmed|decided|determined)"
_TAKEN = rf"(?:taken|read|tested|valid|count(?:ed|s)?|based|{_DECIDED})"
_OF_SIGNALS = (
    rf"{_SIGNALS}:? (?:{_BE}{_TAKEN}{_OFTEN} )?(?:only )?(?:at|on) (?:{_CLOSE}|{_BASIS})(?: only)?",
    rf"{_TRADES} {_BE}{_DECIDED}{_OFTEN} (?:at|on) (?:{_CLOSE}|{_BASIS})(?: only)?",
    rf"{_SIGNALS}(?: are)? (?:not|never) intra-?bar(?:,? (?:but )?(?:only )?(?:at|on) {_CLOSE})?",
    r"no intra-?bar (?:signals?|decisions)",
    r"(?:end[- ]of[- ]day|eod) (?:signals?|rules)",
)
_OF_ALL = (
    rf"(?:{_WHATEVER} {_BE})?{_DECIDED}{_OFTEN} (?:at|on) (?:{_CLOSE}|{_BASIS})(?: only)?",
    rf"(?:{_WHATEVER} )?on {_BASIS}",
    rf"(?:check|evaluate|calculate|compute|decide|judge)(?: (?:it|everything|the (?:rules|signals|conditions)))? "
    rf"(?:at|on) {_CLOSE}",
    r"(?:use|uses|using|based on|work(?:s|ing)? with) (?:only )?(?:the )?(?:daily |bar )?closing prices(?: only)?",
    rf"once per {_BAR}(?: close)?",
    rf"wait for (?:the|each|every) {_BAR}(?:['’]?s)? (?:to )?close(?: (?:before acting|before entering|to confirm))?",
)
_NEXT_OPEN = (
    rf"(?:the )?(?:(?:next|following) (?:(?:{_BAR}|morning)['’]?s? )?open(?:ing)?(?: price)?|"
    rf"open(?:ing)?(?: price)? of the (?:next|following) {_BAR}|tomorrow['’]?s open)"
)
_ORDERS = (
    r"(?:orders?|trades?|entries|fills?|signals?|everything|entries and exits|buys and sells|executions?|"
    r"entry and exit orders|buy and sell orders|positions)"
)
_AS_EVER = r"(?:,? (?:obviously|of course|as usual|as always|naturally|by default|each time|every time))?"
_FILLED = (
    rf"(?:{_ALL}{_ORDERS} )?{_BE}(?:filled|executed|fill|fills|execute|executes|placed|sent|entered|opened) (?:at|on) "
    rf"{_NEXT_OPEN}{_AS_EVER}|"
    rf"{_ALL}{_ORDERS}:? {_BE}(?:go (?:in|out) )?(?:(?:at|on) )?{_NEXT_OPEN}{_AS_EVER}|"
    rf"(?:i |we )?(?:enter and exit|buy and sell|get in and out|trade|act|fills?|execute)(?: it| them)? "
    rf"(?:(?:at|on) )?{_NEXT_OPEN}|"
    r"next[- ](?:bar |day )?open (?:executions?|fills?|orders|entries)"
)
_MARKET = (
    r"(?:all )?orders (?:are )?(?:all )?at (?:the )?market|"
    r"(?:all )?(?:orders )?(?:are )?(?:as )?market orders(?: only)?|same execution|same fill"
)
_ENDS = r"(?=\s*(?:[.,;:)!\n]|--|[–—]|- |$))"
_THEN = rf"(?:(?:,|,? and|,? then|,? but) (?:{_FILLED}))?"


def _pattern(*judged: str) -> re.Pattern[str]:
    return re.compile(rf"(?i)(?<![\w'’])(?:(?:{'|'.join(judged)}){_THEN}|{_FILLED}|{_MARKET}){_ENDS}")


_WITHOUT_STOPS, _WITH_STOPS = _pattern(*_OF_SIGNALS, *_OF_ALL), _pattern(*_OF_SIGNALS)
_STOPS = re.compile(r"(?i)\bstop|\btarget|\btrail|\btake[- ]?profit|\b(?:sl|tp)\b|\blimit\b|break[- ]?even")
_OTHER_CHARTS = re.compile(
    r"(?i)\b(?:hour|minute|week|month)|\b(?:intraday|[hm]\d{1,2}|\d{1,2} ?(?:h|m|min|hr|w|mo))\b"
)
_OF_DAYS = re.compile(r"(?i)\b(?:daily|day|eod)\b")
_PART_BEGINS = re.compile(r"(?:^|[.,;:(!?\n–—-])\s*$")
_BEFORE_A_RULE = re.compile(
    r"(?i)(?:each day |every day )?(?:at|on|after) (?:the|each|every) (?:daily )?close"
    rf"(?: of (?:the|each|every) {_BAR})?(?=,)"
)
_NEXT = re.compile(rf"(?i)\b{_NEXT_OPEN}")


def of_execution(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "filled at the next open", "orders at market", "judged at the close": what holds of every rule and order."""
    begin, end = sentence[0].start, sentence[-1].end
    has_stops, has_other_charts = _told_by(text)
    pattern = _WITH_STOPS if has_stops else _WITHOUT_STOPS
    spans = [one.span() for one in pattern.finditer(text, begin, end)]
    if (before := _BEFORE_A_RULE.match(text, begin)) is not None and _NEXT.search(text, begin, end):
        spans.append(before.span())
    spans = [_bracketed(a, b, text) for a, b in spans if a == begin or _PART_BEGINS.search(text[begin:a])]
    if has_other_charts:  # the day's close is another one than the bar's
        spans = [(a, b) for a, b in spans if not _OF_DAYS.search(text[a:b])]
    return [one for one in sentence if any(a <= one.start and one.end <= b for a, b in spans)]


@lru_cache(maxsize=8)
def _told_by(text: str) -> tuple[bool, bool]:
    """Whether a text tells of stops or targets, and of charts other than the daily one; asked for each sentence."""
    return _STOPS.search(text) is not None, _OTHER_CHARTS.search(text) is not None


def _bracketed(begin: int, end: int, text: str) -> tuple[int, int]:
    """The place of such words with the brackets that hold nothing else."""
    before, after = text[:begin].rstrip(), text[end:].lstrip()
    if before.endswith("(") and after.startswith(")"):
        return len(before) - 1, text.index(")", end) + 1
    return begin, end
