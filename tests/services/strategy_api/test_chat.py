"""A strategy changed by what is said of it next."""

from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from Backtest.account import Account
from Backtest.data_manager import load_bars
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.reader.turns import read_turns
from rest.errors import Conflict, Invalid
from strategy_api.models import StrategyVersion
from strategy_api.selectors import conversation_standing, strategy_conversation, strategy_version_get
from strategy_api.services import Description, strategy_chat, strategy_create

RSI = "Buy when RSI(14) drops below 30, sell when it rises above 70"
AVERAGE = "Buy when price is above its moving average, sell when it falls below"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> None:
    settings.BACKTEST_CODES_DIR = tmp_path


def made(user: User, text: str = RSI) -> StrategyVersion:
    return strategy_create(user=user, description=Description(user_description=text))


def test_a_sentence_makes_a_version_and_says_what_differs(user: User) -> None:
    first = made(user)
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")
    assert (reply.changed, reply.version.number, reply.version.turns) == (True, 2, [RSI, "add a 5% stop"])
    assert [(change.path, change.before, change.after) for change in reply.changes] == [
        ("/risk/stop_loss", None, "Stop out 5 % from the entry price.")
    ]
    assert reply.version.change == "add a 5% stop"


def test_sentences_build_on_each_other(user: User) -> None:
    first = made(user)
    strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="tighten the stop to 2%")
    document = reply.version.canonical_json
    assert document is not None
    assert document["risk"]["stop_loss"] == {"type": "percent", "value": 2.0}
    assert (reply.version.number, len(reply.version.turns)) == (3, 3)


def test_what_is_not_understood_changes_nothing_and_is_asked_about(user: User) -> None:
    first = made(user)
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="flibber the gibbet")
    assert (reply.changed, reply.changes, reply.version.number) == (False, (), 1)
    assert reply.content.questions
    assert reply.reply.startswith("Nothing was changed.")
    assert strategy_version_get(user=user, strategy_id=first.strategy_id).turns == [RSI]


def test_a_question_that_a_sentence_raises_is_answered_with_it(user: User) -> None:
    first = made(user)
    message = "sell when RSI is above 80"
    asked = strategy_chat(user=user, strategy_id=first.strategy_id, message=message)
    assert asked.changed is False
    answers = {asked.content.questions[0]["id"]: "replace"}
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message=message, answers=answers)
    assert reply.changed
    assert reply.version.answers == answers


def test_answers_of_before_are_kept(user: User) -> None:
    first = made(user, AVERAGE)
    answers = {first.questions[0]["id"]: 50}
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop", answers=answers)
    assert reply.changed
    later = strategy_chat(user=user, strategy_id=first.strategy_id, message="tighten the stop to 2%")
    assert later.changed
    assert later.version.answers == answers


def test_what_the_strategy_says_already_changes_nothing(user: User) -> None:
    first = made(user, f"{RSI}, 5% stop loss")
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="use a 5% stop")
    assert (reply.changed, reply.version.number) == (False, 1)
    assert reply.reply == "Nothing changes: the strategy says that already."


def test_a_sentence_that_can_t_be_taken_is_named_as_the_message(user: User) -> None:
    first = made(user)
    with pytest.raises(Invalid) as caught:
        strategy_chat(user=user, strategy_id=first.strategy_id, message=" ")
    assert [issue.field for issue in caught.value.issues] == ["message"]


def test_a_document_is_not_changed_by_a_sentence(user: User) -> None:
    document = made(user).canonical_json
    first = strategy_create(user=user, description=Description(canonical_json=document))
    with pytest.raises(Conflict):
        strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")


def test_a_what_if_tells_what_would_become_of_the_trades_and_changes_nothing(user: User) -> None:
    first = made(user)
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="what if the exit is 80?")
    assert (reply.changed, reply.version.number) == (False, 1)
    assert [change.after for change in reply.changes] == [
        "Close the long position at the next open when RSI(14) crosses above 80."
    ]
    found = reply.what_if
    assert found is not None
    runs = [interpreted(RSI), interpreted(RSI.replace("70", "80"))]
    assert [len(run.trades) for run in runs] == [found.before.trades, found.after.trades]
    parted = next(a for a, b in zip(runs[0].trades, runs[1].trades, strict=False) if a != b)
    assert found.first_difference == parted.exit_time
    assert strategy_version_get(user=user, strategy_id=first.strategy_id).turns == [RSI]


@pytest.mark.parametrize("words", ["keep it", "Yes, keep it please.", "ok, apply that", "accept"])
def test_what_was_tried_is_kept_when_that_is_said(user: User, words: str) -> None:
    first = made(user)
    strategy_chat(user=user, strategy_id=first.strategy_id, message="what if the exit is 80?")
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message=words)
    assert (reply.changed, reply.version.turns) == (True, [RSI, "what if the exit is 80?"])


def test_a_what_if_is_kept_at_once_where_the_request_says_so(user: User) -> None:
    first = made(user)
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="what if the exit is 80?", keep=True)
    assert (reply.changed, reply.what_if) == (True, None)


def test_what_was_tried_before_another_change_is_not_kept_by_mistake(user: User) -> None:
    first = made(user)
    strategy_chat(user=user, strategy_id=first.strategy_id, message="what if the exit is 80?")
    strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="keep it")
    assert (reply.changed, reply.version.number) == (False, 2)


def test_undo_makes_a_version_that_says_what_is_taken_back(user: User) -> None:
    first = made(user)
    strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, message="undo")
    assert (reply.changed, reply.version.number, reply.version.identity) == (True, 3, first.identity)
    assert reply.reply == "No longer: Stop out 5 % from the entry price."


def test_answers_without_a_message_are_to_what_the_last_one_left_open(user: User) -> None:
    first = made(user)
    asked = strategy_chat(user=user, strategy_id=first.strategy_id, message="sell when RSI is above 80")
    answers = {asked.content.questions[0]["id"]: "replace"}
    reply = strategy_chat(user=user, strategy_id=first.strategy_id, answers=answers)
    assert (reply.changed, reply.version.turns) == (True, [RSI, "sell when RSI is above 80"])


def test_answers_where_nothing_is_open_are_refused(user: User) -> None:
    first = made(user)
    with pytest.raises(Invalid, match="nothing that was said stands open"):
        strategy_chat(user=user, strategy_id=first.strategy_id, answers={"exit_1": "x"})


def test_where_a_conversation_stands_is_read_from_what_was_stored(user: User) -> None:
    first = made(user)
    assert conversation_standing(user=user, strategy_id=first.strategy_id).asked is None
    strategy_chat(user=user, strategy_id=first.strategy_id, message="sell when RSI is above 80")
    standing = conversation_standing(user=user, strategy_id=first.strategy_id)
    assert (standing.asked, standing.tried, len(standing.questions)) == ("sell when RSI is above 80", None, 1)
    strategy_chat(user=user, strategy_id=first.strategy_id, message="what if the exit is 80?")
    standing = conversation_standing(user=user, strategy_id=first.strategy_id)
    assert (standing.asked, standing.tried) == (None, "what if the exit is 80?")
    strategy_chat(user=user, strategy_id=first.strategy_id, message="keep it")
    standing = conversation_standing(user=user, strategy_id=first.strategy_id)
    assert (standing.asked, standing.tried, standing.version.number) == (None, None, 2)


def test_the_whole_thread_is_kept_with_the_state_before_and_after(user: User) -> None:
    first = made(user)
    for message in ("what if the exit is 80?", "keep it", "undo", "flibber the gibbet"):
        strategy_chat(user=user, strategy_id=first.strategy_id, message=message)
    thread = strategy_conversation(user=user, strategy_id=first.strategy_id)
    states = [
        (row.kind, row.state_before and row.state_before["version"], row.state_after["version"]) for row in thread
    ]
    assert states == [("describe", None, 1), ("what_if", 1, 1), ("edit", 1, 2), ("edit", 2, 3), ("edit", 3, 3)]
    assert len({row.session for row in thread}) == 1
    assert all(row.answer for row in thread)


def interpreted(text: str) -> Execution:
    """The run of a text on GOOG, straight through the engine."""
    spec = read_turns([text]).spec
    assert spec is not None
    return interpret(spec, load_bars(symbol="GOOG").window(None, None), Account())
