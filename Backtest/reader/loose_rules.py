"""Rules in any words around them: one condition, one action, and what only leads from the one to the other.

"The day the CCI crosses above 100 is the day I take the long", "wait for the golden cross, that's where I go long":
where the grammar knows no sentence of this shape, the longest condition and the one verb are put in the order that it
reads. A negation, a restriction, a hedge, a second verb, a figure outside the condition leaves the sentence unread.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token
from Backtest.reader.meanings import meanings
from Backtest.reader.phrases import persons
from Backtest.reader.statement_syntax import BareCondition, EntrySaid, ExitSaid, Statement
from Backtest.reader.titles import words_of

_ACTS = frozenset(
    "ENTER BUY LONG SHORT SELL EXIT COVER L_ENTRY L_EXIT L_LONG_ENTRY L_SHORT_ENTRY L_LONG_EXIT L_SHORT_EXIT ENTRY "
    "CLOSED".split()
)
_ENTRIES = {
    "L_ENTRY": "BUY",
    "L_LONG_ENTRY": "BUY",
    "L_SHORT_ENTRY": "SHORT",
    "L_EXIT": "EXIT",
    "L_LONG_EXIT": "SELL",
    "L_SHORT_EXIT": "COVER",
    "ENTRY": "ENTER",
    "CLOSED": "EXIT",
}
_BESIDE_ACT = frozenset({"HALF", "THIRD", "TWO_THIRDS", "QUARTER", "REST", "ALL"})
_LEADING = frozenset(
    "NOISE COMMA DASH COLON IS IT ITS THEN SETUP PLACE USEV TRADE POSITION MAKES SIGNAL_BAR THEREUPON FOR ON AT "
    "TO AS OF THATIS HAS L_RULES WAIT UNTIL_THEN THEM IN OPENED WHEN EACH_TIME".split()
)
_WORDS = frozenset(
    "that that's which this is it it's where what when here there then day bar moment point place time cue signal "
    "signals "
    "trigger triggers triggered fires fire go sign reason enough all need needed want wanted look looks looking "
    "watch watching "
    "watches wait waits waiting see sees seeing spot spots spotting happen happens occurs occur comes come gives "
    "give given "
    "giving get gets me us i i'm i'll i've we we'll we're you your my our the a an in into on out of at step "
    "second final "
    "last thing for so and now just simply always take takes taken position trade act acts pull order orders ready "
    "green light button plan rule system strategy setup tells tell says say makes make be becomes become counts "
    "as used use "
    "uses serves serve works work does do will price market entry exit calls call means mean".split()
) - frozenset({"if", "only"})
_NEVER = re.compile(
    r"\b(?:not|no|never|n't|don't|doesn't|won't|can't|only|unless|until|except|without|instead|maybe|perhaps|possibly|"
    r"sometimes|usually|often|would|could|might|may|used to|tried|tomorrow|yesterday I|ignore|skip|avoid|before|but|"
    r"either|neither|second one|others?|people|some|most|many|they|he|she|friend|crowd)\b"
)
_WAITED = re.compile(r"\b(?:until|before(?= (?:buy|sell|enter|exit|going|getting|short)))\b")
_WORDED = frozenset({"UNKNOWN", "OUT", "UNIT", "TARGET", "MOVE", "SECOND", "LAST"})
_JOINTS = frozenset({"AND", "COMMA", "DASH", "THEN"})
_LONGEST = 40


def loose_rules(content: Sequence[Token], text: str) -> tuple[Statement, ...]:
    """The rule, or the two rules, that a sentence says in whatever words; nothing where it may say more than that."""
    tokens = _with_trigger([token for token in content if token.kind != "NOISE" or _is_trigger(token)])
    tokens = _awaited(tokens)
    acts = _acts(tokens)
    if len(acts) != 2 or len(tokens) > _LONGEST:
        return _rule_of(tokens, text)
    for at in range(acts[0] + 1, acts[1]):
        if tokens[at].kind in _JOINTS:
            first, second = (_said(part, text) for part in (tokens[:at], tokens[at + 1 :]))
            if first and second:
                return (*first, *second)
    return ()


def _with_trigger(tokens: Sequence[Token]) -> list[Token]:
    """ "RSI crossing above 35 is the trigger", "a close that crosses above 50": the verb, and no relative."""
    acts = any(token.kind in _ACTS for token in tokens)
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if token.text.lower() == "that" and out and out[-1].kind == "CLOSE" and i + 1 < len(tokens):
            continue
        if not _is_trigger(token):
            out.append(token)
        elif not acts:
            out.append(replace(token, kind="ENTER"))
    return out


def _awaited(tokens: Sequence[Token]) -> list[Token]:
    """ "Wait until A before buying", "I wait till A to buy": what is waited for is the condition of the verb."""
    waits = any(token.kind == "WAIT" for token in tokens)
    acts = [i for i, token in enumerate(tokens) if token.kind in _ACTS]
    if not waits or len(acts) != 1:
        return list(tokens)
    return [
        replace(token, kind="COMMA", text=",")
        if (token.kind == "UNTIL" and i and tokens[i - 1].kind == "WAIT")
        or (token.kind == "BEFORE" and i + 1 == acts[0])
        else token
        for i, token in enumerate(tokens)
    ]


def _is_trigger(token: Token) -> bool:
    return token.text.lower().split()[-1:] == ["trigger"]


def _acts(tokens: Sequence[Token]) -> list[int]:
    """Where the verbs stand; "a long entry" is one."""
    return [
        i
        for i, token in enumerate(tokens)
        if token.kind in _ACTS and not (token.kind == "ENTRY" and i and tokens[i - 1].kind in {"BUY", "SHORT", "LONG"})
    ]


def _said(tokens: Sequence[Token], text: str) -> tuple[Statement, ...]:
    while tokens and tokens[0].kind in _JOINTS:
        tokens = tokens[1:]
    while tokens and tokens[-1].kind in _JOINTS:
        tokens = tokens[:-1]
    read = meanings(tokens, "sentence") if tokens else ()
    rules = read[0] if len(read) == 1 else ()
    if rules and all(isinstance(one, EntrySaid | ExitSaid) and one.when is not None for one in rules):
        return rules
    return _rule_of(tokens, text) if not read else ()


def _rule_of(tokens: Sequence[Token], text: str) -> tuple[Statement, ...]:
    acts = _acts(tokens)
    if len(acts) != 1 or not 4 <= len(tokens) <= _LONGEST:
        return ()
    written = text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")
    if {word for token in tokens for word in words_of([token])} & (persons() - {"i", "we", "you"}):
        return ()
    act = acts[0]
    begin, end = act, act + 1
    while begin and tokens[begin - 1].kind in _BESIDE_ACT:
        begin -= 1
    while end < len(tokens) and tokens[end].kind in _BESIDE_ACT | {"ENTRY"}:
        end += 1
    if [token.kind for token in tokens[end : end + 2]] == ["NUMBER", "SHARES"]:
        end += 2
    for first, after in _spans(tokens, begin, end):
        rest = [*tokens[:first], *tokens[after:]]
        if any(not _leads(token) for token in rest if not tokens[begin].start <= token.start < tokens[end - 1].end):
            continue
        outside = (
            written[: tokens[first].start - tokens[0].start] + " " + written[tokens[after - 1].end - tokens[0].start :]
        )
        waited = any(token.kind == "WAIT" for token in tokens)
        if _NEVER.search(_WAITED.sub(" ", outside) if waited else outside):
            continue
        condition = meanings(tokens[first:after], "item")
        if len(condition) != 1 or not (len(condition[0]) == 1 and isinstance(condition[0][0], BareCondition)):
            continue
        if rule := _rule(tokens[begin:end], tokens[first:after]):
            return rule
    return ()


def _spans(tokens: Sequence[Token], begin: int, end: int) -> list[tuple[int, int]]:
    """Where the condition may stand, before or behind the verb, the longest first."""
    spans = [
        (i, j)
        for low, high in ((0, begin), (end, len(tokens)))
        for i in range(low, high)
        for j in range(i + 2, high + 1)
    ]
    return sorted(spans, key=lambda span: span[0] - span[1])


def _leads(token: Token) -> bool:
    """Whether a token only leads from the condition to the verb."""
    if any(sign.isdigit() for sign in token.text):
        return False
    if token.kind in _LEADING or token.text.lower() == "where":
        return True
    return token.kind in _WORDED and all(word in _WORDS for word in words_of([token]))


def _rule(act: Sequence[Token], condition: Sequence[Token]) -> tuple[Statement, ...]:
    when = replace(condition[0], kind="WHEN", text="when", value=None, end=condition[0].start)
    nouns = len(act) > 1
    verb = [replace(one, kind=_ENTRIES.get(one.kind, one.kind)) for one in act if not (nouns and one.kind == "ENTRY")]
    read = meanings([*verb, when, *condition], "sentence")
    if len(read) != 1 or not all(isinstance(one, EntrySaid | ExitSaid) for one in read[0]):
        return ()
    span = (min(act[0].start, condition[0].start), max(act[-1].end, condition[-1].end))
    return tuple(replace(one, span=span, lead=None) for one in read[0] if isinstance(one, EntrySaid | ExitSaid))
