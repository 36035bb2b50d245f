"""Figures put in the places that they fit: by their kind, their unit, the number that stands there and its rule."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from Backtest.reader.clause import Clause
from Backtest.reader.edit_lengths import new_lengths
from Backtest.reader.edit_numbers import new_amount
from Backtest.reader.edit_places import Place, places, with_number
from Backtest.reader.edit_settings import in_order
from Backtest.reader.edit_syntax import InOrder, NewAmount, NewPeriod
from Backtest.reader.exchange_syntax import NewThat
from Backtest.reader.exchanges import new_that
from Backtest.reader.figure_syntax import Figure, NewFigures, NewTrailStart
from Backtest.reader.scales import PRICE_LIKE
from Backtest.reader.scope import Unread
from Backtest.reader.statement_syntax import ExitSaid, TrailSaid
from Backtest.reader.syntax import Extreme, Literally, Mention, Relation, Span

_KINDS = {
    "number": frozenset(
        {"level", "length", "window", "setting", "percent", "times", "pips", "points", "atr", "r", "shares"}
    ),
    "period": frozenset({"length", "window"}),
    "times": frozenset({"times", "atr"}),
}
_LENGTHS = frozenset({"length", "window"})
_DISTANCES = frozenset({"percent", "pips", "points", "atr", "money"})
_FURTHEST = 100.0  # a level further away may be a price
_ROLES = frozenset({"entry", "exit", "long", "short"})
_APART = frozenset({"stop", "target", "trail"})


def new_figures(clauses: list[Clause], change: NewFigures) -> list[Clause]:
    """The clauses with the new numbers. Raises Unread where a number fits no place, or several."""
    told = [one for one in places(clauses) if change.names <= one.names and change.way in {"", one.way}]
    if len(change.new) > 1:
        return _in_order(clauses, told, change)
    (new,) = change.new
    kinds = _KINDS.get(new.kind, {new.kind}) | ({"band"} if "band" in change.names else set())
    fitting = [one for one in told if one.kind in kinds]
    if change.old is not None:
        fitting = [one for one in fitting if _is_old(one, change.old)]
    if any(one.kind != "band" for one in fitting):
        fitting = [one for one in fitting if one.kind != "band"]
    elsewhere = {one.line for one in places(clauses) if one.line is not None and not change.names <= one.names}
    meant = _meant(_lines(fitting), elsewhere, change)
    if meant is None:
        raise Unread(f"it is not clear what becomes {new.value:g}", change.span, "edit")
    return _put(clauses, meant, new)


def _lines(found: Sequence[Place]) -> list[list[Place]]:
    """The places by what they are a number of: mentions of one indicator are one."""
    lines: dict[object, list[Place]] = {}
    for one in found:
        lines.setdefault(one.line if one.line is not None else (one.clause, one.path), []).append(one)
    return list(lines.values())


def _is_old(place: Place, old: Figure) -> bool:
    return abs(place.value - old.value) < 1e-9 and place.kind in _KINDS.get(old.kind, {old.kind}) | (
        _KINDS["number"] if old.kind == "number" else frozenset()
    )


def _meant(lines: list[list[Place]], elsewhere: set[object], change: NewFigures) -> list[Place] | None:
    """The one line that a figure is for; of several lengths the one in its unit, of level and length the nearer.

    `elsewhere`: the indicators that other rules speak of too, whose length a number for this rule does not change.
    """
    (new,) = change.new
    if change.names & {"entry", "exit"} and (new.kind == "number" or not change.names - _ROLES):
        lines = [one for one in lines if one[0].kind not in _LENGTHS or one[0].line not in elsewhere]
    if len(lines) == 1 and (new.kind != "number" or change.old is not None or lines[0][0].kind != "setting"):
        return lines[0]
    if new.kind == "period":
        alike = [one for one in lines if one[0].unit == new.unit]
        return alike[0] if len(alike) == 1 and change.old is None else None
    if new.kind != "number" or change.old is not None or not change.names:
        return None
    levels = [one for one in lines if one[0].kind == "level"]
    lengths = [one for one in lines if one[0].kind in _LENGTHS]
    if len(levels) != 1 or len(levels) + len(lengths) != len(lines):
        return None
    apart = abs(levels[0][0].value - new.value)
    nearer = all(apart < abs(one[0].value - new.value) for one in lengths)
    return levels[0] if new.value <= 0 or new.value != int(new.value) or nearer else None


def _in_order(clauses: list[Clause], told: Sequence[Place], change: NewFigures) -> list[Clause]:
    """As many figures as the strategy has stops and targets, or numbers of another kind, in the order of the text."""
    kinds = {one.kind for one in change.new}
    if len(kinds) > 1:
        raise Unread("figures of several kinds", change.span, "edit")
    (kind,) = kinds
    apart = [one for one in told if one.names & _APART and one.kind in _DISTANCES and (kind in {"number", one.kind})]
    levels = [one for one in told if one.kind == "level" and kind == "number"]
    lengths = [one for one in told if one.kind in _LENGTHS and kind in {"number", "period"}]
    fitting = [lines for lines in map(_lines, (apart, levels, lengths)) if len(lines) == len(change.new)]
    if len(fitting) != 1:
        raise Unread("it is not clear which numbers are changed", change.span, "edit")
    old = [one[0].value for one in fitting[0]]
    new = [one.value for one in change.new]
    if sorted(range(len(old)), key=old.__getitem__) != sorted(range(len(new)), key=new.__getitem__) or len(
        {*new}
    ) < len(new):
        raise Unread("which number takes the place of which", change.span, "edit")
    for lines, figure in zip(fitting[0], change.new, strict=True):
        clauses = _put(clauses, lines, figure)
    return clauses


def _put(clauses: list[Clause], meant: Sequence[Place], new: Figure) -> list[Clause]:
    out = list(clauses)
    for one in meant:
        said = with_number(out[one.clause].said, one.path, new.value / one.scale, new.unit)
        out[one.clause] = replace(out[one.clause], said=said)
    return out


def amount_or_figure(clauses: list[Clause], change: NewAmount) -> list[Clause]:
    """ "make it 12%": the one stop, target or trail measured so, else the one place of a figure of this kind."""
    new = Figure(change.distance.kind, change.distance.value)
    return _either(clauses, lambda: new_amount(clauses, change), NewFigures((new,), span=change.span))


def length_or_figure(clauses: list[Clause], change: NewPeriod) -> list[Clause]:
    """ "20 bars": the one length, else the one that is counted in bars."""
    said = change.period
    new = Figure("period", said.count, said.unit) if said is not None else Figure("number", change.number or 0.0)
    old = Figure("period", change.old) if change.old is not None else None
    return _either(clauses, lambda: new_lengths(clauses, change), NewFigures((new,), old, span=change.span))


def that_or_figure(clauses: list[Clause], change: NewThat) -> list[Clause]:
    """ "Actually 30": the one number of what was said last, whatever it measures."""
    new = NewFigures((Figure("number", change.value),), span=change.span)
    return _either(clauses, lambda: new_that(clauses, change), new)


def number_in_order(clauses: list[Clause], change: InOrder) -> list[Clause]:
    """ "20 and 10": lengths, levels or settings, else stops and targets, in the order of the text."""
    kind = "period" if change.unit else "number"
    new = tuple(Figure(kind, count, change.unit or "") for count in change.counts)
    if change.kind == "levels" or change.line is not None:
        return in_order(clauses, change)
    return _either(clauses, lambda: in_order(clauses, change), NewFigures(new, span=change.span))


def _either(clauses: list[Clause], first: Callable[[], list[Clause]], change: NewFigures) -> list[Clause]:
    """What `first` makes of it, else the places that the figures fit. Raises what it raised where they fit none."""
    try:
        return first()
    except Unread as unread:
        try:
            return new_figures(clauses, change)
        except Unread:
            raise unread from None


def new_trail_start(clauses: list[Clause], change: NewTrailStart) -> list[Clause]:
    """The one trailing stop begins after that gain. Raises Unread where there is none, or several."""
    mine = [c for c in clauses if isinstance(c.said, TrailSaid)]
    said = mine[0].said if len(mine) == 1 else None
    if not isinstance(said, TrailSaid):
        raise Unread("which trailing stop begins there", change.span, "edit")
    placed = replace(mine[0], said=replace(said, after=change.after))
    return [placed if one is mine[0] else one for one in clauses]


def exit_beyond(clauses: list[Clause], said: ExitSaid, span: Span) -> list[Clause] | None:
    """ "Flat below 40", "exit on the 5-day low" where the one exit is beyond another level or extreme of the same kind.

    None where it may be another exit.
    """
    exits = [(c, c.said) for c in clauses if isinstance(c.said, ExitSaid)]
    new = said.when
    if len(exits) != 1 or not isinstance(new, Relation):
        return None
    ((clause, before),) = exits
    old = before.when
    if not isinstance(old, Relation) or not _is_same_side(before, said):
        return None
    if not _is_alike(new.right, old.right) or not _is_of_same_line(new, old):
        return None
    put = replace(old, right=new.right, span=span)
    placed = replace(clause, said=replace(said, when=put, verb=before.verb), span=span)
    return [placed if one is clause else one for one in clauses]


def _is_same_side(old: ExitSaid, new: ExitSaid) -> bool:
    if old.portion is not None or new.portion is not None:
        return False
    return new.verb in {"exit", old.verb} or old.verb == "exit"


def _is_alike(new: object, old: object) -> bool:
    """Whether both are levels, or both highs or lows of so many bars."""
    if isinstance(new, Literally) and isinstance(old, Literally):
        return new.unit == old.unit == "" and abs(new.value - old.value) <= _FURTHEST
    if not isinstance(new, Extreme) or not isinstance(old, Extreme):
        return False
    return replace(new, period=old.period) == old


def _is_of_same_line(new: Relation, old: Relation) -> bool:
    """Whether both are beyond on the same side; the new one does not say what is, so it is no exit of its own."""
    ways = [{"cross_below": "<", "cross_above": ">"}.get(one.op, one.op[:1]) for one in (new, old)]
    if ways[0] != ways[1] or ways[0] not in {"<", ">"}:
        return False
    of_price = isinstance(old.left, Mention) and old.left.name in PRICE_LIKE
    return new.left is None and not of_price
