"""Each provider against a real server of its wire format."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from Backtest.llm.ledger import Budgets, MemoryLedger
from Backtest.llm.model import Model, Patience
from Backtest.llm.port import Message, Question
from Backtest.llm.providers import ModelConfig, provider_of
from Backtest.llm.redaction import Secret
from tests.llm_servers.server import ModelServer, model_server

KEY = "AIza-not-a-real-key-0123456789"
NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
ONLINE = ("gemini", "google_genai", "openai_compatible")

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "period": {"type": "integer", "default": 14, "minimum": 2},
        "side": {"enum": ["long", "short"], "default": "long"},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None},
    },
    "required": ["period"],
    "additionalProperties": False,
}


def question(text: str = "How long is the period?", **fields: Any) -> Question:
    usual: dict[str, Any] = {"purpose": "test", "max_output_tokens": 100}
    messages = (Message("system", "You are terse."), Message("user", text))
    return Question(messages, **usual | fields)


@pytest.fixture(params=ONLINE)
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(provider: str) -> Iterator[ModelServer]:
    with model_server("openai" if provider == "openai_compatible" else "gemini") as running:
        yield running


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger(Budgets(), lambda: NOON)


@pytest.fixture
def waits() -> list[float]:
    """The seconds that were waited between attempts, without waiting."""
    return []


@pytest.fixture
def model(server: ModelServer, provider: str, ledger: MemoryLedger, waits: list[float]) -> Callable[..., Model]:
    def build(timeout_s: float = 20.0, attempts: int = 4) -> Model:
        config = ModelConfig(provider, "a-model", server.url, Secret(KEY))
        return Model(
            provider_of(config),
            ledger,
            secret=config.key,
            patience=Patience(timeout_s, attempts),
            sleep=waits.append,
            draw=lambda: 0.5,
        )

    return build
