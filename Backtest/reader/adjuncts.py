"""Adjuncts beside a rule or a setting that decide nothing: what a stop is for, that it stands from the entry on.

A protection is there from the fill on (rule 15 and after), so "once I'm in" or "on entry" beside its figure says
nothing more; "once in profit", "stop at entry" are other things and left to be read.
"""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.remarks import LIGHT

_SAFE = (
    r"(?:(?:final|last|extra|additional|ultimate|simple|basic|catastrophe|catastrophic|disaster|emergency|hard|"
    r"general|capital|downside|crash) )*"
    r"(?:insurance(?: policy)?|safety (?:net|measure|valve|belt)|safety|backstop|back-stop|precaution|"
    r"precautionary measure|fail-?safe|safeguard|cushion|protection|seat ?belt|guard ?rail|airbag|parachute|"
    r"(?:last |first )?line of defen[cs]e|last resort|emergency (?:brake|exit)|circuit breaker|damage control|hedge "
    r"against disaster)"
)
_MINE = r"(?:(?:the|my|our|an?|your) )?"
_PURPOSES = (
    rf"as {_MINE}{_SAFE}",
    rf"by way of {_MINE}(?:insurance|protection|precaution|safety)",
    r"for (?:(?:my|our|added|extra|more|some|a bit of|the sake of) )*(?:safety(?:['’]s sake| reasons| purposes)?|"
    r"protection|peace of mind|good measure|insurance|risk (?:control|management|reasons|purposes)|simplicity"
    r"(?:['’]s sake)?|clarity(?:['’]s sake)?|discipline|consistency|comparability|sanity(?:['’]s sake)?|comfort)",
    rf"(?:in order )?to (?:protect|preserve|safeguard|defend|shield) {_MINE}(?:trading )?(?:capital|account|money|"
    r"equity|downside|stake|bankroll|savings|nest egg|gains?|profits?|open profits?|what (?:i|we) have)",
    rf"(?:in order )?to (?:limit|cap|contain|control|reduce|manage|minimi[sz]e) {_MINE}(?:risks?|damage|loss(?:es)?|"
    r"downside|drawdowns?|exposure to bad luck)",
    rf"(?:in order )?to (?:keep|hold) {_MINE}(?:losses|risk|drawdowns?|things|damage|the damage) (?:small|in check|"
    r"under control|limited|manageable|tight|sane|bearable|low)",
    r"to (?:be|stay|play it) (?:safe|on the safe side)|to avoid (?:a )?(?:disasters?|catastrophes?|ruin|blow-?ups?|"
    r"blowing up)",
    r"without (?:exceptions?|fail|hesitation|discussion|emotion|question)|no questions asked|no matter what"
    r"(?: happens)?|no exceptions|like clockwork|religiously|come what may|no ifs(?:,? (?:and|no) buts|,? or buts)?|"
    r"mechanically|systematically",
)
_AIM = re.compile(  # "Protect profits with a trailing stop", "manage the trade with a 5% stop": with what alone
    rf"(?i)(?<![\w'’-])(?:(?:i|we) )?(?:(?:protect|lock in|secure|guard|preserve|safeguard) {_MINE}(?:open |paper )?"
    r"(?:profits?|gains?|winners?|capital)|(?:manage|handle|control|run|ride) (?:(?:the|each|every|my|all|open|any) )*"
    r"(?:trades?|positions?|winners?|exits?|risk))(?= (?:with|using|by|via) )"
)
_PURPOSE = re.compile(rf"(?i)(?<![\w'’-])(?:{'|'.join(_PURPOSES)})(?![\w'’-])")
_I_AM = r"(?:(?:i|we|you|it)(?:['’](?:m|re|s)| am| are| is)|i got|we got|i get)"
_ORDER = r"(?:(?:the|my|our|a|an|each|every|any|that|this) )*(?:new )?(?:trade|position|order|entry|fill)"
_SOON = (
    r"(?:(?:right|immediately|directly|straight|just) )?(?:once|when|as soon as|after|the moment|the minute|whenever)"
)
_PLACED = (
    r"(?:is|gets|has been|are|was) (?:on|open(?:ed)?|filled|live|executed|placed|entered|established|taken|in place)"
)
_ENTERED = (
    rf"{_SOON} {_I_AM} (?:in|filled|invested|in (?:the|a) (?:trade|position|market))"
    r"(?! (?:profit|the (?:money|green|black|plus|red)|a (?:profit|gain|loss)|front|positive))",
    r"(?:once|when) (?:in|inside)(?: (?:a|the|my) (?:trade|position|market))?(?=\s*(?:[,.;:!]|$))",
    r"(?:once|when|as soon as) (?:filled|executed|entered)(?=\s*(?:[,.;:!]|$))",
    rf"{_SOON} {_ORDER} {_PLACED}|(?:once|when|as soon as) {_ORDER} (?:fills|opens|executes)",
    r"(?:up)?on (?:the )?(?:entry|fill|entering|opening (?:the |a )?(?:trade|position))",
    r"(?:at|from) (?:the )?(?:moment|time|point) of (?:the )?(?:entry|fill|purchase)|(?:right )?(?:after|from) the fill"
    r"(?: on)?|(?:right|immediately|directly) after (?:the )?(?:entry|fill)",
    r"from (?:day one|the first (?:day|bar|minute|moment)(?: on)?|the word go|the get-?go|the very start)",
)
_AT_ENTRY = re.compile(rf"(?i)(?<![\w'’-])(?:{'|'.join(_ENTERED)})(?![\w'’-])")
_GUARDS = frozenset({"STOP", "TRAILING_STOP", "TRAIL", "TARGET", "RISKV"})
_FIGURES = frozenset({"PERCENT", "ATR", "PIPS", "POINTS", "MONEY", "RMULT", "BPS"})
_LATER = frozenset({"BREAK_EVEN", "IN_PROFIT", "MOVE_STOP", "MOVE", "HALF", "THIRD", "REST"})


def of_adjuncts(sentence: Sequence[Token], text: str) -> list[Token]:
    """The tokens of `sentence` that only say what something is for, or that it holds from the entry on."""
    begin, end = sentence[0].start, sentence[-1].end
    spans = [one.span() for one in _PURPOSE.finditer(text, begin, end)]
    kinds = {token.kind for token in sentence}
    if kinds & _GUARDS and kinds & _FIGURES:
        spans += [one.span() for one in _AIM.finditer(text, begin, end)]
    if kinds & _GUARDS and kinds & _FIGURES and not kinds & _LATER:
        spans += [one.span() for one in _AT_ENTRY.finditer(text, begin, end)]
    found = [token for token in sentence if any(a <= token.start and token.end <= b for a, b in spans)]
    beside = [token for token in sentence if token not in found]
    if not found or all(token.kind in LIGHT for token in beside):
        return []
    return [*found, *_comma_after(sentence, found)]


def _comma_after(sentence: Sequence[Token], found: Sequence[Token]) -> list[Token]:
    """The comma behind an adjunct that begins its sentence."""
    for i, token in enumerate(sentence):
        if token not in found and token.kind != "NOISE":
            return [token] if i and token.kind == "COMMA" else []
    return []
