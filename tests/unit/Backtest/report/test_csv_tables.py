import csv
import io
import re
from collections.abc import Callable
from dataclasses import fields

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.report.csv_tables import equity_csv, inert, trades_csv
from Backtest.report.record import RunRecord
from Backtest.run_result import ClosedTrade

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


TAG = [field.name for field in fields(ClosedTrade)].index("tag")


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_the_header_of_trades_is_the_names_of_a_closed_trade(goog: RunRecord) -> None:
    assert rows(trades_csv(goog))[0] == [field.name for field in fields(ClosedTrade)]


def test_every_closed_trade_reads_back_exactly(goog: RunRecord) -> None:
    header, *lines = rows(trades_csv(goog))
    assert len(lines) == len(goog.result.trades) > 10
    for line, trade in zip(lines, goog.result.trades, strict=True):
        for name, text in zip(header, line, strict=True):
            value = getattr(trade, name)
            assert (text == "") if value is None else (type(value)(text) == value), name


def test_a_run_without_trades_leaves_the_header_only(at_rest: RunRecord) -> None:
    assert len(rows(trades_csv(at_rest))) == 1


def test_lines_end_as_rfc_4180_has_it(goog: RunRecord) -> None:
    for text in (trades_csv(goog), equity_csv(goog)):
        assert text.endswith("\r\n")
        assert text.count("\n") == text.count("\r\n")


def test_equity_has_one_line_per_evaluated_bar_and_none_of_the_warm_up(goog: RunRecord) -> None:
    header, *lines = rows(equity_csv(goog))
    assert header == ["time", "equity", "drawdown_pct", "close"]
    assert [line[0] for line in lines] == list(goog.evaluated.index.strftime("%Y-%m-%d"))
    assert lines[0][0] == "2005-01-03"
    assert [float(line[1]) for line in lines] == list(goog.result.equity)
    assert [float(line[3]) for line in lines] == goog.evaluated["Close"].tolist()


def test_the_deepest_drawdown_is_the_one_backtesting_py_reports(goog: RunRecord) -> None:
    drawdowns = [float(line[2]) for line in rows(equity_csv(goog))[1:]]
    assert min(drawdowns) == pytest.approx(goog.result.metrics["max_drawdown_pct"], rel=1e-12)
    assert max(drawdowns) == 0


def test_drawdowns_are_those_of_pandas(goog: RunRecord) -> None:
    equity = pd.Series(goog.result.equity)
    expected = (equity / equity.cummax() - 1) * 100
    assert [float(line[2]) for line in rows(equity_csv(goog))[1:]] == pytest.approx(expected.tolist(), abs=1e-10)


def test_intraday_stamps_carry_their_time(eurusd: RunRecord) -> None:
    assert rows(equity_csv(eurusd))[1][0] == "2017-04-19T09:00:00"


@pytest.mark.parametrize("tag", ["=1+1", "+1", "-1", "@SUM(A1)", " =1+1", "\t=1+1", "\r=1", "＝1+1"])
def test_a_tag_that_a_spreadsheet_would_run_begins_with_a_quote(tag: str, with_tag: Callable[[str], RunRecord]) -> None:
    cell = rows(trades_csv(with_tag(tag)))[1][TAG]
    assert cell.startswith("'")


@pytest.mark.parametrize("tag", ["x;=1+1", "x,=1+1", "x\n=1+1", "x\t@A1", 'x";=1'])
def test_a_formula_behind_another_locale_s_separator_is_quoted_too(
    tag: str, with_tag: Callable[[str], RunRecord]
) -> None:
    cell = rows(trades_csv(with_tag(tag)))[1][TAG]
    assert re.search(r"[;,\n\t]'[=@]", cell)


def test_an_ordinary_tag_is_left_alone(with_tag: Callable[[str], RunRecord]) -> None:
    tag = 'entry_1, "breakout" = 5 % - so far'
    assert rows(trades_csv(with_tag(tag)))[1][TAG] == tag


TEXTS = st.text(st.sampled_from("ab ='+-@;,|\t\n\r\"＝") | st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXTS)
def test_no_cell_in_any_locale_begins_with_a_formula(text: str) -> None:
    for cell in re.split(r"[;,|\t\r\n]", inert(text)):
        assert not cell.strip().startswith(FORMULA_STARTS)


@given(TEXTS, TEXTS)
def test_two_tags_never_become_one(one: str, other: str) -> None:
    assert (inert(one) == inert(other)) == (one == other)


@given(tag=TEXTS)
def test_any_tag_leaves_the_table_whole(tag: str, with_tag: Callable[[str], RunRecord]) -> None:
    record = with_tag(tag)
    lines = rows(trades_csv(record))
    assert {len(line) for line in lines} == {len(fields(ClosedTrade))}
    assert len(lines) == len(record.result.trades) + 1
    assert lines[1][TAG] == inert(tag)
