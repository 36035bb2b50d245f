"""The vocabulary of timeframes, and their measuring from stamps."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.data.timeframe import measure
from Backtest.errors import BarsInvalid
from Backtest.timeframes import TIMEFRAMES, can_build, is_intraday, longer_than, parse_timeframe


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("1H", "1h"),
        ("60m", "1h"),
        ("60 min", "1h"),
        ("hourly", "1h"),
        ("H4", "4h"),
        ("4-hour", "4h"),
        ("240m", "4h"),
        ("15 minutes", "15m"),
        ("M15", "15m"),
        ("15M", "15m"),
        ("90m", "90m"),
        ("daily", "1d"),
        ("D", "1d"),
        ("D1", "1d"),
        ("1day", "1d"),
        ("24h", "1d"),
        (" 1d ", "1d"),
        ("weekly", "1w"),
        ("1wk", "1w"),
        ("7d", "1w"),
        ("monthly", "1mo"),
        ("1M", "1mo"),
        ("MN1", "1mo"),
        ("3mo", "1q"),
        ("quarterly", "1q"),
    ],
)
def test_a_synonym_names_its_timeframe(text: str, canonical: str) -> None:
    assert parse_timeframe(text) == canonical


@pytest.mark.parametrize(
    "text", ["", "m", "3M", "0m", "5d", "240", "1y", "d d", "-1d", "1.5h", "fortnight", "١d", "1d\n1d"]
)
def test_a_text_that_names_no_single_timeframe_is_none(text: str) -> None:
    assert parse_timeframe(text) is None


def test_minute_and_month_differ_in_case_alone() -> None:
    assert (parse_timeframe("1m"), parse_timeframe("1M")) == ("1m", "1mo")


@given(st.text(max_size=12))
def test_whatever_is_parsed_is_in_the_vocabulary(text: str) -> None:
    assert parse_timeframe(text) in {None, *TIMEFRAMES}


@pytest.mark.parametrize("name", TIMEFRAMES)
def test_a_canonical_name_parses_to_itself(name: str) -> None:
    assert parse_timeframe(name) == name


def test_the_vocabulary_runs_from_short_to_long() -> None:
    assert list(TIMEFRAMES.values()) == sorted(set(TIMEFRAMES.values()))


def test_every_intraday_length_divides_a_day() -> None:
    assert all(86_400 % TIMEFRAMES[name] == 0 for name in TIMEFRAMES if is_intraday(name))


def test_a_day_is_not_intraday_and_half_a_day_is() -> None:
    assert (is_intraday("12h"), is_intraday("1d")) == (True, False)


def test_longer_is_strict() -> None:
    assert longer_than("1mo", "1w")
    assert not longer_than("1d", "1d")
    assert not longer_than("45m", "1h")


@pytest.mark.parametrize(
    ("base", "target", "expected"),
    [
        ("1h", "4h", True),
        ("4h", "6h", False),
        ("45m", "1h", False),
        ("12h", "1d", True),
        ("5m", "1w", True),
        ("1d", "1mo", True),
        ("1w", "1mo", False),
        ("1mo", "1q", True),
        ("1d", "1h", False),
        ("1d", "1d", False),
        ("1d", "2d", False),
        ("2d", "1mo", False),
    ],
)
def test_longer_bars_are_built_of_whole_shorter_ones_only(base: str, target: str, expected: bool) -> None:
    assert can_build(base, target) is expected


@pytest.mark.parametrize("name", [name for name in TIMEFRAMES if name not in {"1mo", "1q"}])
def test_evenly_spaced_stamps_measure_as_their_spacing(name: str) -> None:
    assert measure(pd.date_range("2020-01-01", periods=50, freq=f"{TIMEFRAMES[name]}s")) == name


@pytest.mark.parametrize(
    ("freq", "expected"), [("MS", "1mo"), ("ME", "1mo"), ("BME", "1mo"), ("QS", "1q"), ("QE", "1q")]
)
def test_calendar_stamps_measure_as_months_and_quarters(freq: str, expected: str) -> None:
    assert measure(pd.date_range("2020-01-31", periods=40, freq=freq)) == expected


def test_business_days_are_daily() -> None:
    assert measure(pd.bdate_range("2020-01-01", periods=30)) == "1d"


def test_hours_of_a_short_session_are_hourly() -> None:
    index = pd.date_range("2020-01-01 09:00", periods=240, freq="h")
    assert measure(index[(index.hour >= 9) & (index.hour < 12)]) == "1h"


def test_of_two_spacings_as_frequent_the_shorter_counts() -> None:
    index = pd.DatetimeIndex(["2020-01-01T00:00", "2020-01-01T04:00", "2020-01-02T00:00"])
    assert measure(index) == "4h"


def test_months_stamped_at_midnight_elsewhere_survive_daylight_saving() -> None:
    index = (
        pd.date_range("2020-01-01", periods=24, freq="MS", tz="America/New_York").tz_convert("UTC").tz_localize(None)
    )
    assert measure(index) == "1mo"


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("2021-02-15", "2021-03-15", "1mo"),  # 28 days less an hour
        ("2021-10-15", "2021-11-15", "1mo"),  # 31 days and an hour
        ("2021-02-15", "2021-05-15", "1q"),  # 89 days less an hour
        ("2021-08-15", "2021-11-15", "1q"),  # 92 days and an hour
    ],
)
def test_the_hour_of_a_changed_clock_keeps_the_shortest_and_the_longest_months(
    first: str, second: str, expected: str
) -> None:
    index = pd.DatetimeIndex([first, second], tz="America/New_York").tz_convert("UTC").tz_localize(None)
    assert measure(index) == expected


@pytest.mark.parametrize("seconds", [30, 7 * 60, 365 * 86_400])
def test_a_spacing_outside_the_vocabulary_is_refused(seconds: int) -> None:
    index = pd.DatetimeIndex(np.datetime64("2001-01-01", "us") + np.arange(5) * np.timedelta64(seconds, "s"))
    with pytest.raises(BarsInvalid, match="no known timeframe"):
        measure(index)


def test_one_stamp_has_no_timeframe() -> None:
    with pytest.raises(BarsInvalid, match="no spacing"):
        measure(pd.DatetimeIndex(["2020-01-01"]))


def test_the_vocabulary_loads_neither_numpy_nor_pandas() -> None:
    script = "import sys, Backtest.timeframes; print(sorted({'numpy', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
