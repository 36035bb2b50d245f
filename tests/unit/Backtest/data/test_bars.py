"""Bars and the window of a run."""

import hashlib
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.data.bars import Bars, Finding, content_hash_of
from Backtest.errors import BarsInvalid, SymbolUnknown, WindowEmpty


def _frame(index: pd.DatetimeIndex) -> pd.DataFrame:
    close = 100.0 + np.arange(len(index))
    return pd.DataFrame(
        {"Open": close, "High": close + 2, "Low": close - 2, "Close": close + 1, "Volume": close * 10}, index=index
    )


def _bars(index: pd.DatetimeIndex, zone: str = "UTC", findings: tuple[Finding, ...] = ()) -> Bars:
    return Bars.from_frame(_frame(index), symbol="TEST", source="csv", zone=zone, findings=findings)


DAYS = pd.date_range("2020-01-01", periods=31)
HOURS = pd.date_range("2020-01-01", periods=72, freq="h")


def test_a_frame_keeps_its_values_and_gets_the_promised_form() -> None:
    frame = _frame(DAYS.as_unit("s"))[["Volume", "Close", "Low", "High", "Open"]].astype({"Volume": "int64"})
    bars = Bars.from_frame(frame, symbol="TEST", source="csv", zone="UTC")
    assert list(bars.frame.columns) == ["Open", "High", "Low", "Close", "Volume"]
    assert set(bars.frame.dtypes) == {np.dtype("float64")}
    assert bars.frame.index.name == "Time"
    assert bars.frame.index.dtype == np.dtype("datetime64[us]")
    pd.testing.assert_frame_equal(bars.frame, _frame(DAYS), check_names=False, check_freq=False)


def test_a_later_change_of_the_callers_frame_does_not_reach_the_bars() -> None:
    frame = _frame(DAYS)
    bars = Bars.from_frame(frame, symbol="TEST", source="csv", zone="UTC")
    frame.iloc[0, 0] = 1.0
    assert bars.frame.iloc[0, 0] == 100.0


def test_the_timeframe_is_measured_unless_it_is_given() -> None:
    assert _bars(HOURS).timeframe == "1h"
    assert Bars.from_frame(_frame(DAYS[:1]), symbol="T", source="csv", zone="UTC", timeframe="1w").timeframe == "1w"


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda frame: frame.drop(columns="Volume"), "columns"),
        (lambda frame: frame.assign(Extra=1.0), "columns"),
        (lambda frame: frame.reset_index(drop=True), "index"),
        (lambda frame: frame.tz_localize("UTC"), "naive"),
        (lambda frame: frame.iloc[:0], "no bars"),
        (lambda frame: frame.astype(object).replace(100.0, "x"), "numbers"),
        (lambda frame: frame.set_axis(frame.index.to_series().replace(DAYS[3], pd.NaT)), "naive"),
        (lambda frame: frame.set_axis(frame.index - pd.Timedelta(days=365 * 330)), "1700"),
        (lambda frame: frame.iloc[::-1], "before that of an earlier bar"),
        (lambda frame: frame.assign(High=1.0), "High is below Low"),
    ],
)
def test_a_frame_that_is_no_clean_series_is_refused(change, match: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BarsInvalid, match=match):
        Bars.from_frame(change(_frame(DAYS)), symbol="TEST", source="csv", zone="UTC")


def test_a_refusal_names_each_fault_with_its_first_time_and_count() -> None:
    frame = _frame(DAYS)
    frame.iloc[[4, 7], 3] = np.nan
    frame.iloc[9, 4] = -1.0
    with pytest.raises(BarsInvalid) as caught:
        Bars.from_frame(frame, symbol="TEST", source="csv", zone="UTC")
    assert [issue.message for issue in caught.value.issues] == [
        "Close is not a finite number at 2020-01-05 (2 times)",
        "Volume is below 0 at 2020-01-10",
    ]


@pytest.mark.parametrize("symbol", ["", "../etc/passwd", "A B", "<b>", "A/B", "-A", "A" * 33, "GOOG\n"])
def test_a_text_that_could_harm_a_file_name_is_no_symbol(symbol: str) -> None:
    with pytest.raises(SymbolUnknown, match="no symbol"):
        Bars.from_frame(_frame(DAYS), symbol=symbol, source="csv", zone="UTC")


@pytest.mark.parametrize("symbol", ["GOOG", "^GSPC", "EURUSD=X", "BRK-B", "0700.HK", "M&M.NS", "DX-Y.NYB"])
def test_symbols_as_exchanges_and_yahoo_write_them_are_taken(symbol: str) -> None:
    assert Bars.from_frame(_frame(DAYS), symbol=symbol, source="csv", zone="UTC").symbol == symbol


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../UTC", "+01:00", "America"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(BarsInvalid, match="no time zone"):
        _bars(DAYS, zone=zone)


def test_the_hash_is_that_of_the_documented_bytes() -> None:
    frame = _frame(DAYS[:3])
    seconds = [1577836800, 1577923200, 1578009600]
    expected = hashlib.sha256(struct.pack("<3q", *(second * 10**9 for second in seconds)))
    for column in ("Open", "High", "Low", "Close", "Volume"):
        expected.update(struct.pack("<3d", *frame[column]))
    assert _bars(DAYS[:3]).content_hash == f"sha256:{expected.hexdigest()}"


def test_the_hash_knows_no_sign_of_zero_and_no_unit_of_time() -> None:
    frame = _frame(DAYS)
    frame["Volume"] = 0.0
    other = frame.set_axis(DAYS.as_unit("ns"))
    other["Volume"] = -0.0
    assert content_hash_of(frame) == content_hash_of(other)


@given(row=st.integers(0, 30), column=st.integers(0, 4))
def test_the_hash_changes_with_the_last_bit_of_any_value(row: int, column: int) -> None:
    frame = _frame(DAYS)
    frame.iloc[row, column] = np.nextafter(frame.iloc[row, column], np.inf)
    assert content_hash_of(frame) != content_hash_of(_frame(DAYS))


def test_the_hash_changes_with_a_stamp() -> None:
    assert content_hash_of(_frame(DAYS)) != content_hash_of(_frame(DAYS + pd.Timedelta(seconds=1)))


def test_bars_of_equal_content_are_equal_and_other_content_is_not() -> None:
    assert _bars(DAYS) == _bars(DAYS)
    assert _bars(DAYS) != _bars(DAYS[:-1])


def test_a_window_without_dates_is_all_bars() -> None:
    window = _bars(DAYS).window(None, None)
    assert (len(window.bars), window.first_bar) == (31, 0)


def test_the_history_before_the_start_stays() -> None:
    window = _bars(DAYS).window("2020-01-11", "2020-01-20")
    assert (window.bars.first_time, window.bars.last_time, window.first_bar) == ("2020-01-01", "2020-01-20", 10)


def test_an_end_date_means_its_whole_day() -> None:
    assert _bars(HOURS).window(None, "2020-01-02").bars.last_time == "2020-01-02T23:00:00"


def test_an_end_with_a_time_includes_the_bar_of_that_time_and_none_later() -> None:
    assert _bars(HOURS).window(None, "2020-01-02T10:30").bars.last_time == "2020-01-02T10:00:00"
    assert _bars(HOURS).window(None, "2020-01-02T10:00:00").bars.last_time == "2020-01-02T10:00:00"


@pytest.mark.parametrize(
    ("zone", "start", "first_time"),
    [
        ("UTC", "2020-01-02T10:00", "2020-01-02T10:00"),
        ("UTC", "2020-01-02T10:00Z", "2020-01-02T10:00"),
        ("UTC", "2020-01-02T10:00:00+02:00", "2020-01-02T08:00"),
        ("America/New_York", "2020-01-02T15:00Z", "2020-01-02T10:00"),
        ("America/New_York", "2020-01-02T15:00", "2020-01-02T15:00"),
        ("Asia/Tokyo", "2020-01-01T20:00-05:00", "2020-01-02T10:00"),
    ],
)
def test_an_offset_is_converted_to_the_zone_of_the_bars(zone: str, start: str, first_time: str) -> None:
    window = _bars(HOURS, zone=zone).window(start, None)
    assert window.bars.frame.index[window.first_bar] == pd.Timestamp(first_time)


@pytest.mark.parametrize(
    ("start", "end", "field", "match"),
    [
        ("2020-01-20", "2020-01-10", "start", "after the end"),
        ("2020-02-01", None, "start", "after the last bar"),
        (None, "2019-12-31", "end", "before the first bar"),
        ("2020-01-01T01:00", "2020-01-01T02:00", "start", "no bar lies between"),
    ],
)
def test_a_window_without_bars_says_what_there_is(start: str | None, end: str | None, field: str, match: str) -> None:
    with pytest.raises(WindowEmpty, match=match) as caught:
        _bars(DAYS).window(start, end)
    assert caught.value.issues[0].field == field
    assert "31 1d bars from 2020-01-01 to 2020-01-31" in caught.value.issues[0].suggestion


@pytest.mark.parametrize("field", ["start", "end"])
@pytest.mark.parametrize(
    "text",
    ["", "2020", "01/02/2020", "20200102", "2020-02-30", "2020-13-01", "2020-01-02 10:00", "2020-01-02T25:00",
     "2020-01-02T10:00+0100", "2020-W01-1", "0000-01-01", "0001-01-01T00:00+14:00", "tomorrow", "２020-01-02"],
)  # fmt: skip
def test_a_text_that_is_no_date_is_named_with_its_field(field: str, text: str) -> None:
    with pytest.raises(WindowEmpty, match="no date") as caught:
        _bars(DAYS, zone="America/New_York").window(**{"start": None, "end": None, field: text})
    assert caught.value.issues[0].field == field


def test_the_last_day_of_the_calendar_is_a_date_like_any_other() -> None:
    assert len(_bars(DAYS).window("0001-01-01", "9999-12-31").bars) == 31


@given(st.dates(DAYS[0].date(), DAYS[-1].date()), st.dates(DAYS[0].date(), DAYS[-1].date()))
def test_a_window_evaluates_what_pandas_selects_by_label(start, end) -> None:  # type: ignore[no-untyped-def]
    bars = _bars(HOURS.append(pd.date_range(HOURS[-1] + pd.Timedelta(hours=1), "2020-01-31 23:00", freq="h")))
    expected = bars.frame.loc[str(start) : str(end)]
    if expected.empty:
        with pytest.raises(WindowEmpty):
            bars.window(str(start), str(end))
        return
    window = bars.window(str(start), str(end))
    pd.testing.assert_frame_equal(window.bars.frame.iloc[window.first_bar :], expected)


def test_a_cut_has_the_hash_of_its_own_content() -> None:
    assert _bars(DAYS).window(None, "2020-01-20").bars.content_hash == _bars(DAYS[:20]).content_hash


def test_a_cut_keeps_what_its_source_found_and_drops_what_lies_after_the_end() -> None:
    note = Finding("naive_time", "times without an offset were read as UTC", None, 1, "info")
    bars = _bars(DAYS.delete([20, 21, 22, 23]), findings=(note,))
    assert [finding.rule for finding in bars.findings] == ["naive_time", "gap"]
    assert bars.window(None, "2020-01-15").bars.findings == (note,)
