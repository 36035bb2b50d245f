"""What a run reports, in the words of the broker and of the generated code."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from Backtest.data.bars import Window
from Backtest.kernel import broker as b
from Backtest.kernel.columns import closes_of
from Backtest.kernel.order_plan import StrategyPlan

MAX_NOTICES: Final = 50
_NUMBERS: Final = re.compile(r"\d[\d.,:\- ]*")
_LEFT_OUT: Final = {b.STOP_LEFT_OUT: "stop loss", b.TARGET_LEFT_OUT: "take profit"}
_DEAR: Final = (
    "Some prices are larger than initial cash value. Note that fractional trading is not supported by this class. "
    "If you want to trade Bitcoin, increase initial cash, or trade μBTC or satoshis instead (see e.g. class "
    "`backtesting.lib.FractionalBacktest`."
)


def notices_of(
    notes: np.ndarray, without_values: tuple[str, ...], strategy: StrategyPlan, window: Window
) -> tuple[str, ...]:
    """One line for those that differ in their numbers only, with their count; the first of each kind is shown."""
    first_text: dict[str, str] = {}
    count: dict[str, int] = {}
    for text in _texts(notes, without_values, strategy, window):
        kind = _NUMBERS.sub("#", text)
        first_text.setdefault(kind, text)
        count[kind] = count.get(kind, 0) + 1
    lines = [
        text if count[kind] == 1 else f"{text} ({count[kind]} times, first shown)" for kind, text in first_text.items()
    ]
    return tuple(lines[:MAX_NOTICES])


def _texts(notes: np.ndarray, without_values: tuple[str, ...], strategy: StrategyPlan, window: Window) -> Iterator[str]:
    if (closes_of(window.bars) > strategy.plan["cash"][0]).any():
        yield _DEAR[:300]
    if without_values:
        yield f"{', '.join(without_values)}: no value on these bars, so no rule was evaluated"
    for kind, bar, value, other, rule in notes.tolist():
        at, rule_id = int(bar) - window.first_bar, strategy.entry_rule_ids[int(rule)]
        if kind in _LEFT_OUT:
            yield f"a {_LEFT_OUT[kind]} at {value:g} can't protect a position at {other:g} and was left out"
        elif kind == b.NO_UNITS:
            yield f"{rule_id}: 0 units, no order was sent"
        elif kind == b.NO_ORDER_PRICE:
            yield f"{rule_id}: no order at a price of {value:g}"
        else:
            order = "relative-sized order" if kind == b.CANCELLED_FRACTION else "order"
            money = f"(equity={value:.2f}, margin_available={other:.2f})"
            yield f"Bar {at}: Broker canceled the {order} due to insufficient margin {money}."
