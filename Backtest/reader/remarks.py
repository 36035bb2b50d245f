"""Remarks in words that no table lists: what says nothing of a trade, by its shape and by what is not in it.

A sentence that is not read is a remark only if nothing in it could bear on a trade: no number, action, comparison or
condition, and none of the words that are listed as weighty, however the rest is worded. What tells of people, or of
what was, may hold words of trading too (narratives.py). It is named as noise, so that its author sees it; whatever is
in doubt is asked about.
"""

import re
from collections.abc import Sequence, Set
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein

from Backtest.reader.everyday import blanked, without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import english, narrators, talk, weighty
from Backtest.reader.subjects import TOOLS, is_demand, is_of_market, is_of_tool, is_statement
from Backtest.reader.titles import ABANDONED, words_of

LIGHT = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON LPAR RPAR AND OR IT ITS OF IN ON AT TO FOR FROM BY WITH AS THEN IS HAS CHART SETUP "
    "MAKES BACK L_RULES L_INDICATORS TICKER IND OUT MA CROSSNAME FIRST NOT MOVE TERM".split()
)
"""Kinds of tokens that ask for nothing by themselves."""
_STATED = frozenset({"DECLARE", "THEM", "THATIS"})  # "anybody could follow these"
_OF_TOOLS = frozenset({"few", "most", "no", "more"})
_ENDINGS = ("s", "es", "d", "ed", "ing")
_NO_FORMS = frozenset(  # forms of no listed word, though they look like one
    "figured picked evening evenings sharing shared news used during banking called calling rested based needs feed "
    "need longing sides".split()
)
_LONG_ENOUGH = 5
_ORDERS = frozenset({"go", "stick", "catch", "check", "pick"})
FILLERS = frozenset("so and but well ok okay oh hey hi yes yeah anyway honestly also now".split())


def is_remark(tokens: Sequence[Token], text: str, *, goes_on: bool = False) -> bool:
    """ "My mate swears by this one": somebody, or something, and not a word that could bear on a trade.

    `tokens` are those of a part of `text`, with or without those of noise. One that goes on with a remark need not
    begin as one.
    """
    if not tokens:
        return False
    weighing = without_everyday(tokens, text)
    of_tool = is_of_tool(tokens, text)
    if of_tool:
        weighing = [token for token in weighing if token.kind not in TOOLS]
    words = [word for word in words_of(weighing) if word[0].isalnum()]
    led = [word for word in [*said_before(tokens, text), *words] if word not in FILLERS]
    told = [token for token in weighing if token.kind != "NOISE"]
    if any(not is_light(token) and token.kind not in _STATED for token in told) or {*words} & ABANDONED:
        return False
    if len(weighing) == len(tokens) and not any(token.kind == "UNKNOWN" for token in told):
        return False
    begun = goes_on or not led or led[0] in narrators() or (led[0] in talk() - _ORDERS and len(led) > 1)
    begun = begun or (led[0] not in english() and _slipped(led[0], (talk() | narrators()) - _ORDERS))
    begun = begun or is_statement(_said(tokens, text)) or of_tool
    if not (begun or _is_begun(tokens, weighing, text)) or (is_of_market(led) and not of_tool):
        return False
    return not any(weighs(word, _OF_TOOLS if of_tool else frozenset()) for word in led)


def _said(tokens: Sequence[Token], text: str) -> list[str]:
    """All words of a part but those that may begin any sentence."""
    words = [*said_before(tokens, text), *words_of(tokens)]
    return [word for word in words if word[0].isalnum() and word not in FILLERS]


def _is_begun(tokens: Sequence[Token], weighing: Sequence[Token], text: str) -> bool:
    """Whether a part begins as no order does: with an everyday expression, as a question, or with what something is."""
    asked = text[tokens[-1].end :].lstrip()[:1] == "?"
    kinds = [token.kind for token in weighing if token.kind != "NOISE"]
    named = kinds[1:2] == ["IS"] and kinds[0] in {"TICKER", "UNKNOWN"}  # "Discipline is a muscle"
    first = [token.kind for token in tokens if token.kind != "NOISE"][:2]
    made = first[:1] == ["UNKNOWN"] and tokens[0].text.lower().endswith("ed") and first[1:] in _MAKERS
    return asked or named or made or tokens[0] not in weighing


_MAKERS = (["FROM"], ["BY"], ["FOR"], ["AT"], ["ON"], ["IN"])  # "Ported from an old spreadsheet", "Typed on a train"


@lru_cache(maxsize=4096)
def weighs(word: str, light: Set[str] = frozenset()) -> bool:
    """Whether a word could bear on a trade: it, or a word that it is a form of, is listed, and none that is `light`.

    One that is a slip away from a listed word weighs as much.
    """
    forms = [word]
    if word not in _NO_FORMS:
        for ending in _ENDINGS:
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2:
                forms += [stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem]
    if any(form in light for form in forms):
        return False
    return any(form in weighty() for form in forms) or (word not in english() and _slipped(word, weighty() - light))


def _slipped(word: str, listed: Set[str]) -> bool:
    """Whether a word of some length is one slip of the fingers away from one of `listed`."""
    if len(word) < _LONG_ENOUGH or not word.isalpha() or not word.isascii():
        return False
    near = (one for one in listed if one[0] == word[0] and len(one) >= _LONG_ENOUGH)
    return any(DamerauLevenshtein.distance(word, one, score_cutoff=1) <= 1 and _may_slip(word, one) for one in near)


def _may_slip(word: str, meant: str) -> bool:
    """A letter too many or too few, or two of them swapped, or another vowel; another consonant is another word."""
    return len(word) != len(meant) or sorted(word) == sorted(meant) or _consonants(word) == _consonants(meant)


def _consonants(word: str) -> str:
    return "".join(letter for letter in word if letter not in "aeiou")


def is_light(token: Token) -> bool:
    """Whether a token asks for nothing by itself; what holds a figure ("31 Feb") never does."""
    light = token.kind in LIGHT and not any(sign.isdigit() for sign in token.text) and not is_demand(token)
    return light or token.text.lower() in {"one", "any"}


def said_before(tokens: Sequence[Token], text: str) -> list[str]:
    """The words between the sign before a part of `text` and the part itself: noise that begins it."""
    return re.split(r"[^\w'’ ]", text[: tokens[0].start])[-1].lower().replace("’", "'").split()


def is_request(tokens: Sequence[Token], text: str) -> bool:
    """ "Could you set it up and send me the list of trades?": what is to be done with the rules, not in them."""
    begin = tokens[0].start - len(re.split(r"[^\w'’ ]", text[: tokens[0].start])[-1])
    written = text[begin : tokens[-1].end].replace("’", "'")
    asked = _REQUEST.match(written)
    if asked is None or _WINDOW.search(written) is not None:
        return False
    rest = [token for token in without_everyday(tokens, text) if token.start >= begin + asked.end()]
    spans = [(one.start() + begin, one.end() + begin) for one in _DELIVERED.finditer(written)]
    rest = [token for token in rest if not any(a <= token.start and token.end <= b for a, b in spans)]
    if any(token.kind not in {"TF", "UNIT", "RUN", "THEM"} and not is_light(token) for token in rest):
        return False
    return not any(weighs(word) for token in rest if token.kind == "UNKNOWN" for word in words_of([token]))


def is_about_text(tokens: Sequence[Token], text: str) -> bool:
    """ "Below you will find the rules", "The following rules apply": what is said of the text itself."""
    said = blanked(text[tokens[0].start : tokens[-1].end].lower())
    words = {*re.findall(r"[\w']+", said), *said_before(tokens, text)}
    return words <= _OF_TEXT and bool(words & _TEXTS) and bool(words & _PLACES)


_TEXTS = frozenset("rule rules ruleset strategy system method details spec specification description recipe".split())
_PLACES = frozenset(
    "below following here above listed described underneath attached written stated follows here's".split()
)
_OF_TEXT = (
    _TEXTS
    | _PLACES
    | frozenset(
        "the my our from full complete exact are is as in you will find can see please apply applies and these this "
        "that's those there now then so ok well what a an of it for your plain simple english words down out".split()
    )
)


def is_of_instrument(tokens: Sequence[Token], text: str) -> bool:
    """ "It is on GOOG, daily bars": what is traded, which is told with the words that it stands in."""
    told = [token for token in tokens if token.text.lower() not in {"instrument", "symbol", "ticker", "stock"}]
    kinds = {token.kind for token in told}
    return "TICKER" in kinds and bool(kinds & {"IS", "IT"} or len(told) < len(tokens)) and kinds <= _OF_INSTRUMENT


def is_always_in(tokens: Sequence[Token], text: str) -> bool:
    """ "It is always in the market once the first signal appears", of rules that turn from one side to the other."""
    said = " ".join([*said_before(tokens, text), text[tokens[0].start : tokens[-1].end].lower()])
    after = text[tokens[-1].end :].lower()
    return _ALWAYS_IN.fullmatch(said) is not None and all(side in after for side in ("long", "short"))


_OF_INSTRUMENT = frozenset({"IT", "IS", "ON", "FOR", "OF", "IN", "AT", "TICKER", "TF", "UNIT", "CHART", "COMMA"})
_ALWAYS_IN = re.compile(
    r"(?:(?:this|the|my|our) (?:script|system|strategy|bot)|it|i|we|it's|i'm) ?(?:is |am |are )?always in"
    r"(?: the market| a position| a trade)(?: (?:once|after|from) the first signal(?: (?:appears|comes|fires|"
    r"triggers|on))?)?"
)


def is_slogan(tokens: Sequence[Token], text: str) -> bool:
    """ "We buy strength": a sentence in two words of what one trades on, of which the rules say the rest."""
    written = text[: tokens[-1].end]
    start = max(written.rfind(mark, 0, tokens[0].start) for mark in '.;:!?\n"') + 1
    return _SLOGAN.fullmatch(written[start:].strip()) is not None


def is_look_at_chart(tokens: Sequence[Token], text: str) -> bool:
    """ "I look at the weekly first": a chart that the rules name already."""
    said = _LOOK.fullmatch(f"{' '.join(said_before(tokens, text))} {text[tokens[0].start : tokens[-1].end]}".strip())
    if said is None:
        return False
    unit = {"daily": "da"}.get(said["chart"].lower(), said["chart"].lower().removesuffix("ly"))
    others = text[: tokens[0].start] + text[tokens[-1].end :]
    return re.search(rf"(?i)\d[ -]?{unit}|\b{unit}\w*ly\b", others) is not None


def is_routine(tokens: Sequence[Token], text: str) -> bool:
    """ "I place the orders before breakfast": when in the day somebody sits down to it, on bars that are complete."""
    before = " ".join(said_before(tokens, text)[-2:])
    return _ROUTINE.fullmatch(f"{before} {text[tokens[0].start : tokens[-1].end]}".strip()) is not None


def is_exhortation(tokens: Sequence[Token], text: str) -> bool:
    """ "So be patient and wait for the bounce": how one should be, which decides nothing behind what others say."""
    return _EXHORTATION.fullmatch(text[tokens[0].start : tokens[-1].end].strip()) is not None


_STYLE = r"(?:strength|weakness|fear|greed|panic|winners|losers|momentum|breakouts|trends|volatility)"
_MODEL = (  # "This month's model trades stretched prices"
    r"(?:(?:this|today|our|my|the)(?:['’]s)? )+(?:(?:week|month|quarter|year)['’]s )?"
    r"(?:model|system|strategy|pick|setup) "
    r"(?:trades|fades|plays|exploits|works with|is about|deals with|looks at|feeds on) "
    r"(?:(?:stretched|extreme|extended|overdone|overstretched) (?:prices|moves|markets)|"
    r"dips|pullbacks|reversals|bounces|gaps|swings|mean reversion|overreactions|rallies|price extremes|trends|"
    r"breakouts|momentum)"
)
_LINES = r"(?:trade|follow|use|play)s? the (?:zero line|signal line|crossovers?|crosses|cross)"
_SOUGHT = (
    r"(?:what|all) (?:i|we) (?:look for|want|wait for|trade|buy|hunt for|hunt|am after|are after|like) (?:is|are) "
    r"(?:(?:an?|the|just|simply|fresh|clean|new|real|good|strong) )*(?:breakouts?|pullbacks?|dips?|trends?|momentum|"
    r"reversals?|bounces?|strength|weakness|a move|moves)"
)
_SLOGAN = re.compile(
    rf"(?i){_MODEL}|{_SOUGHT}|"
    rf"(?:we|i|the fund|our system|this system|this strategy) (?:always |only ever |simply |just |basically )?"
    rf"(?:{_LINES}|(?:buy|sell|fade|ride|follow|chase|trade)s? (?:into |the )?{_STYLE})"
    rf"(?:(?:,| and|, and|, not) (?:(?:buy|sell|fade|ride|follow|chase|trade)s? )?(?:into )?{_STYLE})?"
)
_BY_HABIT = (
    r"(?:only |usually |always |normally |just )*(?:look at|check|open|study|go through|review) "
    r"(?:the |my |any )?charts? (?:only )?"
    r"(?:(?:on|at|over) (?:the )?(?:weekends?|sundays?|saturdays?)|in the evenings?|"
    r"once a (?:day|week)|"
    r"every (?:evening|night|weekend|sunday))"
    r"(?:,? (?:so|because|since) (?:only )?(?:the|my) (?:big picture|bigger picture|trend) (?:matters|counts|is what "
    r"matters)(?: most| more)?(?: to me| for me)?)?"
)
_ROUTINE = re.compile(
    rf"(?i)(?:and |so )?(?:i|we) {_BY_HABIT}|"
    r"(?:and |so )?(?:i|we) (?:usually |always |normally |just )?(?:place|enter|put in|set|send|check|run|do|"
    r"look at) "
    r"(?:(?:the|my|our|all|any) orders?|it|this|the charts?|my charts?|everything|the signals?|the numbers) "
    r"(?:once a day |every day )?(?:before|after|over|during|with|at) (?:my |the )?"
    r"(?:breakfast|work|dinner|supper|coffee|tea|bed|bedtime|school|gym|shift|school run)"
)
_LOOK = re.compile(
    r"(?i)(?:i |we )?(?:always |usually )?(?:look at|check|watch|glance at|start with|start from|begin with) the "
    r"(?P<chart>hourly|daily|weekly|monthly)(?: chart| trend| picture| bars?)?(?: first| before anything(?: else)?)?"
)
_EXHORTATION = re.compile(
    r"(?i)(?:so |please |just )*(?:be|stay|remain) (?:patient|disciplined|humble|calm|consistent)"
    r"(?: and (?:wait for (?:the|your|a) (?:bounce|setup|signal|moment|right moment|pitch|opportunity)|"
    r"trust the (?:process|system|rules)|stick to (?:the|your) (?:plan|rules)))?"
)
_REQUEST = re.compile(
    r"(?i)\s*(?:(?:so|and|but|now|please|pls|also|then|hey|hi|ok|my question|question|homework|the task|task|"
    r"assignment|"
    r"my goal|is|it) )*"
    r"(?:(?:can|could|would|will|may) )?(?:(?:this|that|it|you|u|we|i|someone|somebody|anyone|anybody|one|"
    r"(?:your|the) (?:tool|"
    r"app|site|software|program|machine|tester|backtester|engine)) )?"
    r"(?:(?:please|pls|kindly|maybe|possibly|just|like|want|need|to|love|help me|help me to|be|get|have) )*"
    r"(?:(?:this|that|it) )?(?:test|tested|backtest|backtested|code|coded|program|programmed|simulate|simulated|"
    r"automate|"
    r"automated|built?|build|(?:set|code|write) (?:it|this|that|this one|everything)(?: all)? up|set up|"
    r"implement|implemented|translate|translated|convert|converted|write|show me|send|tell me|give me|plot|"
    r"put (?:it|this|that) (?:in|into|together)|try (?:it|this) out)\b"
)
_WINDOW = re.compile(  # "test it over five years": which of the bars
    r"(?i)\b(?:over|for|on|across|with) (?:the )?(?:last |past |first )?[\w-]+ (?:years?|months?|weeks?)\b"
)
_DELIVERED = re.compile(
    r"(?i)(?:a |the )?(?:(?:list|number|log|table|chart|history) of )?(?:(?:all|the|all the|its|single) )*"
    r"(?:following(?: (?:system|strategy|rules?|idea|setup|method))?|trades|results?|equity curve|report|"
    r"performance|win rate|outcome|statistics|stats|numbers|trade list|figures)"
    r"(?: of (?:it|this|that))?|up\b|how (?:it|this|that) (?:did|does|performs|performed|would have done|works out)"
)
