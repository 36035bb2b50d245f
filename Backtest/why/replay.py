"""A run replayed on the interpreter, bar by bar, and what happened on a bar watched as it happens."""

import warnings
from collections.abc import Container
from dataclasses import dataclass, field

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.explain import explain
from Backtest.canonical.rules import MarketOrder
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.kernel.interpreter.broker import Broker, Exit, Order, Ruined, Trade
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.trader import Trader
from Backtest.kernel.interpreter.warm_up import first_bars
from Backtest.run_notices import WARNINGS
from Backtest.run_result import stamp_writer
from Backtest.why.bar_story import BarStory, Fill, Position, WaitingOrder
from Backtest.why.protection import Protection, moved
from Backtest.why.rules import Decisions

INSIDE_A_BAR = frozenset({"stop_loss", "trailing_stop", "break_even", "take_profit", "ruin"})
"""What closes a position without an order of its own at the next open."""
Raised = list[warnings.WarningMessage]


@dataclass
class Replay:
    """A spec on a window, as the interpreter runs it. Bars count from the window's first in all that it tells."""

    spec: Spec
    window: Window
    account: Account
    entry_signals: dict[int, int] = field(default_factory=dict)
    """The bar on whose close the entry was sent, by the bar that filled it."""
    exit_signals: dict[int, int] = field(default_factory=dict)
    """The same of exits at an open, by the bar that filled them."""
    exits: list[Exit] = field(default_factory=list)
    _entry_sent: int = -1
    _exit_sent: int = -1

    def __post_init__(self) -> None:
        index = pd.DatetimeIndex(self.window.bars.frame.index)
        stamp = stamp_writer(index, self.window.bars.timeframe)
        self.times = [stamp(time) for time in index]
        self.sentences = {sentence.path: sentence.text for sentence in explain(self.spec)}

    def run(self, last: int, told: Container[int]) -> dict[int, BarStory]:
        """Replay up to the bar `last` of the frame; the stories of the bars in `told`, counted in the frame too."""
        with WARNINGS, warnings.catch_warnings(record=True) as raised:
            warnings.simplefilter("always")
            chart = Chart(self.spec, self.window.bars.frame)
            broker = Broker(chart, self.account)
            return self._run(chart, broker, raised, last, told)

    def _run(
        self, chart: Chart, broker: Broker, raised: Raised, last: int, told: Container[int]
    ) -> dict[int, BarStory]:
        self.exits = broker.exits
        start, why_not = self._start(first_bars(chart))
        stories = {
            bar: self._idle(chart, bar, broker.cash, why_not)
            for bar in range(self.window.first_bar, min(start, last + 1))
            if bar in told
        }
        trader = Trader(chart, broker)
        for bar in range(start, last + 1):
            raised.clear()
            before = Before.of(broker)
            try:
                equity = broker.run_bar(bar)
            except Ruined:
                self._note_signals(broker, before)
                stories |= {
                    each: self._ruined(chart, broker, before, each) for each in range(bar, last + 1) if each in told
                }
                return stories
            self._note_signals(broker, before)
            if bar < self.window.first_bar:
                continue
            waited = Before.of(broker)
            if bar in told:
                stories[bar] = self._story(trader, before, equity, raised)
            else:
                trader.on_close()
            self._note_orders(broker, waited)
        return stories

    def _start(self, begins: dict[str, int | None]) -> tuple[int, str]:
        """The first bar on which rules are judged, and why not before."""
        missing = [name for name, bar in begins.items() if bar is None]
        if missing:
            return len(self.times), f"{', '.join(missing)}: no value on any of these bars"
        latest = max((bar for bar in begins.values() if bar is not None), default=0)
        names = ", ".join(name for name, bar in begins.items() if bar == latest)
        if latest + 1 >= len(self.times):
            return len(self.times), f"{names}: the first value comes with the last bar"
        because = f": the first value of {names} comes on {self.times[latest]}" if names else ""
        return latest + 1, f"rules are first judged on {self.times[latest + 1]}{because} (convention 2)"

    def _note_signals(self, broker: Broker, before: "Before") -> None:
        legs = broker.exits[before.exits :]
        if any(trade.entry_bar == broker.bar for trade in (*broker.trades, *(leg.trade for leg in legs))):
            self.entry_signals[broker.bar] = self._entry_sent
        if legs and self._exit_sent == broker.bar - 1:
            self.exit_signals[broker.bar] = self._exit_sent

    def _note_orders(self, broker: Broker, waited: "Before") -> None:
        """Remembers the bars on which the entry that waits, and the exit at the next open, were sent."""
        new = waited.added(broker)
        if any(order.purpose == "entry" for order in new):
            self._entry_sent = broker.bar
        if any(order.purpose == "close" for order in new):
            self._exit_sent = broker.bar

    def _story(self, trader: Trader, before: "Before", equity: float, raised: Raised) -> BarStory:
        """The bar's fills as they stand, its decisions as they are made here."""
        broker, chart = trader.broker, trader.chart
        fills = self._fills(broker, before)
        reports = before.cancelled(broker, [str(each.message) for each in raised])
        decisions = Decisions.before(trader, self.times, self.sentences)
        protected, waited, expires = Protection.of(broker), Before.of(broker), trader.expires
        raised.clear()
        trader.on_close()
        self._note_orders(broker, waited)
        reported = [str(each.message) for each in raised]
        return BarStory(
            bar=broker.bar - self.window.first_bar,
            time=self.times[broker.bar],
            prices={name: column[broker.bar] for name, column in chart.prices.items()},
            equity=equity,
            evaluated=True,
            fills=tuple(fills),
            position=self._position(broker),
            waiting=self._waiting(trader),
            rules=decisions.rules({order.tag for order in waited.added(broker) if order.purpose == "entry"}, reported),
            filters=decisions.filters(),
            protection=moved(protected, Protection.of(broker), broker),
            reports=(*reports, *waited.taken_back(broker, expires), *reported),
        )

    # what is told of a bar

    def _idle(self, chart: Chart, bar: int, equity: float, why_not: str, fills: tuple[Fill, ...] = ()) -> BarStory:
        prices = {name: column[bar] for name, column in chart.prices.items()}
        return BarStory(bar - self.window.first_bar, self.times[bar], prices, equity, False, why_not, fills)

    def _ruined(self, chart: Chart, broker: Broker, before: "Before", bar: int) -> BarStory:
        """The bar that left nothing of the account, or one after it."""
        if bar > broker.bar:
            return self._idle(chart, bar, 0.0, f"the run had ended on {self.times[broker.bar]}: nothing was left")
        why_not = "nothing was left of the account at its close, so that all was closed and the run ended"
        return self._idle(chart, bar, 0.0, why_not, tuple(self._fills(broker, before)))

    def _fills(self, broker: Broker, before: "Before") -> list[Fill]:
        """What the bar filled: exits of what was open, then the entry, then what closed it within the bar."""
        bar, legs = broker.bar, broker.exits[before.exits :]
        entered = [trade for trade in broker.trades if trade.entry_bar == bar]
        entered += [leg.trade for leg in legs if leg.trade.entry_bar == bar]
        fills = [self._exit(leg) for leg in legs if leg.trade.entry_bar < bar]
        if entered:
            size, first = sum(trade.size for trade in entered), entered[0]
            fills.append(Fill("entry", size, first.entry_price, first.tag, None, *self._signal(self._entry_sent)))
        return fills + [self._exit(leg) for leg in legs if leg.trade.entry_bar == bar]

    def _exit(self, leg: Exit) -> Fill:
        signal = (None, None) if leg.closed_by in INSIDE_A_BAR else self._signal(self._exit_sent)
        return Fill("exit", -leg.trade.size, leg.price, leg.trade.tag, leg.closed_by, *signal)

    def _signal(self, bar: int) -> tuple[int | None, str | None]:
        return (bar - self.window.first_bar, self.times[bar]) if bar >= 0 else (None, None)

    def _position(self, broker: Broker) -> Position | None:
        if not broker.trades:
            return None
        trade: Trade = broker.trades[0]
        sign = 1 if trade.is_long else -1
        return Position(
            side="long" if trade.is_long else "short",
            size=trade.size,
            entry_price=trade.entry_price,
            entry_bar=trade.entry_bar - self.window.first_bar,
            entry_time=self.times[trade.entry_bar],
            rule=trade.tag,
            stop_price=trade.stop_price,
            target_price=trade.target_price,
            open_profit_pct=sign * 100 * (broker.price("Close") / trade.entry_price - 1),
            bars_held=broker.bar - trade.entry_bar + 1,
        )

    def _waiting(self, trader: Trader) -> WaitingOrder | None:
        order = next((each for each in trader.broker.orders if each.purpose == "entry"), None)
        if order is None:
            return None
        rule = next(each for each in self.spec.entry_rules if each.id == order.tag)
        expires = trader.bar + 1 if isinstance(rule.order, MarketOrder) else trader.expires
        return WaitingOrder(
            rule=order.tag,
            type=rule.order.type,
            side=rule.side,
            price=order.stop_price if order.limit_price is None else order.limit_price,
            sent_bar=self._entry_sent - self.window.first_bar,
            last_bar=None if expires is None else expires - self.window.first_bar,
        )


@dataclass(frozen=True)
class Before:
    """The orders that stood, and how many exits there were, before something happened."""

    orders: tuple[Order, ...]
    exits: int

    @classmethod
    def of(cls, broker: Broker) -> "Before":
        return cls(tuple(broker.orders), len(broker.exits))

    def added(self, broker: Broker) -> list[Order]:
        return [order for order in broker.orders if order not in self.orders]

    def _gone(self, broker: Broker) -> list[Order]:
        return [order for order in self.orders if order.purpose == "entry" and order not in broker.orders]

    def cancelled(self, broker: Broker, reports: list[str]) -> list[str]:
        """What the broker warned of on a bar's fills, each after the rule whose order it cancelled."""
        trades = (*broker.trades, *(leg.trade for leg in broker.exits[self.exits :]))
        filled = {trade.tag for trade in trades if trade.entry_bar == broker.bar}
        rules = [order.tag for order in self._gone(broker) if order.tag not in filled]
        texts = [text.partition(": ")[2] or text for text in reports]
        named = dict(enumerate(rules))
        return [f"{named[i]}: {text}" if i in named else text for i, text in enumerate(texts)]

    def taken_back(self, broker: Broker, expires: int | None) -> list[str]:
        """The waiting entries that are no longer there: their time was over, or another one came."""
        is_over = expires is not None and broker.bar >= expires
        why = "its time was over" if is_over else "another order took its place"
        return [f"the waiting order of {order.tag} was taken back: {why}" for order in self._gone(broker)]
