"""Sizes and entry orders as source: what is sent when an entry rule is true."""

from collections.abc import Generator, Iterator, Mapping

from Backtest.canonical.operands import Operand
from Backtest.canonical.risk import (
    AllSizing,
    CashSizing,
    FixedPlusRateCommission,
    FractionSizing,
    PerUnitCommission,
    RateCommission,
    RiskSizing,
    UnitsSizing,
    VolatilityTargetSizing,
)
from Backtest.canonical.rules import EntryRule, LimitOrder, MarketOrder, StopOrder
from Backtest.canonical.spec import Spec
from Backtest.codegen.columns import Columns
from Backtest.codegen.expressions import Expressions
from Backtest.codegen.protection import LONG, Entry, Level, Protection
from Backtest.codegen.source_text import Names, quoted


class Orders:
    """Writes the entry orders of one spec. `constants` are the class attributes they need, name -> value."""

    def __init__(
        self,
        spec: Spec,
        columns: Columns,
        expressions: Expressions,
        protection: Protection,
        names: Names,
        variables: Mapping[str, str],
    ) -> None:
        """`variables`: rule ids -> the local variables of `next` that say whether they are true."""
        self._variables = variables
        self._spec, self._columns, self._expressions, self._protection = spec, columns, expressions, protection
        self.constants: dict[str, float] = {}
        self._size = self._size_attribute(names)

    def _size_attribute(self, names: Names) -> str:
        sizing = self._spec.sizing
        match sizing:
            case FractionSizing() if sizing.value < 1:
                wanted, value = "equity_fraction", sizing.value
            case UnitsSizing():
                wanted, value = "units", float(sizing.value)
            case CashSizing():
                wanted, value = "cash_per_trade", sizing.value
            case RiskSizing():
                wanted, value = "risk_pct", sizing.percent
            case VolatilityTargetSizing():
                wanted, value = "volatility_target_pct", sizing.percent
            case _:
                return ""
        attribute = names.claim(wanted)
        self.constants[attribute] = value
        return f"self.{attribute}"

    @property
    def needs_close(self) -> bool:
        """Whether `next` should name the close: a market order's stop, target or size is measured from it."""
        has_levels = self._protection.stop is not None or self._protection.target is not None
        sized = isinstance(self._spec.sizing, CashSizing | RiskSizing)
        return any(isinstance(rule.order, MarketOrder) for rule in self._spec.entry_rules) and (has_levels or sized)

    def send(self, rules: list[EntryRule]) -> Iterator[str]:
        """The statements that send the order that these rules of one side share; the first true one gives the tag."""
        order, side = rules[0].order, rules[0].side
        tag = quoted(rules[0].id)
        if len(rules) > 1:
            choice = quoted(rules[-1].id)
            for rule in reversed(rules[:-1]):
                choice = f"{quoted(rule.id)} if {self._variables[rule.id]} else {choice}"
            yield f"tag = {choice}"
            tag = "tag"
        if self._protection.has_waiting_orders:
            yield "self.cancel_waiting_order()"
        if isinstance(order, MarketOrder):
            yield from self._send_at("close", side, "", tag)
        else:
            yield from self._send_waiting(order, side, tag)

    def _send_waiting(self, order: LimitOrder | StopOrder, side: str, tag: str) -> Iterator[str]:
        yield f"price = {self._expressions.value(order.price)}"
        yield "if price > 0:"
        yield from (f"    {line}" for line in self._send_at("price", side, f"{order.type}=price", tag))
        valid = 'float("inf")' if order.valid_bars is None else str(order.valid_bars)
        yield f"    self.valid_bars = {valid}"
        yield "else:"
        yield f"    warnings.warn(f{_message(tag, 'no order at a price of {price:g}')})"

    def _send_at(self, price: str, side: str, waiting: str, tag: str) -> Iterator[str]:
        at = Entry(price, "-1", side)
        for level in self._protection.fixed_at_signal:
            yield f"{level.attribute} = {self._fixed(level, at)}"
        if self._protection.has_waiting_orders:
            yield "self.signal_bar = len(self.data) - 1"
        size = yield from self._size_lines(at)
        protection = {} if waiting else self._provisional(at)
        by_name = {"sl": "stop", "tp": "target"}
        for name, (condition, text) in protection.items():
            if condition or "(" in text.removeprefix("close * ("):
                chosen = f"{text} if {condition} is not None else None" if condition else text
                yield f"{by_name[name]} = {chosen}"
                protection[name] = ("", by_name[name])
        arguments = [waiting] if waiting else []
        arguments += [f"size={size}"] if size else []
        arguments += [f"{name}={text}" for name, (_, text) in protection.items()]
        action = "self.buy" if side == LONG else "self.sell"
        call = f"{action}({', '.join([*arguments, f'tag={tag}'])})"
        statement = f"self.waiting_order = {call}" if waiting else call
        if isinstance(self._spec.sizing, CashSizing | RiskSizing):
            yield "if size:"
            yield f"    {statement}"
            yield "else:"
            yield f"    warnings.warn({'f' if tag == 'tag' else ''}{_message(tag, '0 units, no order was sent')})"
        else:
            yield statement

    def _fixed(self, level: Level, at: Entry) -> str:
        """The price of a level that is fixed on the signal bar, None where it lies on the wrong side."""
        rule = level.rule
        operand: Operand = rule.price  # type: ignore[union-attr]  # only price levels are fixed at the signal
        self._columns.functions.add("protective")
        below = (at.side == LONG) == (level.kind == "stop_loss")
        name = level.kind.replace("_", " ")
        return f'protective({self._expressions.value(operand)}, {self._adjusted(at)}, {1 if below else -1}, "{name}")'

    def _provisional(self, at: Entry) -> dict[str, tuple[str, str]]:
        """sl and tp of a market order, from the signal's close -> (what must not be None for it, the level)."""
        protection: dict[str, tuple[str, str]] = {}
        for name, level in (("sl", self._protection.stop), ("tp", self._protection.target)):
            if level is None:
                continue
            if level in self._protection.fixed_at_signal:
                protection[name] = ("", level.attribute)
            else:
                text = self._protection.checked(level, at, self._adjusted(at))
                protection[name] = (self._protection.depends_on(level), text)
        return protection

    def _adjusted(self, at: Entry) -> str:
        """What the broker takes the entry's price for: the spread is added to a long's, taken off a short's."""
        if self._spec.execution.spread == 0:
            return at.price
        return f"{at.price} * (1 {'+' if at.side == LONG else '-'} SPREAD)"

    # sizes

    def _size_lines(self, at: Entry) -> Generator[str, None, str]:
        """Yields the statements that compute a size, and returns the argument for it; "" is the whole account."""
        sizing = self._spec.sizing
        match sizing:
            case AllSizing():
                return ""
            case FractionSizing() | UnitsSizing():
                return self._size
            case CashSizing():
                yield f"size = int({self._size} // {at.price})"
            case RiskSizing():
                distance = self._protection.distance(at)
                stop = self._protection.stop
                if stop in self._protection.fixed_at_signal and stop:
                    distance = f"{distance} if {stop.attribute} is not None else 0"
                yield f"size = self.units_at_risk({at.price}, {distance}, {1 if at.side == LONG else -1})"
            case VolatilityTargetSizing():
                volatility = f"{self._columns.realised_volatility()}[-1]"
                yield f"volatility = {volatility}"
                yield f"goal = {self._size} / 100"
                yield "size = goal / volatility if volatility > goal else WHOLE_ACCOUNT"
        return "size"

    def methods(self) -> Iterator[str]:
        """The methods that the orders call."""
        if isinstance(self._spec.sizing, RiskSizing):
            yield from self._units_at_risk()
        if self._protection.has_waiting_orders:
            yield ""
            yield "def cancel_waiting_order(self):"
            yield '    """Take back an entry order that was sent and not filled."""'
            yield "    if self.waiting_order in self.orders:"
            yield "        self.waiting_order.cancel()"

    def _units_at_risk(self) -> Iterator[str]:
        match self._spec.execution.commission:
            case RateCommission():
                commission = "units * price * COMMISSION"
            case FixedPlusRateCommission():
                commission = "COMMISSION[0] + units * price * COMMISSION[1]"
            case PerUnitCommission():
                commission = "COMMISSION(units, price)"
        spread = " * (1 + side * SPREAD)" if self._spec.execution.spread else ""
        yield "def units_at_risk(self, price, distance, side):"
        yield '    """Units that lose risk_pct of the equity over `distance`; the whole account where that is less."""'
        yield "    if not distance > 0:"
        yield "        return 0"
        yield f"    units = int(self.equity * ({self._size} / 100) // distance)"
        yield f"    cost = units * price{spread} + {commission}"
        yield "    return units if cost <= self.equity / MARGIN else WHOLE_ACCOUNT"


def _message(tag: str, text: str) -> str:
    """A literal that names the rule, which is the variable `tag` or a quoted id."""
    return f'"{{tag}}: {text}"' if tag == "tag" else f'"{tag[1:-1]}: {text}"'
