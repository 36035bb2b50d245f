"""A broker that fills orders as backtesting.py 0.6.6 does, written from its behaviour: market orders at the next open,
stops before targets, whole units, commission on both sides, the spread on entries only."""

import math
import sys
import warnings
from dataclasses import dataclass, field
from typing import Literal

from Backtest.account import Account
from Backtest.kernel.interpreter.chart import Chart

Purpose = Literal["entry", "close", "stop loss", "take profit"]
WHOLE_ACCOUNT = 1 - sys.float_info.epsilon
"""The fraction that backtesting.py takes for an order without a size."""

# The library's own words: what the broker reports reads the same whoever runs the spec.
_DEAR_UNITS = (
    "Some prices are larger than initial cash value. Note that fractional trading is not supported by this class. If "
    "you want to trade Bitcoin, increase initial cash, or trade μBTC or satoshis instead (see e.g. class "
    "`backtesting.lib.FractionalBacktest`."
)


class Ruined(Exception):
    """The equity reached 0: all is closed and the run ends."""


@dataclass(eq=False)
class Trade:
    """Units bought, or sold short (below 0), in one fill; `stop` and `target` are the orders that protect them."""

    size: int
    entry_price: float
    entry_bar: int
    tag: str
    stop: "Order | None" = None
    target: "Order | None" = None

    @property
    def is_long(self) -> bool:
        return self.size > 0

    @property
    def stop_price(self) -> float | None:
        return None if self.stop is None else self.stop.stop_price

    @property
    def target_price(self) -> float | None:
        return None if self.target is None else self.target.limit_price


@dataclass(frozen=True)
class Exit:
    """A trade, or a part of one, once it is closed; `commission` is that of both sides, `closed_by` a rule's id or the
    spec's name of what it was."""

    trade: Trade
    price: float
    bar: int
    commission: float
    closed_by: str

    def pnl(self) -> float:
        """Cash gained, net of commission."""
        return self.trade.size * (self.price - self.trade.entry_price) - self.commission

    def gain(self) -> float:
        """As a fraction of what was paid, net of commission."""
        trade = self.trade
        gross = math.copysign(1, trade.size) * (self.price / trade.entry_price - 1)
        return gross - self.commission / (abs(trade.size) * trade.entry_price)


@dataclass(eq=False)
class Order:
    """`size` in units, or a fraction of the account where its absolute value is below 1; below 0 it sells.

    All but entries belong to a `trade`. `tag` is what sent it: a rule, a part of the spec's risk.
    """

    size: float
    purpose: Purpose
    tag: str = ""
    limit_price: float | None = None
    stop_price: float | None = None
    stop_loss: float | None = None
    take_profit: float | None = None
    trade: Trade | None = None

    @property
    def is_long(self) -> bool:
        return self.size > 0


@dataclass
class Broker:
    """`bar` is the one whose close is known; orders are filled in the order of the queue, on the bar after they came.

    It holds one trade at a time, as the language does: who enters sends the exit of what is open before.
    """

    chart: Chart
    account: Account
    bar: int = 0
    cash: float = field(init=False)
    orders: list[Order] = field(default_factory=list)
    trades: list[Trade] = field(default_factory=list)
    exits: list[Exit] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cash = self.account.cash
        self.leverage = 1 / self.account.margin
        if any(close > self.cash for close in self.chart.prices["Close"]):
            warnings.warn(_DEAR_UNITS, UserWarning, stacklevel=2)

    # what the account is worth

    def price(self, column: str) -> float:
        return self.chart.prices[column][self.bar]

    def units(self) -> int:
        """Units of the open position, below 0 when short, 0 while flat."""
        return sum(trade.size for trade in self.trades)

    def equity(self) -> float:
        """Cash and open gains at this bar's close, which even orders filled at its open are judged by."""
        gains = self.price("Close") * self.units() - sum(trade.size * trade.entry_price for trade in self.trades)
        return self.cash + gains

    def margin_available(self) -> float:
        used = sum(abs(trade.size) * self.price("Close") / self.leverage for trade in self.trades)
        return max(0, self.equity() - used)

    def commission(self, size: float, price: float) -> float:
        account = self.account
        cost = account.commission_fixed + abs(size) * price * account.commission_rate
        return cost + abs(size) * account.commission_per_unit if account.commission_per_unit else cost

    def with_spread(self, size: float, price: float) -> float:
        """What an entry of that direction pays for a unit."""
        return price * (1 + math.copysign(self.account.spread, size))

    # orders

    def send(self, order: Order) -> None:
        """Queues an entry behind what waits."""
        self.orders.append(order)

    def close(self, trade: Trade, tag: str, portion: float = 1.0) -> None:
        """Queues an exit at the next open before all else: rounded half to even, at least one unit."""
        units = max(1, round(abs(trade.size) * portion))
        self.orders.insert(0, Order(math.copysign(units, -trade.size), "close", tag, trade=trade))

    def set_stop(self, trade: Trade, price: float | None, tag: str = "stop_loss") -> None:
        """Moves or takes back the trade's stop, which goes before what waits."""
        if trade.stop is not None:
            self.orders.remove(trade.stop)
        trade.stop = None if price is None else Order(-trade.size, "stop loss", tag, stop_price=price, trade=trade)
        if trade.stop is not None:
            self.orders.insert(0, trade.stop)

    def set_target(self, trade: Trade, price: float | None) -> None:
        """Moves or takes back the trade's target, which goes behind what waits."""
        if trade.target is not None:
            self.orders.remove(trade.target)
        order = Order(-trade.size, "take profit", "take_profit", limit_price=price, trade=trade)
        trade.target = None if price is None else order
        if trade.target is not None:
            self.orders.append(trade.target)

    def take_back_entries(self) -> None:
        self.orders = [order for order in self.orders if order.purpose != "entry"]

    # a bar

    def run_bar(self, bar: int) -> float:
        """Fills what the bar reaches; the equity at its close. Raises Ruined where none is left."""
        self.bar = bar
        self._fill_orders()
        equity = self.equity()
        if equity <= 0:
            for trade in list(self.trades):
                self._close(trade, self.price("Close"), "ruin")
            self.cash = 0
            raise Ruined
        return equity

    def _fill_orders(self) -> None:
        """Orders that a market entry brings along are tried on the same bar, once all others have been."""
        again = False
        for order in list(self.orders):
            if order not in self.orders:  # a trade that was closed takes its stop and its target along
                continue
            price = self._fill_price(order)
            if price is None:
                continue
            if order.trade is not None:
                self._reduce(order, order.trade, price)
            elif self._enter(order, price):
                is_market = order.limit_price is None and order.stop_price is None
                again = again or (is_market and (order.stop_loss is not None or order.take_profit is not None))
        if again:
            self._fill_orders()

    def _fill_price(self, order: Order) -> float | None:
        """Where this bar fills the order, None where it doesn't reach it. A gap through its price fills at the open."""
        opening, high, low = self.price("Open"), self.price("High"), self.price("Low")
        if order.stop_price is not None:
            if order.is_long:
                return max(opening, order.stop_price) if high >= order.stop_price else None
            return min(opening, order.stop_price) if low <= order.stop_price else None
        if order.limit_price is not None:
            if order.is_long:
                return min(opening, order.limit_price) if low <= order.limit_price else None
            return max(opening, order.limit_price) if high >= order.limit_price else None
        return opening

    def _reduce(self, order: Order, trade: Trade, price: float) -> None:
        """An exit of the whole trade, or of a part that leaves it as a closed trade of its own."""
        if order.purpose == "close":
            self.orders.remove(order)
        if trade not in self.trades:
            return
        units = int(min(abs(trade.size), abs(order.size)))
        if units == abs(trade.size):
            self._close(trade, price, order.tag)
            return
        size = units if trade.is_long else -units
        trade.size -= size
        for protection in (trade.stop, trade.target):
            if protection is not None:
                protection.size = -trade.size
        part = Trade(size, trade.entry_price, trade.entry_bar, trade.tag)
        self.trades.append(part)
        self._close(part, price, order.tag)

    def _close(self, trade: Trade, price: float, closed_by: str) -> None:
        self.trades.remove(trade)
        for protection in (trade.stop, trade.target):
            if protection is not None:
                self.orders.remove(protection)
        paid_now = self.commission(trade.size, price)
        self.cash += trade.size * (price - trade.entry_price) - paid_now  # the entry's commission was paid at the entry
        paid = paid_now + self.commission(trade.size, trade.entry_price)
        self.exits.append(Exit(trade, price, self.bar, paid, closed_by))

    def _enter(self, order: Order, price: float) -> bool:
        """Opens a trade with what the account carries; a warning where it carries none."""
        self.orders.remove(order)
        entry_price = self.with_spread(order.size, price)
        cost_per_unit = entry_price + self.commission(order.size, price) / abs(order.size)
        size = int(order.size)
        if abs(order.size) < 1:
            affordable = int((self.margin_available() * self.leverage * abs(order.size)) // cost_per_unit)
            size = affordable if order.is_long else -affordable
            if not size:
                self._warn_of_margin("the relative-sized order")
                return False
        if abs(size) * cost_per_unit > self.margin_available() * self.leverage:
            self._warn_of_margin("the order")
            return False
        trade = Trade(size, entry_price, self.bar, order.tag)
        self.trades.append(trade)
        self.cash -= self.commission(size, entry_price)
        self.set_target(trade, order.take_profit)
        self.set_stop(trade, order.stop_loss)
        return True

    def _warn_of_margin(self, what: str) -> None:
        figures = f"equity={self.equity():.2f}, margin_available={self.margin_available():.2f}"
        warnings.warn(
            f"time={self.bar}: Broker canceled {what} due to insufficient margin ({figures}).",
            UserWarning,
            stacklevel=2,
        )
