"""Who or what tells the rules, before them: "In this article we buy when", "My dad bought when"."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import persons

_WORKS = (
    r"(?:article|post|piece|video|episode|guide|tutorial|lesson|chapter|module|section|note|notes|issue|letter|"
    r"newsletter|thread|blog|report|paper|example|exercise|strategy|system|setup|method|story|book|course|talk)"
)
_SET = re.compile(  # what a rule is told in, or after
    rf"(?i)(?:in|for|throughout|within) (?:this|today['’]s|this week['’]s|the following|my|our) (?:\w+ )?{_WORKS}"
    r"(?= (?:i|we|you|one)\b)|in what follows(?= (?:i|we|you)\b)|"
    r"with (?:that|this|all that|these|all of that) (?:in place|settled|done|out of the way|in mind|sorted|said|"
    r"decided|established|satisfied|checked|covered)|(?:that|this) (?:done|settled|said)(?=,)|"
    r"(?:take|pocket|grab|bank) the (?:money|cash|win|gain|gains|profits?) and(?= (?:close|sell|exit|get out|leave)\b)"
)
_MISHAP = re.compile(
    r"(?i)(?:and |but )?(?:if|when|should) (?:it|that|this|things|the (?:trade|position|idea)|something|all|i['’]?m|"
    r"i am)? ?(?:all )?(?:goes?|turns?|go|turn|went|ends?|is|are)? ?(?:badly |horribly )?(?:wrong|south|sour|bad|"
    r"pear[- ]shaped|badly)(?: instead| anyway| after all| for (?:me|us))?(?=,| (?:i|we|the|my|there)\b)"
)
_TELLER = re.compile(
    r"(?i)(?:(?:my|our|his|her|an?|the|old|good|late|dear|best|great) )*(?P<person>[a-z]+)(?: of (?:mine|ours))?"
    r"(?:['’]d| would| will| used to| always| usually| simply| just| only ever| then| now)*(?= )"
)
_STOPS = frozenset({"STOP", "TRAILING_STOP", "TRAIL", "STOPPED"})
_ACTS = frozenset("BUY SELL LONG SHORT ENTER EXIT COVER CLOSE_POSITION WAIT".split())
_CONDITIONS = frozenset("WHEN EACH_TIME ONLYWHEN ON AFTER WAIT AS WHILE".split())
_DEALS = _ACTS - {"WAIT"}
_PAST = frozenset("bought sold went got exited entered covered shorted took dumped".split())
_WOULD = re.compile(
    r"(?i)\b(?:(?:i|we|he|she|they)(?:['’]d| would)|used to) (?:then |only |always |usually )*"
    r"(?:wait|buy|sell|go|short|get|enter)\b"
)
_NOW = {"was": "is", "were": "are"}
_MANY = frozenset({"people", "folks", "everybody", "everyone", "nobody", "traders", "investors"})


def of_tellers(sentence: Sequence[Token], text: str) -> list[Token]:
    """The tokens before what a sentence of `text` rules that say who does it, where it is told or why it may end."""
    found: list[Token] = []
    for i, token in enumerate(sentence):
        if i and sentence[i - 1].kind not in {"NOISE", "COMMA", "COLON", "DASH", "AND"}:
            continue
        if (told := _SET.match(text, token.start)) is not None:
            found += _within(sentence, *told.span())
        mishap = _MISHAP.match(text, token.start)
        if mishap is not None and any(one.kind in _STOPS for one in sentence):
            found += _within(sentence, *mishap.span())
    return found + _of_person(sentence, text)


def of_past(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "He bought when RSI was below 30": the verbs of state of a tale, which are of the bar that its deals are of."""
    deals = [one for one in sentence if one.kind in _DEALS]
    told = any(one.text.lower().split()[0] in _PAST for one in deals)
    told = told or bool(deals and _WOULD.search(text, sentence[0].start, sentence[-1].end))
    return [one for one in sentence if told and one.kind == "IS" and one.text.lower() in _NOW]


def as_now(token: Token) -> Token:
    """A verb of state in the present."""
    return replace(token, text=_NOW[token.text.lower()])


def _of_person(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "My dad bought when RSI was below 30": somebody's rules are rules, where they are told with their conditions."""
    teller = _TELLER.match(text, sentence[0].start)
    if teller is None or teller["person"].lower() not in persons() - _MANY or teller["person"].lower().endswith("s"):
        return []
    after = next((one for one in sentence if one.start >= teller.end() and one.kind != "NOISE"), None)
    if after is None or after.kind not in _ACTS or not {one.kind for one in sentence} & _CONDITIONS:
        return []
    return _within(sentence, *teller.span())


def _within(tokens: Sequence[Token], start: int, end: int) -> list[Token]:
    """The tokens of a span, none where it cuts one in two."""
    inside = [one for one in tokens if start <= one.start < end]
    return inside if all(one.end <= end for one in inside) else []
