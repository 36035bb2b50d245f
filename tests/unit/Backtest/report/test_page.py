import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from Backtest.canonical.explain import explain
from Backtest.canonical.spec import Assumption
from Backtest.data.bars import Bars
from Backtest.report.page import json_for_script, most_telling, report_html, value_text
from Backtest.report.record import RunRecord
from Backtest.run_result import OpenTrade, RunResult

HOSTILE = (
    "<script>alert(1)</script>",
    "</title></style></script><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' autofocus onfocus='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u2028\u2029<!--",
)
LOADS = {"src", "href", "srcset", "data", "action", "formaction", "poster", "background", "xlink:href", "ping"}


class Page(HTMLParser):
    """Elements with their attributes, the text outside of scripts and styles, and the text of those."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")
        if tag == "style":
            self.styles.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.styles[-1] += data
        else:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def chart_data(self) -> dict[str, object]:
        data: dict[str, object] = json.loads(self.scripts[0])
        return data


@pytest.fixture(scope="module")
def html(goog: RunRecord) -> str:
    return report_html(goog)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def named(record: RunRecord, **update: object) -> RunRecord:
    return replace(record, spec=record.spec.model_copy(update=update))


def test_nothing_is_loaded_from_anywhere(html: str, page: Page) -> None:
    for tag, attributes in page.elements:
        for name in LOADS & attributes.keys():
            assert (attributes[name] or "").startswith("#"), (tag, name)
    assert not {"link", "iframe", "object", "embed", "base", "img", "form"} & {tag for tag, _ in page.elements}
    assert "http" not in html.replace("http-equiv", "")
    assert not re.search(r"@import|url\s*\(|fetch\(|XMLHttpRequest|WebSocket|import\(", html)


def test_its_policy_allows_inline_parts_only(page: Page) -> None:
    policies = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    ]  # fmt: skip


def test_it_is_far_below_a_megabyte(html: str) -> None:
    assert len(html.encode()) < 600_000


def test_it_is_rendered_in_less_than_half_a_second(goog: RunRecord, html: str) -> None:
    best = min(_seconds(lambda: report_html(goog)) for _ in range(3))
    assert best < 0.5


def _seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def test_the_headline_says_return_drawdown_and_win_rate(goog: RunRecord, page: Page) -> None:
    metrics = goog.result.metrics
    for name in ("return_pct", "max_drawdown_pct"):
        assert f"{metrics[name]:,.2f} %".replace("-", "−") in page.text
    wins = sum(trade.pnl > 0 for trade in goog.result.trades)
    assert f"{wins} of {len(goog.result.trades)} closed trades" in page.text


def test_every_sentence_of_the_explanation_is_there(goog: RunRecord, page: Page) -> None:
    for sentence in explain(goog.spec):
        assert sentence.text in page.text


def test_every_assumption_is_listed_with_its_value(goog: RunRecord, page: Page) -> None:
    record = named(
        goog, assumptions=(Assumption(topic="exit_side", path="/exit_rules/0", value={"type": "x_y", "n": 3}),)
    )
    text = Page(report_html(record)).text
    assert "exit side" in text
    assert "x y n 3" in text


def test_three_charts_are_drawn_without_javascript(page: Page) -> None:
    charts = [svg for svg in page.all("svg") if "chart" in (svg.get("class") or "")]
    assert [chart["data-panel"] for chart in charts] == ["equity", "drawdown", "price"]
    assert all(chart["aria-label"] for chart in charts)
    for line in ("curve", "depth-line", "close"):
        (path,) = [attributes for tag, attributes in page.elements if tag == "path" and attributes.get("class") == line]
        assert (path["d"] or "").count("L") > 1000


def test_each_trade_is_marked_where_it_begins_and_ends_by_side_and_outcome(goog: RunRecord, page: Page) -> None:
    trades, held = goog.result.trades, goog.result.open_at_end
    longs = sum(trade.size > 0 for trade in (*trades, *held))
    wins = sum(trade.pnl > 0 for trade in trades)
    marks = [(attributes.get("class") or "") for tag, attributes in page.elements if tag == "path"]
    assert marks.count("entry long") == longs
    assert marks.count("entry short") == len(trades) + len(held) - longs > 0
    assert marks.count("exit gain") == wins
    assert marks.count("exit loss") == len(trades) - wins > 0


def test_the_table_has_a_row_for_each_closed_trade(goog: RunRecord, page: Page) -> None:
    rows = [row["data-trade"] for row in page.all("tr") if "data-trade" in row]
    assert rows == [str(number) for number in range(1, len(goog.result.trades) + 1)]


def test_tables_name_their_headers(page: Page) -> None:
    assert all(header.get("scope") in ("col", "row") for header in page.all("th"))


def test_what_is_open_at_the_end_is_told_apart(goog: RunRecord) -> None:
    held = OpenTrade("2013-02-01", 2030, -7, 750.5, 806.19, -389.83, 5.25, None, 700.0, "runner", 23)
    record = replace(goog, result=replace(goog.result, open_at_end=(held,)))
    text = Page(report_html(record)).text
    assert "Open at the end" in text
    assert "−389.83" in text
    assert "runner" in text


def test_a_run_without_trades_is_said_and_drawn(at_rest: RunRecord) -> None:
    text = Page(report_html(at_rest)).text
    assert "No trade was made on these bars" in text
    assert "None" not in text.replace("None.", "")
    assert "nan" not in text.lower()


def test_notices_and_findings_are_shown(eurusd: RunRecord) -> None:
    record = replace(eurusd, result=replace(eurusd.result, notices=("Bar 7: the broker cancelled an order.",)))
    text = Page(report_html(record)).text
    assert "Bar 7: the broker cancelled an order." in text
    assert eurusd.window.bars.findings[0].message in text


def test_the_code_is_there_as_it_ran(goog: RunRecord, page: Page) -> None:
    assert goog.code in page.text


def test_it_says_that_it_is_no_advice(page: Page) -> None:
    assert "no investment advice" in page.text


def test_hashes_and_versions_are_there(goog: RunRecord, page: Page) -> None:
    assert goog.window.bars.content_hash in page.text
    assert "backtesting 0.6.6" in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_the_user_becomes_markup(text: str, goog: RunRecord, page: Page) -> None:
    first, *others = goog.result.trades
    result = replace(goog.result, trades=(replace(first, tag=text), *others), notices=(text,))
    hostile = named(
        replace(goog, code=f"# {text}\n", result=result, run_id=text),
        strategy_name=text,
        description=f"so: {text}",
        assumptions=(Assumption(topic=text, path=text, value={"type": text, text: text}),),
    )
    made = Page(report_html(hostile))
    shown = made.text.replace("\x00", "")
    assert shown.count(text) >= 7
    assert len(made.scripts) == len(page.scripts) == 2
    assert not [attributes for _, attributes in made.elements if any(name.startswith("on") for name in attributes)]
    assert {tag for tag, _ in made.elements} <= {tag for tag, _ in page.elements} | {"ul", "li"}


def test_json_in_a_script_can_t_end_it() -> None:
    text = json_for_script({"a": "</script><!--&\u2028\u2029"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": "</script><!--&\u2028\u2029"}


def test_the_data_of_the_charts_is_that_of_the_run(goog: RunRecord, page: Page) -> None:
    data = page.chart_data
    assert data["bars"] == len(goog.result.equity)
    assert data["equity"] == pytest.approx(list(goog.result.equity), rel=1e-7)
    assert data["close"] == pytest.approx(goog.evaluated["Close"].tolist(), rel=1e-7)


def test_many_bars_are_drawn_together_with_their_extremes(eurusd: RunRecord) -> None:
    data = Page(report_html(eurusd)).chart_data
    columns = {name: np.array(data[name]) for name in ("high", "low", "equity_high", "equity_low")}
    assert len(columns["high"]) == 2500
    assert columns["high"].max() == pytest.approx(eurusd.evaluated["High"].max(), rel=1e-7)
    assert columns["low"].min() == pytest.approx(eurusd.evaluated["Low"].min(), rel=1e-7)
    assert columns["equity_high"].max() == pytest.approx(max(eurusd.result.equity), rel=1e-7)
    assert columns["equity_low"].min() == pytest.approx(min(eurusd.result.equity), rel=1e-7)


def test_of_very_many_trades_those_with_the_largest_results_are_shown(goog: RunRecord) -> None:
    trades = tuple(replace(goog.result.trades[0], pnl=float(n % 500 * (-1) ** n)) for n in range(2500))
    text = Page(report_html(replace(goog, result=replace(goog.result, trades=trades))))
    assert len([row for row in text.all("tr") if "data-trade" in row]) == 1000
    assert "The 1,000 with the largest profits and losses" in text.text


def test_the_most_telling_trades_keep_their_numbers_and_order(goog: RunRecord) -> None:
    trades = [replace(goog.result.trades[0], pnl=pnl) for pnl in (1.0, -9.0, 3.0, 8.0)]
    assert [(number, trade.pnl) for number, trade in most_telling(trades, 2)] == [(2, -9.0), (4, 8.0)]


def test_a_single_bar_makes_a_page(goog: RunRecord) -> None:
    frame = pd.DataFrame(
        {"Open": [5.0], "High": [5.0], "Low": [5.0], "Close": [5.0], "Volume": [0.0]},
        index=pd.DatetimeIndex(["2024-01-02"], name="Time"),
    )
    bars = Bars.from_frame(frame, symbol="ONE", source="csv", zone="UTC", timeframe="1d")
    result = RunResult({"return_pct": 0.0}, (), (), (50_000.0,), ())
    text = Page(report_html(replace(goog, window=bars.window(None, None), result=result))).text
    assert "1 bar evaluated" in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (30, "30"),
        (100_000.0, "100,000"),
        (0.001, "0.001"),
        ({"type": "rate", "value": 0.001}, "rate 0.001"),
        ({"type": "fixed_plus_rate", "fixed": 1, "rate": 0.01}, "fixed plus rate fixed 1 rate 0.01"),
        (["mon", "tue"], "mon, tue"),
        (None, "none"),
    ],
)
def test_assumed_values_in_words(value: object, text: str) -> None:
    assert value_text(value) == text
