"""GET /api/backtests/{id}/recommendations/"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from backtest_api.models import BacktestRun
from tests.api.backtest_api.conftest import BACKTESTS, QUICK_RUN, RUN_SANDBOX, address_of

NO_STOP = "Buy when RSI(14) drops below 30, sell when it rises above 70"
STRATEGIES = "/api/strategies/"


def run_of(api: APIClient, **asked: object) -> dict[str, Any]:
    return dict(api.post(QUICK_RUN, {"symbol": "GOOG", **asked}).json())


def recommended(api: APIClient, run: dict[str, Any]) -> dict[str, str]:
    """The sentence of each topic."""
    body = api.get(address_of(run, "recommendations/")).json()
    assert all(each["reason"] for each in body)
    return {each["topic"]: each["edit"] for each in body}


def test_a_run_shows_what_its_words_do_not(api: APIClient) -> None:
    found = recommended(api, run_of(api, user_description=NO_STOP))
    assert found == {"no_stop": "add a 5% stop loss", "few_trades": "use 35 instead of 30"}


def test_they_are_the_strategy_s_from_then_on_and_name_the_run(api: APIClient) -> None:
    strategy = api.post(STRATEGIES, {"user_description": examples.IDEA}).json()
    assert strategy["ai_recommendations"] == []
    run = run_of(api, strategy_id=strategy["id"])
    recommended(api, run)
    [seen] = api.get(f"{STRATEGIES}{strategy['id']}/").json()["ai_recommendations"]
    assert (seen["topic"], seen["edit"], seen["run_id"]) == ("few_trades", "use 35 instead of 30", run["id"])


def test_the_sentence_of_a_strategy_s_run_makes_its_next_version(api: APIClient) -> None:
    strategy = api.post(STRATEGIES, {"user_description": examples.IDEA}).json()
    before = run_of(api, strategy_id=strategy["id"])
    reply = api.post(f"{STRATEGIES}{strategy['id']}/chat/", {"message": recommended(api, before)["few_trades"]})
    assert reply.json()["strategy"]["version"] == 2
    assert run_of(api, strategy_id=strategy["id"])["total_trades"] > before["total_trades"]


def test_only_the_bars_of_the_run_count(api: APIClient) -> None:
    run = run_of(api, user_description=examples.IDEA, start_date="2012-01-01")
    [advice] = api.get(address_of(run, "recommendations/")).json()
    assert advice["reason"].startswith(f"{run['total_trades']} closed trades are too few")


def test_a_document_gets_advice_without_a_sentence(api: APIClient) -> None:
    document = run_of(api, user_description=NO_STOP)["canonical_json"]
    assert recommended(api, run_of(api, canonical_json=document)) == {"no_stop": "", "few_trades": ""}


def test_they_are_worked_out_once(api: APIClient) -> None:
    run = run_of(api, user_description=NO_STOP)
    recommended(api, run)
    stored = [{"topic": "kept", "reason": "as it was stored", "edit": ""}]
    BacktestRun.objects.filter(pk=run["id"]).update(ai_recommendations=stored)
    assert recommended(api, run) == {"kept": ""}


def test_code_without_rules_gets_none(api: APIClient) -> None:
    run = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "GOOG"}).json()
    assert recommended(api, run) == {}


def test_a_run_that_waits_has_none_yet(api: APIClient, problem: Any) -> None:
    waiting = api.post(BACKTESTS, {"user_description": NO_STOP, "symbol": "GOOG"}).json()
    problem(api.get(address_of(waiting, "recommendations/")), 409)


def test_another_user_s_run_is_not_there(api: APIClient, strange_api: APIClient, problem: Any) -> None:
    problem(strange_api.get(address_of(run_of(api, user_description=NO_STOP), "recommendations/")), 404)


@pytest.mark.django_db
def test_nobody_s_question_is_not_answered(anonymous: APIClient, problem: Any) -> None:
    problem(anonymous.get(f"{BACKTESTS}1/recommendations/"), 401)
