"""Rule 11: weekday and hour filters are of the signal bar; `only trade when` filters entries only."""

import datetime as dt

import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    indicator,
    leave,
    number,
    price,
    rsi,
    sma,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class CrossOfAverages(PlainStrategy):
    """In and out on crosses of the Close and its 10-bar average, entries only on signal bars that pass `allowed`."""

    def init(self):
        self.sma = self.I(talib.SMA, self.data.Close, 10)

    def allowed(self) -> bool:
        return True

    def next(self):
        c, s = self.data.Close, self.sma
        if self.position:
            if c[-2] >= s[-2] and c[-1] < s[-1]:
                self.position.close()
        elif c[-2] <= s[-2] and c[-1] > s[-1] and self.allowed():
            self.buy()


def crosses(**filters: object) -> dict:
    return {
        "entries": [enter(cross_above(price(), indicator("SMA_10")))],
        "exits": [leave(cross_below(price(), indicator("SMA_10")))],
        "indicators": [sma(10)],
        "filters": filters,
    }


def test_a_weekday_filter_is_of_the_signal_bar_and_bars_no_exit() -> None:
    class Plain(CrossOfAverages):
        def allowed(self):
            return self.data.index[-1].weekday() in (1, 2, 3)

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 30
    assert {GOOG.index[bar - 1].weekday() for bar in plain.column("EntryBar")} == {1, 2, 3}
    assert {GOOG.index[bar - 1].weekday() for bar in plain.column("ExitBar")} == {0, 1, 2, 3, 4}
    spec = document(**crosses(weekdays=["tue", "wed", "thu"]))
    assert_same_trades(compiled_trades(spec, GOOG), plain)


@pytest.mark.parametrize(
    ("hours", "allowed"),
    [
        (("08:00", "16:00"), lambda t: dt.time(8) <= t < dt.time(16)),
        (("21:00", "03:00"), lambda t: t >= dt.time(21) or t < dt.time(3)),
        (("09:30", "11:00"), lambda t: dt.time(9, 30) <= t < dt.time(11)),
    ],
    ids=["from is included, to is not", "over midnight", "half hours"],
)
def test_an_hours_filter_is_of_the_signal_bars_stamp(hours, allowed) -> None:
    class Plain(CrossOfAverages):
        def allowed(self):
            return allowed(self.data.index[-1].time())

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 10
    assert all(allowed(EURUSD.index[bar - 1].time()) for bar in plain.column("EntryBar"))
    spec = document(**crosses(hours={"from": hours[0], "to": hours[1]}), timeframe="1h")
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_only_trade_when_filters_entries_only() -> None:
    class Plain(CrossOfAverages):
        def init(self):
            super().init()
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def allowed(self):
            return self.rsi[-1] > 55

    plain = plain_trades(Plain, GOOG)
    assert 10 < len(plain.closed) < len(plain_trades(CrossOfAverages, GOOG).closed)
    parts = crosses(when=compare(indicator("RSI_14"), ">", number(55)))
    parts["indicators"] = [sma(10), rsi(14)]
    assert_same_trades(compiled_trades(document(**parts), GOOG), plain)


def test_exit_on_friday_is_a_signal_on_fridays_close_that_fills_at_the_next_open() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.sma = self.I(talib.SMA, self.data.Close, 10)

        def next(self):
            if self.position:
                if self.data.index[-1].weekday() == 4:
                    self.position.close()
            elif self.data.Close[-1] > self.sma[-1] and self.data.index[-1].weekday() == 0:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 100
    assert {GOOG.index[bar - 1].weekday() for bar in plain.column("ExitBar")} == {4}
    monday = {"type": "weekday", "days": ["mon"]}
    spec = document(
        [enter({"type": "and", "of": [compare(price(), ">", indicator("SMA_10")), monday]})],
        [leave({"type": "weekday", "days": ["fri"]})],
        indicators=[sma(10)],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_an_exit_at_an_hour_is_a_condition_on_the_stamp() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            if self.position:
                if dt.time(20) <= self.data.index[-1].time() < dt.time(22):
                    self.position.close()
            elif self.rsi[-1] < 30:
                self.buy()

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 30
    spec = document(
        [enter(compare(indicator("RSI_14"), "<", number(30)))],
        [leave({"type": "hours", "from": "20:00", "to": "22:00"})],
        indicators=[rsi(14)],
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)
