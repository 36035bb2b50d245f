"""Open questions of a strategy, weighed."""

from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from rest.errors import Conflict
from strategy_api.selectors import strategy_version_get
from strategy_api.services import Description, question_weigh, strategy_chat, strategy_create

pytestmark = pytest.mark.django_db
RSI = "Buy when RSI(14) drops below 30, sell when it rises above 70"


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> None:
    settings.BACKTEST_CODES_DIR = tmp_path


def made(user: User, text: str) -> int:
    return strategy_create(user=user, description=Description(user_description=text)).strategy_id


def test_the_evidence_is_kept_with_the_version_s_questions(user: User) -> None:
    strategy_id = made(user, "Buy when price is above its moving average, sell when it falls below")
    weighed = question_weigh(user=user, strategy_id=strategy_id)
    assert all(each["evidence"]["ran"] for question in weighed.questions for each in question["alternatives"])
    assert strategy_version_get(user=user, strategy_id=strategy_id).questions == list(weighed.questions)


def test_what_the_last_sentence_left_open_is_weighed_without_touching_the_version(user: User) -> None:
    strategy_id = made(user, RSI)
    strategy_chat(user=user, strategy_id=strategy_id, message="sell when RSI is above 80")
    weighed = question_weigh(user=user, strategy_id=strategy_id)
    assert weighed.message == "sell when RSI is above 80"
    assert [each["evidence"]["ran"] for each in weighed.questions[0]["alternatives"]] == [True, True]
    assert strategy_version_get(user=user, strategy_id=strategy_id).questions == []


def test_the_sample_that_is_asked_for_is_run(user: User) -> None:
    strategy_id = made(user, "Buy when the 20-day EMA crosses above the 50-day EMA.")
    weighed = question_weigh(user=user, strategy_id=strategy_id, symbol="AAPL")
    assert {each["evidence"]["symbol"] for each in weighed.questions[0]["alternatives"]} == {"AAPL"}


def test_where_nothing_is_open_there_is_nothing_to_weigh(user: User) -> None:
    with pytest.raises(Conflict):
        question_weigh(user=user, strategy_id=made(user, RSI))
