"""What is accepted beside the canonical form, and what it means."""

from collections.abc import Mapping
from typing import Any

import pytest

from Backtest.canonical.document import to_document
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.sentences import SentenceKind
from Backtest.errors import Issue, SpecInvalid, TextRefused
from tests.generators.documents import compare, number


def parsed(left: Any, right: Any = 30, **sections: Any) -> dict[str, Any]:
    """The canonical document of a spec whose entry compares `left` with `right`."""
    document = {"entry_rules": [{"when": compare(left, "<", right)}], "risk": {"max_bars": 5}, **sections}
    return to_document(parse_spec(document))


def left_of(document: dict[str, Any]) -> Any:
    return document["entry_rules"][0]["when"]["left"]


def only_issue(document: Mapping[str, Any], **options: Any) -> Issue:
    with pytest.raises(SpecInvalid) as refused:
        parse_spec(document, **options)
    (issue,) = refused.value.issues
    return issue


# Operands


def test_a_bare_number_is_a_number() -> None:
    assert parsed("Close", 30)["entry_rules"][0]["when"]["right"] == number(30)


@pytest.mark.parametrize(
    ("word", "field"),
    [("Close", "Close"), ("close", "Close"), ("price", "Close"), ("Volume", "Volume"), ("HIGH", "High")],
)
def test_a_word_names_a_price(word: str, field: str) -> None:
    assert left_of(parsed(word)) == {"type": "price", "field": field, "shift": 0}


@pytest.mark.parametrize(
    ("column", "indicator", "output"),
    [
        ("RSI_14", {"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}, "source": "Close", "timeframe": None}, None),
        ("rsi_14", {"id": "RSI_14", "name": "RSI", "params": {"timeperiod": 14}, "source": "Close", "timeframe": None}, None),
        ("BB_LOWER_20_2", {"id": "BB_20_2", "name": "BBANDS", "params": {"timeperiod": 20, "nbdev": 2}, "source": "Close", "timeframe": None}, "lower"),
        ("BB_UPPER_20_2p5", {"id": "BB_20_2p5", "name": "BBANDS", "params": {"timeperiod": 20, "nbdev": 2.5}, "source": "Close", "timeframe": None}, "upper"),
        ("EMA_50_1W", {"id": "EMA_50_1W", "name": "EMA", "params": {"timeperiod": 50}, "source": "Close", "timeframe": "1w"}, None),
        ("SMA_20_VOLUME", {"id": "SMA_20_VOLUME", "name": "SMA", "params": {"timeperiod": 20}, "source": "Volume", "timeframe": None}, None),
        ("MACD_12_26_9", {"id": "MACD_12_26_9", "name": "MACD", "params": {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9}, "source": "Close", "timeframe": None}, "macd"),
        ("STOCH_K_14_3_3", {"id": "STOCH_14_3_3", "name": "STOCH", "params": {"fastk_period": 14, "slowk_period": 3, "slowd_period": 3}, "source": None, "timeframe": None}, "k"),
    ],
)  # fmt: skip
def test_a_column_declares_its_indicator(column: str, indicator: dict[str, Any], output: str | None) -> None:
    document = parsed(column)
    assert document["indicators"] == [indicator]
    assert left_of(document) == {"type": "indicator", "id": indicator["id"], "output": output, "shift": 0}


@pytest.mark.parametrize(("column", "output"), [("MACD", "macd"), ("MACD_SIGNAL", "signal"), ("MACD_HIST", "hist")])
def test_a_bare_macd_is_the_default_one_and_says_so(column: str, output: str) -> None:
    document = parsed(column, 0)
    assert document["indicators"][0]["id"] == "MACD_12_26_9"
    assert left_of(document)["output"] == output
    assumed = [a["value"] for a in document["assumptions"] if a["topic"] == "parameter" and a["rule"] == 26]
    assert assumed == [12, 26, 9]


def test_a_column_that_says_its_numbers_assumes_nothing() -> None:
    assert not [a for a in parsed("MACD_12_26_9")["assumptions"] if a["topic"] == "parameter"]


def test_one_indicator_is_declared_once_however_often_it_is_named() -> None:
    document = parsed("BB_LOWER_20_2", {"name": "BBANDS", "timeperiod": 20, "nbdev": 2.0, "output": "upper"})
    assert [use["id"] for use in document["indicators"]] == ["BB_20_2"]


def test_the_assumptions_of_an_indicator_named_twice_are_named_once() -> None:
    document = parsed("RSI", "MACD", indicators=[{"name": "RSI"}, {"name": "RSI"}])
    assert [use["id"] for use in document["indicators"]] == ["RSI_14", "MACD_12_26_9"]
    assumed = [a["path"] for a in document["assumptions"] if a["topic"] == "parameter"]
    names = ("fastperiod", "slowperiod", "signalperiod")
    assert assumed == ["/indicators/0/params/timeperiod", *(f"/indicators/1/params/{name}" for name in names)]


def test_an_id_of_the_spec_comes_before_a_column() -> None:
    declared = [{"id": "RSI_14", "name": "RSI", "timeperiod": 21}, {"id": "Close", "name": "SMA", "timeperiod": 5}]
    document = parsed("RSI_14", "Close", indicators=declared)
    assert left_of(document)["id"] == "RSI_14"
    assert document["entry_rules"][0]["when"]["right"]["id"] == "Close"
    assert len(document["indicators"]) == 2


def test_a_column_whose_name_is_taken_gets_another_id() -> None:
    declared = [{"id": "SMA_10", "name": "EMA", "timeperiod": 10}]
    document = parsed({"name": "SMA", "timeperiod": 10}, "SMA_10", indicators=declared)
    assert [use["id"] for use in document["indicators"]] == ["SMA_10", "SMA_10_2"]
    assert left_of(document)["id"] == "SMA_10_2"


def test_the_name_of_a_parameter_is_its_value() -> None:
    document = parsed("Close", "level", parameters=[{"name": "level", "value": 30}])
    assert document["entry_rules"][0]["when"]["right"] == {"type": "param", "name": "level"}


@pytest.mark.parametrize("word", ["entry_price", "open_profit_pct", "bars_since_entry"])
def test_a_word_of_the_position_is_its_operand(word: str) -> None:
    rule = {"when": compare(word, ">", 1)}
    document = to_document(parse_spec({"entry_rules": [{"when": None}], "exit_rules": [rule]}))
    assert document["exit_rules"][0]["when"]["left"] == {"type": word}


@pytest.mark.parametrize(
    ("word", "suggestion"),
    [("Clsoe", "'Close'"), ("RSX_14", "'RSI'"), ("30", "without quotes: 30"), ("SMA", "SMA"), ("qqqq", "RSI_14")],
)
def test_a_word_that_names_nothing_is_a_fault_with_a_hint(word: str, suggestion: str) -> None:
    issue = only_issue({"entry_rules": [{"when": compare(word, "<", 30)}]})
    assert issue.field == "/entry_rules/0/when/left"
    assert suggestion in issue.suggestion


def test_shorthand_is_read_wherever_an_operand_stands() -> None:
    order = {"type": "limit", "price": {"type": "arith", "op": "*", "args": ["Close", 0.99]}}
    risk = {
        "stop_loss": {"type": "price", "price": {"type": "lowest", "of": "Low", "bars": 5, "include_current": True}}
    }
    document = to_document(parse_spec({"entry_rules": [{"order": order, "when": None}], "risk": risk}))
    args = document["entry_rules"][0]["order"]["price"]["args"]
    assert args == [{"type": "price", "field": "Close", "shift": 0}, number(0.99)]
    assert document["risk"]["stop_loss"]["price"]["of"] == {"type": "price", "field": "Low", "shift": 0}


# Indicators


def declared(*indicators: Any, **sections: Any) -> list[dict[str, Any]]:
    document = {"entry_rules": [{"when": None}], "indicators": list(indicators), **sections}
    return list(to_document(parse_spec(document))["indicators"])


def test_the_short_form_takes_its_parameters_inline_and_its_column_for_an_id() -> None:
    assert declared({"name": "RSI", "timeperiod": 21}) == [
        {"id": "RSI_21", "name": "RSI", "params": {"timeperiod": 21}, "source": "Close", "timeframe": None}
    ]


def test_parameters_left_out_take_the_registrys_defaults_and_say_so() -> None:
    document = to_document(
        parse_spec({"entry_rules": [{"when": None}], "indicators": [{"name": "STOCH", "slowd_period": 5}]})
    )
    assert document["indicators"][0]["params"] == {"fastk_period": 14, "slowk_period": 3, "slowd_period": 5}
    assert [a["path"] for a in document["assumptions"] if a["topic"] == "parameter"] == [
        "/indicators/0/params/fastk_period",
        "/indicators/0/params/slowk_period",
    ]


def test_an_average_without_its_period_is_a_fault() -> None:
    issue = only_issue({"entry_rules": [{"when": None}], "indicators": [{"name": "SMA"}]})
    assert issue.field == "/indicators/0"
    assert "timeperiod" in issue.message


def test_a_fault_of_an_inline_parameter_is_named_where_it_was_written() -> None:
    document = {"entry_rules": [{"when": None}], "indicators": [{"name": "RSI", "timeperoid": 14}]}
    issue = only_issue(document)
    assert issue.field == "/indicators/0/timeperoid"
    assert "timeperiod" in issue.suggestion


def test_a_parameter_given_inline_and_in_params_is_a_fault() -> None:
    use = {"name": "RSI", "timeperiod": 14, "params": {"timeperiod": 21}}
    assert only_issue({"entry_rules": [{"when": None}], "indicators": [use]}).field == "/indicators/0/timeperiod"


def test_names_are_brought_to_their_canonical_form() -> None:
    (use,) = declared({"name": "bollinger", "source": "close", "timeframe": "weekly"})
    assert (use["id"], use["name"], use["source"], use["timeframe"]) == ("BB_20_2_1W", "BBANDS", "Close", "1w")


def test_an_indicator_of_named_parameters_bears_its_role() -> None:
    parameters = [{"name": "fast", "value": 20}]
    (use,) = declared({"name": "EMA", "timeperiod": "fast"}, parameters=parameters)
    assert use["id"] == "ema_fast"
    assert use["params"] == {"timeperiod": {"type": "param", "name": "fast"}}


def test_an_unknown_indicator_is_named_with_its_neighbours() -> None:
    issue = only_issue({"entry_rules": [{"when": None}], "indicators": [{"name": "RSJ", "timeperiod": 14}]})
    assert issue.field == "/indicators/0/name"
    assert "RSI" in issue.suggestion


def test_the_outputs_of_a_reference_are_written_out() -> None:
    indicators = [{"id": "trend", "name": "MACD"}, {"id": "rsi", "name": "RSI"}]
    document = parsed({"type": "indicator", "id": "trend"}, {"type": "indicator", "id": "rsi"}, indicators=indicators)
    assert left_of(document)["output"] == "macd"
    assert document["entry_rules"][0]["when"]["right"]["output"] is None


# Sections


def test_missing_sections_take_their_defaults_and_say_so() -> None:
    document = to_document(parse_spec({"entry_rules": [{"when": compare("RSI_14", "<", 30)}]}))
    assumed = {(a["topic"], a["path"], str(a["value"]), a["rule"]) for a in document["assumptions"]}
    assert assumed == {
        ("timeframe", "/timeframe", "1d", 10),
        ("side", "/entry_rules/0/side", "long", 12),
        ("order", "/entry_rules/0/order", "{'type': 'market'}", 1),
        ("sizing", "/sizing", "{'type': 'all'}", 24),
        ("cash", "/execution/cash", "100000.0", 25),
        ("commission", "/execution/commission", "{'type': 'rate', 'value': 0.001}", 25),
        ("spread", "/execution/spread", "0.0", 25),
        ("margin", "/execution/margin", "1.0", 25),
    }


def test_what_is_said_is_not_assumed() -> None:
    document = parsed("Close", timeframe="1h", sizing="all", execution={"cash": 5_000, "commission": 0.002})
    assert document["execution"]["commission"] == {"type": "rate", "value": 0.002}
    topics = [a["topic"] for a in document["assumptions"]]
    assert topics == ["side", "spread", "margin", "order"]


def test_assumptions_of_the_document_stay() -> None:
    own = {"topic": "timeframe", "path": "/timeframe", "value": "1d", "rule": 10}
    document = parsed("Close", assumptions=[own])
    assert document["assumptions"][0] == own
    assert len([a for a in document["assumptions"] if a["topic"] == "timeframe"]) == 1


def test_a_waiting_order_is_good_for_one_bar_unless_said() -> None:
    orders = [{"type": "limit", "price": "Close"}, {"type": "stop", "price": "High", "valid_bars": None}]
    document = to_document(parse_spec({"entry_rules": [{"order": order, "when": None} for order in orders]}))
    assert [rule["order"]["valid_bars"] for rule in document["entry_rules"]] == [1, None]
    assert [a["path"] for a in document["assumptions"] if a["rule"] == 23] == ["/entry_rules/0/order/valid_bars"]


def test_rules_without_ids_are_numbered_around_those_that_have_one() -> None:
    rules = [{"when": None}, {"id": "entry_1", "when": None}, {"when": None}]
    exits = [{"when": compare("Close", ">", 1)}]
    document = to_document(parse_spec({"entry_rules": rules, "exit_rules": exits}))
    assert [rule["id"] for rule in document["entry_rules"]] == ["entry_2", "entry_1", "entry_3"]
    assert document["exit_rules"][0]["id"] == "exit_1"


def test_an_exit_closes_the_only_side_that_is_entered() -> None:
    exits = [{"when": compare("Close", ">", 1)}]
    document = to_document(parse_spec({"entry_rules": [{"side": "short", "when": None}], "exit_rules": exits}))
    assert document["exit_rules"][0]["side"] == "short"


def test_an_exit_without_a_side_is_a_fault_where_both_are_entered() -> None:
    entries = [{"side": "long", "when": None}, {"side": "short", "when": None}]
    issue = only_issue({"entry_rules": entries, "exit_rules": [{"when": compare("Close", ">", 1)}]})
    assert issue.field == "/exit_rules/0/side"


@pytest.mark.parametrize(
    ("risk", "canonical"),
    [
        ({"stop_loss": {"type": "percent", "percent": 5}}, {"type": "percent", "value": 5}),
        ({"stop_loss": {"type": "atr", "indicator": "ATR_20", "multiplier": 2}}, {"type": "atr", "indicator": "ATR_20", "multiple": 2}),
        ({"stop_loss": {"type": "atr", "value": 2}}, {"type": "atr", "indicator": "ATR_14", "multiple": 2}),
        ({"stop_loss": {"type": "price", "level": 99}}, {"type": "price", "price": number(99)}),
        ({"stop_loss": {"type": "pips", "pips": 40}}, {"type": "pips", "value": 40}),
    ],
)  # fmt: skip
def test_a_key_that_is_plainly_meant_is_taken(risk: dict[str, Any], canonical: dict[str, Any]) -> None:
    document = to_document(parse_spec({"entry_rules": [{"when": None}], "risk": risk}))
    assert document["risk"]["stop_loss"] == canonical


def test_a_fault_behind_another_key_is_named_where_it_was_written() -> None:
    issue = only_issue({"entry_rules": [{"when": None}], "risk": {"stop_loss": {"type": "percent", "percent": -5}}})
    assert issue.field == "/risk/stop_loss/percent"


# Sentences


def reader(sentence: str, kind: SentenceKind, timeframe: str, /) -> Mapping[str, object]:
    if sentence == "short below 30":
        return {"side": "short", "when": compare("RSI_14", "<", 30)}
    if sentence == "gibberish":
        raise TextRefused("can't read it", [Issue("", "what is gibberish?", "say it otherwise")])
    if sentence == "oversold":
        assumed = {"topic": "threshold", "path": "/when/right", "value": 30, "rule": 26}
        return {"when": compare("RSI_14", "<", 30), "assumptions": [assumed]}
    return {
        "when": compare("Close", "<" if kind == "entry" else ">", "line"),
        "indicators": [{"id": "line", "name": "SMA", "timeperiod": 50}],
    }


def test_a_sentence_may_stand_for_a_rule() -> None:
    document = {"entry_rules": ["falls below the average"], "exit_rules": ["rises above it"]}
    made = to_document(parse_spec(document, sentence_reader=reader))
    assert made["entry_rules"][0]["when"]["op"] == "<"
    assert made["exit_rules"][0]["when"]["op"] == ">"
    assert [use["id"] for use in made["indicators"]] == ["line"]


def test_an_indicator_of_a_sentence_that_the_document_declares_too_is_one() -> None:
    declared = [{"id": "line", "name": "SMA", "params": {"timeperiod": 50.0}}]
    document = {"indicators": declared, "entry_rules": ["falls below the average"]}
    assert len(parse_spec(document, sentence_reader=reader).indicators) == 1
    other = [{"id": "line", "name": "SMA", "params": {"timeperiod": 49}}]
    assert (
        len(parse_spec(document | {"indicators": other}, sentence_reader=reader).indicators) == 2
    )  # lint names the id


def test_a_sentence_may_stand_for_a_condition() -> None:
    document = {"entry_rules": [{"side": "short", "when": {"type": "not", "of": "x"}}], "filters": {"when": "y"}}
    made = to_document(parse_spec(document, sentence_reader=reader))
    assert made["entry_rules"][0]["when"]["of"]["type"] == "compare"
    assert made["filters"]["when"]["type"] == "compare"


def test_the_assumptions_of_a_sentence_stand_under_its_rule() -> None:
    made = to_document(parse_spec({"entry_rules": [{"when": None}, "oversold"]}, sentence_reader=reader))
    assert made["assumptions"][0]["path"] == "/entry_rules/1/when/right"


def test_a_sentence_and_its_rule_must_not_contradict_each_other() -> None:
    rule = {"side": "long", "when": "short below 30"}
    issue = only_issue({"entry_rules": [rule]}, sentence_reader=reader)
    assert issue.field == "/entry_rules/0/side"


def test_a_sentence_that_can_t_be_read_is_a_fault_at_its_place() -> None:
    issue = only_issue({"entry_rules": [{"when": "gibberish"}]}, sentence_reader=reader)
    assert (issue.field, issue.message) == ("/entry_rules/0/when", "what is gibberish?")


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"entry_rules": ["RSI below 30"]}, "/entry_rules/0"),
        ({"entry_rules": [{"when": "RSI below 30"}]}, "/entry_rules/0/when"),
        ({"entry_rules": [{"when": {"type": "not", "of": "RSI below 30"}}]}, "/entry_rules/0/when/of"),
        ({"entry_rules": [{"when": None}], "filters": {"when": "in an uptrend"}}, "/filters/when"),
    ],
)
def test_without_a_reader_a_sentence_is_a_fault(document: dict[str, Any], field: str) -> None:
    assert only_issue(document).field == field


def test_a_fault_in_what_the_reader_made_is_named_at_the_sentence() -> None:
    issue = only_issue(
        {"entry_rules": ["x"]}, sentence_reader=lambda sentence, kind, timeframe: {"when": {"type": "compar"}}
    )
    assert issue.field == "/entry_rules/0"
