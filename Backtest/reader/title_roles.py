"""What a title may promise of the rules below it, where they keep it: "Trend rule with sizing on top", "Tight stop"."""

import re
from collections.abc import Iterator

from Backtest.reader.syntax import Span

_HOW = (
    r"(?:[a-z]+[- ]based|tight|tighter|wide|wider|quick|fast|slow|early|late|strict|loose|hard|simple|"
    r"plain|small|big|large|trend|"
    r"pullback|volume|momentum|time|volatility|percentage|fixed|dynamic|single|double|good|close|far|generous|patient|"
    r"deep|clean|clear|clever|sane|sensible|protective|trailing|moving|strong|mechanical|tiny|huge|modest|fancy)"
)
_ROLES = (
    (r"(?:stop(?: loss)?(?:es|s)?)", r"\bstop|\bSL\b"),
    (r"(?:targets?|take[- ]profits?|profit targets?)", r"\btarget|\btake[- ]profit|\bTP\b"),
    (r"(?:trails?|trailing (?:stops?|exits?))", r"\btrail"),
    (
        r"(?:(?:position )?siz(?:e|es|ing)|bets?|stakes?)",
        r"\bsiz|\bper (?:trade|position)|\bof (?:the |my )?(?:equity|account|capital|cash)|\brisk|\bvolatility target|"
        r"\d (?:shares|units|contracts)",
    ),
    (r"(?:risk(?: control| management)?|money management)", r"\brisk|\bstop"),
    (r"filters?", r"\b(?:only|while|and|filter|provided|as long as)\b"),
    (rf"(?:{_HOW} entr(?:y|ies)|triggers?|timing)", r"\b(?:buy|long|short|enter|entry)\b"),
    (rf"(?:{_HOW} exits?)", r"\b(?:sell|exit|close|cover|out|stop|target)\b"),
    (r"(?:(?:time|bar) (?:stop|limit|exit)s?|clock)", r"\d+[- ](?:bar|day|hour|week|candle|session)|\b(?:bars|days)\b"),
    (r"(?:averages?)", r"\baverage|\b[SEWH]?MA\b"),
    (r"(?:cool[- ]?downs?|pauses?)", r"\bcool|\bwait|\bpause"),
    (r"(?:leverage)", r"\bleverage|\bmargin|\d:1"),
    (r"(?:half(?:way)? exit|partial exits?|scale[- ]outs?|scaling out)", r"\b(?:half|third|quarter|part)\b"),
)
_PROMISED = tuple(
    (re.compile(rf"(?i)(?<![\w'])(?:{_HOW} )*{role}(?![\w'])"), re.compile(rf"(?i){kept}")) for role, kept in _ROLES
)
_FOR_WHOM = re.compile(
    r"(?i)\bfor (?:the )?(?:truly |very |really |somewhat )?(?:patient|impatient|busy|lazy|brave|bold|cautious|careful|"
    r"timid|nervous|curious|sceptical|skeptical|disciplined|retired|faint[- ]hearted|faint of heart|young|old|long run|"
    r"long haul|rest of us|working (?:man|woman|class)|weekend|part[- ]timer|beginner|small account|undecided|anxious|"
    r"sleepy|tired|stubborn|bored|strong of nerve|slow of hand|slow|calm|optimist|pessimist|contrarian|common man)s?"
    r"(?: (?:people|traders?|investors?|souls?|hands|accounts?|minds?))?(?![\w'-])"
)
_ONE_KIND = re.compile(r"(?i)\b(?:breakouts?|pullbacks?|dips?|reversals?|bounces?|fades?) only\b")
_ADDED = re.compile(r"(?i)\b(?:on top|bolted on|built in|thrown in|on the side)(?=\W*$)")
_HOURS_SAID = re.compile(
    r"(?i)(?:trad\w+|enter\w*|entr\w+|signals?|only|session|hours|between|from)\b[^.;\n]{0,40}?"
    r"\b\d{1,2}:\d\d ?(?:to|-|–|and|until|till) ?\d{1,2}:\d\d"
)


def promised(title: str, after: str, begin: int) -> Iterator[Span]:
    """Where the title of a text that goes on with `after` says what these rules say again, or for whom they are."""
    for role, kept in _PROMISED:
        if kept.search(after) is not None:
            yield from ((one.start() + begin, one.end() + begin) for one in role.finditer(title))
    for free in (_FOR_WHOM, _ONE_KIND, _ADDED):
        yield from ((one.start() + begin, one.end() + begin) for one in free.finditer(title))


def says_hours(after: str) -> bool:
    """Whether rules name the hours in which they hold, so that the name of a session above them decides nothing."""
    return _HOURS_SAID.search(after) is not None
