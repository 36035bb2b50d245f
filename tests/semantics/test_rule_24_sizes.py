"""Rule 24: how many units an entry takes."""

import numpy as np
import pandas as pd
import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    arith,
    atr,
    atrs,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    flat,
    indicator,
    leave,
    limit,
    lowest,
    number,
    percent,
    price,
    rsi,
    signal,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class OnCrosses(PlainStrategy):
    """In and out on crosses of the Close and its 20-bar average; `enter` sends the order."""

    def init(self):
        d = self.data
        self.sma = self.I(talib.SMA, d.Close, 20)
        self.atr = self.I(talib.ATR, d.High, d.Low, d.Close, 14)

    def next(self):
        c, s = self.data.Close, self.sma
        for trade in self.trades:
            if trade.entry_bar == len(self.data) - 1:
                self.anchor(trade)
        if self.position:
            if c[-2] >= s[-2] and c[-1] < s[-1]:
                self.position.close()
        elif c[-2] <= s[-2] and c[-1] > s[-1]:
            self.enter()

    def anchor(self, trade) -> None:
        pass


def on_crosses(sizing: dict, **sections: object) -> dict:
    return document(
        [enter(cross_above(price(), indicator("SMA_20")))],
        [leave(cross_below(price(), indicator("SMA_20")))],
        indicators=[sma(20), atr(14)],
        sizing=sizing,
        **sections,
    )


def execution(cash: float = 100_000.0, rate: float = 0.001, spread: float = 0.0, margin: float = 1.0) -> dict:
    return {"cash": cash, "commission": {"type": "rate", "value": rate}, "spread": spread, "margin": margin}


SIZES = {
    "the whole account": ({"type": "all"}, lambda self: self.buy()),
    "a tenth of the equity": ({"type": "fraction", "value": 0.1}, lambda self: self.buy(size=0.1)),
    "a fraction of one is the whole account, not one unit": (
        {"type": "fraction", "value": 1.0},
        lambda self: self.buy(),
    ),
    "100 shares": ({"type": "units", "value": 100}, lambda self: self.buy(size=100)),
    "$5,000 a trade": (
        {"type": "cash", "value": 5000.0},
        lambda self: self.buy(size=int(5000 // self.data.Close[-1])),
    ),
}


@pytest.mark.parametrize("size", SIZES)
def test_units(size: str) -> None:
    sizing, send = SIZES[size]
    plain = plain_trades(type("Plain", (OnCrosses,), {"enter": send}), GOOG)
    assert len(plain.closed) > 40
    assert_same_trades(compiled_trades(on_crosses(sizing), GOOG), plain)


@pytest.mark.parametrize("size", ["the whole account", "a tenth of the equity"])
def test_fractions_are_of_the_available_margin_times_leverage(size: str) -> None:
    sizing, send = SIZES[size]
    plain = plain_trades(type("Plain", (OnCrosses,), {"enter": send}), GOOG, margin=0.5)
    unlevered = plain_trades(type("Plain", (OnCrosses,), {"enter": send}), GOOG)
    assert plain.column("Size")[0] // unlevered.column("Size")[0] >= 2
    assert_same_trades(compiled_trades(on_crosses(sizing, execution=execution(margin=0.5)), GOOG), plain)


@pytest.mark.parametrize(
    ("commission", "charged"),
    [
        ({"type": "fixed_plus_rate", "fixed": 20.0, "rate": 0.0005}, (20, 0.0005)),
        ({"type": "per_unit", "value": 0.02}, lambda units, at: abs(units) * 0.02),
    ],
    ids=["fixed plus rate", "per unit"],
)
def test_the_whole_account_pays_its_commission(commission: dict, charged) -> None:
    plain = plain_trades(type("Plain", (OnCrosses,), {"enter": lambda self: self.buy()}), GOOG, commission=charged)
    assert len(plain.closed) > 40
    spec = on_crosses({"type": "all"}, execution={**execution(), "commission": commission})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_one_percent_risk_is_the_stops_distance_at_the_signal_close_commission_aside() -> None:
    class Plain(OnCrosses):
        def anchor(self, trade):
            trade.sl = trade.entry_price - 3 * self.atr[-2]

        def enter(self):
            distance = 3 * self.atr[-1]
            self.buy(size=int(self.equity * 0.01 // distance), sl=self.data.Close[-1] - distance)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 40
    spec = on_crosses({"type": "risk", "percent": 1.0}, risk={"stop_loss": atrs(14, 3)})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_where_the_risk_would_cost_more_than_the_account_the_default_order_is_sent() -> None:
    """4 % at a stop of 1.5 ATR: sometimes more than the account carries, commission included, sometimes less."""

    class Plain(OnCrosses):
        whole = part = 0

        def anchor(self, trade):
            trade.sl = trade.entry_price - 1.5 * self.atr[-2]

        def enter(self):
            close, distance = self.data.Close[-1], 1.5 * self.atr[-1]
            units = int(self.equity * 0.04 // distance)
            if units * close * 1.001 > self.equity:
                Plain.whole += 1
                self.buy(sl=close - distance)
            else:
                Plain.part += 1
                self.buy(size=units, sl=close - distance)

    # an order that the next open alone makes too dear would be cancelled: the broker may say so
    spec = on_crosses({"type": "risk", "percent": 4.0}, risk={"stop_loss": atrs(14, 1.5)})
    plain = plain_trades(Plain, GOOG)
    assert Plain.whole > 10
    assert Plain.part > 10
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_the_commission_decides_whether_the_risk_fits() -> None:
    """Units worth 99.95 % of the account: with a commission of 0.1 % they cost more than it has."""

    class Plain(PlainStrategy):
        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.99
            if not self.position and self.data.Volume[-1] == 1:
                assert 100_000 * 0.009995 // 1 == 999
                self.buy(sl=self.data.Close[-1] * 0.99)

    frame = bars(flat(100), flat(100, 1), (100, 100.5, 99.5, 100), (100, 100, 98, 98), flat(98))
    plain = plain_trades(Plain, frame, commission=0.002)
    assert plain.column("Size") == [998]
    spec = document(
        [enter(signal(1))],
        risk={"stop_loss": percent(1)},
        sizing={"type": "risk", "percent": 0.9995},
        execution=execution(rate=0.002),
    )
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_leverage_carries_more_risk() -> None:
    class Plain(OnCrosses):
        def anchor(self, trade):
            trade.sl = trade.entry_price * 0.98

        def enter(self):
            close = self.data.Close[-1]
            units = int(self.equity * 0.03 // (close * 0.02))  # 150 % of the equity
            self.buy(size=units, sl=close * 0.98)

    plain = plain_trades(Plain, GOOG, margin=0.5)
    value = plain.column("Size")[0] * plain.column("EntryPrice")[0]
    assert value > 140_000
    spec = on_crosses({"type": "risk", "percent": 3.0}, risk={"stop_loss": percent(2)}, execution=execution(margin=0.5))
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_reversal_may_spend_what_the_closed_position_frees() -> None:
    """1 % at a stop of 1.2 % is 83 % of the account; in a position of that size little margin is free, but the exit comes first."""

    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            close, r = self.data.Close[-1], self.rsi
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    side = 1 if trade.is_long else -1
                    trade.sl = trade.entry_price * (1 - side * 0.012)
            units = int(self.equity * 0.01 // (close * 0.012))
            if r[-2] <= 50 and r[-1] > 50 and not self.position.is_long:
                self.position.close()
                self.buy(size=units, sl=close * 0.988)
            elif r[-2] >= 50 and r[-1] < 50 and not self.position.is_short:
                self.position.close()
                self.sell(size=units, sl=close * 1.012)

    plain = plain_trades(Plain, EURUSD, commission=0.0)
    assert len(set(plain.column("EntryBar")) & set(plain.column("ExitBar"))) > 50
    line = indicator("RSI_14")
    spec = document(
        [enter(cross_above(line, number(50))), enter(cross_below(line, number(50)), "short")],
        indicators=[rsi(14)],
        risk={"stop_loss": percent(1.2)},
        sizing={"type": "risk", "percent": 1.0},
        execution=execution(rate=0.0),
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_units_that_only_the_next_open_makes_too_dear_are_cancelled_and_reported() -> None:
    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if self.data.Volume[-1] == 9:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy(size=990)

    frame = bars(flat(100), flat(100, 1), flat(102), flat(100, 1), flat(100), flat(101, 9), flat(101))
    plain = plain_trades(Plain, frame, reports="insufficient margin")
    assert plain.column("EntryBar") == [4]
    spec = document([enter(signal(1))], [leave(signal(9))], sizing={"type": "units", "value": 990})
    assert_same_trades(compiled_trades(spec, frame, reports="insufficient margin"), plain)


@pytest.mark.parametrize(
    "sizing", [{"type": "cash", "value": 90.0}, {"type": "risk", "percent": 0.001}], ids=["cash", "risk"]
)
def test_zero_units_send_no_order_and_are_reported(sizing: dict) -> None:
    """$90 buy no unit at 100, nor does a risk of one dollar at a distance of five; at 15 they buy six and one."""

    class Plain(PlainStrategy):
        def next(self):
            close = self.data.Close[-1]
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.95
            units = int(90 // close) if sizing["type"] == "cash" else int(self.equity * 0.00001 // (close * 0.05))
            if self.position:
                if self.data.Volume[-1] == 9:
                    self.position.close()
            elif self.data.Volume[-1] == 1 and units:
                self.buy(size=units, sl=close * 0.95)

    frame = bars(flat(100), flat(100, 1), flat(100), flat(15, 1), flat(15), flat(16, 9), flat(16))
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [4]
    spec = document([enter(signal(1))], [leave(signal(9))], risk={"stop_loss": percent(5)}, sizing=sizing)
    assert_same_trades(compiled_trades(spec, frame, reports="0 units|zero|no unit"), plain)


@pytest.mark.parametrize(
    ("sizing", "units"),
    [({"type": "cash", "value": 5000.0}, 62), ({"type": "risk", "percent": 1.0}, 250)],
    ids=["5000 // 80", "1000 // (80 * 5 %)"],
)
def test_for_a_limit_order_its_price_stands_for_the_close(sizing: dict, units: int) -> None:
    class Plain(PlainStrategy):
        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.95
            if not self.position and self.data.Volume[-1] == 1:
                self.buy(size=units, limit=80)

    frame = bars(flat(100), flat(100, 1), (100, 101, 79, 90), (90, 91, 70, 72), flat(72))
    plain = plain_trades(Plain, frame)
    assert (plain.column("Size"), plain.column("ExitPrice")) == ([units], [76.0])
    at = limit(arith("*", price(), number(0.8)))
    spec = document([enter(signal(1), "long", at)], risk={"stop_loss": percent(5)}, sizing=sizing)
    assert_same_trades(compiled_trades(spec, frame), plain)


def realised_volatility(close) -> np.ndarray:
    """Population deviation of the last 20 log returns, a year of 252 days."""
    return (np.log(pd.Series(np.asarray(close))).diff().rolling(20).std(ddof=0) * np.sqrt(252)).to_numpy()


@pytest.mark.parametrize("target", [15.0, 30.0])
def test_a_volatility_target_is_a_fraction_of_at_most_the_whole_account(target: float) -> None:
    class Plain(OnCrosses):
        whole = part = 0

        def init(self):
            super().init()
            self.volatility = self.I(realised_volatility, self.data.Close)

        def enter(self):
            fraction = target / 100 / self.volatility[-1]
            if fraction >= 1:
                Plain.whole += 1
                self.buy()
            else:
                Plain.part += 1
                self.buy(size=fraction)

    plain = plain_trades(Plain, GOOG)
    assert Plain.part > 10
    assert Plain.whole > (10 if target > 20 else 0)
    spec = on_crosses({"type": "volatility_target", "percent": target})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_the_account_is_the_documents() -> None:
    """Rule 25 beside it: $25,000 and 5 bps; a spread is paid on entry."""
    plain = plain_trades(
        type("Plain", (OnCrosses,), {"enter": lambda self: self.buy()}),
        GOOG,
        cash=25_000,
        commission=0.0005,
        spread=0.001,
    )
    assert len(plain.closed) > 40
    spec = on_crosses({"type": "all"}, execution=execution(cash=25_000.0, rate=0.0005, spread=0.001))
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_level_entry_while_a_signal_of_zero_units_repeats_reports_and_goes_on() -> None:
    """Units of $150: none above 150, one or more below; every signal is asked anew."""

    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                self.position.close()
            elif self.data.Close[-1] <= 150:
                self.buy(size=int(150 // self.data.Close[-1]))

    plain = plain_trades(Plain, GOOG.iloc[:300])
    assert 0 < len(plain.closed) < 140
    spec = document(
        [enter(compare(price(), ">", number(0)))], sizing={"type": "cash", "value": 150.0}, risk={"max_bars": 1}
    )
    assert_same_trades(compiled_trades(spec, GOOG.iloc[:300], reports="0 units|zero|no unit"), plain)


def test_risk_to_a_level_is_its_distance_from_the_signal_close() -> None:
    class Plain(OnCrosses):
        def enter(self):
            close, level = self.data.Close[-1], min(self.data.Low[-10:]) * 0.97
            units = int(self.equity * 0.01 // (close - level))
            assert units * close * 1.001 < self.equity
            self.buy(size=units, sl=level)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 40
    low = arith("*", lowest(price("Low"), 10, include_current=True), number(0.97))
    spec = on_crosses({"type": "risk", "percent": 1.0}, risk={"stop_loss": {"type": "price", "price": low}})
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_risk_in_pips_on_both_sides() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            close, r = self.data.Close[-1], self.rsi
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    side = 1 if trade.is_long else -1
                    trade.sl = trade.entry_price - side * 0.0080
                    trade.tp = trade.entry_price + side * 0.0120
            units = int(self.equity * 0.005 // 0.0080)
            if r[-1] < 30 and not self.position.is_long:
                self.position.close()
                self.buy(size=units, sl=close - 0.0080, tp=close + 0.0120)
            elif r[-1] > 70 and not self.position.is_short:
                self.position.close()
                self.sell(size=units, sl=close + 0.0080, tp=close - 0.0120)

    plain = plain_trades(Plain, EURUSD, commission=0.00002)
    assert len(plain.closed) > 40
    spec = document(
        [
            enter(compare(indicator("RSI_14"), "<", number(30))),
            enter(compare(indicator("RSI_14"), ">", number(70)), "short"),
        ],
        indicators=[rsi(14)],
        risk={"stop_loss": {"type": "pips", "value": 80.0}, "take_profit": {"type": "r", "multiple": 1.5}},
        sizing={"type": "risk", "percent": 0.5},
        execution=execution(rate=0.00002),
        instruments=["EURUSD"],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)
