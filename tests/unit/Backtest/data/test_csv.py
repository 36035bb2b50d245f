"""CSV files: what is read, and what is refused with which line and column."""

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from Backtest.data.bars import Bars
from Backtest.data.csv_source import MAX_BYTES, CsvSource
from Backtest.data.csv_text import MAX_ISSUES, parse_csv
from Backtest.data.sample import SampleSource
from Backtest.errors import BarsInvalid, WindowEmpty

HEADER = "Date,Open,High,Low,Close,Volume\n"
GOOD = HEADER + "2024-01-02,10,12,9,11,100\n2024-01-03,11,13,10,12,200\n2024-01-04,12,14,11,13,300\n"


def _parse(text: str) -> pd.DataFrame:
    return parse_csv(text.encode(), "bars.csv").frame


def _faults(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(BarsInvalid) as caught:
        parse_csv(text if isinstance(text, bytes) else text.encode(), "bars.csv")
    return [(issue.field, issue.message) for issue in caught.value.issues]


def _rules(text: str) -> dict[str, str]:
    return {finding.rule: finding.message for finding in parse_csv(text.encode(), "bars.csv").findings}


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """Any valid bars: prices over twelve orders of magnitude, stamps to the microsecond."""
    size = draw(st.integers(1, 25))
    prices = draw(st_numpy.arrays(np.float64, (size, 4), elements=st.floats(1e-6, 1e6, allow_subnormal=False)))
    volume = draw(st_numpy.arrays(np.float64, size, elements=st.floats(0, 1e15)))
    steps = draw(st.lists(st.integers(1, 10**14), min_size=size, max_size=size))
    times = np.datetime64("1990-01-01", "us") + np.cumsum(steps).astype("timedelta64[us]")
    frame = pd.DataFrame(prices, columns=["Open", "High", "Low", "Close"], index=pd.DatetimeIndex(times, name="Date"))
    frame["High"], frame["Low"] = frame.max(axis=1), frame.min(axis=1)
    return frame.assign(Volume=volume)


@given(
    frame=frames(),
    sep=st.sampled_from(",;\t"),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    bom=st.booleans(),
    time_format=st.sampled_from([None, "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%fZ", "%Y-%m-%dT%H:%M:%S.%f+0000"]),
)
def test_any_valid_bars_written_by_pandas_read_back_equal(  # type: ignore[no-untyped-def]
    frame: pd.DataFrame, sep: str, line_end: str, bom: bool, time_format
) -> None:
    text = frame.to_csv(sep=sep, lineterminator=line_end, date_format=time_format)
    read = parse_csv(text.encode("utf-8-sig" if bom else "utf-8"), "bars.csv").frame
    pd.testing.assert_frame_equal(read, frame, check_names=False, check_exact=True)


@given(
    frame=frames(),
    junk=st.sampled_from(
        ["x", "1.2.3", "nan", "inf", "1_000", "0x1F", "1e", "--1", "١", "1 2", "", '"1,5"', "-1", "1e999"]
    ),
    column=st.sampled_from(["Open", "High", "Low", "Close", "Volume"]),
    data=st.data(),
)
def test_a_damaged_cell_is_reported_with_its_line_and_column(
    frame: pd.DataFrame, junk: str, column: str, data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(frame) - 1))
    lines = frame.to_csv().splitlines()
    cells = lines[row + 1].split(",")
    cells[1 + list(frame.columns).index(column)] = junk
    lines[row + 1] = ",".join(cells)
    fields = [field for field, _ in _faults("\n".join(lines))]
    assert f"line {row + 2}, column {column}" in fields
    assert {field.split(",")[0] for field in fields} == {f"line {row + 2}"}


@pytest.mark.parametrize("cell", ["nan", "NaN", "inf", "1_000", "١٢", "0x1F", "1e", "--1", "1.2.3", "1 2"])
def test_a_text_that_only_a_programming_language_takes_for_a_number_is_none(cell: str) -> None:
    assert _faults(GOOD + f"2024-01-05,{cell},12,9,11,100") == [("line 5, column Open", f"{cell!r} is no number")]


@given(
    frame=frames(),
    junk=st.sampled_from(["01/02/2020", "2020-02-30", "20200102", "today", "", "2020-1-2"]),
    data=st.data(),
)
def test_a_damaged_time_is_reported_with_its_line(frame: pd.DataFrame, junk: str, data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(frame) - 1))
    lines = frame.to_csv().splitlines()
    lines[row + 1] = junk + lines[row + 1][lines[row + 1].index(",") :]
    assert [field for field, _ in _faults("\n".join(lines))] == [f"line {row + 2}, column Date"]


@given(st.text(alphabet="0123456789,;.-:TZ\n\r\"'e \t\0é", max_size=80))
@example("2024-01-02,1,2,1,1,5")
@example('"')
@example("1704153600,1,2,1,1,5\n\n1704153600")
@settings(max_examples=300)
def test_any_text_under_a_header_is_read_or_refused(body: str) -> None:
    try:
        frame = _parse(HEADER + body)
    except BarsInvalid:
        return
    assert len(frame) >= 1
    assert np.isfinite(frame.to_numpy()).all()


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_with_an_issue(data: bytes) -> None:
    assert _faults(data)


def test_the_columns_may_come_in_any_order_and_case() -> None:
    frame = _parse("CLOSE,vol,Timestamp,low,Open,HIGH\n11,100,2024-01-02,9,10,12\n")
    assert frame.iloc[0].to_dict() == {"Open": 10.0, "High": 12.0, "Low": 9.0, "Close": 11.0, "Volume": 100.0}


@pytest.mark.parametrize("name", ["Date", "datetime", "TIME", "timestamp", "date_time", ""])
def test_a_time_column_bears_one_of_its_usual_names(name: str) -> None:
    assert len(_parse(f"{name},o,h,l,c\n2024-01-02,10,12,9,11\n")) == 1


def test_an_unnamed_counter_beside_the_dates_is_not_read() -> None:
    text = ",Date,Open,High,Low,Close,Volume\n0,2024-01-02,10,12,9,11,100\n"
    assert str(_parse(text).index[0].date()) == "2024-01-02"
    assert "not read: column 1;" in _rules(text)["column_ignored"]


def test_adjusted_closes_are_not_read_and_said_so() -> None:
    text = "Date,Open,High,Low,Close,Adj Close,Volume\n2024-01-02,10,12,9,11,5,100\n"
    assert _parse(text)["Close"].iloc[0] == 11
    assert "Adj Close" in _rules(text)["column_ignored"]


def test_a_missing_volume_is_zero_and_said_so() -> None:
    text = "Date,Open,High,Low,Close\n2024-01-02,10,12,9,11\n"
    assert _parse(text)["Volume"].tolist() == [0.0]
    assert "volume_missing" in _rules(text)


def test_naive_times_are_utc_and_said_so() -> None:
    assert _rules(GOOD) == {"naive_time": "times without an offset were read as UTC"}


def test_times_with_offsets_become_utc_without_a_word() -> None:
    text = HEADER + "2024-03-09T09:30:00-05:00,10,12,9,11,100\n2024-03-11T09:30:00-04:00,10,12,9,11,100\n"
    assert [str(time) for time in _parse(text).index] == ["2024-03-09 14:30:00", "2024-03-11 13:30:00"]
    assert _rules(text) == {}


@pytest.mark.parametrize("factor", [1, 1000])
def test_seconds_and_milliseconds_since_1970_are_utc(factor: int) -> None:
    stamps = [1704153600 * factor, 1704240000 * factor]
    frame = _parse(HEADER + "".join(f"{stamp},10,12,9,11,100\n" for stamp in stamps))
    assert [str(time) for time in frame.index] == ["2024-01-02 00:00:00", "2024-01-03 00:00:00"]


def test_seconds_among_milliseconds_are_refused() -> None:
    faults = _faults(HEADER + "1704153600000,10,12,9,11,100\n1704240000,10,12,9,11,100\n")
    assert faults == [("line 3, column Date", "'1704240000' is in seconds, the times before it are in milliseconds")]


def test_an_offset_on_some_times_only_is_refused() -> None:
    faults = _faults(HEADER + "2024-01-02 10:00,10,12,9,11,100\n2024-01-02 11:00Z,10,12,9,11,100\n")
    assert faults[0][0] == "line 3, column Date"
    assert "has an offset" in faults[0][1]


def test_a_date_with_the_day_or_the_month_first_asks_for_iso() -> None:
    with pytest.raises(BarsInvalid) as caught:
        _parse(HEADER + "01/02/2020,10,12,9,11,100\n")
    assert "which of its numbers is the day" in caught.value.issues[0].message
    assert "YYYY-MM-DD" in caught.value.issues[0].suggestion


def test_a_decimal_comma_is_refused_with_its_line() -> None:
    with pytest.raises(BarsInvalid) as caught:
        _parse("Date;Open;High;Low;Close\n2024-01-02;10;12;9;11\n2024-01-03;10,5;12;9;11\n")
    issue = caught.value.issues[0]
    assert (issue.field, issue.message) == ("line 3, column Open", "'10,5' has a comma")
    assert "decimal point" in issue.suggestion


@pytest.mark.parametrize(
    ("line", "field", "message"),
    [
        ("2024-01-05,10,8,9,11,100", "line 5, column High", "High is below Low"),
        ("2024-01-05,10,12,0,11,100", "line 5, column Low", "Low is not above 0"),
        ("2024-01-05,10,12,9,11,-1", "line 5, column Volume", "Volume is below 0"),
        ("2024-01-05,10,12,9,11,", "line 5, column Volume", "Volume is missing"),
        ("2024-01-03,10,12,9,11,100", "line 5, column Date", "the time occurs twice"),
        ("2024-01-01,10,12,9,11,100", "line 5, column Date", "the time is before that of an earlier bar"),
        ("2024-01-05,10,12,9,11", "line 5", "the line has 5 cells, the header has 6"),
        ("2024-01-05,10,12,9,11,100,7", "line 5", "the line has 7 cells, the header has 6"),
        ("\n2024-01-05,10,12,9,11,100", "line 5", "the line is empty"),
        ('2024-01-05,"10,12,9,11,100', "line 5", "the line is no CSV: unexpected end of data"),
        ("9999-01-05,10,12,9,11,100", "line 5, column Date", "'9999-01-05' is not within the years 1700 to 2261"),
    ],
)
def test_a_bar_that_can_not_be_is_refused_with_its_line(line: str, field: str, message: str) -> None:
    assert _faults(GOOD + line) == [(field, message)]


def test_a_quoted_line_break_does_not_shift_the_lines_after_it() -> None:
    text = 'Date,Open,High,Low,Close,Note\n2024-01-02,10,12,9,11,"two\nlines"\n2024-01-03,x,12,9,11,\n'
    assert [field for field, _ in _faults(text)] == ["line 4, column Open"]


def test_empty_lines_at_the_end_are_no_fault() -> None:
    assert len(_parse(GOOD + "\n\r\n\n")) == 3


def test_an_open_outside_the_range_is_a_warning_of_the_bars_not_a_fault_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "bars.csv"
    path.write_text(GOOD + "2024-01-05,20,14,11,13,300\n")
    assert [finding.rule for finding in CsvSource(path).load("X").findings] == ["naive_time", "outside_range"]


def test_a_file_from_newest_to_oldest_is_told_once() -> None:
    body = "".join(f"2024-01-{day:02},10,12,9,11,100\n" for day in range(28, 0, -1))
    assert _faults(HEADER + body) == [("line 3", "the file runs from the newest bar to the oldest")]


def test_no_more_than_twenty_faults_are_listed_and_the_rest_counted() -> None:
    body = "".join(f"2024-01-{day:02},x,12,9,y,100\n" for day in range(1, 31))
    faults = _faults(HEADER + body)
    assert len(faults) == MAX_ISSUES + 1
    assert faults[0] == ("line 2, column Open", "'x' is no number")
    assert faults[19] == ("line 11, column Close", "'y' is no number")
    assert faults[20] == ("csv", "40 more faults are not listed")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (HEADER, "the file has a header but no bars"),
        ("2024-01-02,10,12,9,11,100\n", "the first line is no header"),
        ("Date,Open,High,Close\n", "the header has no column Low"),
        ("Date,Time,Open,High,Low,Close\n", "'Date' and 'Time' both are a column of Time"),
        (HEADER.strip() + "," * 100, "the header has 106 columns, more than 100"),
        ("Date,Open,High,Low,Close,close\n", "'Close' and 'close' both are a column of Close"),
    ],
)
def test_a_file_without_a_usable_header_says_what_is_wrong(text: str, message: str) -> None:
    assert [found for _, found in _faults(text)] == [message]


def test_faults_found_column_by_column_are_listed_line_by_line() -> None:
    body = "".join(
        f"{1704153600 + 60 * row},{'x' if row > 5 else 10},12,9,11,{'y' if row > 2 else 1}\n" for row in range(3_000)
    )
    faults = _faults(HEADER + body)
    assert [field for field, _ in faults[:5]] == [
        "line 5, column Volume",
        "line 6, column Volume",
        "line 7, column Volume",
        "line 8, column Open",
        "line 8, column Volume",
    ]
    assert faults[-1] == ("csv", f"{2994 + 2997 - MAX_ISSUES} more faults are not listed")


def test_impossible_bars_are_counted_beyond_those_that_are_listed() -> None:
    body = "".join(f"{1704153600 + 60 * row},10,8,9,0,100\n" for row in range(30))
    faults = _faults(HEADER + body)
    assert (faults[0], faults[1]) == (
        ("line 2, column Close", "Close is not above 0"),
        ("line 2, column High", "High is below Low"),
    )
    assert faults[-1] == ("csv", "40 more faults are not listed")


def test_more_than_a_million_lines_are_refused() -> None:
    (fault,) = _faults(HEADER.encode() + b"\n" * 1_000_001)
    assert fault == ("line 1000002", "the file has more than 1,000,000 lines")


def test_a_file_that_is_not_utf8_names_the_line() -> None:
    assert _faults(GOOD.encode() + "2024-01-05,é".encode("latin-1")) == [("line 5", "the file is not UTF-8")]


def test_the_echo_of_a_long_cell_is_cut() -> None:
    assert max(len(message) for _, message in _faults(GOOD + f"{'9' * 5000}x,{'z' * 5000},12,9,11,100")) < 100


def test_reading_takes_time_in_proportion_to_the_lines() -> None:
    index = pd.date_range("2020-01-01", periods=20_000, freq="min", name="Date")
    close = 100 + np.sin(np.arange(len(index)))
    frame = pd.DataFrame({"Open": close, "High": close, "Low": close, "Close": close, "Volume": 1.0}, index=index)
    data = frame.to_csv().encode()
    begin = time.process_time()
    parse_csv(data, "bars.csv")
    assert time.process_time() - begin < 1.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "my bars-2.csv"
    path.write_text(GOOD)
    return path


def test_a_file_is_a_source_with_one_symbol_named_after_it(file: Path) -> None:
    (info,) = CsvSource(file).symbols()
    assert (info.symbol, info.title, info.timeframe, info.bars) == ("MYBARS2", "my bars-2.csv", "1d", 3)
    assert (info.first, info.last, info.zone, info.currency) == ("2024-01-02", "2024-01-04", "UTC", None)


def test_a_file_of_nothing_but_signs_has_a_symbol_too(tmp_path: Path) -> None:
    assert CsvSource(tmp_path / "--.csv").default_symbol == "CSV"


def test_the_bars_of_a_file_bear_the_symbol_asked_for(file: Path) -> None:
    bars = CsvSource(str(file)).load("eur/usd")
    assert (bars.symbol, bars.source, bars.zone, bars.timeframe) == ("EURUSD", "csv", "UTC", "1d")


def test_the_google_sample_written_to_a_file_has_the_same_content(tmp_path: Path) -> None:
    sample = SampleSource().load("GOOG")
    sample.frame.to_csv(tmp_path / "goog.csv")
    assert CsvSource(tmp_path / "goog.csv").load("GOOG").content_hash == sample.content_hash


def test_a_file_answers_windows_and_longer_timeframes(file: Path) -> None:
    assert CsvSource(file).load("X", end="2024-01-03").last_time == "2024-01-03"
    assert CsvSource(file).load("X", "weekly").frame["Volume"].tolist() == [600.0]
    with pytest.raises(WindowEmpty):
        CsvSource(file).load("X", start="2025-01-01")
    with pytest.raises(BarsInvalid, match="are 1d; asked for 1h"):
        CsvSource(file).load("X", "1h")


def test_a_single_bar_takes_the_timeframe_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text(HEADER + "2024-01-02,10,12,9,11,100\n")
    assert CsvSource(path).load("X", "1d").timeframe == "1d"
    with pytest.raises(BarsInvalid, match="no spacing"):
        CsvSource(path).load("X")


def _refusal(path: Path) -> str:
    with pytest.raises(BarsInvalid) as caught:
        CsvSource(path).load("X")
    assert caught.value.issues[0].field == "csv"
    return caught.value.message


def test_a_missing_file_is_named_without_its_folder(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none.csv") == "there is no file 'none.csv'"


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "bars.csv").mkdir()
    assert _refusal(tmp_path / "bars.csv") == "'bars.csv' is a folder"


def test_a_symbolic_link_is_not_followed(file: Path, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(file)
    assert _refusal(tmp_path / "link.csv") == "'link.csv' is a symbolic link"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert _refusal(tmp_path / "pipe.csv") == "'pipe.csv' is no regular file"


def test_a_path_with_a_null_byte_is_refused(tmp_path: Path) -> None:
    assert "can't be read" in _refusal(tmp_path / "a\0b.csv")


def test_a_file_above_the_size_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("wb") as big:
        big.truncate(MAX_BYTES + 1)
    assert _refusal(path) == "'big.csv' is larger than 20 MB"


def test_a_read_file_is_closed(file: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        CsvSource(file).load("X")
    assert len(os.listdir("/proc/self/fd")) == before


def test_bars_read_twice_are_equal(file: Path) -> None:
    bars = CsvSource(file).load("X")
    assert isinstance(bars, Bars)
    assert bars == CsvSource(file).load("X")
