"""A strategy changed by what is said of it next."""

from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from rest.errors import Conflict, Invalid
from strategy_api.models import StrategyVersion
from strategy_api.selectors import strategy_version_get
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
