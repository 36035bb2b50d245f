"""What is written is read by a model too: what its user sees, what is stored, and what is asked."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auth_api.models import ModelCall, User
from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from strategy_api.models import StrategyVersion
from strategy_api.services import Description, question_weigh, strategy_chat, strategy_create, strategy_update
from tests.llm_servers.server import ModelServer, drips, fails, model_server, says
from tests.unit.Backtest.second_reading.readings import TEXT, UNREADABLE, faithful, of_the_unreadable, with_exit_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> None:
    settings.BACKTEST_CODES_DIR = tmp_path


@pytest.fixture(autouse=True)
def nothing_is_remembered() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def server(settings: Any) -> Iterator[ModelServer]:
    with model_server("openai") as running:
        settings.LLM_PROVIDER, settings.LLM_MODEL = "openai_compatible", "small"
        settings.LLM_BASE_URL, settings.LLM_ATTEMPTS = running.url, 1
        settings.LLM_SECOND_READING = True
        yield running


def described(user: User, text: str = TEXT, **fields: Any) -> StrategyVersion:
    return strategy_create(user=user, description=Description(user_description=text, **fields))


def answered(version: StrategyVersion, value: Any) -> StrategyVersion:
    description = Description(answers={"second_reading": value})
    return strategy_update(user=version.strategy.user, strategy_id=version.strategy_id, description=description)


def comparison(version: StrategyVersion) -> dict[str, Any]:
    assert version.reading is not None
    made: dict[str, Any] = version.reading["comparison"]
    return made


def choices(version: StrategyVersion) -> list[str]:
    return [each["value"] for each in version.questions[0]["alternatives"]]


def test_agreement_is_kept_with_the_strategy_and_the_call_is_audited(user: User, server: ModelServer) -> None:
    server.will(says(faithful()))
    version = described(user)
    assert version.status == "valid"
    assert (comparison(version)["agree"], comparison(version)["by"], comparison(version)["model"]) == (
        True,
        "identity",
        "read",
    )
    call = ModelCall.objects.get()
    assert (call.purpose, call.user, call.outcome) == ("second reading", user, "answered")


@pytest.mark.parametrize("place", [0, 1])
def test_a_disagreement_is_a_question_whose_answer_gives_exactly_its_reading(
    user: User, server: ModelServer, place: int
) -> None:
    server.will(says(with_exit_at(80)))
    version = described(user)
    assert (version.status, version.canonical_json) == ("needs_clarification", None)
    assert "the first differs on" in version.questions[0]["alternatives"][1]["evidence"]["text"]
    made = answered(version, choices(version)[place])
    meant = [faithful(), with_exit_at(80)][place]["canonical_json"]
    assert (made.status, made.identity) == ("valid", identity(parse_spec(meant)))
    assert comparison(made)["chosen"] == ["grammar", "model"][place]
    assert len(server.received) == 1


def test_the_evidence_of_its_question_can_be_asked_for_on_another_sample(user: User, server: ModelServer) -> None:
    server.will(says(with_exit_at(80)))
    version = described(user)
    weighed = question_weigh(user=user, strategy_id=version.strategy_id, symbol="EURUSD")
    assert [each["value"] for each in weighed.questions[0]["alternatives"]] == choices(version)
    assert weighed.questions[0]["alternatives"][0]["evidence"]["symbol"] == "EURUSD"


def test_defaults_that_are_accepted_are_the_grammars(user: User, server: ModelServer) -> None:
    server.will(says(with_exit_at(80)))
    version = described(user, accept_defaults=True)
    assert version.identity == identity(parse_spec(faithful()["canonical_json"]))
    assert (comparison(version)["agree"], comparison(version)["chosen"]) == (False, "grammar")


def test_what_only_the_model_reads_is_taken_when_it_is_confirmed(user: User, server: ModelServer) -> None:
    server.will(says(of_the_unreadable()))
    version = described(user, UNREADABLE)
    assert version.status == "needs_clarification"
    made = answered(version, choices(version)[0])
    assert (made.status, made.unresolved) == ("valid", [])
    assert made.identity == identity(parse_spec(of_the_unreadable()["canonical_json"]))


@pytest.mark.parametrize("step", [fails(503), drips(5.0), says("I can't.")], ids=["503", "slow", "no JSON"])
def test_a_model_that_fails_leaves_the_grammars_reading_and_says_so(
    user: User, server: ModelServer, settings: Any, step: Any
) -> None:
    settings.LLM_TIMEOUT_S = 1
    server.will(step)
    version = described(user)
    assert version.status == "valid"
    assert (comparison(version)["model"], comparison(version)["agree"]) == ("failed", None)
    assert comparison(version)["reason"]


def test_a_budget_that_is_used_up_is_no_error(user: User, server: ModelServer, settings: Any) -> None:
    settings.LLM_USER_CALLS_PER_DAY = 1
    server.will(says(faithful()))
    described(user)
    version = described(user, TEXT.replace("5%", "6%"))
    assert (version.status, comparison(version)["model"]) == ("valid", "failed")
    assert "used up" in comparison(version)["reason"]
    assert len(server.received) == 1


def test_the_setting_turns_it_off(user: User, server: ModelServer, settings: Any) -> None:
    settings.LLM_SECOND_READING = False
    assert (described(user).reading, server.received) == (None, [])


def test_without_a_model_there_is_no_second_reading(user: User, settings: Any) -> None:
    settings.LLM_SECOND_READING = True
    assert described(user).reading is None


def stop_at(value: float) -> dict[str, Any]:
    answer = faithful()
    answer["canonical_json"]["risk"]["stop_loss"]["value"] = value
    answer["quotes"] = [{"path": "/risk/stop_loss", "quote": "use a 7% stop"}]
    return answer


def test_an_edit_that_both_read_alike_is_made(user: User, server: ModelServer) -> None:
    server.will(says(faithful()), says(stop_at(7)))
    version = described(user)
    reply = strategy_chat(user=user, strategy_id=version.strategy_id, message="use a 7% stop")
    assert (reply.changed, comparison(reply.version)["agree"]) == (True, True)
    assert "standing" in server.received[1].texts


def test_an_edit_that_they_read_differently_changes_nothing_until_it_is_answered(
    user: User, server: ModelServer
) -> None:
    server.will(says(faithful()), says(stop_at(17)))
    version = described(user)
    reply = strategy_chat(user=user, strategy_id=version.strategy_id, message="use a 7% stop")
    assert (reply.changed, reply.content.status) == (False, "needs_clarification")
    value = reply.content.questions[0]["alternatives"][1]["value"]
    made = strategy_chat(user=user, strategy_id=version.strategy_id, answers={"second_reading": value})
    assert made.version.canonical_json is not None
    assert made.version.canonical_json["risk"]["stop_loss"]["value"] == 17
    assert len(server.received) == 2


def test_a_strategy_that_stands_on_the_models_reading_is_never_changed_back_by_an_edit(
    user: User, server: ModelServer
) -> None:
    server.will(says(with_exit_at(80)), fails(503))
    version = described(user)
    version = answered(version, choices(version)[1])
    reply = strategy_chat(user=user, strategy_id=version.strategy_id, message="use a 7% stop")
    assert (reply.changed, reply.version.pk) == (False, version.pk)
    [question] = reply.content.questions
    assert (question["id"], question["default"]) == ("second_reading", None)
    both = stop_at(7)
    both["canonical_json"]["exit_rules"][0]["when"]["right"]["value"] = 80
    server.will(says(both))
    reply = strategy_chat(user=user, strategy_id=version.strategy_id, message="use a 7% stop")
    made = strategy_chat(
        user=user,
        strategy_id=version.strategy_id,
        answers={"second_reading": reply.content.questions[0]["alternatives"][1]["value"]},
    )
    assert made.version.identity == identity(parse_spec(both["canonical_json"]))
