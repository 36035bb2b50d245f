"""What is remembered of each interaction."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from strategy_api.models import ConversationMemory
from strategy_api.services import (
    Description,
    code_generate,
    conversation_append,
    strategy_chat,
    strategy_create,
    strategy_update,
    strategy_validate,
)

AVERAGE = "Buy when price is above its moving average, sell when it falls below"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> None:
    settings.BACKTEST_CODES_DIR = tmp_path


def test_each_interaction_is_one_row_with_the_state_before_and_after(user: User) -> None:
    first = strategy_create(user=user, description=Description(user_description=AVERAGE))
    answers = {first.questions[0]["id"]: 50}
    strategy_update(user=user, strategy_id=first.strategy_id, description=Description(answers=answers))
    strategy_chat(user=user, strategy_id=first.strategy_id, message="add a 5% stop")
    strategy_chat(user=user, strategy_id=first.strategy_id, message="flibber the gibbet")
    code_generate(user=user, strategy_id=first.strategy_id)
    strategy_validate(user=user, strategy_id=first.strategy_id)
    rows = ConversationMemory.objects.order_by("id")
    states = [
        (row.kind, (row.state_before or {}).get("version"), (row.state_after or {}).get("version")) for row in rows
    ]
    assert states == [
        ("describe", None, 1),
        ("answer", 1, 2),
        ("edit", 2, 3),
        ("edit", 3, 3),
        ("generate", 3, 3),
        ("validate", 3, 3),
    ]
    assert {row.session for row in rows} == {first.strategy.session}
    assert rows[0].message == AVERAGE
    assert rows[0].answer["questions"] == first.questions
    assert "Stop out 5 %" in rows[2].answer["reply"]
    assert rows[3].answer["questions"]


def test_a_session_without_a_strategy_is_remembered_too(user: User) -> None:
    session = uuid.uuid4()
    row = conversation_append(
        user=user,
        session=session,
        kind=ConversationMemory.Kind.BACKTEST,
        message="run it",
        answer={"run": 1},
        state_after={"status": "completed"},
    )
    stored = ConversationMemory.objects.get(pk=row.pk)
    assert (stored.user, stored.strategy, stored.session) == (user, None, session)
    assert (stored.answer, stored.state_before, stored.state_after) == ({"run": 1}, None, {"status": "completed"})


def test_nothing_is_remembered_where_the_setting_forbids_it(user: User, settings: Any) -> None:
    settings.USE_CONVERSATION_MEMORY = False
    strategy_create(user=user, description=Description(user_description=AVERAGE))
    assert not ConversationMemory.objects.exists()
