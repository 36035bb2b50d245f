"""Rule 9: price is the Close; a volume average holds the current bar; the previous day's high is of the last completed day."""

import pandas as pd
import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    GOOG,
    all_of,
    bars,
    compare,
    document,
    enter,
    flat,
    indicator,
    leave,
    previous,
    price,
    signal,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def test_price_above_an_average_is_the_close_and_volume_above_its_average_includes_this_bar() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.average = self.I(talib.SMA, self.data.Volume, 20)

        def next(self):
            d = self.data
            if self.position:
                self.position.close()
            elif d.Volume[-1] > self.average[-1] and d.Close[-1] > d.Open[-1]:
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 100
    spec = document(
        [
            enter(
                all_of(
                    compare(price("Volume"), ">", indicator("SMA_20_VOLUME")),
                    compare(price("Close"), ">", price("Open")),
                )
            )
        ],
        indicators=[use("SMA_20_VOLUME", "SMA", source="Volume", timeperiod=20)],
        risk={"max_bars": 1},
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


FIRST = {"High": "max", "Low": "min", "Open": "first", "Close": "last"}


def of_the_last_period(column: pd.Series, field: str, frequency: str, bar: str) -> pd.Series:
    """The column of the last calendar period that has bars and ends no later than the bar does (rule 10)."""
    by_period = column.groupby(column.index.to_period(frequency)).agg(FIRST[field])
    by_period.index = (by_period.index + 1).to_timestamp()
    return pd.Series(by_period.reindex(column.index + pd.Timedelta(bar), method="ffill").to_numpy(), index=column.index)


def between_levels(frequency: str, bar: str) -> type[PlainStrategy]:
    """In above the last period's high, out below its low.

    Expected: the first period, which has none before, is warm-up as a shift is (rule 2 names shifts, windows and percent changes).
    """

    class Plain(PlainStrategy):
        def init(self):
            self.high = self.I(of_the_last_period, self.data.High.s, "High", frequency, bar)
            self.low = self.I(of_the_last_period, self.data.Low.s, "Low", frequency, bar)

        def next(self):
            if self.position:
                if self.data.Close[-1] < self.low[-1]:
                    self.position.close()
            elif self.data.Close[-1] > self.high[-1]:
                self.buy()

    return Plain


PERIODS = [
    pytest.param("day", "D", EURUSD, "1h", 40, id="day on hours, with short Sunday sessions"),
    pytest.param("week", "W-SUN", GOOG, "1d", 20, id="week on days"),
    pytest.param("week", "W-SUN", EURUSD, "1h", 3, id="week on hours"),
    pytest.param("month", "M", GOOG, "1d", 5, id="month on days"),
]


@pytest.mark.parametrize(("period", "frequency", "frame", "timeframe", "trades"), PERIODS)
def test_the_previous_period_is_the_last_calendar_one_that_is_complete(
    period: str, frequency: str, frame: pd.DataFrame, timeframe: str, trades: int
) -> None:
    plain = plain_trades(between_levels(frequency, timeframe), frame)
    assert len(plain.closed) >= trades
    spec = document(
        [enter(compare(price(), ">", previous(period, "High")))],
        [leave(compare(price(), "<", previous(period, "Low")))],
        timeframe=timeframe,
    )
    assert_same_trades(compiled_trades(spec, frame), plain)


@pytest.mark.parametrize("field", ["Open", "Close"])
def test_the_previous_days_open_and_close(field: str) -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.level = self.I(of_the_last_period, self.data.df[field], field, "D", "1h")

        def next(self):
            c, level = self.data.Close[-1], self.level[-1]
            if self.position:
                if c < level * 0.995:
                    self.position.close()
            elif c > level * 1.005:
                self.buy()

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 10

    def times(factor: float) -> dict:
        return {"type": "arith", "op": "*", "args": [previous("day", field), {"type": "number", "value": factor}]}

    spec = document(
        [enter(compare(price(), ">", times(1.005)))], [leave(compare(price(), "<", times(0.995)))], timeframe="1h"
    )
    assert_same_trades(compiled_trades(spec, EURUSD), plain)


def test_mondays_previous_day_is_the_short_sunday_session() -> None:
    """The lead's decision (h): the calendar day before the stamp's day; here Sunday's, not Friday's, high is passed."""

    class Plain(PlainStrategy):
        def next(self):
            if self.position:
                if self.data.Volume[-1] == 2:
                    self.position.close()
            elif str(self.data.index[-1].date()) == "2024-01-08" and self.data.Close[-1] > 101.5:
                self.buy()

    hours = pd.DatetimeIndex(
        ["2024-01-05 20:00", "2024-01-05 21:00", "2024-01-07 22:00", "2024-01-07 23:00", "2024-01-08 00:00"]
        + [f"2024-01-08 0{h}:00" for h in range(1, 6)]
    )
    frame = bars(
        flat(110), flat(110), flat(101), flat(101), flat(101), flat(102), flat(102), flat(102, 2), flat(102), flat(102)
    )
    frame.index = hours
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [6]
    spec = document([enter(compare(price(), ">", previous("day", "High")))], [leave(signal(2))], timeframe="1h")
    # Friday's own bars have no day before: nothing there. Sunday's closes (101) are below Friday's high (110.5).
    assert_same_trades(compiled_trades(spec, frame), plain)
