"""What a strategy does on a bar's close: moves its stops, sends its exits, then its entries (rule 4)."""

from math import copysign

import numpy as np

from Backtest.kernel import broker as b
from Backtest.kernel import order_plan as p
from Backtest.kernel.broker import Book
from Backtest.kernel.compilation import compiled
from Backtest.kernel.machine import value_at

Matrix = np.ndarray
"""Inputs and computed numbers of the register machine."""


@compiled
def level(
    kind: int,
    value: float,
    column: int,
    stop_column: int,
    inputs: Matrix,
    numbers: Matrix,
    bar: int,
    price: float,
    direction: float,
) -> float:
    """The price that lies a distance from `price`, above it where `direction` is 1; NaN where there is none.

    A percent level is price x ((100 +/- p) / 100), see docs/decisions/0003.
    """
    if kind == p.PERCENT:
        return price * ((100.0 + direction * value) / 100.0)
    if kind == p.PRICE:
        return price + direction * value
    if kind == p.ATR:
        return price + direction * (value * value_at(inputs, numbers, column, bar))
    if kind == p.OF_LEVEL:
        return price + direction * (value * abs(price - value_at(inputs, numbers, stop_column, bar)))
    if kind == p.LEVEL:
        return float(value_at(inputs, numbers, column, bar))
    return np.nan


@compiled
def is_level(price: float) -> bool:
    return 0.0 < price < np.inf


@compiled
def is_beyond(at: float, price: float, direction: float) -> bool:
    """Whether `at` is a price, and lies above `price` (direction 1) or below it (-1)."""
    return is_level(at) and (at - price) * direction > 0.0


@compiled
def stop_distance(plan: p.Plan, inputs: Matrix, numbers: Matrix, price: float, bar: int) -> float:
    if plan.stop_kind == p.PERCENT:
        return price * (plan.stop_value / 100.0)
    if plan.stop_kind == p.ATR:
        return plan.stop_value * value_at(inputs, numbers, plan.stop_column, bar)
    if plan.stop_kind == p.LEVEL:
        return abs(price - value_at(inputs, numbers, plan.stop_column, bar))
    return plan.stop_value


@compiled
def stop_level(plan: p.Plan, inputs: Matrix, numbers: Matrix, bar: int, price: float, side: float) -> float:
    """The fixed stop of a position at `price` that was signalled on `bar`."""
    return level(plan.stop_kind, plan.stop_value, plan.stop_column, 0, inputs, numbers, bar, price, -side)


@compiled
def target_level(
    plan: p.Plan, inputs: Matrix, numbers: Matrix, bar: int, price: float, side: float, stop_is_void: int
) -> float:
    """Alike for the target; R multiples of a level that was left out are none."""
    if plan.target_kind == p.OF_LEVEL and stop_is_void:
        return np.nan
    column = plan.stop_column
    return level(plan.target_kind, plan.target_value, plan.target_column, column, inputs, numbers, bar, price, side)


@compiled
def is_reached(
    plan: p.Plan, kind: int, value: float, column: int, inputs: Matrix, numbers: Matrix, book: Book, close: float
) -> bool:
    """Whether a close has gained so much over the fill."""
    if kind == p.AT_ONCE:
        return True
    if kind == p.OF_LEVEL and book.stop_is_void:
        return False
    side = copysign(1.0, book.units)
    bar = book.signal_bar
    wanted = level(kind, value, column, plan.stop_column, inputs, numbers, bar, book.entry_price, side)
    return (close - wanted) * side >= 0.0


@compiled
def anchor(plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, notes: Matrix, bar: int, side: float) -> None:
    """Stop and target from the fill, in place of the provisional ones; a level stays where it was."""
    signal_bar, price = book.signal_bar, book.entry_price
    if plan.stop_kind == p.LEVEL:
        book.stop = 0.0 if book.stop_is_void else value_at(inputs, numbers, plan.stop_column, signal_bar)
    else:
        stop = stop_level(plan, inputs, numbers, signal_bar, price, side)
        book.stop = protective(book, notes, b.STOP_LEFT_OUT, plan.stop_kind, stop, price, side, bar)
    if plan.target_kind == p.LEVEL:
        book.target = 0.0 if book.target_is_void else value_at(inputs, numbers, plan.target_column, signal_bar)
    else:
        target = target_level(plan, inputs, numbers, signal_bar, price, side, book.stop_is_void)
        book.target = protective(book, notes, b.TARGET_LEFT_OUT, plan.target_kind, target, price, -side, bar)


@compiled
def protect(plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, notes: Matrix, close: float, bar: int) -> None:
    """Anchors stop and target at the entry bar's close, then breaks even and trails; never loosens a stop."""
    side = copysign(1.0, book.units)
    if bar == book.entry_bar:
        book.best_close = close
        anchor(plan, inputs, numbers, book, notes, bar, side)
    elif (close - book.best_close) * side > 0.0:
        book.best_close = close
    if plan.even_gain_kind != p.NOTHING and not book.is_even:
        gain = plan.even_gain_kind, plan.even_gain_value, plan.even_gain_column
        if is_reached(plan, gain[0], gain[1], gain[2], inputs, numbers, book, close):
            book.is_even = 1
            tighten(book, book.entry_price, side, b.BREAK_EVEN)
    if plan.trail_kind != p.NOTHING:
        trail(plan, inputs, numbers, book, close, bar, side)


@compiled
def trail(plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, close: float, bar: int, side: float) -> None:
    if not book.is_trailing:
        gain = plan.trail_gain_kind, plan.trail_gain_value, plan.trail_gain_column
        if not is_reached(plan, gain[0], gain[1], gain[2], inputs, numbers, book, close):
            return
        book.is_trailing = 1
    kind, value, column = plan.trail_kind, plan.trail_value, plan.trail_column
    behind = level(kind, value, column, 0, inputs, numbers, bar, book.best_close, -side)
    if is_level(behind):
        tighten(book, behind, side, b.TRAILING_STOP)


@compiled
def tighten(book: Book, stop: float, side: float, closer: int) -> None:
    if book.stop == 0.0 or (stop - book.stop) * side > 0.0:
        book.stop, book.stop_set_by = stop, closer


@compiled
def send_exits(book: Book, parts: np.ndarray, exits: np.ndarray, portions: np.ndarray, wanted: int) -> None:
    """Partial exits that were not sent yet for this position: bit k of `wanted` is portion k."""
    for rule in range(len(exits)):
        k = exits[rule, p.PART]
        if k >= 0 and (wanted >> k) & 1 and not (book.parts_done >> k) & 1:
            book.parts_done |= 1 << k
            parts[b.PART_UNITS, book.parts_sent] = max(1.0, np.rint(abs(book.units) * portions[k]))
            parts[b.PART_BY, book.parts_sent] = b.FIRST_RULE + rule
            book.parts_sent += 1


@compiled
def send_entry(
    plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, notes: Matrix, entries: np.ndarray, rule: int, bar: int
) -> None:
    """Sends an entry rule's order, whose price stands for the close where it waits, in place of the one that waits."""
    side, kind = float(entries[rule, p.SIDE]), entries[rule, p.ORDER]
    book.order_kind = 0
    price = inputs[3, bar] if kind == p.MARKET else value_at(inputs, numbers, entries[rule, p.PRICE_REGISTER], bar)
    if not is_level(price):
        b.note(book, notes, b.NO_ORDER_PRICE, bar, price, 0.0, rule)
        return
    fill = price * (1.0 + copysign(plan.spread, side))
    stop = stop_level(plan, inputs, numbers, bar, price, side)
    book.order_stop_is_void = plan.stop_kind == p.LEVEL and not is_beyond(stop, fill, -side)
    target = target_level(plan, inputs, numbers, bar, price, side, book.order_stop_is_void)
    book.order_target_is_void = plan.target_kind == p.LEVEL and not is_beyond(target, fill, side)
    size = order_size(plan, inputs, numbers, book, price, side, bar)
    book.order_stop, book.order_target = 0.0, 0.0
    if kind == p.MARKET or plan.stop_kind == p.LEVEL:
        book.order_stop = protective(book, notes, b.STOP_LEFT_OUT, plan.stop_kind, stop, fill, side, bar)
    if kind == p.MARKET or plan.target_kind == p.LEVEL:
        book.order_target = protective(book, notes, b.TARGET_LEFT_OUT, plan.target_kind, target, fill, -side, bar)
    if kind != p.MARKET:
        book.order_stop, book.order_target = 0.0, 0.0
    if size == 0.0:
        b.note(book, notes, b.NO_UNITS, bar, 0.0, 0.0, rule)
    else:
        book.order_kind, book.order_units, book.order_price = kind, size * side, price
        book.order_signal_bar, book.order_rule = bar, rule
        valid = entries[rule, p.VALID_BARS]
        book.order_last_bar = bar + valid if valid else np.iinfo(np.int64).max


@compiled
def protective(
    book: Book, notes: Matrix, kind: int, distance_kind: int, stop: float, price: float, side: float, bar: int
) -> float:
    """A stop below `price` for a `side` of 1, above it for -1 (a target the other way round); else 0 and a note.

    A distance without a value says nothing more than the rule that waits for it; a level without one is noted.
    """
    if distance_kind == p.NOTHING or (np.isnan(stop) and distance_kind != p.LEVEL):
        return 0.0
    if is_beyond(stop, price, -side):
        return stop
    b.note(book, notes, kind, bar, stop, price, 0)
    return 0.0


@compiled
def order_size(plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, price: float, side: float, bar: int) -> float:
    """Units, or a fraction of the account below 1; 0 where nothing is to be sent."""
    if plan.size_kind == p.ALL or plan.size_kind == p.UNITS:
        return plan.size_value
    if plan.size_kind == p.CASH:
        return b.floor_divide(plan.size_value, price)
    if plan.size_kind == p.RISK:
        return risked_units(plan, inputs, numbers, book, price, side, bar)
    fraction = plan.size_value / 100.0 / value_at(inputs, numbers, plan.size_column, bar)
    return fraction if fraction < 1.0 else p.WHOLE_ACCOUNT


@compiled
def risked_units(
    plan: p.Plan, inputs: Matrix, numbers: Matrix, book: Book, price: float, side: float, bar: int
) -> float:
    """floor(equity x percent / the stop's distance); the whole account where that costs more; 0 without a distance."""
    distance = stop_distance(plan, inputs, numbers, price, bar)
    equity = b.equity_at(book, inputs[3, bar])
    if book.order_stop_is_void or not distance > 0.0:
        return 0.0
    units = b.floor_divide(equity * (plan.size_value / 100.0), distance)
    cost = units * (price * (1.0 + copysign(plan.spread, side))) + b.commission_of(plan, units, price)
    return units if cost <= equity * plan.leverage else p.WHOLE_ACCOUNT
