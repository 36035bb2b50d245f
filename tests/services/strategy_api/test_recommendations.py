"""What is advised of a strategy is stored with its version."""

from auth_api.models import User
from strategy_api.services import Description, strategy_chat, strategy_create

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70"


def topics(recommendations: list[dict[str, str]]) -> list[str]:
    return [recommendation["topic"] for recommendation in recommendations]


def test_a_strategy_without_a_stop_is_advised_to_have_one_and_applying_it_settles_that(user: User) -> None:
    made = strategy_create(user=user, description=Description(user_description=IDEA))
    assert topics(made.ai_recommendations) == ["no_stop"]
    edit = made.ai_recommendations[0]["edit"]
    changed = strategy_chat(user=user, strategy_id=made.strategy_id, message=edit)
    assert changed.version.ai_recommendations == []


def test_an_unclear_strategy_gets_questions_and_no_advice(user: User) -> None:
    made = strategy_create(user=user, description=Description(user_description="Buy when the market looks strong."))
    assert made.ai_recommendations == []
