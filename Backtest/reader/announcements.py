"""What is said around the rules of how many there are and what a stop is good for."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.remarks import LIGHT, said_before, weighs
from Backtest.reader.theses import decides_nothing
from Backtest.reader.titles import words_of

_MANY = r"(?:one|two|three|four|five|a couple of|a few|\d)"
_KIND = r"(?:different |separate |possible |simple |easy )?"
_RULES = (
    r"(?:ways? (?:in|out|to (?:enter|get in|get out|exit|buy|sell|go long|go short))|"
    r"entr(?:y|ies)(?: signals?| rules?| triggers?)?|exits?(?: rules?| signals?)?|"
    r"(?:buy|sell|long|short) (?:signals?|rules?|triggers?)|rules?|setups?|"
    r"signals?|triggers?|indicators?|averages|filters?|steps|parts)"
)
_COUNT = re.compile(
    rf"(?i)(?:(?:there(?: are| is|['’]s)|(?:i|we|you) have|(?:it|the system|the strategy|this system) has) )?"
    rf"(?:just |basically |only |exactly )?{_MANY} {_KIND}{_RULES}"
    rf"(?:(?:,| and|, and| but) (?:just |only )?{_MANY} {_KIND}{_RULES})*"
)
_GUARDS = re.compile(
    r"(?i) (?:(?:that|which|and|it) )*(?:always |just |simply |also |only )?(?:guards?|protects?|shields?|insures?|"
    r"saves?|keeps|defends|serves|acts|takes care|looks after|is (?:only |just |merely |purely |simply )?(?:there|in "
    r"place|meant|here|for (?!longs|shorts)|a (?:safety net|seat ?belt|last resort|precaution|backstop)))"
)
_AGAINST = re.compile(
    r"(?i) (?:(?:that|which|and|it) )*(?:is (?:there|here|in place|meant) to )?(?:always |just |simply |also )?"
    r"(?:(?:guards?|protects?|shields?|insures?|saves?|defends|takes care|looks after|deals? with|gets? rid|weeds? out)"
    r"(?: (?:me|us|you|it|the account|my account|my capital|capital))?"
    r"(?: (?:against|from|of|away from|out of))?|"
    r"keeps (?:me|us|you|the account|my account) (?:away from|out of|safe from))\b"
)
_TAIL = (
    r"(?: (?:is (?:non[- ]?negotiable|sacred|mandatory|a must|always on|always there|set in stone)|"
    r"keeps? (?:me|us|you|things|it|losses|the losses) (?:out of trouble|safe|sane|small|honest|alive|in the "
    r"game|under control|in check|manageable)|(?:limits?|caps?|contains?) (?:the |my |our )?(?:damage|losses|loss|pain|"
    r"downside)))(?=\s*(?:[.,;:!\n]|$))"
)
_KEEPS = re.compile(rf"(?i){_TAIL}")
_GUARDED = frozenset(
    "stop stops loss losses crash crashes market markets falling fall falls capital account cash big bad small real "
    "trouble disaster risk risks black swan swans down money ruin lose large keeps keep out surprise surprises last "
    "worst".split()
)
_STOPS = frozenset({"STOP", "TRAILING_STOP", "TRAIL"})
_TOLD = LIGHT | frozenset({"LOSS", "LOSE", "FALLING", "MOVE_DOWN", "THROUGH", "EQUITY", "CASH", "DECLARE", "L_RISK"})
_FOLLOWED = re.compile(
    r"(?i)(?:and )?(?:we|i|the model|it|the system) (?:follow|watch|track|look at|use|monitor|work with)s? (?:the )?"
    r"(?P<chart>hourly|daily|weekly|monthly) (?:moving )?"
    r"(?:averages?|charts?|bars|closes|trend|lines|candles|emas?|smas?)"
    r"(?:,? (?:and|but) (?:we |i )?(?:check|look at|review|update|monitor)s? (?:them|it|those|everything|the charts?) "
    r"(?:every|each) (?:day|evening|morning|night))?"
)


_CHART = r"(?:hourly|daily|weekly|monthly|hour|day|week|month)"
_SEEN = (
    r"(?:(?:the |my |our )?(?:trend|bias|direction|big picture|picture|context|regime|filter|setup|entry|entries|"
    r"trigger|triggers|timing|signal|signals|execution|exits?)(?: and (?:the )?(?:entry|exits?|timing|triggers?))? "
    rf"(?:comes? |is |are |taken |read )*(?:from|on|off|by) (?:the )?(?P<chart>{_CHART})"
    r"(?: (?:chart|bars|candles|timeframe))?)"
)
_WATCHED = re.compile(
    r"(?i)(?:so |and |now |here |what )?(?:we|i|you) (?:just |simply |only |always |basically )?(?:look at|watch|track|"
    r"follow|mark|draw|plot|keep an eye on|start with|start from) (?:the |our |my )?(?P<line>[\w-]+(?: [\w-]+){0,4})"
)


def _are_charts_said(said: str, others: str) -> bool:
    """ "Trend from the weekly, entry from the daily": charts that the rules beside it name again."""
    charts = [one["chart"] for one in re.finditer(f"(?i){_SEEN}", said)]
    rest = re.sub(f"(?i){_SEEN}", "", said).strip(" ,;")
    if len(charts) < 2 or rest not in {"", "and"}:
        return False
    units = {one.lower().replace("daily", "day").removesuffix("ly") for one in charts}
    return len(units) > 1 and all(re.search(r"\bda(?:y|ily)" if one == "day" else rf"\b{one}", others) for one in units)


def _is_watched(said: str, after: str) -> bool:
    """ "We look at the fifty-day high": a line that a rule behind it names in the same words."""
    watched = _WATCHED.fullmatch(said)
    return watched is not None and re.search(rf"(?i)\b{re.escape(watched['line'])}\b", after) is not None


def is_announcement(tokens: Sequence[Token], text: str) -> bool:
    """ "There are two ways in", "Two entries, one exit": how many rules are told, not how many are taken."""
    said = " ".join([*said_before(tokens, text), text[tokens[0].start : tokens[-1].end]])
    if _COUNT.fullmatch(said) is not None:
        return True
    before, after = text[: tokens[0].start], text[tokens[-1].end :]
    if _is_watched(said, after) or _are_charts_said(said, f"{before} {after}".lower()):
        return True
    followed = _FOLLOWED.fullmatch(said)
    if followed is None:
        return False
    unit = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}[followed["chart"].lower()]
    after = text[tokens[-1].end :].lower()
    return unit in after or followed["chart"].lower() in after


def of_purpose(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "A 7% stop guards against the falling knife": what a stop is good for, behind it."""
    for i, token in enumerate(sentence[:-1]):
        if token.kind in _STOPS and (kept := _KEEPS.match(text, token.end)) is not None:
            return [one for one in sentence[i + 1 :] if one.start < kept.end()]
        if token.kind not in _STOPS or not _GUARDS.match(text, token.end):
            continue
        tail = list(sentence[i + 1 :])
        end = next((n for n, one in enumerate(tail) if one.kind in {"COMMA", "COLON", "DASH", "LPAR"}), len(tail))
        tail = tail[:end]
        if _AGAINST.match(text, token.end) and decides_nothing(tail, text):
            return tail
        light = all(one.kind in _TOLD or one.text.lower() == "only" for one in tail)
        if light and not any(
            weighs(word, _GUARDED) for one in tail if one.kind == "UNKNOWN" for word in words_of([one])
        ):
            return tail
    return []
