"""What a provider's HTTP status means, in the engine's own errors."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from Backtest.errors import (
    ModelFailed,
    ModelNotConfigured,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
)
from Backtest.llm.redaction import redact

LONGEST_REASON = 300
_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")
_SPACE = re.compile(r"\s+")


def failure(status: int, body: str, headers: Mapping[str, str], *secrets: str) -> ModelFailed:
    """The error of an HTTP answer; its reason is the provider's, without secrets, on one line and not long."""
    reason = _reason(body, *secrets)
    wait_s = retry_after_s(headers, body, datetime.now(UTC))
    said = f" ({status}): {reason}" if reason else f" ({status})"
    if status == 429:
        return ModelOverloaded(f"the model's provider takes no more for now{said}", retry_after_s=wait_s)
    if status in (408, 504):
        return ModelTimedOut(f"the model's provider gave up waiting for it{said}", retry_after_s=wait_s)
    if status >= 500:
        return ModelUnreachable(f"the model's provider fails{said}", retry_after_s=wait_s)
    if status in (401, 403) or "API key" in reason:
        return ModelNotConfigured(f"the model's provider refuses the key{said}")
    if status == 404:
        return ModelNotConfigured(f"the model's provider knows no such model or address{said}")
    return ModelRefused(f"the model's provider refuses the request{said}")


def unanswered(timeout_s: float) -> ModelTimedOut:
    """The error of a call that its own time-out ended, whoever noticed it first: the transport or who waits for it."""
    return ModelTimedOut(f"the model did not answer within {round(timeout_s, 1):g} s")


def retry_after_s(headers: Mapping[str, str], body: str, now: datetime) -> float | None:
    """Seconds to wait, by the header (a number or a date) or by Google's `retryDelay`; None where neither says."""
    given = next((value for name, value in headers.items() if name.lower() == "retry-after"), "").strip()
    if given.isdecimal():
        return float(given[:9])
    if given:
        try:
            moment = parsedate_to_datetime(given)
        except ValueError:
            return None
        return max(0.0, ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now).total_seconds())
    for detail in _details(body):
        match = _DELAY.fullmatch(str(detail.get("retryDelay", "")))
        if match:
            return float(match[1])
    return None


def _error(body: str) -> Mapping[str, object]:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if isinstance(parsed, list) and parsed:  # as Gemini streams an error
        parsed = parsed[0]
    error = parsed.get("error") if isinstance(parsed, dict) else None
    return error if isinstance(error, dict) else {"message": error} if isinstance(error, str) else {}


def _details(body: str) -> list[Mapping[str, object]]:
    details = _error(body).get("details")
    return [detail for detail in details if isinstance(detail, dict)] if isinstance(details, list) else []


def _reason(body: str, *secrets: str) -> str:
    message = _error(body).get("message")
    text = message if isinstance(message, str) else ""
    return redact(_SPACE.sub(" ", text).strip(), *secrets)[:LONGEST_REASON]
