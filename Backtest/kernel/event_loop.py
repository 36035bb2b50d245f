"""The run itself: bar by bar the broker, then the strategy's decisions on the close."""

from typing import Final

import numpy as np

from Backtest.kernel import broker as b
from Backtest.kernel import opcodes as op
from Backtest.kernel import order_plan as p
from Backtest.kernel.broker import Book
from Backtest.kernel.compilation import compiled, unowned
from Backtest.kernel.decisions import protect, send_entry, send_exits
from Backtest.kernel.live_rules import Sheet, update

MAX_PARTS: Final = 32
"""Partial exits of a spec, and so of a bar."""

# An event is what rules say of a bar: for each side the first true entry rule, counted from 1, and the first of those
# whose order is a market one, which alone reverses; a bit each for a full exit and for each partial exit.
_RULE: Final = 63
_LONG_ENTRY: Final = 0
_SHORT_ENTRY: Final = 6
_LONG_REVERSAL: Final = 12
_SHORT_REVERSAL: Final = 18
_LONG_EXIT: Final = 24
_SHORT_EXIT: Final = 25
_PARTS: Final = 26
_ENTRIES: Final = _RULE << _LONG_ENTRY | _RULE << _SHORT_ENTRY
_LONG_AGO: Final = -(2**40)
_LEAST_ROOM: Final = MAX_PARTS + 8
"""Rows that one bar may add to a table: each part, a stop, a target, a close-out; and what an order reports."""


@compiled
def write_events(truths: np.ndarray, entries: np.ndarray, exits: np.ndarray, events: np.ndarray) -> None:
    """Writes what the rules that don't depend on the open position say, one word a bar."""
    bars = len(events)
    events[:] = 0
    for k in range(len(entries) - 1, -1, -1):  # the first rule of a side has the last word
        is_long = entries[k, p.SIDE] > 0
        at = _LONG_ENTRY if is_long else _SHORT_ENTRY
        mask, rule = _RULE << at, (k + 1) << at
        if entries[k, p.ORDER] == p.MARKET:
            at = _LONG_REVERSAL if is_long else _SHORT_REVERSAL
            mask, rule = mask | _RULE << at, rule | (k + 1) << at
        truth = truths[entries[k, p.TRUTH]]
        for i in range(bars):
            chosen = -np.int64(truth[i] == op.TRUE)  # all bits or none: without a branch, four bars at once
            events[i] = (events[i] & ~(mask & chosen)) | (rule & chosen)
    for k in range(len(exits)):
        if not exits[k, p.IS_LIVE]:
            bit = 1 << exit_bit(exits, k)
            truth = truths[exits[k, p.TRUTH]]
            for i in range(bars):
                events[i] |= bit & -np.int64(truth[i] == op.TRUE)


@compiled
def exit_bit(exits: np.ndarray, rule: int) -> int:
    if exits[rule, p.PART] >= 0:
        return int(_PARTS + exits[rule, p.PART])
    return _LONG_EXIT if exits[rule, p.SIDE] > 0 else _SHORT_EXIT


@compiled
def live_event(sheet: Sheet, exits: np.ndarray, book: Book, bar: int) -> int:
    """What the rules that depend on the open position say of a bar."""
    update(sheet, book, bar)
    event = 0
    for k in range(len(exits)):
        if exits[k, p.IS_LIVE] and sheet.live_truths[exits[k, p.TRUTH], bar] == op.TRUE:
            event |= 1 << exit_bit(exits, k)
    return event


@compiled
def events_in(exits: np.ndarray, side: int) -> int:
    """The bits of events that matter in a position of a side."""
    mask = 1 << (_LONG_EXIT if side > 0 else _SHORT_EXIT)
    mask |= _RULE << (_SHORT_REVERSAL if side > 0 else _LONG_REVERSAL)
    for k in range(len(exits)):
        if exits[k, p.SIDE] == side and exits[k, p.PART] >= 0:
            mask |= 1 << exit_bit(exits, k)
    return mask


@compiled
def is_cooling(plan: p.Plan, book: Book, bar: int) -> bool:
    return plan.cooldown_bars > 0 and bar - book.last_exit <= plan.cooldown_bars


@compiled
def enter(
    plan: p.Plan,
    inputs: np.ndarray,
    numbers: np.ndarray,
    entries: np.ndarray,
    book: Book,
    notes: np.ndarray,
    event: int,
    bar: int,
) -> None:
    """While flat: the first entry rule that is true, the long ones before the short ones; else what waits may end."""
    chosen = (event >> _LONG_ENTRY) & _RULE
    if not chosen:
        chosen = (event >> _SHORT_ENTRY) & _RULE
    if chosen and not is_cooling(plan, book, bar):
        send_entry(plan, inputs, numbers, book, notes, entries, chosen - 1, bar)
    elif book.order_kind and bar >= book.order_last_bar:
        book.order_kind = 0


@compiled
def true_exit(sheet: Sheet, exits: np.ndarray, book: Book, bar: int) -> int:
    """The first full exit of the position's side that is true on a bar; the number of exits where none is."""
    side = 1 if book.units > 0.0 else -1
    for k in range(len(exits)):
        if exits[k, p.SIDE] == side and exits[k, p.PART] < 0:
            truths = sheet.live_truths if exits[k, p.IS_LIVE] else sheet.truths
            if truths[exits[k, p.TRUTH], bar] == op.TRUE:
                return k
    return len(exits)


@compiled
def leave(
    plan: p.Plan,
    sheet: Sheet,
    entries: np.ndarray,
    exits: np.ndarray,
    portions: np.ndarray,
    book: Book,
    parts: np.ndarray,
    notes: np.ndarray,
    event: int,
    bar: int,
) -> None:
    """In a position: a market entry of the other side reverses, before a full exit, before partial ones."""
    opposite = (event >> (_SHORT_REVERSAL if book.units > 0.0 else _LONG_REVERSAL)) & _RULE
    if opposite and not is_cooling(plan, book, bar):
        book.closes_all, book.closes_all_by = 1, b.FIRST_RULE + len(exits) + opposite - 1
        send_entry(plan, sheet.inputs, sheet.numbers, book, notes, entries, opposite - 1, bar)
    elif (event >> _LONG_EXIT) & 3:
        book.closes_all, book.closes_all_by = 1, b.FIRST_RULE + true_exit(sheet, exits, book, bar)
    elif is_over(plan, book, bar):
        book.closes_all, book.closes_all_by = 1, b.MAX_BARS
    elif event >> _PARTS:
        send_exits(book, parts, exits, portions, event >> _PARTS)


@compiled
def doubled(table: np.ndarray) -> np.ndarray:
    """The table with room for as many rows again."""
    grown = np.empty((2 * len(table), table.shape[1]))
    grown[: len(table)] = table
    return grown


@compiled
def next_event(events: np.ndarray, wanted: int, bar: int, end: int) -> int:
    """The first bar of [bar, end) with one of the wanted bits, else `end`; looks at eight bars at once."""
    while bar + 8 <= end:
        found = 0
        for k in range(8):
            found |= events[bar + k]
        if found & wanted:
            break
        bar += 8
    while bar < end and not events[bar] & wanted:
        bar += 1
    return bar


@compiled
def next_touch(highs: np.ndarray, lows: np.ndarray, floor: float, ceiling: float, bar: int, end: int) -> int:
    """The first bar of [bar, end) that reaches down to `floor` or up to `ceiling`, else `end`."""
    while bar + 8 <= end:
        found = 0
        for k in range(8):
            found |= (lows[bar + k] <= floor) | (highs[bar + k] >= ceiling)
        if found:
            break
        bar += 8
    while bar < end and lows[bar] > floor and highs[bar] < ceiling:
        bar += 1
    return bar


@compiled
def value_until(
    equity: np.ndarray, closes: np.ndarray, cash: float, units: float, paid: float, bar: int, end: int
) -> int:
    """Writes the equity of [bar, end) and answers the first bar on which nothing is left, else `end`."""
    least = np.inf
    for i in range(bar, end):
        worth = cash + (closes[i] * units - paid)
        equity[i] = worth
        least = min(least, worth)
    if least > 0.0:
        return end
    while equity[bar] > 0.0:
        bar += 1
    return bar


@compiled
def rest(
    plan: p.Plan,
    book: Book,
    events: np.ndarray,
    long_events: int,
    short_events: int,
    highs: np.ndarray,
    lows: np.ndarray,
    closes: np.ndarray,
    equity: np.ndarray,
    bar: int,
) -> int:
    """Writes the equity of the bars from `bar` on while neither the broker nor a rule has anything to do, and answers
    the first bar that is not so."""
    bars = len(closes)
    if book.order_kind or book.closes_all or book.parts_sent:
        return bar
    units = book.units
    if units == 0.0:
        end = next_event(events, _ENTRIES, bar, bars)
        equity[bar:end] = book.cash
        return end
    if plan.max_bars > 0:
        bars = max(bar, min(bars, book.entry_bar + plan.max_bars - 1))
    end = next_event(events, long_events if units > 0.0 else short_events, bar, bars)
    if book.stop > 0.0 or book.target > 0.0:
        floor, ceiling = (book.stop, book.target) if units > 0.0 else (book.target, book.stop)
        end = next_touch(highs, lows, floor, ceiling if ceiling > 0.0 else np.inf, bar, end)
    return value_until(equity, closes, book.cash, units, units * book.entry_price, bar, end)


@compiled
def is_over(plan: p.Plan, book: Book, bar: int) -> bool:
    return plan.max_bars > 0 and bar - book.entry_bar + 1 >= plan.max_bars


@compiled
def simulate(
    plan: p.Plan,
    sheet: Sheet,
    events: np.ndarray,
    entries: np.ndarray,
    exits: np.ndarray,
    portions: np.ndarray,
    start: int,
    book: Book,
    equity: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Runs the bars from `start` on; fills `equity` (all bars) and `book`, and answers closed trades and notes.

    `inputs` begin with Open, High, Low and Close. An account at or below 0 is closed out at that close, and its equity
    is 0 from there on.
    """
    sheet = Sheet(
        unowned(sheet.inputs),
        unowned(sheet.numbers),
        unowned(sheet.truths),
        unowned(sheet.code),
        unowned(sheet.rows),
        unowned(sheet.number_is_live),
        unowned(sheet.truth_is_live),
        unowned(sheet.live_numbers),
        unowned(sheet.live_truths),
    )
    events, entries, exits, portions = unowned(events), unowned(entries), unowned(exits), unowned(portions)
    equity = unowned(equity)
    inputs, numbers = sheet.inputs, sheet.numbers
    opens, highs, lows, closes = inputs[0], inputs[1], inputs[2], inputs[3]
    trades, notes, parts = np.empty((256, b.TRADE_WIDTH)), np.empty((64, b.NOTE_WIDTH)), np.zeros((2, MAX_PARTS))
    long_events, short_events = events_in(exits, 1), events_in(exits, -1)
    is_managed, has_live = plan.trail_kind + plan.even_gain_kind > 0, len(sheet.rows) > 0
    book.cash, book.last_exit = plan.cash, _LONG_AGO
    equity[:start] = plan.cash
    bar = start - 1
    while True:
        bar += 1
        if not (is_managed or has_live) or book.units == 0.0:
            bar = rest(plan, book, events, long_events, short_events, highs, lows, closes, equity, bar)
        if bar >= len(closes):
            break
        if max(book.trades + _LEAST_ROOM - len(trades), book.notes + _LEAST_ROOM - len(notes)) > 0:
            trades, notes = doubled(trades), doubled(notes)
        if b.is_awaiting(book):  # else its prices, which are far from the closes, needn't be fetched
            b.process_orders(plan, book, trades, notes, parts, opens[bar], highs[bar], lows[bar], bar)
        equity[bar] = b.equity_at(book, closes[bar])
        if equity[bar] <= 0.0:
            b.close_units(plan, book, trades, book.units, closes[bar], bar, b.RUIN)
            equity[bar:] = 0.0
            break
        event = events[bar] if bar >= plan.first_bar else 0
        if book.units == 0.0:
            if event & _ENTRIES or book.order_kind:
                enter(plan, inputs, numbers, entries, book, notes, event, bar)
            continue
        if is_managed or bar == book.entry_bar:
            protect(plan, inputs, numbers, book, notes, closes[bar], bar)
        if has_live:
            event |= live_event(sheet, exits, book, bar)
        event &= long_events if book.units > 0.0 else short_events
        if event or is_over(plan, book, bar):
            leave(plan, sheet, entries, exits, portions, book, parts, notes, event, bar)
    return trades[: book.trades], notes[: book.notes]
