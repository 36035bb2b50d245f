"""What can never be meant, in words that are not read otherwise: a stop of 0 %, a 0-day average, a negative target.

Such a clause is no matter of wording: it is refused with its reason, where what is only not understood is asked about.
"""

import re
from collections.abc import Mapping, Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.syntax import Period

IMPOSSIBLE = "impossible: "
FIELDS: Mapping[str, str] = {
    "entry": "/entry_rules",
    "exit": "/exit_rules",
    "stop": "/risk/stop_loss",
    "target": "/risk/take_profit",
    "size": "/sizing",
    "cooldown": "/filters/cooldown_bars",
}
"""Where in the document a clause of a topic would have stood."""
_DISTANCES = frozenset({"PERCENT", "BPS", "PIPS", "POINTS", "MONEY", "RMULT", "TIMES"})
_AWAY: Mapping[str, str] = {
    "STOP": "a stop {} from the entry protects nothing: it lies at a distance above 0",
    "TRAILING_STOP": "a trailing stop lies at a distance above 0",
    "TRAIL": "a trailing stop lies at a distance above 0",
    "TARGET": "a target lies on the winning side of the entry, at a distance above 0",
}
_BETWEEN = frozenset("AT OF IS COLON EQ TO".split())
_LINES = frozenset({"MA", "IND", "OUT", "ATR", "CHANNEL"})
_NAMED_SIDE = re.compile(r"(?i)\b(?:below|under|beneath|underneath|lower|above|over|higher)\b")
_OF_ENTRY = frozenset({"BELOW", "ABOVE", "OVER"})


def why_impossible(clause: Sequence[Token]) -> str | None:
    """The reason why a clause that is not read can't be meant, None where it may be."""
    for i, token in enumerate(clause):
        said = _of_length(clause, i) or _of_distance(clause, i) or _of_size(clause, i)
        if said is not None:
            return f"{IMPOSSIBLE}{said.format(token.text)}"
    return None


def no_length(count: float) -> str | None:
    """Why nothing is so many bars long, None where the number may be a length."""
    return None if count >= 1 else f"{IMPOSSIBLE}{count:g} is no number of bars, which is 1 at least"


def on_other_side(words: str, side: str, *, target: bool) -> str | None:
    """Why a target is not below the entry of a long, and no stop above it; a sign alone ("entry - 5%") may be loose."""
    if _NAMED_SIDE.search(words) is None:
        return None
    way = "below" if target == (side == "long") else "above"
    end = "a target closes at a gain" if target else "a stop closes at a loss"
    return f"{IMPOSSIBLE}{way} its entry a {side} position is at a {'loss' if target else 'gain'}, and {end}"


def _number(token: Token) -> float | None:
    if isinstance(token.value, Period):
        return token.value.count
    return float(token.value) if isinstance(token.value, int | float) else None


def _of_length(clause: Sequence[Token], i: int) -> str | None:
    value, after = _number(clause[i]), clause[i + 1].kind if i + 1 < len(clause) else ""
    if value is None or value >= 1:
        return None
    if clause[i].kind == "PERIOD" or (clause[i].kind == "NUMBER" and value <= 0 and after in _LINES - {"ATR"}):
        return "{} is no number of bars, which is 1 at least"
    return None


def _of_distance(clause: Sequence[Token], i: int) -> str | None:
    """A distance of nothing or less, right beside the stop or target that it is said of."""
    value = _number(clause[i])
    measured = clause[i].kind in _DISTANCES or [one.kind for one in clause[i : i + 2]] == ["NUMBER", "ATR"]
    if value is None or value > 0 or not measured:
        return None
    end = i + 2 if clause[i].kind == "NUMBER" else i + 1
    behind = clause[end].kind if end < len(clause) else ""
    at = i - 1
    while at >= 0 and clause[at].kind in _BETWEEN:
        at -= 1
    label = behind if behind in _AWAY else clause[at].kind if at >= 0 and clause[at].kind in _AWAY else ""
    if not label or (value < 0 and label != "TARGET") or {one.kind for one in clause[end : end + 2]} & _OF_ENTRY:
        return None  # "-5% stop" lies 5 % below
    return _AWAY[label]


def _of_size(clause: Sequence[Token], i: int) -> str | None:
    value, kinds = _number(clause[i]), [one.kind for one in clause[i : i + 3]]
    before = clause[i - 1].kind if i else ""
    if value is None:
        return None
    of_account = kinds[0] == "PERCENT" and ("EQUITY" in kinds[1:])
    risked = kinds[0] == "PERCENT" and before == "RISKV"
    if value <= 0 and (of_account or risked or kinds[:2] == ["NUMBER", "SHARES"]):
        return "{} is no size of a position"
    if risked and value > 100:
        return "no trade can risk {} of the account, which is more than all of it"
    return None
