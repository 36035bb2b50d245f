"""An indicator that is computed of another one: how it may be written, what it is called, what it may not be."""

from typing import Any

import pytest

from Backtest.canonical.document import to_document
from Backtest.canonical.explain import explain
from Backtest.canonical.identity import identity
from Backtest.canonical.indicator_columns import column_of
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec

RSI = {"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}}


def spec_with(*indicators: dict[str, Any], line: str = "line") -> Spec:
    """Long while the RSI is below `line`."""
    when = {"type": "compare", "op": "<", "left": "RSI_14", "right": {"type": "indicator", "id": line}}
    out = {"type": "compare", "op": ">", "left": "RSI_14", "right": 70}
    rules = {"entry_rules": [{"side": "long", "when": when}], "exit_rules": [{"side": "long", "when": out}]}
    return parse_spec({"indicators": list(indicators), **rules})


def average_of(source: object, **more: object) -> dict[str, Any]:
    return {"id": "line", "name": "SMA", "params": {"timeperiod": 10}, "source": source, **more}


WRITTEN = spec_with(RSI, average_of({"type": "indicator", "id": "RSI_14", "output": None, "shift": 0}))


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("RSI_14", id="by its id or its column"),
        pytest.param("rsi_14", id="by its column in small letters"),
        pytest.param({"name": "RSI", "timeperiod": 14}, id="by its short form"),
        pytest.param({"type": "indicator", "id": "RSI_14"}, id="by a reference"),
    ],
)
def test_the_source_may_be_written_in_each_way_in_which_a_rule_names_an_indicator(source: object) -> None:
    assert identity(spec_with(average_of(source))) == identity(WRITTEN)


def test_the_canonical_form_refers_to_it() -> None:
    assert to_document(spec_with(average_of("RSI_14")))["indicators"] == [
        {**RSI, "source": "Close", "timeframe": None},
        average_of({"type": "indicator", "id": "RSI_14", "output": None, "shift": 0}, timeframe=None),
    ]


def test_one_that_is_not_declared_yet_is_of_the_same_timeframe() -> None:
    made = spec_with(average_of("MACD_HIST_12_26_9", timeframe="1w"))
    assert [(use.name, use.timeframe) for use in made.indicators] == [("MACD", "1w"), ("SMA", "1w"), ("RSI", None)]
    assert lint(made) == ()


def test_the_order_of_the_declarations_is_no_part_of_the_identity() -> None:
    assert identity(spec_with(average_of("RSI_14"), RSI)) == identity(spec_with(RSI, average_of("RSI_14")))


def test_an_average_of_another_length_of_what_is_averaged_is_another_strategy() -> None:
    other = spec_with(RSI, {"id": "slow", "name": "RSI", "params": {"timeperiod": 21}}, average_of("slow"))
    assert identity(other) != identity(WRITTEN)


@pytest.mark.parametrize(
    ("declared", "column"),
    [
        ({"name": "SMA", "timeperiod": 10, "source": "RSI_14"}, "SMA_10_RSI_14"),
        ({"name": "EMA", "timeperiod": 5, "source": "STOCH_D_14_3_3"}, "EMA_5_STOCH_D_14_3_3"),
        ({"name": "SMA", "timeperiod": 4, "source": "ATR_14", "timeframe": "1w"}, "SMA_4_ATR_14_1W"),
        (
            {"name": "SMA", "timeperiod": 3, "source": {"name": "EMA", "timeperiod": 9, "source": "OBV"}},
            "SMA_3_EMA_9_OBV",
        ),
    ],
)
def test_its_column_names_what_it_is_computed_of(declared: dict[str, Any], column: str) -> None:
    made = spec_with({"id": "line", **declared})
    assert column_of(made.indicator("line"), made) == column


def test_it_is_told_in_words() -> None:
    weekly = {"id": "weekly", "name": "SMA", "params": {"timeperiod": 4}, "source": "MACD_HIST", "timeframe": "1w"}
    said = [sentence.text for sentence in explain(spec_with(RSI, average_of("RSI_14"), weekly))]
    assert "Enter long at the next open when RSI(14) is below SMA(10) of RSI(14)." in said
    assert any("SMA(4) of the MACD histogram(12, 26, 9) on the weekly chart" in text for text in said)


@pytest.mark.parametrize(
    ("declared", "place", "message"),
    [
        (
            [RSI, average_of({"type": "indicator", "id": "RSI_14", "shift": 1})],
            "/indicators/1/source/shift",
            "an indicator is computed of another's present values",
        ),
        (
            [RSI, average_of("RSI_14", timeframe="1w")],
            "/indicators/1/source/id",
            "line is of 1w bars, and RSI_14 of 1d bars",
        ),
        (
            [average_of("other"), {"id": "other", "name": "EMA", "params": {"timeperiod": 5}, "source": "line"}],
            "/indicators/0/source/id",
            "line is computed of itself in the end",
        ),
        ([average_of("line")], "/indicators/0/source/id", "line is computed of itself in the end"),
        (
            [average_of({"type": "indicator", "id": "nothing"})],
            "/indicators/0/source/id",
            "no indicator is called 'nothing'",
        ),
        (
            [{"id": "line", "name": "ATR", "params": {"timeperiod": 10}, "source": "RSI_14"}],
            "/indicators/1/source",
            "ATR is always of High, Low, Close",
        ),
    ],
)
def test_what_can_not_be_computed_is_named(declared: list[dict[str, Any]], place: str, message: str) -> None:
    found = {issue.field: issue.message for issue in lint(spec_with(*declared))}
    assert found.get(place) == message, found


def test_a_source_that_names_nothing_is_refused_with_its_place() -> None:
    with pytest.raises(Exception, match="/indicators/0/source") as caught:
        spec_with(average_of("nonsense"))
    assert "nonsense" in str(caught.value)


def test_an_average_of_an_oscillator_is_no_price() -> None:
    document = to_document(WRITTEN)
    document["risk"]["stop_loss"] = {"type": "price", "price": {"type": "indicator", "id": "line"}}
    assert any("is no price" in issue.message for issue in lint(parse_spec(document)))
