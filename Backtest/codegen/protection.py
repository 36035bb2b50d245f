"""Stops, targets, trails and break-even as source: what an order carries, and what each close does to an open trade."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from Backtest.canonical.risk import (
    AtrDistance,
    AtrGain,
    Gain,
    PercentDistance,
    PercentGain,
    PipsDistance,
    PriceDistance,
    PriceLevel,
    RGain,
    RMultiple,
)
from Backtest.canonical.rules import MarketOrder
from Backtest.canonical.spec import Spec
from Backtest.codegen.columns import Columns
from Backtest.codegen.source_text import Names

BOTH, LONG, SHORT = "both", "long", "short"
Distance = PercentDistance | AtrDistance | PriceDistance | PipsDistance


@dataclass(frozen=True)
class Level:
    """A stop or a target: `kind` names it in attributes; it is a percentage, a distance, or fixed at the signal."""

    kind: str
    rule: Distance | PriceLevel | RMultiple
    attribute: str


def sides_of(spec: Spec) -> str:
    """Which directions the entries take: "long", "short" or "both"."""
    sides = {rule.side for rule in spec.entry_rules}
    return BOTH if len(sides) == 2 else sides.pop()


def pip_size(spec: Spec) -> float:
    """0.0001 of price, for pairs with the yen 0.01 (rule 17)."""
    return 0.01 if any("JPY" in instrument.upper() for instrument in spec.instruments) else 0.0001


@dataclass(frozen=True)
class Entry:
    """Where a level is measured from, as source: a price, the bar whose ATR counts, and the side (`side` of "both")."""

    price: str
    atr_bar: str
    side: str

    def sign(self, towards: int) -> tuple[str, str]:
        """The operator that moves a price against (-1) or with (1) the trade, and a factor where `side` varies."""
        if self.side == BOTH:
            return ("-" if towards < 0 else "+"), "side * "
        return ("-" if (towards < 0) == (self.side == LONG) else "+"), ""


class Protection:
    """Writes the protection of one spec. `constants` are the class attributes it needs, name -> value."""

    def __init__(self, spec: Spec, columns: Columns, names: Names) -> None:
        self._spec, self._columns = spec, columns
        self._risk = spec.risk
        self._names = names
        self.side = sides_of(spec)
        self.has_waiting_orders = any(not isinstance(rule.order, MarketOrder) for rule in spec.entry_rules)
        self.constants: dict[str, float] = {}
        self.stop = self._level("stop_loss", self._risk.stop_loss)
        self.target = self._target()
        trail, even = self._risk.trailing_stop, self._risk.break_even
        self._trail = self._constant("trailing_stop", trail) if trail else ""
        self._trail_after = self._gain("trailing_stop_after", trail.after_gain if trail else None)
        self._even_after = self._gain("break_even_after", even.after_gain if even else None)

    def _gain(self, name: str, gain: Gain | None) -> str:
        """The class attribute that holds a gain, if there is one."""
        unit = {"percent": "pct", "r": "r", "atr": "atr"}
        return self._claim(f"{name}_{unit[gain.type]}", gain.value) if gain else ""

    # the class attributes

    def _constant(self, kind: str, rule: Distance) -> str:
        match rule:
            case PercentDistance():
                name, value = f"{kind}_pct", rule.value
            case AtrDistance():
                name, value = f"{kind}_atr", rule.multiple
            case PriceDistance():
                name, value = f"{kind}_distance", rule.value
            case PipsDistance():
                name, value = f"{kind}_distance", float(repr(round(rule.value * pip_size(self._spec), 10)))
        return self._claim(name, value)

    def _claim(self, name: str, value: float) -> str:
        attribute = self._names.claim(name)
        self.constants[attribute] = value
        return f"self.{attribute}"

    def _level(self, kind: str, rule: Distance | PriceLevel | None) -> Level | None:
        if rule is None:
            return None
        if isinstance(rule, PriceLevel):
            return Level(kind, rule, f"self.{self._names.claim(f'{kind}_price')}")
        return Level(kind, rule, self._constant(kind, rule))

    def _target(self) -> Level | None:
        rule = self._risk.take_profit
        if isinstance(rule, RMultiple):
            return Level("take_profit", rule, self._claim("take_profit_r", rule.multiple))
        return self._level("take_profit", rule)

    @property
    def fixed_at_signal(self) -> list[Level]:
        """The levels whose price is taken on the signal bar."""
        return [level for level in (self.stop, self.target) if level and isinstance(level.rule, PriceLevel)]

    @property
    def needs_signal_bar(self) -> bool:
        """Whether the bar of the signal must be remembered: with a waiting order it is not the one before the entry."""
        trail, even = self._risk.trailing_stop, self._risk.break_even
        gains = [trail.after_gain if trail else None, even.after_gain if even else None]
        rules = [level.rule for level in (self.stop, self.target) if level]
        return self.has_waiting_orders and any(isinstance(r, AtrDistance | AtrGain) for r in [*rules, *gains])

    # levels as expressions

    def _away(self, rule: Distance, attribute: str, at: Entry, towards: int, times: str = "") -> str:
        """The entry's price moved against (-1) or with (1) the trade by a rule's distance, `times` so far."""
        op, side = at.sign(towards)
        if isinstance(rule, PercentDistance):
            return f"{at.price} * ((100 {op} {side}{times}{attribute}) / 100)"
        if isinstance(rule, AtrDistance):
            column = self._columns.indicator(rule.indicator, None).attribute
            return f"{at.price} {op} {side}{times}{attribute} * self.{column}[{at.atr_bar}]"
        return f"{at.price} {op} {side}{times}{attribute}"

    def level(self, level: Level, at: Entry) -> str:
        """The stop or target of that entry."""
        match level.rule:
            case PriceLevel():
                return level.attribute
            case RMultiple():
                return self._gain_of_r(level.attribute, at)
        return self._away(level.rule, level.attribute, at, -1 if level.kind == "stop_loss" else 1)

    def _gain_of_r(self, multiple: str, at: Entry) -> str:
        """The price that is so many stop distances in profit."""
        if self.stop is None or isinstance(self.stop.rule, RMultiple):
            raise ValueError("R needs a stop")  # lint refuses such a spec
        if isinstance(self.stop.rule, PriceLevel):
            op, side = at.sign(1)
            return f"{at.price} {op} {side}{multiple} * abs({at.price} - {self.stop.attribute})"
        return self._away(self.stop.rule, self.stop.attribute, at, 1, f"{multiple} * ")

    def distance(self, at: Entry) -> str:
        """How far the stop lies from the entry's price, in units of price."""
        if self.stop is None or isinstance(self.stop.rule, RMultiple):
            raise ValueError("no stop, no distance")  # lint refuses such a spec
        rule, attribute = self.stop.rule, self.stop.attribute
        match rule:
            case PriceLevel():
                return f"abs({at.price} - {attribute})"
            case PercentDistance():
                return f"{at.price} * ({attribute} / 100)"
            case AtrDistance():
                return f"{attribute} * self.{self._columns.indicator(rule.indicator, None).attribute}[{at.atr_bar}]"
        return attribute

    def checked(self, level: Level, at: Entry, against: str) -> str:
        """The level where it can protect a position at the price `against`, else None with a warning."""
        text = self.level(level, at)
        if self._always_valid(level, at.side):
            return text
        self._columns.functions.add("protective")
        below = level.kind == "stop_loss"
        side = {BOTH: "side" if below else "-side", LONG: "1" if below else "-1", SHORT: "-1" if below else "1"}[
            at.side
        ]
        return f'protective({text}, {against}, {side}, "{level.kind.replace("_", " ")}")'

    def _always_valid(self, level: Level, side: str) -> bool:
        """Whether the level lies above 0 and on the right side of any price, the spread's included."""
        rule = level.rule
        times = rule.multiple if isinstance(rule, RMultiple) else 1.0
        base = self.stop.rule if isinstance(rule, RMultiple) and self.stop else rule
        if not isinstance(base, PercentDistance):
            return False
        percent = base.value * times
        is_stop = level.kind == "stop_loss"
        lies_below = side != SHORT if is_stop else side != LONG
        clears_spread = is_stop or percent > 100 * self._spec.execution.spread * 1.000001
        return clears_spread and not (lies_below and percent >= 100)

    def depends_on(self, level: Level) -> str:
        """The attribute that is None where this level can't be set, its price having been on the wrong side."""
        fixed = self.stop if isinstance(level.rule, RMultiple) else level
        return fixed.attribute if fixed and isinstance(fixed.rule, PriceLevel) else ""

    # what each close does

    def lines(self) -> Iterator[str]:
        """The statements that look after the open trade at a close; none where the spec has no protection."""
        body = [*self._anchor_lines(), *self._moving_lines()]
        if not body:
            return
        yield "# Stops and targets first: what is set here acts from the next bar."
        yield "for trade in self.trades:"
        if self.side == BOTH and any(re.search(r"\bside\b", line) for line in body):
            yield "    side = 1 if trade.is_long else -1"
        yield from (f"    {line}" for line in body)

    def _filled(self) -> Entry:
        return Entry(
            "trade.entry_price", "self.signal_bar" if self.needs_signal_bar else "trade.entry_bar - 1", self.side
        )

    def _anchor_lines(self) -> Iterator[str]:
        levels = [level for level in (self.stop, self.target) if level and self._is_set_at_fill(level)]
        if levels:
            yield "if trade.entry_bar == len(self.data) - 1:  # from the fill, no longer from the signal's close"
        for level in levels:
            name = "sl" if level.kind == "stop_loss" else "tp"
            # A level that was fixed at the signal stays where it is, even if the fill lies beyond it.
            is_fixed = isinstance(level.rule, PriceLevel)
            text = level.attribute if is_fixed else self.checked(level, self._filled(), "trade.entry_price")
            statement = f"trade.{name} = {text}"
            if fixed := self.depends_on(level):
                yield f"    if {fixed} is not None:"
                yield f"        {statement}"
            else:
                yield f"    {statement}"

    def _is_set_at_fill(self, level: Level) -> bool:
        """Whether the order did not carry the level as it shall be: measured from the fill, or the order waited."""
        return self.has_waiting_orders or not isinstance(level.rule, PriceLevel)

    def _moving_lines(self) -> Iterator[str]:
        trail, even = self._risk.trailing_stop, self._risk.break_even
        if not (trail or even):
            return
        yield "closes = self.data.Close[trade.entry_bar :]"
        best = {LONG: "closes.max()", SHORT: "closes.min()", BOTH: "closes.max() if trade.is_long else closes.min()"}
        yield f"best = {best[self.side]}"
        if even:
            yield from self._once(even.after_gain, self._even_after, "self.tighten_stop(trade, trade.entry_price)")
        if trail:
            tighten = f"self.tighten_stop(trade, {self._away(trail, self._trail, Entry('best', '-1', self.side), -1)})"
            if trail.after_gain:
                yield from self._once(trail.after_gain, self._trail_after, tighten)
            else:
                yield tighten

    def _once(self, gain: Gain, attribute: str, statement: str) -> Iterator[str]:
        """The statement, done on the closes from the one on which the best close has gained so much over the fill."""
        match gain:
            case PercentGain():
                goal = self._away(PercentDistance(value=gain.value), attribute, self._filled(), 1)
            case AtrGain():
                rule = AtrDistance(indicator=gain.indicator, multiple=gain.value)
                goal = self._away(rule, attribute, self._filled(), 1)
            case RGain():
                goal = self._gain_of_r(attribute, self._filled())
        reached = {LONG: "best >= goal", SHORT: "best <= goal", BOTH: "(best - goal) * side >= 0"}
        lines = [
            f"goal = {goal}",
            f"if {reached[self.side]}:",
            f"    {statement}",
        ]
        if isinstance(gain, RGain) and self.stop and isinstance(self.stop.rule, PriceLevel):
            yield f"if {self.stop.attribute} is not None:"
            lines = [f"    {line}" for line in lines]
        yield from lines

    def methods(self) -> Iterator[str]:
        """The methods that `lines` calls."""
        if not (self._risk.trailing_stop or self._risk.break_even):
            return
        yield "def tighten_stop(self, trade, level):"
        yield '    """Move the stop to `level`, unless there is a tighter one."""'
        looser = {
            LONG: "level > (trade.sl or 0)",
            SHORT: 'level < (trade.sl or float("inf"))',
            BOTH: 'level > (trade.sl or 0) if trade.is_long else level < (trade.sl or float("inf"))',
        }[self.side]
        yield f"    if {looser}:" if self.side == LONG else f"    if level > 0 and ({looser}):"
        yield "        trade.sl = level"
