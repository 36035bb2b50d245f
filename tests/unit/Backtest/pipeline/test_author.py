"""From words or a document to a strategy, and to its code."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.account import Account
from Backtest.canonical.differences import Difference, differences
from Backtest.canonical.document import to_document
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.errors import InputError, SpecInvalid, TextRefused
from Backtest.pipeline.author import (
    author_document,
    author_text,
    check_canonical,
    trial_bars,
    try_code,
    write_code,
)
from Backtest.safety.scan import scan
from Backtest.sandbox.job import Limits
from tests.generators.specs import specs

RSI = "Buy when RSI(14) drops below 30, sell when it rises above 70"
AVERAGE = "Buy when price is above its moving average, sell when it falls below"
DOCUMENT = {
    "entry_rules": [{"side": "long", "when": {"type": "cross_below", "left": "RSI_14", "right": 30}}],
    "exit_rules": [{"side": "long", "when": {"type": "cross_above", "left": "RSI_14", "right": 70}}],
}


def spec_of(*turns: str) -> Spec:
    spec = author_text(turns).spec
    assert spec is not None
    return spec


def canonical() -> dict[str, object]:
    return to_document(spec_of(RSI))


# text


def test_a_clear_text_has_a_spec_its_sentences_and_its_identity() -> None:
    authored = author_text([RSI])
    assert authored.status == "valid"
    assert authored.spec is not None
    assert "Enter long at the next open when RSI(14) crosses below 30." in [s.text for s in authored.sentences]
    assert authored.identity == author_document(to_document(authored.spec)).identity
    assert authored.assumptions == authored.spec.assumptions


def test_the_same_rules_in_words_and_as_a_document_are_the_same_strategy() -> None:
    assert author_text([RSI]).identity == author_document(DOCUMENT).identity


def test_an_unclear_text_has_questions_and_no_spec() -> None:
    authored = author_text([AVERAGE])
    assert (authored.status, authored.spec, authored.identity) == ("needs_clarification", None, "")
    assert [question.topic for question in authored.questions] == ["period"]


def test_an_answer_completes_it() -> None:
    [question] = author_text([AVERAGE]).questions
    authored = author_text([AVERAGE], answers={question.id: 50})
    assert authored.status == "valid"
    assert authored.answers == {question.id: 50}
    assert authored.spec is not None
    assert [use.params for use in authored.spec.indicators] == [{"timeperiod": 50}]


def test_a_new_answer_beats_an_earlier_one() -> None:
    [question] = author_text([AVERAGE]).questions
    authored = author_text([AVERAGE], earlier_answers={question.id: 20}, answers={question.id: 50})
    assert authored.answers == {question.id: 50}


def test_an_earlier_answer_that_nothing_asks_for_lapses() -> None:
    authored = author_text([RSI], earlier_answers={"period_24": 50})
    assert (authored.status, authored.answers) == ("valid", {})


def test_an_answer_that_answers_nothing_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        author_text([RSI], answers={"period_24": 50}, earlier_answers={"period_99": 20})
    assert [issue.field for issue in caught.value.issues] == ["/answers/period_24"]


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(TextRefused):
        author_text([" "])


# documents


def test_a_document_may_have_rules_in_english() -> None:
    authored = author_document({"entry_rules": ["RSI(14) drops below 30"], "exit_rules": ["RSI(14) rises above 70"]})
    assert authored.identity == author_document(DOCUMENT).identity


def test_what_lint_finds_is_an_error_with_its_place() -> None:
    never = {"side": "long", "when": {"type": "compare", "op": ">", "left": "RSI_14", "right": 130}}
    with pytest.raises(SpecInvalid) as caught:
        author_document({**DOCUMENT, "entry_rules": [never]})
    assert caught.value.issues[0].field.startswith("/entry_rules/0")


def test_a_canonical_document_is_taken_as_it_stands() -> None:
    assert to_document(check_canonical(canonical())) == canonical()


@settings(max_examples=50)
@given(specs(), st.data())
def test_any_strategy_is_canonical_as_it_is_written_out_and_not_without_one_of_its_keys(
    spec: Spec, data: st.DataObject
) -> None:
    document = to_document(spec)
    assert check_canonical(document) == spec
    left_out = data.draw(st.sampled_from(sorted(document)))
    if left_out == "assumptions" and not spec.assumptions:
        left_out = "execution"
    with pytest.raises(SpecInvalid):
        check_canonical({name: value for name, value in document.items() if name != left_out})


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"risk": None}, "/risk"),
        ({"rsik": {}}, "/rsik"),
        ({"entry_rules": ["RSI(14) drops below 30"]}, "/entry_rules/0"),
        ({"indicators": [{"name": "RSI", "timeperiod": 14}]}, "/indicators/0"),
        ({"sizing": {"type": "fraction", "value": 0.0}}, "/sizing/value"),
    ],
)
def test_a_departure_from_the_canonical_form_is_named_by_its_place(change: dict[str, object], place: str) -> None:
    with pytest.raises(SpecInvalid) as caught:
        check_canonical({**canonical(), **change})
    assert any(issue.field.startswith(place) for issue in caught.value.issues)


@pytest.mark.parametrize("section", ["timeframe", "risk", "filters", "sizing", "execution", "provenance", "parameters"])
def test_a_section_that_is_left_out_is_not_canonical(section: str) -> None:
    document = {name: value for name, value in canonical().items() if name != section}
    assert parse_spec(document)
    with pytest.raises(SpecInvalid) as caught:
        check_canonical(document)
    assert f"/{section}" in [issue.field for issue in caught.value.issues]


def test_a_document_that_only_lint_refuses_is_refused_by_its_place() -> None:
    document = canonical()
    document["exit_rules"] = []
    with pytest.raises(SpecInvalid) as caught:
        check_canonical(document)
    assert [issue.field for issue in caught.value.issues] == ["/exit_rules"]


# code


def test_the_code_is_written_scanned_and_stands_where_it_says(tmp_path: Path) -> None:
    written = write_code(spec_of(RSI), tmp_path, user_id=7, version=2)
    assert written.path.parent == tmp_path
    assert written.path.name.startswith("rsi_14_u7_v2_")
    assert written.path.read_text(encoding="utf-8") == written.source
    assert f"class {written.class_name}(Strategy)" in written.source
    assert scan(written.source).ok


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    spec = spec_of(RSI).model_copy(update={"strategy_name": "../../../etc/passwd"})
    written = write_code(spec, tmp_path / "codes", user_id=7, version=1)
    assert written.path.resolve().parent == (tmp_path / "codes").resolve()
    assert [path.name for path in tmp_path.iterdir()] == ["codes"]


# trials


@pytest.mark.parametrize(("timeframe", "symbol"), [("1d", "GOOG"), ("1w", "GOOG"), ("1h", "EURUSD"), ("4h", "EURUSD")])
def test_a_strategy_is_tried_on_the_sample_that_has_its_bars(timeframe: str, symbol: str) -> None:
    bars = trial_bars(spec_of(RSI).model_copy(update={"timeframe": timeframe}))
    assert bars is not None
    assert (bars.symbol, bars.timeframe) == (symbol, timeframe)


def test_code_without_a_spec_is_tried_on_daily_bars() -> None:
    bars = trial_bars(None)
    assert bars is not None
    assert bars.timeframe == "1d"


def test_its_own_instrument_is_tried_first() -> None:
    bars = trial_bars(spec_of(RSI).model_copy(update={"instruments": ("AAPL",)}))
    assert bars is not None
    assert bars.symbol == "AAPL"


def test_there_is_nothing_to_try_where_every_sample_is_too_coarse() -> None:
    assert trial_bars(spec_of(RSI).model_copy(update={"timeframe": "5m"})) is None


def test_generated_code_runs_on_its_trial_bars(tmp_path: Path) -> None:
    spec = spec_of(RSI)
    bars = trial_bars(spec)
    assert bars is not None
    code = write_code(spec, tmp_path, user_id=1, version=1).source
    outcome = try_code(code, bars, Account(), Limits())
    assert outcome.status == "completed"
    assert outcome.result is not None
    assert len(outcome.result.equity) == len(bars)


# differences


def test_equal_specs_do_not_differ() -> None:
    assert differences(spec_of(RSI), spec_of(RSI)) == ()


def test_a_change_is_shown_as_what_was_said_and_what_is_said_now() -> None:
    found = differences(spec_of(RSI, "5% stop"), spec_of(RSI, "2% stop"))
    assert found == (
        Difference("/risk/stop_loss", "Stop out 5 % from the entry price.", "Stop out 2 % from the entry price."),
    )


def test_what_came_and_what_went_have_one_side_only() -> None:
    stop = "Stop out 5 % from the entry price."
    assert differences(spec_of(RSI), spec_of(RSI, "5% stop")) == (Difference("/risk/stop_loss", None, stop),)
    assert differences(spec_of(RSI, "5% stop"), spec_of(RSI)) == (Difference("/risk/stop_loss", stop, None),)


def test_a_sentence_that_only_moved_is_no_difference() -> None:
    before = spec_of(RSI)
    first = before.exit_rules[0]
    other = first.model_copy(update={"id": "exit_0", "portion": 0.5})
    after = before.model_copy(update={"exit_rules": (other, first)})
    [found] = differences(before, after)
    assert found.path == "/exit_rules/0"
    assert found.before is None
