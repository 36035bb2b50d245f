"""What the quality checks name, on bars whose fault is known."""

import numpy as np
import pandas as pd
import pytest

from Backtest.data.quality import RULES, Finding, findings_of


def _frame(index: pd.DatetimeIndex) -> pd.DataFrame:
    close = 100 + np.sin(np.arange(len(index)))
    return pd.DataFrame(
        {"Open": close - 0.1, "High": close + 1, "Low": close - 1, "Close": close, "Volume": 1000.0}, index=index
    )


def _only(frame: pd.DataFrame, timeframe: str = "1d") -> Finding:
    found = findings_of(frame, timeframe)
    assert len(found) == 1, found
    return found[0]


def _without(index: pd.DatetimeIndex, first: str, last: str) -> pd.DatetimeIndex:
    return index[(index < first) | (index > last)]


BUSINESS_DAYS = pd.bdate_range("2024-01-01", periods=60)  # begins on a Monday
ALL_DAYS = pd.date_range("2024-01-01", periods=60)


def test_clean_bars_have_no_finding() -> None:
    assert findings_of(_frame(BUSINESS_DAYS), "1d") == ()


def test_a_time_twice_is_an_error() -> None:
    finding = _only(_frame(BUSINESS_DAYS.insert(5, BUSINESS_DAYS[4])))
    assert (finding.rule, finding.severity, finding.first_time, finding.count) == (
        "duplicate_time",
        "error",
        "2024-01-05",
        1,
    )


def test_a_time_before_an_earlier_one_is_an_error() -> None:
    index = BUSINESS_DAYS.delete(2).insert(5, BUSINESS_DAYS[2])
    finding = _only(_frame(index))
    assert (finding.rule, finding.severity, finding.first_time, finding.count) == (
        "unsorted_time",
        "error",
        "2024-01-03",
        1,
    )


def test_every_time_before_the_latest_so_far_is_counted() -> None:
    index = BUSINESS_DAYS.delete([2, 3]).insert(5, BUSINESS_DAYS[2]).insert(6, BUSINESS_DAYS[3])
    assert _only(_frame(index)).count == 2


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("Open", np.nan, "not_a_number"),
        ("High", np.inf, "not_a_number"),
        ("Volume", np.nan, "not_a_number"),
        ("Low", 0.0, "non_positive_price"),
        ("Low", -1.0, "non_positive_price"),
        ("Volume", -1.0, "negative_volume"),
        ("High", 50.0, "high_below_low"),
    ],
)
def test_an_impossible_value_is_an_error(column: str, value: float, rule: str) -> None:
    frame = _frame(BUSINESS_DAYS)
    frame.loc[BUSINESS_DAYS[[3, 8]], column] = value
    errors = [finding for finding in findings_of(frame, "1d") if finding.severity == "error"]
    assert [(finding.rule, finding.first_time, finding.count) for finding in errors] == [(rule, "2024-01-04", 2)]


@pytest.mark.parametrize(("column", "value"), [("Open", 150.0), ("Open", 50.0), ("Close", 103.0)])
def test_an_open_or_close_outside_the_range_is_a_warning(column: str, value: float) -> None:
    frame = _frame(BUSINESS_DAYS)
    frame.loc[BUSINESS_DAYS[3], column] = value
    finding = _only(frame)
    assert (finding.rule, finding.severity, finding.first_time) == ("outside_range", "warning", "2024-01-04")
    assert finding.message.startswith(column)


def test_the_rounding_of_adjusted_prices_is_no_finding() -> None:
    frame = _frame(BUSINESS_DAYS)
    frame["Open"] = frame["High"] * (1 + 1e-12)
    assert findings_of(frame, "1d") == ()


def test_a_gap_of_a_week_is_named_with_its_dates() -> None:
    finding = _only(_frame(_without(BUSINESS_DAYS, "2024-01-15", "2024-01-19")))
    assert (finding.rule, finding.severity, finding.first_time, finding.count) == ("gap", "warning", "2024-01-12", 1)
    assert "10 days from 2024-01-12 to 2024-01-22" in finding.message


def test_the_longest_of_several_gaps_is_named_and_all_are_counted() -> None:
    index = _without(_without(BUSINESS_DAYS, "2024-01-08", "2024-01-12"), "2024-02-05", "2024-02-16")
    finding = _only(_frame(index))
    assert finding.count == 2
    assert finding.first_time == "2024-01-05"
    assert "17 days from 2024-02-02 to 2024-02-19" in finding.message


def test_a_closure_longer_than_a_long_holiday_is_a_gap() -> None:
    assert _only(_frame(_without(BUSINESS_DAYS, "2024-01-15", "2024-01-17"))).rule == "gap"  # Friday to Thursday


@pytest.mark.parametrize(("first", "last"), [("2024-01-08", "2024-01-08"), ("2024-01-15", "2024-01-16")])
def test_a_holiday_beside_a_weekend_is_no_gap(first: str, last: str) -> None:
    assert findings_of(_frame(_without(BUSINESS_DAYS, first, last)), "1d") == ()


def test_a_single_missing_day_is_a_gap_where_trading_never_closes() -> None:
    assert _only(_frame(_without(ALL_DAYS, "2024-01-10", "2024-01-10"))).rule == "gap"


def test_a_missing_hour_is_a_gap_where_trading_never_closes() -> None:
    index = pd.date_range("2024-01-01", periods=24 * 14, freq="h")
    finding = _only(_frame(index.delete(30)), "1h")
    assert (finding.rule, finding.first_time) == ("gap", "2024-01-02T05:00:00")


def _session(first: str, last: str, days: pd.DatetimeIndex = BUSINESS_DAYS) -> pd.DatetimeIndex:
    every = pd.date_range(days[0], days[-1] + pd.Timedelta(days=1), freq="30min")
    every = every[every.normalize().isin(days)]
    return every[every.indexer_between_time(first, last)]


def test_nights_and_weekends_of_an_exchange_are_no_gap() -> None:
    assert findings_of(_frame(_session("09:30", "15:30")), "30m") == ()


def test_an_early_close_is_no_gap() -> None:
    index = _session("09:30", "15:30")
    assert findings_of(_frame(_without(index, "2024-01-03 13:00", "2024-01-03 16:00")), "30m") == ()


def test_a_lunch_break_of_every_day_is_no_gap() -> None:
    index = _session("09:30", "15:30")
    assert findings_of(_frame(index.delete(index.indexer_between_time("11:30", "12:30"))), "30m") == ()


def test_a_hole_in_one_session_is_a_gap() -> None:
    index = _session("09:30", "15:30")
    finding = _only(_frame(_without(index, "2024-01-03 11:00", "2024-01-03 12:00")), "30m")
    assert (finding.rule, finding.first_time, finding.count) == ("gap", "2024-01-03T10:30:00", 1)
    assert "2 hours" in finding.message


def test_a_missing_week_of_sessions_is_a_gap() -> None:
    index = _session("09:30", "15:30")
    assert _only(_frame(_without(index, "2024-01-15", "2024-01-20")), "30m").rule == "gap"


def test_the_weekend_of_a_currency_is_no_gap_and_a_missing_night_is_one() -> None:
    index = pd.date_range("2024-01-01 22:00", periods=24 * 42, freq="h")
    hours = index.day_of_week * 24 + index.hour  # from Sunday 22:00 to Friday 21:00
    index = index[(hours < 4 * 24 + 22) | (hours >= 6 * 24 + 22)]
    assert findings_of(_frame(index), "1h") == ()
    finding = _only(_frame(_without(index, "2024-01-16 23:00", "2024-01-17 04:00")), "1h")
    assert (finding.rule, finding.first_time) == ("gap", "2024-01-16T22:00:00")


@pytest.mark.parametrize(("freq", "timeframe"), [("MS", "1mo"), ("BME", "1mo"), ("QE", "1q"), ("W-FRI", "1w")])
def test_calendar_bars_of_uneven_length_are_no_gap_and_a_missing_one_is(freq: str, timeframe: str) -> None:
    index = pd.date_range("2015-01-01", periods=60, freq=freq)
    assert findings_of(_frame(index), timeframe) == ()
    assert _only(_frame(index.delete(20)), timeframe).rule == "gap"


def test_a_stretch_without_volume_is_named_with_its_length() -> None:
    frame = _frame(BUSINESS_DAYS)
    frame.loc[BUSINESS_DAYS[10:17], "Volume"] = 0.0
    frame.loc[BUSINESS_DAYS[30:32], "Volume"] = 0.0
    finding = _only(frame)
    assert (finding.rule, finding.first_time, finding.count) == ("zero_volume", "2024-01-15", 1)
    assert "7 bars from 2024-01-15 to 2024-01-23" in finding.message


def test_bars_without_any_volume_say_that_rules_on_it_see_zero() -> None:
    frame = _frame(BUSINESS_DAYS)
    frame["Volume"] = 0.0
    finding = _only(frame)
    assert (finding.rule, finding.count) == ("zero_volume", 60)
    assert "rules on volume see 0" in finding.message


@pytest.mark.parametrize("factor", [0.5, 1.6])
def test_a_jump_such_as_an_unadjusted_split_is_named(factor: float) -> None:
    frame = _frame(BUSINESS_DAYS)
    frame.loc[BUSINESS_DAYS[20] :, ["Open", "High", "Low", "Close"]] *= factor
    finding = _only(frame)
    assert (finding.rule, finding.severity, finding.first_time, finding.count) == ("jump", "warning", "2024-01-29", 1)


def test_a_move_of_a_fifth_is_no_jump_and_months_are_not_asked() -> None:
    frame = _frame(BUSINESS_DAYS)
    frame.loc[BUSINESS_DAYS[20] :, ["Open", "High", "Low", "Close"]] *= 1.2
    assert findings_of(frame, "1d") == ()
    months = _frame(pd.date_range("2015-01-01", periods=60, freq="MS"))
    months.loc[months.index[20] :, ["Open", "High", "Low", "Close"]] *= 3
    assert findings_of(months, "1mo") == ()


def test_daily_bars_within_a_day_are_named() -> None:
    finding = _only(_frame(BUSINESS_DAYS + pd.Timedelta(hours=15)))
    assert (finding.rule, finding.count, finding.first_time) == ("off_midnight", 60, "2024-01-01T15:00:00")


def test_one_bar_is_no_series_and_has_no_finding() -> None:
    assert findings_of(_frame(BUSINESS_DAYS[:1]), "1d") == ()


def test_each_finding_is_of_a_published_rule() -> None:
    frame = _frame(_without(BUSINESS_DAYS, "2024-01-15", "2024-01-19") + pd.Timedelta(hours=1))
    frame.loc[frame.index[20:], ["Open", "High", "Low", "Close"]] *= 0.5
    frame["Volume"] = 0.0
    rules = {finding.rule for finding in findings_of(frame, "1d")}
    assert rules == {"gap", "jump", "zero_volume", "off_midnight"}
    assert rules < RULES
