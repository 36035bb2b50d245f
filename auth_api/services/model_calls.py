"""The language model of the settings; each call a row, its budgets kept where all processes share them."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from functools import cache

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from auth_api.models import ModelBudgetDay, ModelCall, ModelCallText
from Backtest.errors import ModelBudgetSpent
from Backtest.llm.ledger import Budgets, CallResult, PlannedCall, budget_spent, scopes_of
from Backtest.llm.model import Model, Patience
from Backtest.llm.providers import ModelConfig, provider_of
from Backtest.llm.redaction import Secret

log = structlog.get_logger("auth_api.models")


def model_config() -> ModelConfig:
    """What the settings say of the language model; the key that they hold is the one of its provider."""
    is_google = settings.LLM_PROVIDER in ("gemini", "google_genai")
    return ModelConfig(
        provider=settings.LLM_PROVIDER,
        model=settings.LLM_MODEL,
        endpoint=settings.LLM_BASE_URL,
        key=Secret(settings.GEMINI_API_KEY if is_google else settings.LLM_API_KEY),
    )


def language_model() -> Model:
    """The model that the settings name, one in a process, so that its breaker knows all calls.

    Raises ModelNotConfigured where the settings name one that can't be asked; without any the model itself says so
    when it is asked.
    """
    return _model(model_config(), Patience(timeout_s=settings.LLM_TIMEOUT_S, attempts=settings.LLM_ATTEMPTS))


@cache
def _model(config: ModelConfig, patience: Patience) -> Model:
    return Model(provider_of(config), DatabaseLedger(), secret=config.key, patience=patience)


class DatabaseLedger:
    """The ledger of the engine's port. A budget is taken by one conditional UPDATE: no process can overdraw it."""

    def reserve(self, call: PlannedCall) -> int:
        now = datetime.now(UTC)
        spent = _taken(call, now)
        row = ModelCall.objects.create(
            user_id=call.user_id,
            purpose=call.purpose,
            provider=call.provider,
            model=call.model,
            prompt_sha256=call.prompt_sha256,
            tokens_reserved=0 if spent else call.tokens_at_most,
            day=now.date(),
            outcome=ModelCall.Outcome.BUDGET_SPENT if spent else ModelCall.Outcome.OPEN,
            error="" if spent is None else spent.message,
        )
        if settings.LLM_KEEP_TEXTS:
            ModelCallText.objects.create(call=row, user_id=call.user_id, prompt=_storable(call.prompt))
        if spent is not None:
            log.warning("model budget spent", about_user_id=call.user_id, purpose=call.purpose)
            raise spent
        return row.pk

    def settle(self, call_id: int, result: CallResult) -> None:
        with transaction.atomic():
            row = ModelCall.objects.get(pk=call_id)
            row.outcome, row.attempts, row.finish_reason = result.outcome, result.attempts, result.finish_reason
            row.input_tokens, row.output_tokens = result.usage.input_tokens, result.usage.output_tokens
            row.latency_s, row.error = result.latency_s, _storable(result.error)[:500]
            row.save()
            _returned(row)
            ModelCallText.objects.filter(call=row).update(answer=_storable(result.answer))
        noted = {name: value for name, value in asdict(result).items() if name not in ("answer", "usage")}
        log.info("model asked", about_user_id=row.user_id, purpose=row.purpose, provider=row.provider, **noted)


def _taken(call: PlannedCall, now: datetime) -> ModelBudgetSpent | None:
    """Take a call and its tokens from each budget, or from none: then the error that names the one that is spent."""
    with transaction.atomic():
        for scope in scopes_of(call.user_id):
            most_calls, most_tokens = _budgets().of(scope)
            fits = Q()
            if most_calls is not None:
                fits &= Q(calls__lt=most_calls)
            if most_tokens is not None:
                fits &= Q(tokens__lte=most_tokens - call.tokens_at_most)
            today = _day(scope, now.date())
            if today.filter(fits).update(calls=F("calls") + 1, tokens=F("tokens") + call.tokens_at_most):
                continue
            no_call_left = most_calls is not None and today.filter(calls__gte=most_calls).exists()
            what, most = ("calls", most_calls) if no_call_left else ("tokens", most_tokens)
            transaction.set_rollback(True)
            return budget_spent(scope, what, most or 0, now)
    return None


def _returned(row: ModelCall) -> None:
    """Give back what a call reserved and did not use."""
    unused = row.tokens_reserved - row.input_tokens - row.output_tokens
    for scope in scopes_of(row.user_id):
        _day(scope, row.day).update(tokens=F("tokens") - unused)


def _day(scope: str, day: date) -> QuerySet[ModelBudgetDay]:
    ModelBudgetDay.objects.bulk_create([ModelBudgetDay(scope=scope, day=day)], ignore_conflicts=True)
    return ModelBudgetDay.objects.filter(scope=scope, day=day)


def _budgets() -> Budgets:
    def most(value: int) -> int | None:
        return value or None

    return Budgets(
        user_calls=most(settings.LLM_USER_CALLS_PER_DAY),
        user_tokens=most(settings.LLM_USER_TOKENS_PER_DAY),
        all_calls=most(settings.LLM_CALLS_PER_DAY),
        all_tokens=most(settings.LLM_TOKENS_PER_DAY),
    )


def _storable(text: str) -> str:
    """PostgreSQL stores no NUL, and no database half a surrogate pair."""
    return text.replace("\0", "�").encode("utf-8", "replace").decode("utf-8")
