"""Why a rule is, told behind it or before it: "because it is cheap", "so I can sleep at night".

A reason changes nothing of its rule, which is read without it. What holds a number, a comparison, a condition, a time,
or a habit of trading ("because I only trade mornings") is no reason alone, and stays what the sentence says.
"""

import re
from collections.abc import Sequence

from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import weighty
from Backtest.reader.remarks import LIGHT
from Backtest.reader.titles import words_of

_FIGURES = frozenset(
    "NUMBER PERCENT MONEY PIPS POINTS BPS RMULT RATIO PERIOD TIMES ORDINAL DECIMAL_COMMA GT LT GE LE EQ CROSS ABOVE "
    "BELOW OVER BETWEEN OUTSIDE WHEN WHILE EACH_TIME ONLYWHEN UNLESS EXCEPT UNTIL CLOCK WEEKDAY DATE TF SESSION "
    "NO_TRADES UNSUPPORTED INSTRUCTION ILLICIT NO_STOP NO_TARGET LONG_ONLY SHORT_ONLY COLUMN".split()
)
"""What a reason never holds."""
_BECAUSE = frozenset("because cause cuz coz becuase becasue beacuse becouse becaus bcs bc".split())
_DENIALS = frozenset("not just only simply even partly never don't dont won't didn't no unless except avoid".split())
_PURPOSE = re.compile(
    r"(?i)(?:just |and )?so (?:that )?(?:i|we|my \w+|nobody|it) (?:(?:can|could|don't|dont|do not|won't|will|"
    r"am not|'m not|sleep|feel)\b)|(?:just )?to (?:be able to |let me |help me )?(?:sleep|keep me sane|stay sane|"
    r"keep my sanity|stay calm|feel safe|have peace)\b|which is why\b|which keeps\b"
)
_FEARS = re.compile(  # what people will not bear: no rule, though it is in their words
    r"(?i)^(?:(?:give|giving|hand) (?:it|them|everything|my (?:profits?|gains?|money|winners?))(?: all)? back|blow up|"
    r"lose (?:sleep|everything|my (?:shirt|nerves?|mind|head|house)|it all|too much)|panic|overthink|overtrade|"
    r"get (?:greedy|scared|shaken out|wiped out|burned|burnt|nervous)|worry|go (?:broke|crazy|mad)|"
    r"(?:have to|need to|must) (?:watch|stare|sit|babysit|think|worry|check)\b.*)(?: (?:too much|about it|again|"
    r"much|at all))*$"
)
_IN_CASE = re.compile(r"(?i)(?:just )?in case (?:(?:it|something|things|the (?:market|stock|price|trade)|i|we)\b|of\b)")
_WORLD = re.compile(  # "tech names can do that overnight"
    r"(?i)(?:(?:as|since|tech|growth|small|such|these|those|most|some|many|all) )*"
    r"(?:names|stocks|markets|companies|things|prices|coins|currencies|anything|everything|the market|it all) "
    r"(?:can|could|may|might) (?:always |easily |also |well )?(?:do|be|get|go|happen|move|turn|gap|fall|drop|"
    r"crash|break)\b"
)
_APART = re.compile(  # what a condition means to its author: ", the point where sellers are exhausted"
    r"(?i)(?:(?:that is|that['’]s|it['’]s|usually|often|typically|generally) )?(?:"
    r"the (?:point|moment|place|level|zone|area|time|spot) (?:where|when|at which|that)\b|"
    r"which is (?:when|where|what|how|usually|often|typically|generally|a|an|the)\b|"
    r"an? (?:(?:classic|typical|textbook|sure|good|nice|clear|strong|common|telltale|tell-tale|oversold|overbought) )*"
    r"(?:signs?|signals?|hints?|marks?|symptoms?|readings?|indications?|place|spot|sweet spot)\b|"
    r"back to (?:neutral|normal|earth|base|fair value|equilibrium)\b|"
    r"(?:usually|often|typically) (?:a|the|when|where)\b)"
)
_HARM = re.compile(
    r"(?i)(?:just )?so (?:that )?(?:(?:one|no|a|any|the|single|bad|big|losing|unlucky) )+(?:losers?|loss|losses|"
    r"trades?|mistakes?|positions?|names?|stocks?|crash|gaps?|streaks?|days?|accidents?) (?:can|could|will|won't|"
    r"can't|cannot|doesn't|does|never|ever)\b"
)
_KEEPS = re.compile(
    r"(?i)(?:just |only |simply )?to (?:keep|limit|cap|contain|control) (?:the |my |our )?(?:losses|loss|"
    r"damage|downside|"
    r"pain)(?: (?:small|limited|in check|under control|down|manageable|bearable))?(?! to\b| at\b| below\b)\b|"
    r"(?:(?:which|that|it|and) )?(?:keeps|lets) (?:me|us) (?:sane|calm|honest|safe|humble|alive|in the game|"
    r"out of trouble|sleep|sleeping|solvent|relaxed|cool)\b"
)
_MEANT = re.compile(
    r"(?i)(?:to|in order to) (?:protect|guard|insure|shield|defend)(?: (?:myself|me|us|my \w+|the account))? "
    r"(?:against|from) [^,.;:\n]*?(?=,| (?:i|we|there|every|each|a|all)\b(?! (?:big|bad|sudden|nasty|crash)))"
)
_MORE = frozenset(
    "add adds scale double reduce trim lock tighten trail move raise wait stay only never unless until except "
    "but".split()
)
_PROTECTIONS = frozenset({"STOP", "TRAILING_STOP", "TRAIL"})
_HABITS = frozenset("only never always avoid skip until till unless except prefer".split())
_REFUSED = frozenset("don't dont won't can't cannot not do".split())
_SIDES = frozenset("BUY SELL LONG SHORT ENTER EXIT COVER HOLD TRADE STOP TARGET".split())


def reasons(sentence: Sequence[Token], text: str) -> list[Token]:
    """The tokens of reasons in a sentence, with the signs that part them from their rules."""
    found: list[Token] = _is_meant(sentence, text)
    begin = len(found)
    while begin < len(sentence):
        kind = _opens(sentence, begin, text)
        if not kind:
            begin += 1
            continue
        end = _end(sentence, begin)
        if _is_only_why(kind, sentence[begin:end], text) and not _is_denied(sentence[:begin]):
            found += _with_signs(sentence, begin, end)
        begin = end
    return found


def _opens(sentence: Sequence[Token], at: int, text: str) -> str:
    token = sentence[at]
    if token.text.lower() in _BECAUSE and token.kind in {"UNKNOWN", "NOISE"}:
        return "because"
    written = text[token.start : sentence[-1].end].replace("’", "'")
    if _IN_CASE.match(written):
        kinds = {one.kind for one in sentence[:at]}
        if kinds & _PROTECTIONS and not kinds & {"MAKE", "MOVE_STOP", "BREAK_EVEN"}:
            return "case"
    if _WORLD.match(written) and at and sentence[at - 1].kind in {"COMMA", "DASH", "LPAR"}:
        return "world"
    if _APART.match(written) and at and sentence[at - 1].kind in {"COMMA", "DASH", "LPAR"}:
        return "apart"
    if at and (_HARM.match(written) or _KEEPS.match(written)):
        return "harm"
    purpose = _PURPOSE.match(written)
    before = text[: token.start].rstrip()[-1:]
    if purpose is not None and (before.isalnum() or before in {",", "%", ")", "-"}):
        return "purpose"
    return ""


def _end(sentence: Sequence[Token], begin: int) -> int:
    """Where a reason ends: at a sign, or at what is done next."""
    for i in range(begin + 1, len(sentence)):
        if sentence[i].kind in {"COMMA", "DASH", "RPAR", "COLON", "LPAR", "ARROW"}:
            return i
        if sentence[i].kind in {"AND", "THEN", "OR"}:
            after = next((one.kind for one in sentence[i + 1 :] if one.kind != "NOISE"), "")
            if after in _SIDES | {"TRAIL", "TRAILING_STOP", "RISKV", "CLOSE"}:
                return i
    return len(sentence)


def _is_only_why(kind: str, part: Sequence[Token], text: str) -> bool:
    told = without_everyday(part[1:], text)
    if kind in {"apart", "harm"}:
        told = [token for token in part if token.start >= _opening_end(part[0], text)]
    if kind == "world":
        told = [token for token in told if token.text.lower() != "overnight"]
    if (len(part) < 2 and kind != "apart") or any(
        token.kind in _FIGURES or any(sign.isdigit() for sign in token.text) for token in told
    ):
        return False
    words = words_of(told)
    if kind in {"apart", "harm"}:
        return not any(token.kind in _SIDES | {"HALF", "THIRD", "QUARTER"} for token in told) and not {*words} & _MORE
    if kind in {"case", "world"}:  # a protection is for whatever comes; what the world may do is no rule
        return not any(token.kind in _SIDES for token in told)
    if kind == "because":
        if not {"i", "we", "i'm", "i've", "we're"} & {*words_of(part[1:3])}:
            return True
        refused = {*words} & _REFUSED and any(token.kind in _SIDES for token in told)
        return not ({*words} & _HABITS or refused)
    written = text[part[0].start : part[-1].end].replace("’", "'")
    opening = _PURPOSE.match(written)
    if opening is not None and _FEARS.match(written[opening.end() :].strip()):
        return True
    heavy = [token for token in told if token.kind not in LIGHT | {"MAKE"}]
    after = [word for token in told[2:] for word in words_of([token])]
    return not heavy and not {*after} & (weighty() - _REFUSED - {"keep", "keeps"})


def _opening_end(first: Token, text: str) -> int:
    matches = (one.match(text.replace("’", "'"), first.start) for one in (_APART, _HARM, _KEEPS))
    return next((one.end() for one in matches if one is not None), first.end)


def _is_meant(sentence: Sequence[Token], text: str) -> list[Token]:
    """ "To protect against bad news I use a 5% stop": what a protection is for, before it."""
    meant = _MEANT.match(text, sentence[0].start)
    if meant is None:
        return []
    part = [token for token in sentence if token.end <= meant.end()]
    rest = [token for token in sentence if token.start >= meant.end()]
    if not {token.kind for token in rest} & _PROTECTIONS:
        return []
    if any(token.kind in _FIGURES - {"UNSUPPORTED"} | _SIDES for token in part):
        return []
    return [*part, *rest[:1]] if rest[0].kind == "COMMA" else part


def _is_denied(before: Sequence[Token]) -> bool:
    """ "Never buy because it is cheap" denies the reason, not only the rule."""
    clause = list(before)
    for i in range(len(clause) - 1, -1, -1):
        if clause[i].kind in {"COMMA", "DASH", "COLON", "AND"}:
            clause = clause[i + 1 :]
            break
    denied = any(token.kind in {"NOT", "NO_TRADES"} for token in clause)
    return denied or bool({*words_of(clause)} & (_DENIALS - {"no", "just"})) or words_of(clause)[-1:] == ["just"]


def _with_signs(sentence: Sequence[Token], begin: int, end: int) -> list[Token]:
    """The reason with the comma before it, the brackets around it, or the comma behind one that begins a sentence."""
    first = next((i for i, one in enumerate(sentence) if one.kind != "NOISE"), begin)
    after = sentence[end].kind if end < len(sentence) else ""
    if begin <= first:
        return [*sentence[begin : end + 1]] if after == "COMMA" else []
    before = sentence[begin - 1].kind
    if before == "LPAR" and after == "RPAR":
        return [*sentence[begin - 1 : end + 1]]
    if before in {"COMMA", "DASH"} or (before == "AND" and after == ""):
        return [*sentence[begin - 1 : end]]
    return [*sentence[begin:end]]
