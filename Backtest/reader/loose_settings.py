"""Settings in any order of words: one figure, one thing that it is of, and words that say nothing else.

"Size so that half a percent of equity is at risk", "a stop of 2 ATR(14) is attached to each trade": where the grammar
knows no sentence of this shape, the figure and its role are put in the order that it reads. Whatever else a sentence
holds, a condition, a hedge, somebody else's habit, a second figure, leaves it unread.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons
from Backtest.reader.statement_syntax import Statement
from Backtest.reader.titles import words_of

_NEUTRAL = frozenset(
    "NOISE UNKNOWN COMMA DASH COLON LPAR RPAR IS HAS IT ITS OF AT TO FOR BY WITH IN ON AS PLACE USEV TRADE POSITION "
    "PER_TRADE OPENED MAKES SETUP RUN L_RULES L_RISK DECLARE".split()
)
_AROUND = frozenset({"COMMA", "AND", "DASH", "COLON", "THEN", "WITH"})
_MEASURES = frozenset({"PERCENT", "BPS", "PIPS", "POINTS"})
_CARRYING = frozenset(
    "apply applies applied attach attaches attached carry carries carried come comes sit sits rest rests lie lies "
    "stand "
    "stands go goes get gets getting kept keep keeps protect protects protected protecting protective guard "
    "guards guarded "
    "guarding such that so way how amount amounts always simply exactly just then here there this these it's its "
    "he she "
    "default by commit commits allocate allocates recommend recommends recommended suggest suggests suggested "
    "advise advised "
    "test wait waited waits waiting before allowing another "
    "yourself myself ourselves oneself in this sample example committed allocated invested goes ended ends end "
    "closed into to put added add adds adding reached "
    "all any each every everything trade trades position positions size sized sizing lose loses losing loss risk risks "
    "risked at-risk my our i we you your i'm we're me us mine ours let lets please also too as well plus addition "
    "additionally well trailed trailing follow follows following behind underneath under beneath placed put puts "
    "set sets "
    "setting fixed plain simple hard initial standard level price distance order orders equal equals equivalent "
    "amounting "
    "used use uses work works works' working in place force effect at all times time throughout from start "
    "beginning begin "
    "day entry fill cover covers covered shield shields backed back by with along comes with included include includes "
    "given gives give have has having been being be is are am was bar bars away far off out leaves leave room "
    "allow allows "
    "allowed maximum max full rule rules part plan".split()
) - frozenset({"second"})
_HEDGED = re.compile(
    r"\b(?:maybe|perhaps|possibly|sometimes|occasionally|usually|often|roughly|either|would|could|might|may|used to|"
    r"tried|trying|thinking|considering|wonder|wondering|suppose|if|when|unless|until|while|only|no|not|never|without|"
    r"don't|doesn't|didn't|can't|won't|instead|or|but|some|most|many|others|another|second|first|last|next|new|old|"
    r"previous|other|year|month|week|day|daily|weekly|monthly|total|overall|combined|once)\b"
)
_ADVERBIALS = re.compile(
    r"(?i)\b(?:at all times|from the (?:start|beginning|outset)|throughout|in (?:this|the) (?:sample|example)|"
    r"right away|straight away|immediately|on top|in any case|either way)\b"
)
_LENGTHS = frozenset({"NUMBER", "PERIOD"})
_SHARES = frozenset({"HALF", "THIRD", "TWO_THIRDS", "QUARTER", "FIFTH", "TENTH"})
_STOPPED_OUT = re.compile(
    r"\b(?:if|when|once|in case|should) (?:the |my |that |a )?(?:stop(?: loss)? (?:is|gets) (?:hit|touched|"
    r"triggered|reached|run)|"
    r"stop(?: loss)? (?:hits|triggers|fills)|(?:i|we|it|trade|position|trades)(?:'m| am| are| is| get| gets)? "
    r"stopped(?: out)?|"
    r"(?:it|trade|the trade|this|things|a trade|one) (?:goes|go|turns?) (?:wrong|against me|against us|sour)|"
    r"stopped(?: out)?)\b"
)


@dataclass(frozen=True)
class _Role:
    """`named`: the kinds of which one must be there; `beside`: the others that may; `begin`: how the grammar "
    "says it."""

    named: frozenset[str]
    beside: frozenset[str]
    figures: frozenset[str]


def _kinds(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ROLES = {
    "TRAILING_STOP": _Role(
        _kinds("TRAILING_STOP TRAIL"),
        _kinds("STOP BELOW OFF FROM AWAY HIGHEST_CLOSE PRICE"),
        _MEASURES | {"ATR"},
    ),
    "STOP": _Role(_kinds("STOP STOPPED"), _kinds("BELOW ABOVE FROM AWAY ENTRY OVER LOSS AGAINST"), _MEASURES | {"ATR"}),
    "TARGET": _Role(
        _kinds("TARGET"), _kinds("ABOVE BELOW FROM AWAY OVER ENTRY PROFIT IN_PROFIT"), _MEASURES | {"ATR", "RMULT"}
    ),
    "RISKV": _Role(
        _kinds("RISKV"), _kinds("EQUITY SIZE SHARES STOP STOPPED LOSE LOSS LOSS_IS"), frozenset({"PERCENT", "MONEY"})
    ),
    "SIZE": _Role(_kinds("EQUITY"), _kinds("SIZE CASH ENTRY"), _SHARES | {"PERCENT"}),
    "COMMISSION": _Role(_kinds("COMMISSION"), _kinds("PER_SIDE"), frozenset({"PERCENT", "BPS"})),
    "COOLDOWN": _Role(_kinds("COOLDOWN WAIT"), _kinds("AFTER_EXIT BEFORE_ENTRY EXIT ENTRY"), frozenset({"PERIOD"})),
    "TIME_STOP": _Role(_kinds("TIME_STOP HOLD_MAX"), _kinds("EXIT HOLD"), frozenset({"PERIOD"})),
}
_BEGUN = re.compile(r"\b(?:start|begin|activate|engage|enable)\w*(?: the| my)? trail\w*(?: stop)?\b.* at\b")
_AT_RISK = re.compile(r"\b(?:at risk|los(?:e|es|ing)|loss|risks?|risked|risking)\b")


def loose_setting(content: Sequence[Token], text: str) -> tuple[Statement, ...]:
    """The one setting that a part of `text` says, in whatever order; nothing where it may say more than that."""
    tokens = _trimmed(_without_adverbials(content, text))
    if len(tokens) < 2:
        return ()
    figure = _figure(tokens)
    if figure is None:
        return ()
    begin, end, kind = figure
    rest = [*tokens[:begin], *tokens[end:]]
    written = text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")
    risked = _AT_RISK.search(written) is not None and any(token.kind == "EQUITY" for token in rest)
    if risked:
        written = _STOPPED_OUT.sub(" ", written)
        spans = [one.span() for one in _STOPPED_OUT.finditer(text[: tokens[-1].end].lower().replace("’", "'"))]
        rest = [one for one in rest if not any(a <= one.start and one.end <= b for a, b in spans)]
    if any(token.kind == "EQUITY" for token in rest):
        written = re.sub(r"^only\b|\b(?:just|only) (?=\d|half|a )", " ", written)  # "only a quarter of the equity"
    if _HEDGED.search(_without(written, text[tokens[begin].start : tokens[end - 1].end].lower())):
        return ()
    if not _asks_for_nothing(rest) or _BEGUN.search(written):
        return ()
    return _as_said(tokens[begin:end], kind, rest, risked=risked)


def _without_adverbials(content: Sequence[Token], text: str) -> list[Token]:
    """The tokens without "at all times", and without "only" before a share of the account."""
    spans = [one.span() for one in _ADVERBIALS.finditer(text, content[0].start, content[-1].end)] if content else []
    kept = [one for one in content if not any(a <= one.start and one.end <= b for a, b in spans)]
    shares = any(one.kind == "EQUITY" for one in kept)
    return [one for one in kept if not (shares and one.kind == "ONLY")]


def _without(written: str, figure: str) -> str:
    return written.replace(figure, " ")


def _trimmed(content: Sequence[Token]) -> list[Token]:
    tokens = list(content)
    while tokens and tokens[0].kind in _AROUND:
        tokens = tokens[1:]
    while tokens and tokens[-1].kind in _AROUND:
        tokens.pop()
    return tokens


def _figure(tokens: Sequence[Token]) -> tuple[int, int, str] | None:
    """Where the one figure stands, and its kind; None where there is none, or more than one."""
    found: list[tuple[int, int, str]] = []
    i = 0
    while i < len(tokens):
        kind, end = tokens[i].kind, i + 1
        if kind in {"NUMBER", "TIMES"}:
            while end < len(tokens) and tokens[end].kind in {"PERIOD", "TF", "ITS", "OF", "NOISE"} and end - i < 4:
                end += 1
            if end >= len(tokens) or tokens[end].kind != "ATR":
                return None
            end += 1
            if [one.kind for one in tokens[end : end + 3 : 2]] == ["LPAR", "RPAR"] and tokens[end + 1].kind in _LENGTHS:
                end += 3
            found.append((i, end, "ATR"))
        elif kind in _MEASURES | _SHARES | {"MONEY", "RMULT", "PERIOD"}:
            found.append((i, end, kind))
        i = end
    return found[0] if len(found) == 1 else None


def _asks_for_nothing(rest: Sequence[Token]) -> bool:
    """Whether the words beside the figure are neutral, or of the roles that figures have."""
    words = {word for token in rest for word in words_of([token])}
    if words & persons() or _is_of_others(rest):
        return False
    known = frozenset(kind for role in _ROLES.values() for kind in role.named | role.beside)
    if any(word not in _CARRYING for token in rest if token.kind == "UNKNOWN" for word in words_of([token])):
        return False
    return all(token.kind in _NEUTRAL or token.kind in known for token in rest)


def _is_of_others(rest: Sequence[Token]) -> bool:
    """ "Larry uses a 5% stop": what somebody else does."""
    for one, two in pairwise(rest):
        if (
            one.kind in {"UNKNOWN", "TICKER"}
            and two.kind in {"USEV", "PLACE", "RISKV", "HAS"}
            and one.text[:1].isupper()
        ):
            return True
    return False


def _as_said(figure: Sequence[Token], kind: str, rest: Sequence[Token], *, risked: bool) -> tuple[Statement, ...]:
    """What the grammar makes of the figure behind its role, where the words are of one role and of no other."""
    kinds = {token.kind for token in rest} - _NEUTRAL
    fitting = []
    for name, role in _ROLES.items():
        named = bool(kinds & role.named) or (name == "RISKV" and risked)
        if named and kind in role.figures and kinds <= role.named | role.beside:
            fitting.append(name)
    if "TRAILING_STOP" in fitting and "STOP" in fitting:
        fitting.remove("STOP")
    if len(fitting) != 1:
        return ()
    name = fitting[0]
    by_kind = {token.kind: token for token in rest}
    head = next((by_kind[one] for one in (name, *_ROLES[name].named) if one in by_kind), figure[0])
    said = [replace(head, kind=name), *figure]
    way = next((by_kind[one] for one in ("BELOW", "ABOVE", "OVER") if one in by_kind), None)
    if "ENTRY" in by_kind and way is None and not {"FROM", "AWAY"} & kinds:
        return ()  # "at 5% of the entry price"
    if way is not None and name in {"STOP", "TARGET"}:
        said += [way, by_kind.get("ENTRY", replace(way, kind="ENTRY", text="entry"))]
    if name == "COOLDOWN" and "COOLDOWN" not in by_kind and not {"AFTER_EXIT", "BEFORE_ENTRY"} & kinds:
        return ()  # "we wait 5 bars": for what
    if name == "RISKV":
        if "EQUITY" not in by_kind and kind == "PERCENT":
            return ()
        said += [by_kind["EQUITY"]] if "EQUITY" in by_kind else []
    if name == "SIZE":
        if not {"PER_TRADE", "TRADE", "POSITION", "SIZE", "PLACE"} & {token.kind for token in rest}:
            return ()  # "30% of equity is enough": of what
        share = by_kind["EQUITY"]
        said = [replace(share, kind="SIZE", text="size"), *figure, replace(share, kind="OF", text="of"), share]
    read = meanings(said, "sentence")
    return read[0] if len(read) == 1 else ()
