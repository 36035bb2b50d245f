"""The audit of model calls and the budgets that all processes share."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from auth_api.models import ModelBudgetDay, ModelCall, ModelCallText, User
from auth_api.services import DatabaseLedger, language_model
from Backtest.errors import ModelBudgetSpent, ModelFailed, ModelNotConfigured, ModelOverloaded
from Backtest.llm.ledger import PlannedCall
from Backtest.llm.model import Model
from Backtest.llm.port import Message, Question
from Backtest.llm.redaction import Secret
from Backtest.llm.scripted import ScriptedProvider, Step, says
from tests.llm_servers.server import ModelServer, fails, model_server
from tests.llm_servers.server import says as answers

KEY = "a-key-that-nobody-may-see"
QUESTION = Question((Message("user", "How are you?"),), "chat", max_output_tokens=100)


def scripted(*steps: Step) -> Model:
    return Model(ScriptedProvider(steps), DatabaseLedger(), secret=Secret(KEY))


@pytest.fixture
def server(settings: Any) -> Iterator[ModelServer]:
    """The model of the settings, on this machine."""
    with model_server("openai") as running:
        settings.LLM_PROVIDER, settings.LLM_MODEL = "openai_compatible", "small"
        settings.LLM_BASE_URL, settings.LLM_API_KEY, settings.LLM_ATTEMPTS = running.url, KEY, 2
        yield running


def test_a_call_leaves_a_row_that_says_who_what_whom_and_what_it_took(user: User, server: ModelServer) -> None:
    server.will(answers("Fine.", prompt_tokens=11, answer_tokens=3))
    language_model().ask(QUESTION, user_id=user.pk)
    row = ModelCall.objects.get()
    assert (row.user, row.purpose, row.provider, row.model) == (user, "chat", "openai_compatible", "small")
    assert (row.outcome, row.input_tokens, row.output_tokens, row.attempts) == ("answered", 11, 3, 1)
    assert row.prompt_sha256 == QUESTION.prompt_sha256
    assert row.latency_s > 0


def test_a_failure_is_noted_with_its_reason_and_without_the_key(user: User, server: ModelServer) -> None:
    server.will(fails(403, f"the key {KEY} may not"))
    with pytest.raises(ModelNotConfigured):
        language_model().ask(QUESTION, user_id=user.pk)
    row = ModelCall.objects.get()
    assert row.outcome == "not_configured"
    assert "may not" in row.error
    assert KEY not in row.error


def test_texts_are_kept_only_where_the_setting_asks_for_it(user: User, settings: Any) -> None:
    scripted(says("Fine.")).ask(QUESTION, user_id=user.pk)
    assert not ModelCallText.objects.exists()
    settings.LLM_KEEP_TEXTS = True
    scripted(says(f"Fine, {KEY}.\0")).ask(QUESTION, user_id=user.pk)
    kept = ModelCallText.objects.get()
    assert (kept.prompt, kept.answer) == ("[user]\nHow are you?", "Fine, [hidden].�")


def test_texts_go_with_their_account_and_the_audit_stays(user: User, settings: Any) -> None:
    settings.LLM_KEEP_TEXTS = True
    scripted(says("Fine.")).ask(QUESTION, user_id=user.pk)
    user.delete()
    assert not ModelCallText.objects.exists()
    assert ModelCall.objects.get().user is None


def test_what_was_reserved_and_not_used_is_given_back(user: User) -> None:
    scripted(says("Fine.")).ask(QUESTION, user_id=user.pk)
    row = ModelCall.objects.get()
    used = {(day.scope, day.calls, day.tokens) for day in ModelBudgetDay.objects.all()}
    spent = row.input_tokens + row.output_tokens
    assert used == {("all", 1, spent), (f"user:{user.pk}", 1, spent)}


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("LLM_USER_CALLS_PER_DAY", "day's 1 calls of language models for your account"),
        ("LLM_CALLS_PER_DAY", "day's 1 calls of language models for all users together"),
    ],
)
def test_a_spent_budget_refuses_and_is_noted(user: User, settings: Any, setting: str, said: str) -> None:
    setattr(settings, setting, 1)
    model = scripted(says("Fine."), says("Fine."))
    model.ask(QUESTION, user_id=user.pk)
    with pytest.raises(ModelBudgetSpent, match=said):
        model.ask(QUESTION, user_id=user.pk)
    assert [row.outcome for row in ModelCall.objects.all()] == ["budget_spent", "answered"]
    assert set(ModelBudgetDay.objects.values_list("calls", flat=True)) == {1}  # nothing was taken for the refused one


def test_a_call_that_might_need_more_tokens_than_are_left_is_refused(user: User, settings: Any) -> None:
    settings.LLM_USER_TOKENS_PER_DAY = QUESTION.tokens_at_most - 1
    with pytest.raises(ModelBudgetSpent, match="tokens"):
        scripted(says("Fine.")).ask(QUESTION, user_id=user.pk)


def test_nought_is_no_limit(user: User, settings: Any) -> None:
    settings.LLM_USER_CALLS_PER_DAY = settings.LLM_CALLS_PER_DAY = 0
    settings.LLM_USER_TOKENS_PER_DAY = settings.LLM_TOKENS_PER_DAY = 0
    assert scripted(says("Fine.")).ask(QUESTION, user_id=user.pk).text == "Fine."


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_no_more_are_served_than_the_budget_has(settings: Any) -> None:
    settings.LLM_CALLS_PER_DAY = 5
    call = PlannedCall(None, "chat", "scripted", "script", 64 * "0", "", 10)

    def reserve(number: int) -> bool:
        try:
            DatabaseLedger().reserve(call)
        except ModelBudgetSpent:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sum(threads.map(reserve, range(12))) == 5
    assert ModelBudgetDay.objects.get().calls == 5


def test_without_a_model_the_call_says_how_to_have_one(user: User) -> None:
    with pytest.raises(ModelNotConfigured, match="no model is configured: set GEMINI_API_KEY"):
        language_model().ask(QUESTION, user_id=user.pk)


def test_a_setting_that_names_nothing_is_said_so(settings: Any) -> None:
    settings.LLM_PROVIDER = "oracle"
    with pytest.raises(ModelNotConfigured, match="there is no provider 'oracle'"):
        language_model()


def test_a_day_begins_anew_at_midnight(user: User, settings: Any) -> None:
    settings.LLM_USER_CALLS_PER_DAY = 1
    yesterday = datetime(2020, 1, 1, tzinfo=UTC).date()
    ModelBudgetDay.objects.create(scope=f"user:{user.pk}", day=yesterday, calls=1)
    assert scripted(says("Fine.")).ask(QUESTION, user_id=user.pk).text == "Fine."


def test_an_overloaded_provider_is_noted_once_for_all_its_attempts(user: User) -> None:
    model = scripted(ModelOverloaded("busy", retry_after_s=0.01), says("Fine."))
    model.ask(QUESTION, user_id=user.pk)
    assert ModelCall.objects.get().attempts == 2


def test_every_outcome_of_the_port_can_be_stored() -> None:
    from typing import get_args

    from Backtest.llm.ledger import Outcome

    assert set(get_args(Outcome)) | {"open"} == set(ModelCall.Outcome.values)
    assert issubclass(ModelBudgetSpent, ModelFailed)
