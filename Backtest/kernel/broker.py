"""One position and its orders, filled and charged in the order in which backtesting.py 0.6.6 does it.

A record `book` holds the account; units are signed, 0 while flat, and a stop, target or price of 0 is none.
"""

from math import copysign
from typing import Any, Final

import numpy as np

from Backtest.kernel.compilation import compiled
from Backtest.kernel.order_plan import LIMIT, MARKET, Plan

Book = Any
"""A record of BOOK, as `np.zeros(1, BOOK)[0]` gives it."""

_ORDER: Final = [("order_units", "f8"), ("order_price", "f8"), ("order_stop", "f8"), ("order_target", "f8")]
BOOK: Final = np.dtype(
    [
        *((name, "f8") for name in ("cash", "units", "entry_price", "stop", "target", "best_close")),
        *((name, "i8") for name in ("entry_bar", "signal_bar", "stop_is_void", "target_is_void")),
        *((name, "i8") for name in ("is_trailing", "is_even", "parts_done", "last_exit", "trades", "notes")),
        *((name, "i8") for name in ("rule", "stop_set_by", "closes_all_by")),
        *((name, "i8") for name in ("closes_all", "parts_sent", "order_kind", "order_last_bar", "order_signal_bar")),
        *_ORDER,
        *((name, "i8") for name in ("order_stop_is_void", "order_target_is_void", "order_rule")),
    ]
)

# columns of the table of closed trades
ENTRY_BAR: Final = 0
EXIT_BAR: Final = 1
UNITS_CLOSED: Final = 2
ENTRY_PRICE: Final = 3
EXIT_PRICE: Final = 4
PNL: Final = 5
RETURN: Final = 6  # a fraction
COMMISSION: Final = 7
STOP_PRICE: Final = 8
TARGET_PRICE: Final = 9
RULE: Final = 10  # which entry rule
CLOSED_BY: Final = 11  # one of the closers below
TRADE_WIDTH: Final = 12

# what closes a trade: these, then the exit rules in the spec's order, then the entry rules
CLOSERS: Final = ("stop_loss", "take_profit", "trailing_stop", "break_even", "max_bars", "ruin")
STOP_LOSS: Final = 0
TAKE_PROFIT: Final = 1
TRAILING_STOP: Final = 2
BREAK_EVEN: Final = 3
MAX_BARS: Final = 4
RUIN: Final = 5
FIRST_RULE: Final = 6

# rows of the table of partial exits that were sent
PART_UNITS: Final = 0
PART_BY: Final = 1  # a closer

MOST_UNITS: Final = 2.0**53
"""Whole numbers up to here are exact as floats; backtesting.py goes on counting."""

# what is reported: rows of a table of kind, bar, two values and the entry rule
NO_UNITS: Final = 0
NO_ORDER_PRICE: Final = 1  # the price
STOP_LEFT_OUT: Final = 2  # the stop, the price it was to protect
TARGET_LEFT_OUT: Final = 3  # alike
CANCELLED_FRACTION: Final = 4  # equity, available margin
CANCELLED_UNITS: Final = 5  # alike
BEYOND_COUNTING: Final = 6  # an order that the account can carry and that no float can count: the run is void
KIND: Final = 0
BAR: Final = 1
VALUE: Final = 2
NOTED_RULE: Final = 4
NOTE_WIDTH: Final = 5


@compiled
def note(book: Book, notes: np.ndarray, kind: int, bar: int, value: float, other: float, rule: int) -> None:
    row = book.notes
    notes[row, KIND], notes[row, BAR], notes[row, NOTED_RULE] = kind, bar, rule
    notes[row, VALUE], notes[row, VALUE + 1] = value, other
    book.notes += 1


@compiled
def commission_of(plan: Plan, units: float, price: float) -> float:
    """Cash for one side of an order."""
    size = abs(units)
    return plan.commission_fixed + size * price * plan.commission_rate + size * plan.commission_per_unit


@compiled
def equity_at(book: Book, close: float) -> float:
    return float(book.cash + (close * book.units - book.units * book.entry_price))


_LARGE_QUOTIENT: Final = 2.0**50
_SPLITTER: Final = 2.0**27 + 1.0


@compiled
def floor_divide(dividend: float, divisor: float) -> float:
    """Python's `//` of two positive numbers, which is not always the floor of the quotient.

    A quotient that rounding lifted to a whole number is found by its remainder, which Dekker's product gives exactly
    (1971): the remainder operation that Python uses takes twenty times as long.
    """
    whole = np.floor(dividend / divisor)
    if not whole < _LARGE_QUOTIENT:
        quotient = (dividend - dividend % divisor) / divisor
        whole = np.floor(quotient)
        return float(whole + 1.0 if quotient - whole > 0.5 else whole)
    product = whole * divisor
    high, low = _halves(divisor)
    whole_high, whole_low = _halves(whole)
    error = ((whole_high * high - product) + whole_high * low + whole_low * high) + whole_low * low
    return float(whole - 1.0 if (dividend - product) - error < 0.0 else whole)


@compiled
def _halves(value: float) -> tuple[float, float]:
    """Two numbers of 26 bits that add up to `value` (Veltkamp)."""
    scaled = _SPLITTER * value
    high = scaled - (scaled - value)
    return high, value - high


@compiled
def close_units(plan: Plan, book: Book, trades: np.ndarray, units: float, price: float, bar: int, closer: int) -> None:
    """Closes signed `units` (0: none) of the position at `price`; a part bears no stop and no target in the table."""
    if units == 0.0:
        return
    gross = units * (price - book.entry_price)
    paid = commission_of(plan, units, price)
    book.cash += gross - paid
    paid += commission_of(plan, units, book.entry_price)
    book.units -= units
    row = book.trades
    trades[row, ENTRY_BAR], trades[row, EXIT_BAR] = book.entry_bar, bar
    trades[row, UNITS_CLOSED] = units
    trades[row, ENTRY_PRICE], trades[row, EXIT_PRICE] = book.entry_price, price
    trades[row, PNL] = gross - paid
    rate = copysign(1.0, units) * (price / book.entry_price - 1.0)
    trades[row, RETURN] = rate - paid / (abs(units) * book.entry_price)
    trades[row, COMMISSION] = paid
    trades[row, RULE], trades[row, CLOSED_BY] = book.rule, closer
    trades[row, STOP_PRICE], trades[row, TARGET_PRICE] = 0.0, 0.0
    if book.units == 0.0:
        trades[row, STOP_PRICE], trades[row, TARGET_PRICE] = book.stop, book.target
        book.stop, book.target = 0.0, 0.0
        book.last_exit = bar
    book.trades += 1


@compiled
def fill_exits(plan: Plan, book: Book, trades: np.ndarray, parts: np.ndarray, price: float, bar: int) -> None:
    """The exits sent on the bar before, at the open; the second of two parts gets what the first leaves."""
    if book.closes_all and book.units != 0.0:
        close_units(plan, book, trades, book.units, price, bar, book.closes_all_by)
    for k in range(book.parts_sent):
        if book.units != 0.0:
            units = min(abs(book.units), parts[PART_UNITS, k])
            close_units(plan, book, trades, copysign(units, book.units), price, bar, int(parts[PART_BY, k]))
    book.closes_all = 0
    book.parts_sent = 0


@compiled
def fill_protection(
    plan: Plan, book: Book, trades: np.ndarray, opening: float, high: float, low: float, bar: int
) -> None:
    """Stop, then target, inside the bar; a gap through either fills at the open."""
    if book.units > 0.0:
        if book.stop > 0.0 and low <= book.stop:
            close_units(plan, book, trades, book.units, min(opening, book.stop), bar, book.stop_set_by)
        elif book.target > 0.0 and high >= book.target:
            close_units(plan, book, trades, book.units, max(opening, book.target), bar, TAKE_PROFIT)
    elif book.units < 0.0:
        if book.stop > 0.0 and high >= book.stop:
            close_units(plan, book, trades, book.units, max(opening, book.stop), bar, book.stop_set_by)
        elif book.target > 0.0 and low <= book.target:
            close_units(plan, book, trades, book.units, min(opening, book.target), bar, TAKE_PROFIT)


@compiled
def fill_price(book: Book, opening: float, high: float, low: float) -> float:
    """Where the entry order fills on this bar, spread aside; 0 where it goes on waiting."""
    if book.order_kind == MARKET:
        return opening
    is_buy, price = book.order_units > 0.0, book.order_price
    if book.order_kind == LIMIT:
        if is_buy:
            return min(opening, price) if low <= price else 0.0
        return max(opening, price) if high >= price else 0.0
    if is_buy:
        return max(opening, price) if high >= price else 0.0
    return min(opening, price) if low <= price else 0.0


@compiled
def fill_entry(plan: Plan, book: Book, notes: np.ndarray, price: float, bar: int) -> None:
    """Opens the position of the entry order at `price`, or cancels the order where the account can't carry it."""
    size = book.order_units
    adjusted = price * (1.0 + copysign(plan.spread, size))
    cost = adjusted + commission_of(plan, size, price) / abs(size)
    available = max(0.0, book.cash)
    book.order_kind = 0
    if abs(size) < 1.0:
        units = copysign(floor_divide(available * plan.leverage * abs(size), cost), size)
        if units == 0.0:
            note(book, notes, CANCELLED_FRACTION, bar, book.cash, available, book.order_rule)
            return
        size = units
    if abs(size) * cost > available * plan.leverage:
        note(book, notes, CANCELLED_UNITS, bar, book.cash, available, book.order_rule)
        return
    if abs(size) > MOST_UNITS:
        note(book, notes, BEYOND_COUNTING, bar, size, 0.0, book.order_rule)
        return
    book.cash -= commission_of(plan, size, adjusted)
    book.units, book.entry_price, book.entry_bar = size, adjusted, bar
    book.signal_bar, book.rule = book.order_signal_bar, book.order_rule
    book.stop, book.target, book.stop_set_by = book.order_stop, book.order_target, STOP_LOSS
    book.stop_is_void, book.target_is_void = book.order_stop_is_void, book.order_target_is_void
    book.is_trailing, book.is_even, book.parts_done = 0, 0, 0


@compiled
def is_awaiting(book: Book) -> bool:
    """Whether a bar's prices can make the broker do anything: an order was sent, or there is a stop or a target."""
    return bool(book.order_kind or book.closes_all or book.parts_sent or book.stop > 0.0 or book.target > 0.0)


@compiled
def is_at_rest(book: Book, high: float, low: float) -> bool:
    """Whether there is nothing to do on a bar: no order is sent, and neither stop nor target is met."""
    if book.order_kind or book.closes_all or book.parts_sent:
        return False
    if book.units > 0.0:
        return not (low <= book.stop or (high >= book.target and book.target > 0.0))
    return not (book.units < 0.0 and (low <= book.target or (high >= book.stop and book.stop > 0.0)))


@compiled
def process_orders(
    plan: Plan,
    book: Book,
    trades: np.ndarray,
    notes: np.ndarray,
    parts: np.ndarray,
    opening: float,
    high: float,
    low: float,
    bar: int,
) -> None:
    """One bar of the broker: exits, stop and target, the entry, and stop and target of a market entry at once."""
    if is_at_rest(book, high, low):
        return
    fill_exits(plan, book, trades, parts, opening, bar)
    fill_protection(plan, book, trades, opening, high, low, bar)
    if book.order_kind:
        is_market = book.order_kind == MARKET
        price = fill_price(book, opening, high, low)
        if price > 0.0:
            fill_entry(plan, book, notes, price, bar)
            if is_market and book.entry_bar == bar:
                fill_protection(plan, book, trades, opening, high, low, bar)
