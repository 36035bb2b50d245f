"""What the spec's rules do on a bar's close: stops first, then exits, then entries."""

import math
import warnings
from dataclasses import dataclass, field

from Backtest.canonical.rules import EntryRule, LimitOrder, MarketOrder, Side
from Backtest.kernel.interpreter.broker import Broker, Order, Trade
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.conditions import Reader, in_session
from Backtest.kernel.interpreter.operands import Holding, value
from Backtest.kernel.interpreter.protection import UNPROTECTED, Level, Plan, Reach, reach_of, sign_of
from Backtest.kernel.interpreter.sizing import size_of

_OTHER: dict[Side, Side] = {"long": "short", "short": "long"}


@dataclass
class Trader:
    """Evaluates a spec's rules on its chart and sends their orders to the broker.

    `plan` is that of the last entry order; `best_close` the highest (short: lowest) close since entry; `done` holds the
    partial exits of the open position; `expires` is the bar on whose close a waiting order is taken back.
    """

    chart: Chart
    broker: Broker
    plan: Plan = UNPROTECTED
    best_close: float = 0.0
    done: set[str] = field(default_factory=set)
    expires: int | None = None

    @property
    def bar(self) -> int:
        return self.broker.bar

    def on_close(self) -> None:
        """Rules 4, 13 and 14."""
        trade = self.broker.trades[0] if self.broker.trades else None
        if self.expires is not None and self.bar >= self.expires:
            self.broker.take_back_entries()
            self.expires = None
        if trade is None:
            entry = self._entry("long", None) or self._entry("short", None)
            if entry is not None:
                self._enter(entry)
            return
        self._protect(trade)
        reverse = self._entry(_OTHER[self._side(trade)], trade)
        if reverse is not None:
            self.broker.close(trade, reverse.id)
            self._enter(reverse)
        else:
            self._leave(trade)

    def _side(self, trade: Trade) -> Side:
        return "long" if trade.is_long else "short"

    # stops and targets of the open position

    def _protect(self, trade: Trade) -> None:
        plan, close = self.plan, self.broker.price("Close")
        if trade.entry_bar == self.bar:
            self.done.clear()
            self.best_close = close
            self._anchor(trade, plan)
        self.best_close = plan.sign * max(plan.sign * self.best_close, plan.sign * close)
        risk, entry_price = self.chart.spec.risk, trade.entry_price
        if risk.break_even is not None and self._gained(plan, plan.gain_from(plan.break_even_after, entry_price)):
            self._tighten(trade, plan, entry_price, "break_even")
        trail = risk.trailing_stop
        if trail is None:
            return
        if trail.after_gain is None or self._gained(plan, plan.gain_from(plan.trail_after, entry_price)):
            behind = plan.trail_from(reach_of(trail, self.bar, self.chart), self.best_close)
            self._tighten(trade, plan, behind, "trailing_stop")

    def _anchor(self, trade: Trade, plan: Plan) -> None:
        """Sets stop and target from the fill; a fixed level stays, even where the fill lies beyond it."""
        stop, target = plan.stop_from(trade.entry_price), plan.target_from(trade.entry_price)
        if not isinstance(plan.stop, Level):
            stop = _beyond("stop loss", stop, trade.entry_price, -plan.sign)
        if not isinstance(plan.target, Level):
            target = _beyond("take profit", target, trade.entry_price, plan.sign)
        self.broker.set_stop(trade, stop)
        self.broker.set_target(trade, target)

    def _gained(self, plan: Plan, wanted: float | None) -> bool:
        """Whether some close since entry was such a gain."""
        return wanted is not None and plan.sign * self.best_close >= plan.sign * wanted

    def _tighten(self, trade: Trade, plan: Plan, price: float | None, tag: str) -> None:
        """Moves the stop to the price unless it is as tight already."""
        if price is None or price <= 0:
            return
        if trade.stop_price is None or plan.sign * price > plan.sign * trade.stop_price:
            self.broker.set_stop(trade, price, tag)

    # exits

    def _leave(self, trade: Trade) -> None:
        holding = Holding(1 if trade.is_long else -1, trade.entry_bar, trade.entry_price)
        reader = Reader(self.chart, holding)
        rules = [rule for rule in self.chart.spec.exit_rules if rule.side == self._side(trade)]
        true = [rule for rule in rules if reader.truth(rule.when, self.bar) is True]
        max_bars = self.chart.spec.risk.max_bars
        is_over = max_bars is not None and self.bar - trade.entry_bar + 1 >= max_bars
        full = next((rule.id for rule in true if rule.portion == 1), "max_bars" if is_over else None)
        if full is not None:
            self.broker.close(trade, full)
            return
        parts = [rule for rule in true if rule.id not in self.done]
        for rule in reversed(parts):  # the last one sent is the first one filled
            self.broker.close(trade, rule.id, rule.portion)
        self.done.update(rule.id for rule in parts)

    # entries

    def _entry(self, side: Side, trade: Trade | None) -> EntryRule | None:
        """The first rule of the side that is true, not barred, and may be sent: in a position only at the market."""
        if not self._may_enter():
            return None
        reader = Reader(self.chart, None)
        rules = (rule for rule in self.chart.spec.entry_rules if rule.side == side)
        sendable = (rule for rule in rules if trade is None or isinstance(rule.order, MarketOrder))
        return next((rule for rule in sendable if rule.when is None or reader.truth(rule.when, self.bar) is True), None)

    def _may_enter(self) -> bool:
        filters = self.chart.spec.filters
        if filters.weekdays is not None and self.chart.weekdays[self.bar] not in filters.weekdays:
            return False
        if filters.hours is not None and not in_session(filters.hours, self.chart.clock[self.bar]):
            return False
        if filters.when is not None and Reader(self.chart, None).truth(filters.when, self.bar) is not True:
            return False
        last_exit = self.last_exit_bar()
        return not filters.cooldown_bars or last_exit is None or self.bar - last_exit > filters.cooldown_bars

    def last_exit_bar(self) -> int | None:
        """The bar in which a position was last left, none of it staying open."""
        open_since = {trade.entry_bar for trade in self.broker.trades}
        latest_first = reversed(self.broker.exits)
        return next((leg.bar for leg in latest_first if leg.trade.entry_bar not in open_since), None)

    def _enter(self, rule: EntryRule) -> None:
        """Sends the rule's order; whatever comes of it, it takes back the one that waits."""
        self.broker.take_back_entries()
        self.expires = None
        sign = sign_of(rule.side)
        if isinstance(rule.order, MarketOrder):
            price: float | None = self.broker.price("Close")
        else:
            price = value(rule.order.price, self.bar, self.chart, None)
        if price is None or price <= 0:
            _report(f"{rule.id}: no order at a price of {math.nan if price is None else price:g}")
            return
        paid = self.broker.with_spread(sign, price)
        plan = self._planned(rule, sign, paid)
        order = Order(0, "entry", rule.id)
        if isinstance(rule.order, MarketOrder):
            order.stop_loss = _beyond("stop loss", plan.stop_from(price), paid, -sign)
            order.take_profit = _beyond("take profit", plan.target_from(price), paid, sign)
        else:
            order.limit_price = price if isinstance(rule.order, LimitOrder) else None
            order.stop_price = None if isinstance(rule.order, LimitOrder) else price
        order.size = sign * size_of(self.broker, plan, price)
        if not order.size:
            _report(f"{rule.id}: 0 units, no order was sent")
            return
        if not isinstance(rule.order, MarketOrder) and rule.order.valid_bars is not None:
            self.expires = self.bar + rule.order.valid_bars
        self.plan = plan
        self.broker.send(order)

    def _planned(self, rule: EntryRule, sign: int, paid: float) -> Plan:
        risk, chart, bar = self.chart.spec.risk, self.chart, self.bar
        trail_after = risk.trailing_stop.after_gain if risk.trailing_stop is not None else None
        break_even_after = risk.break_even.after_gain if risk.break_even is not None else None
        return Plan(
            sign,
            stop=_protecting("stop loss", reach_of(risk.stop_loss, bar, chart), paid, -sign),
            target=_protecting("take profit", reach_of(risk.take_profit, bar, chart), paid, sign),
            trail_after=reach_of(trail_after, bar, chart),
            break_even_after=reach_of(break_even_after, bar, chart),
        )


def _beyond(what: str, level: float | None, price: float, direction: int) -> float | None:
    """The level, or None with a report where it isn't above (`direction` 1) or below (-1) the price, or above 0."""
    if level is None or (level > 0 and direction * (level - price) > 0):
        return level
    _report_left_out(what, level, price)
    return None


def _protecting(what: str, reach: Reach | None, paid: float, direction: int) -> Reach | None:
    """The stop or target, or None with a report for a level on the wrong side of the price paid."""
    if isinstance(reach, Level) and _beyond(what, reach.price, paid, direction) is None:
        return None
    return reach


def _report(text: str) -> None:
    warnings.warn(text, UserWarning, stacklevel=2)


def _report_left_out(what: str, level: float, price: float) -> None:
    _report(f"a {what} at {level:g} can't protect a position at {price:g} and was left out")
