"""What several distances are measured in, said once: "SL 30, TP 60 (in pips)", "stop 30, target 60 pips"."""

from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.lexicon import Token

_KINDS = {
    **dict.fromkeys(("pips", "pip"), "PIPS"),
    **dict.fromkeys(("points", "point"), "POINTS"),
    **dict.fromkeys(("%", "percent", "pct", "percents", "percentages"), "PERCENT"),
}
_LABELS = frozenset({"STOP", "TARGET", "TRAILING_STOP", "TRAIL"})
_BEFORE_NUMBER = frozenset({"AT", "OF", "IS", "COLON", "EQ"})
_JOINTS = frozenset({"COMMA", "AND", "SLASH"})


def with_units(content: list[Token]) -> list[Token]:
    """The bare numbers of stops and targets with the unit of their sentence; the mark that tells it is left out."""
    marks = _marks(content)
    if not marks:
        return _with_last(content)
    units = {unit for *_, unit in marks}
    numbers = _bare(content)
    out = list(content)
    for begin, end, unit in marks:
        near = [i for i in numbers if i >= end and all(one.kind in _BEFORE_NUMBER for one in content[end:i])]
        if begin and content[begin - 1].kind in _LABELS:
            told = near[:1]
        else:
            told = numbers if len(units) == 1 else [i for i in numbers if i == begin - 1]
        if not told:
            return content
        for i in told:
            out[i] = replace(content[i], kind=unit)
    left_out = {i for begin, end, _ in marks for i in range(begin, end)}
    return [token for i, token in enumerate(out) if i not in left_out]


def _marks(content: Sequence[Token]) -> list[tuple[int, int, str]]:
    """Where a unit stands without a number: "(pips)", "in pips", "both in percent"."""
    out: list[tuple[int, int, str]] = []
    for i, token in enumerate(content):
        unit = _KINDS.get(token.text.lower()) if token.kind == "UNKNOWN" else None
        if unit is None:
            continue
        begin, end = i, i + 1
        if begin and content[begin - 1].kind == "IN":
            begin -= 1
        if begin and content[begin - 1].kind in {"BOTH", "ALL", "COMMA"} and begin < i:
            begin -= 1
        if begin and content[begin - 1].kind == "LPAR" and content[end : end + 1] and content[end].kind == "RPAR":
            begin, end = begin - 1, end + 1
        if end - begin > 1:
            out.append((begin, end, unit))
    return out


def _bare(content: Sequence[Token]) -> list[int]:
    """The numbers that a stop or a target is said with, and nothing behind them that they measure."""
    out: list[int] = []
    for i, token in enumerate(content):
        if token.kind != "NUMBER":
            continue
        at = i - 1
        while at >= 0 and content[at].kind in _BEFORE_NUMBER | {"LPAR", "RPAR", "IN", "UNKNOWN"}:
            at -= 1
        after = content[i + 1].kind if i + 1 < len(content) else ""
        if at >= 0 and content[at].kind in _LABELS and after in _JOINTS | {"", "LPAR", "IN", "DASH"} | _LABELS:
            out.append(i)
    return out


def _with_last(content: list[Token]) -> list[Token]:
    """ "Stop 30, target 60 pips", "SL/TP: 30/60 pips": the unit behind the last of them."""
    kinds = [token.kind for token in content]
    out = list(content)
    for i in range(len(content) - 2):
        if kinds[i] != "NUMBER" or kinds[i + 1] not in _JOINTS:
            continue
        at = i + 2
        while at < len(kinds) and kinds[at] in _LABELS | _BEFORE_NUMBER | {"AND"}:
            at += 1
        labelled = _LABELS & {*kinds[i + 2 : at]} and i in _bare(content)
        if at < len(kinds) and kinds[at] in _KINDS.values() and (labelled or _of_both(kinds[:i])) and at > i + 1:
            out[i] = replace(content[i], kind=kinds[at])
    return out


def _of_both(before: Sequence[str]) -> bool:
    """Whether a stop and a target stand before their two distances."""
    named = [kind for kind in before if kind not in _BEFORE_NUMBER | _JOINTS | {"BOTH", "PLACE", "USEV", "WITH", "HAS"}]
    return len(named) == 2 and {*named} == {"STOP", "TARGET"}
