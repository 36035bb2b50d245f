"""The way in: what is refused, and that every fault is named at its place."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import escape
from Backtest.errors import Issue, SpecInvalid
from tests.generators.documents import compare, number, rsi_reversal, with_change, without
from tests.generators.specs import specs


def refusal_of(document: Any) -> SpecInvalid | None:
    try:
        parse_spec(document)
    except SpecInvalid as refused:
        return refused
    return None


def issues_of(document: Any) -> tuple[Issue, ...]:
    with pytest.raises(SpecInvalid) as refused:
        parse_spec(document)
    assert refused.value.issues
    return refused.value.issues


def issue_of(document: Any) -> Issue:
    (issue,) = issues_of(document)
    return issue


def test_a_mapping_and_its_json_text_are_the_same_spec() -> None:
    assert parse_spec(rsi_reversal()) == parse_spec(json.dumps(rsi_reversal()))


def test_the_document_is_left_as_it_was_given() -> None:
    document = {"entry_rules": [{"when": compare("RSI_14", "<", 30)}], "risk": {"max_bars": 3}}
    before = json.dumps(document)
    parse_spec(document)
    assert json.dumps(document) == before


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("{", "", "not JSON"),
        ("[1]", "", "JSON object"),
        ('"text"', "", "JSON object"),
        ('{"entry_rules": [], "entry_rules": []}', "/entry_rules", "twice"),
        ('{"risk": {"max_bars": 1, "max_bars": 2}}', "/risk/max_bars", "twice"),
        ('{"execution": {"cash": NaN}}', "", "NaN"),
        ('{"execution": {"cash": -Infinity}}', "", "-Infinity"),
        ('{"execution": {"cash": 1e999}}', "/execution/cash", "not finite"),
        ('{"execution": {"cash": ' + "9" * 5_000 + "}}", "", "too large"),
        ('{"a": ' * 65 + "1" + "}" * 65, "/a" * 64, "64 levels"),
        ("[" * 100_000, "", "64 levels"),
        ('{"description": "' + "x" * 1_000_000 + '"}', "", "1,000,000 bytes"),
        ('{"assumptions": [' + "1," * 20_000 + "1]}", "", "20,000 values"),
        ('{"description": "\\ud800"}', "/description", "surrogate"),
    ],
)
def test_a_text_that_is_no_bounded_json_object_is_refused(text: str, field: str, message: str) -> None:
    issue = issue_of(text)
    assert issue.field == field
    assert message in issue.message


def test_sixty_four_levels_are_read() -> None:
    condition = compare("Close", ">", 1)  # stands on level 4: the document, its rules, the rule, the condition
    for _ in range(60):
        condition = {"type": "not", "of": condition}
    assert isinstance(parse_spec({"entry_rules": [{"when": condition}]}), Spec)
    assert "64 levels" in issue_of({"entry_rules": [{"when": {"type": "not", "of": condition}}]}).message


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes", object(), {1: 2}])
def test_a_mapping_may_hold_json_values_only(value: object) -> None:
    assert issue_of({"description": value}).field == "/description"


@pytest.mark.parametrize(
    ("pointer", "value", "field", "said", "suggestion"),
    [
        ("/entry_rules/0/when/type", "compar", "/entry_rules/0/when/type", "unknown type 'compar'", "'compare'"),
        ("/entry_rules/0/when/lft", 3, "/entry_rules/0/when/lft", "unknown key 'lft'", "'left'"),
        ("/strategy_nam", "x", "/strategy_nam", "unknown key", "'strategy_name'"),
        ("/entry_rules/0/side", "lng", "/entry_rules/0/side", "expected 'long' or 'short'", "'long'"),
        ("/entry_rules/0/id", "1 rule", "/entry_rules/0/id", "can't be a name", "a letter"),
        ("/entry_rules/0/when/left/shift", -1, "/entry_rules/0/when/left/shift", "must be at least 0", ""),
        ("/entry_rules/0/when/left/shift", 1.5, "/entry_rules/0/when/left/shift", "a whole number", ""),
        ("/entry_rules/0/when/right/value", "30", "/entry_rules/0/when/right/value", "expected a number", ""),
        ("/entry_rules/0/when/right/value", True, "/entry_rules/0/when/right/value", "expected a number, not true", ""),
        ("/entry_rules", {}, "/entry_rules", "expected a list", ""),
        ("/entry_rules", [], "/entry_rules", "needs 1 or more", ""),
        ("/entry_rules", [{"when": None}] * 33, "/entry_rules", "may have 32 at most, and has 33", ""),
        ("/indicators", [{"name": "SMA"}] * 65, "/indicators", "may have 64 at most, and has 65", ""),
        ("/exit_rules/0/portion", 1.5, "/exit_rules/0/portion", "must be at most 1", ""),
        ("/exit_rules/0/when", None, "/exit_rules/0/when", "an object", ""),
        ("/timeframe", "7h", "/timeframe", "unknown timeframe", ""),
        ("/risk/stop_loss/value", -5, "/risk/stop_loss/value", "must be above 0", ""),
        ("/risk/stop_loss", {"type": "price", "price": {"type": "price", "field": "Clos"}}, "/risk/stop_loss/price/field", "expected 'Open'", "'Close'"),
        ("/risk/stop_loss", {"type": "r", "multiple": 2}, "/risk/stop_loss/type", "unknown type 'r'", "percent"),
        ("/risk/take_profit", 4, "/risk/take_profit", "an object with a type", ""),
        ("/sizing", {}, "/sizing/type", "'type' is missing", ""),
        ("/execution/margin", 2, "/execution/margin", "must be at most 1, not 2", ""),
        ("/filters/hours", {"from": "9:30", "to": "16:00"}, "/filters/hours/from", "no time of day", "09:30"),
        ("/indicators/0/params/timeperiod", None, "/indicators/0/params/timeperiod", "a number or a named parameter", ""),
        ("/assumptions", [{"topic": "x", "path": 3, "value": 1}], "/assumptions/0/path", "a string", ""),
        ("/assumptions", 3, "/assumptions", "a list", ""),
    ],
)  # fmt: skip
def test_a_fault_is_named_at_its_place(pointer: str, value: Any, field: str, said: str, suggestion: str) -> None:
    issue = issue_of(with_change(rsi_reversal(), pointer, value))
    assert issue.field == field
    assert said in issue.message
    assert suggestion in issue.suggestion


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("/entry_rules", "entry_rules"),
        ("/entry_rules/0/when", "when"),
        ("/entry_rules/0/when/left", "left"),
        ("/entry_rules/0/when/right/value", "value"),
        ("/risk/stop_loss/value", "value"),
    ],
)
def test_a_missing_key_is_named_where_it_should_be(pointer: str, name: str) -> None:
    issue = issue_of(without(rsi_reversal(), pointer))
    assert issue.field == pointer
    assert repr(name) in issue.message


def test_all_faults_are_named_at_once() -> None:
    document = with_change(rsi_reversal(), "/entry_rules/0/when/type", "croos_below")
    document = with_change(document, "/exit_rules/0/sid", "long")
    document = with_change(document, "/execution/cash", -1)
    document = with_change(document, "/indicators/0/name", "RSX")
    assert {issue.field for issue in issues_of(document)} == {
        "/entry_rules/0/when/type",
        "/exit_rules/0/sid",
        "/execution/cash",
        "/indicators/0/name",
    }


def test_the_sentence_for_people_says_the_first_fault_and_how_many_more_there_are() -> None:
    with pytest.raises(SpecInvalid, match=r"/timeframe: unknown timeframe '7h', and 1 more"):
        parse_spec(with_change(with_change(rsi_reversal(), "/sizing", {}), "/timeframe", "7h"))


def test_of_very_many_faults_the_first_two_hundred_are_named() -> None:
    refused = refusal_of(rsi_reversal() | {f"key_{i}": 1 for i in range(1_000)})
    assert refused is not None
    assert len(refused.issues) == 200
    assert "and 999 more" in refused.message


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(JSON_VALUES)
def test_any_json_is_read_or_refused(value: Any) -> None:
    for document in (value, {"entry_rules": value}, json.dumps(value)):
        refused = refusal_of(document)
        assert refused is None or refused.issues


def _pointers(value: Any, pointer: str = "") -> list[str]:
    keys: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    below = [place for key in keys for place in _pointers(value[key], f"{pointer}/{escape(key)}")]
    return [*([pointer] if pointer else []), *below]


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_document_broken_in_one_place_is_read_or_its_faults_lie_in_the_document(data: st.DataObject) -> None:
    document = json.loads(data.draw(specs()).model_dump_json(by_alias=True))
    place = data.draw(st.sampled_from(_pointers(document)))
    broken = with_change(document, place, data.draw(JSON_VALUES))
    refused = refusal_of(broken)
    places = {"", *_pointers(broken)}
    assert refused is None or all(issue.field.rpartition("/")[0] in places for issue in refused.issues)


def test_a_number_may_be_written_with_or_without_a_point() -> None:
    written = with_change(rsi_reversal(), "/indicators/0/params/timeperiod", 14.0)
    written = with_change(written, "/entry_rules/0/when/right", number(30))
    assert parse_spec(written) == parse_spec(rsi_reversal())
