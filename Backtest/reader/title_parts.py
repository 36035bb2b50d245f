"""Titles by what they are not: a name before the rules, in any words, with the side, chart and settings that it says.

A first line, or words before a colon, that hold no number with a meaning, no condition and no order are a name. What
they say beside it is used: "Short-only turtle", "Daily supertrend system (10, 3)", "Asia fade (00:00 to 07:00)".
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from Backtest.reader.everyday import without_everyday
from Backtest.reader.grammar import Start
from Backtest.reader.headings import SENTENCE as _TELLING
from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons, title_nouns, weighty
from Backtest.reader.remarks import said_before, weighs
from Backtest.reader.statement_syntax import ContextSaid, FilterSaid, IndicatorsSaid, NoteSaid, Statement
from Backtest.reader.syntax import InHours, Mention, Side
from Backtest.reader.title_roles import promised, says_hours
from Backtest.reader.titles import ABANDONED, words_of

_SPOKEN = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON SLASH LPAR RPAR HASH AND OF TO FOR FROM BY THE TRADE PRICE TREND SETUP BACK "
    "L_RULES RUN TICKER IND OUT MA CHANNEL CANDLE CROSSNAME FIRST SECOND OFF EQUITY TERM LAST UNIT TF FAST BREAK "
    "BREAK_DOWN MOVE MOVE_DOWN MOVE_UP TURN CROSS BAND SESSION LINE L_TIMEFRAME LENGTH VOLUME GAP LEVEL RANGE OPEN "
    "CLOSE OPENS CLOSES HIGH LOW RISING FALLING OVERSOLD OVERBOUGHT ZERO REVERSE_NOTE BOTH_SIDES TOUCH IN AT ON WITH "
    "INDICATORS L_INDICATORS DECLARE THROUGH HIGHER LOWER UP DOWN".split()
)
"""Kinds that ask for nothing where no number, verb or comparison stands beside them."""
_NO_BEGINNING = frozenset(
    "IN ON AT WITH FOR FROM BY OF TO AS THEN TRADE RUN MOVE OFF LAST DECLARE OPENS CLOSES LEVEL THROUGH UNIT".split()
)
_NO_FIRST = frozenset({"opens", "closes", "open", "close", "go", "goes", "move", "moves", "turn", "turns"})
_NAMED_AFTER = frozenset(
    "strength weakness momentum trend trends trending range ranges bull bear bulls bears fear greed small big little "
    "double triple cheap clean tiny huge volatility strong weak thin swing swings up down high higher low lower quick "
    "slow fast early late scale average averages mean reverting steep shallow deep flat solid full over under near "
    "stop stops extreme extremes single stretched cut cuts news market markets day close open gap gaps level levels "
    "hour hours week weeks month months night session monthly last first next index sector".split()
)
_PLACES = frozenset("london asia asian europe european tokyo york new us morning afternoon evening lunch".split())
"""Weighty words after which strategies are named; beside other words of a name they say nothing."""
_MARKET = re.compile(r"\b(?:markets?|days?|conditions?|regimes?|environments?|phases?|periods?|stocks?|sessions?)$")
_STATES = frozenset(
    "uptrend downtrend rising falling strong weak volatile trending flat quiet calm choppy bull bear bullish bearish "
    "up down high low sideways ranging thin big small slow fast early late cheap expensive heavy".split()
)
_ORDERED = frozenset(
    "check ignore respect avoid watch look confirm ensure make keep take stay wait trust diversify monitor focus "
    "prefer choose select pick find scan screen follow use apply remember mind beware see learn get never always "
    "stick read study limit reduce increase adjust size hedge skip manage protect cut let trade don't do be go give "
    "put set add wait tighten loosen move start begin finish end hold sit act react respond treat aim try think "
    "consider expect assume allow require demand insist pay stop trail book bank lock secure enter exit leave close "
    "open buy sell short long cover risk bet".split()
)
_SHOWN = re.compile(
    r"(?i)(?:entry|entries|exit|exits|signals?|triggers?|patterns?|conditions?|confirmations?|filters?|stops?|"
    r"targets?|requirements?|actions?|rules?|positions?|size|risk|when|where|how|ways?|test|optional|variant|"
    r"alternatively|alternative|example)\b"
)
_CHART = re.compile(r"(?i)\d+[- ]?(?:m|min|mins|h|hr|d|w|minutes?|hours?)")
_HOURS = re.compile(
    r"(?i)(?:(?:the )?(?:regular|rth|extended|core|main|london|new york|ny|us|american|european|eu|uk|frankfurt|asian?|"
    r"tokyo|sydney|cash|trading|market|session|day)[ -]*)+"
    r"(?:hours|session|time|trading|rth)?[ ,]*(?:only)?[ ,(]*"
)
_SIDES: dict[Side, re.Pattern[str]] = {
    "long": re.compile(r"(?i)\b(?:go(?:es|ing)? long|longs?\b(?![- ]term)|buy|buys|buying)\b(?! back| to cover)"),
    "short": re.compile(r"(?i)\b(?:shorts?\b(?![- ]term)|go(?:es|ing)? short|shorting|sell short)\b"),
}
_OF_SIDE = {"LONG": "long", "SHORT": "short", "BUY_STATE_UP": "long", "BUY_STATE_DOWN": "short"}
_DIRECTIONS = frozenset("RISING FALLING HIGHER LOWER UP DOWN OVERSOLD OVERBOUGHT REQUIRE".split())
_CONDITIONS = _DIRECTIONS | frozenset(
    "GAP VOLUME HIGH LOW TREND IND OUT CANDLE BUY_STATE_UP BUY_STATE_DOWN AND OR WITH AT IN TF PRICE CLOSE OPEN".split()
)
_STARTS: tuple[Start, ...] = ("sentence", "declaration")
_LONGEST = 14
_LONGEST_PART = 9
_PARTS = frozenset({"IND", "OUT", "MA", "CHANNEL", "TICKER", "TF", "PERIOD", "ON", "LPAR", "LONG_ONLY", "SHORT_ONLY"})
_PARTS |= frozenset({"LONG", "SHORT", "ONLY", "NUMBER", "FOR", "CLOCK", "FROM", "BETWEEN", "DATE"})


class Named(NamedTuple):
    """A title: what it says beside the name."""

    said: tuple[Statement, ...]


_CALLED = re.compile(  # what asks for nothing in a name, though its words may elsewhere
    r"(?i)\b(?:old|new)[- ]school\b|\bno[- ](?:brainer|frills|nonsense|fuss|name|drama)\b|\balways[- ]in\b|"
    r"\b(?:trend[- ]following|dip[- ]buying|(?:position|swing|range|day|breakout|trend|momentum|pattern)[- ]trading|"
    r"weekend (?:project|experiment|exercise|read|idea|homework|study))\b|"
    r"\b(?:rule|rules)(?: ?set)? [a-h]\b|\b(?:trade|setup|system|idea|pick|stock) of the (?:day|week|month|year)\b"
)


def named(tokens: Sequence[Token], text: str) -> Named | None:
    """What the title `tokens` of `text`, a first line or the words before a colon, says; None where it may be more."""
    if not 0 < len(tokens) <= _LONGEST:
        return None
    plain = _with_names_called(tokens, text)
    left, said = _without_hours(_without_scaling(plain, text), text)
    left, more = _without_parts(left)
    said += more
    after = text[tokens[-1].end :]
    name, sided = _without_side(left, after)
    soft = (
        _NAMED_AFTER | _PLACES
        if says_hours(after) or any(isinstance(one, FilterSaid) for one in said)
        else _NAMED_AFTER
    )
    if name is None or (sided and not name) or not _is_name(name, text, tokens, soft):
        return None
    return Named((*said, *sided))


def _with_names_called(tokens: Sequence[Token], text: str) -> list[Token]:
    begin = tokens[0].start - len(" ".join(said_before(tokens, text))) - 1
    begin, end = max(begin, 0), tokens[-1].end
    spans = [one.span() for one in _CALLED.finditer(text, begin, end)]
    spans += promised(text[begin:end], text[end:], begin)
    return [
        replace(one, kind="UNKNOWN", text="name", value=None)
        if any(a <= one.start and one.end <= b for a, b in spans)
        else one
        for one in tokens
    ]


def _without_scaling(tokens: list[Token], text: str) -> list[Token]:
    """ "Scale-out version" of rules that sell a part."""
    sold = re.search(r"(?i)\b(?:half|third|quarter|part|portion|the rest)\b", text[tokens[-1].end :])
    for i, (one, two) in enumerate(pairwise(tokens)):
        if sold and one.text.lower() in {"scale", "scaling"} and two.text.lower() == "out":
            return [*tokens[:i], replace(one, kind="NOISE"), replace(two, kind="NOISE"), *tokens[i + 2 :]]
    return tokens


def _without_hours(tokens: list[Token], text: str) -> tuple[list[Token], list[Statement]]:
    """ "London hours only (08:00 to 16:00)": signals of these hours alone."""
    clocks = [i for i, one in enumerate(tokens) if one.kind == "CLOCK"]
    if len(clocks) != 2 or clocks[1] != clocks[0] + 2 or tokens[clocks[0] + 1].kind not in {"TO", "DASH", "AND"}:
        return tokens, []
    begin, end = clocks[0], clocks[1] + 1
    while begin and tokens[begin - 1].kind in {"LPAR", "COMMA", "FROM", "BETWEEN"}:
        begin -= 1
    while end < len(tokens) and tokens[end].kind in {"RPAR", "ONLY"}:
        end += 1
    opens = tokens[begin].start
    first = next((i for i in range(begin) if _HOURS.fullmatch(text[tokens[i].start : opens])), begin)
    start, stop = (str(tokens[i].value) for i in clocks)
    span = (tokens[first].start, tokens[end - 1].end)
    return [*tokens[:first], *tokens[end:]], [FilterSaid(InHours(start, stop), span=span)]


def _without_parts(tokens: list[Token]) -> tuple[list[Token], list[Statement]]:
    """The tokens without what they say of instrument, chart, side and settings, and this."""
    said: list[Statement] = []
    left: list[Token] = []
    i = 0
    while i < len(tokens):
        end, part = next(_parts_at(tokens, i), (i, ()))
        said += part
        if not part:
            left.append(tokens[i])
        i = max(end, i + 1)
    return left, said


def _parts_at(tokens: Sequence[Token], begin: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
    """What the tokens from `begin` on say by themselves, the longest first."""
    if tokens[begin].kind not in _PARTS:
        return
    for end in range(min(len(tokens), begin + _LONGEST_PART), begin, -1):
        span = tokens[begin:end]
        if span[0].kind == "PERIOD" and len(span) == 1:
            if not _CHART.fullmatch(span[0].text):
                continue
            span = (replace(span[0], kind="ON", text="on"), *span)
        for start in _STARTS:
            found = meanings(span, start)
            if len(found) == 1 and all(_is_part(one) for one in found[0]):
                yield end, tuple(_settled(one) for one in found[0])


def _is_part(said: Statement) -> bool:
    if isinstance(said, IndicatorsSaid):
        return all(mention.numbers or mention.period is not None for mention in said.mentions)
    return isinstance(said, ContextSaid) or (isinstance(said, NoteSaid) and said.kind in {"long_only", "short_only"})


def _settled(said: Statement) -> Statement:
    """ "EMA 9/21": two averages."""
    if not isinstance(said, IndicatorsSaid):
        return said
    out: list[Mention] = []
    for mention in said.mentions:
        pair = mention.name in {"SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "MA"} and len(mention.numbers) == 2
        out += [replace(mention, numbers=(one,)) for one in mention.numbers] if pair else [mention]
    return replace(said, mentions=tuple(out))


def _without_side(tokens: list[Token], after: str) -> tuple[list[Token] | None, list[Statement]]:
    """The tokens without the side that they name, where no rule below is of the other; None where one is."""
    sides = {_OF_SIDE[one.kind] for one in tokens if one.kind in _OF_SIDE}
    if not sides:
        return tokens, []
    if len(sides) > 1:
        return None, []
    side: Side = "long" if "long" in sides else "short"
    if _SIDES["short" if side == "long" else "long"].search(after):
        return None, []
    at = next(one for one in tokens if one.kind in _OF_SIDE)
    left = [one for one in tokens if one.kind not in _OF_SIDE]
    return left, [NoteSaid("long_only" if side == "long" else "short_only", (at.start, at.end))]


def _is_name(left: Sequence[Token], text: str, whole: Sequence[Token], soft: Set[str]) -> bool:
    """Whether what is left of a title asks for nothing."""
    weighing = [one for one in without_everyday(left, text) if one.kind not in {"COMMA", "DASH", "COLON"}]
    weighing = [one for one in weighing if one.kind not in {"LPAR", "RPAR"}]
    if not weighing:
        return len(left) < len(whole)
    written = " ".join([*said_before(whole, text), text[whole[0].start : whole[-1].end]])
    if any(one.kind == "BOTH_SIDES" for one in left) and not all(
        side.search(text[whole[-1].end :]) for side in _SIDES.values()
    ):
        return False
    words = words_of(weighing)
    if {*words[:2]} & persons() or _TELLING.search(written):
        return False
    begun = left[0] if left[0].text == "name" else whole[0]
    if not words or not _may_begin(weighing[0], begun) or {*words} & ABANDONED:
        return False
    if (_SHOWN.match(written) and len(words) < 3) or says_when(weighing, text[whole[-1].end :]):
        return False
    if any(weighs(word, soft) for one in weighing if one.kind == "UNKNOWN" for word in words_of([one])):
        return False
    if len(words) == 1 and words[0] in weighty() and len(left) == len(whole):
        return False
    return all(
        one.kind in _SPOKEN or _is_counted(weighing, i) or (i and one.text.lower() == "update")
        for i, one in enumerate(weighing)
    )


def _may_begin(first: Token, written: Token) -> bool:
    begun = written if written.kind in {"IN", "ON", "AT", "FOR", "WITH"} else first
    if begun.kind in _NO_BEGINNING - {"OPENS", "TRADE"}:
        return False
    return first.kind == "REVERSE_NOTE" or first.text.lower().split()[0] not in _ORDERED | _NO_FIRST


def is_named_after(tokens: Sequence[Token], text: str) -> bool:
    """ "Bearish engulfing short." where a rule below says that pattern and that side again."""
    if [one.kind for one in tokens] not in (["CANDLE", "LONG"], ["CANDLE", "SHORT"]):
        return False
    after = text[tokens[-1].end :]
    side: Side = "long" if tokens[-1].kind == "LONG" else "short"
    return tokens[0].text.lower() in after.lower() and _SIDES[side].search(after) is not None


def says_when(tokens: Sequence[Token], after: str) -> bool:
    """Whether words that could be a name are what must be so: "Bull market", "Gap up with volume", "Hammer".

    A candlestick that the rules speak of in `after` is one that they are named after.
    """
    content = [one for one in tokens if one.kind not in {"NOISE", "COMMA", "DASH", "COLON", "LPAR", "RPAR"}]
    if _is_of_market(words_of(content)):
        return True
    kinds = {one.kind for one in content}
    words = {*words_of(content)}
    if kinds & {"VOLUME", "TREND"} and words & _STATES and not words & title_nouns():
        return True  # "High volume required", "Strong trend"
    candles = [one.text.lower().split()[-1] for one in content if one.kind == "CANDLE"]
    if candles and not any(word in after.lower() for word in candles) and kinds <= _CONDITIONS:
        return True
    return bool(kinds & _DIRECTIONS) and kinds <= _CONDITIONS


def _is_of_market(words: Sequence[str]) -> bool:
    """ "Bull market", "Volatile days": when, and no name."""
    return _MARKET.search(" ".join(words)) is not None and any(word in _STATES for word in words)


def _is_counted(tokens: Sequence[Token], i: int) -> bool:
    """ "Three little pigs", "System 1": a number that counts no bars, units or price."""
    one, following = tokens[i], tokens[i + 1].kind if i + 1 < len(tokens) else ""
    if one.kind == "TIMES":
        return one.text.isalpha()
    if one.kind != "NUMBER" or following in {"UNIT", "SHARES", "TRADE", "POSITION", "EQUITY", "ATR", "LENGTH", "ENTRY"}:
        return False
    before = tokens[i - 1] if i else None
    if any(one.kind in {"IND", "OUT", "CHANNEL"} for one in tokens):
        return one.text.isalpha()  # "RSI strategy, 7" may be its length
    numbered = before is not None and before.kind in {"L_RULES", "HASH"} and not following
    return one.text.isalpha() or numbered or (before is not None and before.kind in {"L_RULES", "HASH"})
