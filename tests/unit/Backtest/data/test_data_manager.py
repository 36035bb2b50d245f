"""The face of the data floor."""

from pathlib import Path

import pytest

from Backtest.data_manager import SOURCE_NAMES, load_bars, sources
from Backtest.errors import BarsInvalid, SymbolUnknown, WindowEmpty


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bars.csv"
    path.write_text("Date,Open,High,Low,Close\n2024-01-02,10,12,9,11\n2024-01-03,11,13,10,12\n2024-01-04,12,14,11,13\n")
    return path


def test_a_symbol_alone_is_a_sample() -> None:
    bars = load_bars(symbol="GOOG")
    assert (bars.symbol, bars.source, len(bars)) == ("GOOG", "sample", 2148)


def test_a_file_alone_is_named_after_itself(file: Path) -> None:
    bars = load_bars(csv_path=file)
    assert (bars.symbol, bars.source, len(bars)) == ("BARS", "csv", 3)


def test_a_file_takes_the_symbol_that_it_is_given(file: Path) -> None:
    assert load_bars(csv_path=str(file), source="csv", symbol="msft").symbol == "MSFT"


def test_timeframe_and_dates_are_handed_on() -> None:
    bars = load_bars(symbol="EURUSD", timeframe="4 hours", start="2018-01-01", end="2018-01-05")
    assert (bars.timeframe, bars.first_time, bars.last_time) == ("4h", "2017-04-19T08:00:00", "2018-01-05T20:00:00")
    with pytest.raises(WindowEmpty):
        load_bars(symbol="EURUSD", start="2020-01-01")


def test_a_source_without_a_symbol_lists_what_it_has() -> None:
    with pytest.raises(SymbolUnknown, match="needs a symbol") as caught:
        load_bars()
    assert caught.value.issues[0].suggestion == "use one of GOOG, EURUSD, BTCUSD, AAPL"


@pytest.mark.parametrize(
    ("arguments", "field", "match"),
    [
        ({"source": "bloomberg", "symbol": "GOOG"}, "source", "no source 'bloomberg'"),
        ({"source": "csv", "symbol": "GOOG"}, "csv_path", "needs a file"),
        ({"source": "yfinance", "csv_path": "bars.csv"}, "source", "exclude each other"),
    ],
)
def test_a_contradiction_is_named_with_its_field(arguments: dict[str, str], field: str, match: str) -> None:
    with pytest.raises(BarsInvalid, match=match) as caught:
        load_bars(**arguments)  # type: ignore[arg-type]
    assert caught.value.issues[0].field == field


def test_every_source_is_listed_with_what_it_needs() -> None:
    listed = sources()
    assert tuple(source.name for source in listed) == SOURCE_NAMES
    assert [(source.needs_network, source.needs_file) for source in listed] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert [info.symbol for info in listed[0].symbols] == ["GOOG", "EURUSD", "BTCUSD", "AAPL"]
