"""The text of a request read by the model too, where there is one and the settings let it: asked once for one text."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.core.cache import cache

from auth_api.services import language_model
from Backtest.errors import ModelNotConfigured
from strategy_api.models import StrategyVersion

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.second_reading import Standing
    from Backtest.second_reading.comparison import Comparison
    from Backtest.second_reading.reading import SecondReading

log = structlog.get_logger("strategy_api.model_reading")

REMEMBERED_S = 24 * 3600
"""How long a reading is kept for the answer to its question, in this process; a later one may be another."""


def texts_are_read_by_model() -> bool:
    """Whether there is a model, and the settings let it read what users write."""
    return bool(settings.LLM_SECOND_READING) and settings.LLM_PROVIDER != "offline"


def second_reading_of(
    request: "BacktestRequest",
    *,
    user_id: int | None,
    standing: "Standing | None" = None,
    stored: Mapping[str, Any] | None = None,
) -> "tuple[SecondReading | None, str]":
    """A model's reading of the request's text, and the name of what it was asked; `stored` is an earlier one's row.

    None where no model is configured or allowed, or none is asked about such a text; one that failed says why.
    Called outside of any transaction: it may take as long as LLM_TIMEOUT_S. Raises InputError.
    """
    if not texts_are_read_by_model():
        return None, ""
    from Backtest.pipeline.preparation import turns_of
    from Backtest.pipeline.second_reading import second_reading
    from Backtest.second_reading.reading import SecondReading, unanswered

    try:
        model = language_model()
    except ModelNotConfigured as error:
        return unanswered(turns_of(request), None, error.message), ""
    asked = _name_of(request, user_id, standing, model.provider, model.name)
    if stored and stored["asked"] == asked:
        return SecondReading.from_dict(stored["second"]), asked
    if (known := cache.get(asked)) is not None:
        return SecondReading.from_dict(known), asked
    second = second_reading(request, model, user_id=user_id, standing=standing)
    if second is not None:
        log.info("read by a model too", state=second.state, reason=second.reason)
        if second.state == "read":
            cache.set(asked, second.as_dict(), REMEMBERED_S)
    return second, asked


def reading_row(second: "SecondReading | None", asked: str, compared: "Comparison | None") -> dict[str, Any] | None:
    """What a row keeps of two readings; None where there is one only."""
    if second is None or compared is None:
        return None
    return {"asked": asked, "second": second.as_dict(), "comparison": json.loads(json.dumps(compared.as_dict()))}


def stored_second(reading: Mapping[str, Any] | None) -> "SecondReading | None":
    """The model's reading that a row keeps."""
    if not reading:
        return None
    from Backtest.second_reading.reading import SecondReading

    return SecondReading.from_dict(reading["second"])


def standing_of(version: StrategyVersion, *changes: str) -> "Standing | None":
    """What a version says, for a model that reads these changes of it; None where it says nothing yet."""
    if version.canonical_json is None:
        return None
    from Backtest.pipeline.second_reading import Standing
    from Backtest.second_reading.answer_schema import NOT_ASKED

    return Standing({n: v for n, v in version.canonical_json.items() if n not in (*NOT_ASKED, "constraints")}, changes)


def _name_of(
    request: "BacktestRequest", user_id: int | None, standing: "Standing | None", provider: str, model: str
) -> str:
    from Backtest.pipeline.preparation import context_of, turns_of
    from Backtest.second_reading.comparison import QUESTION

    asked: dict[str, Any] = {
        "model": [provider, model],
        "user": user_id,
        "turns": turns_of(request),
        "answers": {name: value for name, value in request.answers.items() if name != QUESTION},
        "accept_defaults": request.accept_defaults,
        "context": str(context_of(request)),
        "bars": [request.source, str(request.csv), request.start, request.end],
        "standing": None if standing is None else [standing.document, standing.changes],
    }
    return f"second-reading-{hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()}"
