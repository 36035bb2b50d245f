"""What both of Gemini's clients share: the shape of a request, and what an answer's fields mean."""

from typing import Any, Final

from Backtest.errors import ModelAnswerInvalid
from Backtest.llm.port import FinishReason, Question, Usage
from Backtest.llm.schemas import gemini_schema

DEFAULT_MODEL: Final = "gemini-2.5-flash"
_ROLES: Final = {"user": "user", "assistant": "model"}
_BLOCKED: Final = ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE")


def request_of(question: Question) -> dict[str, Any]:
    """The body of `generateContent`; a schema that Gemini can't hold is told in words."""
    schema = None if question.schema is None else gemini_schema(question.schema)
    told = question if schema is not None else question.with_schema_in_words()
    config: dict[str, Any] = {"temperature": told.temperature, "maxOutputTokens": told.max_output_tokens}
    if question.schema is not None:
        config["responseMimeType"] = "application/json"
    if schema is not None:
        config["responseSchema"] = _upper_types(schema)
    turns = [{"role": _ROLES[turn.role], "parts": [{"text": turn.text}]} for turn in told.turns]
    body: dict[str, Any] = {"contents": turns, "generationConfig": config}
    if told.system:
        body["systemInstruction"] = {"parts": [{"text": told.system}]}
    return body


def finish_reason_of(name: str, *, block_reason: str = "") -> FinishReason:
    """The port's word for a finish reason of Gemini's."""
    if block_reason or name in _BLOCKED:
        return "blocked"
    return {"STOP": "stop", "MAX_TOKENS": "length"}.get(name, "other")  # type: ignore[return-value]


def usage_of(prompt: int | None, candidates: int | None, total: int | None) -> Usage:
    """Tokens as Gemini counts them: its total holds the thoughts, which the candidates do not."""
    sent = max(prompt or 0, 0)
    return Usage(sent, max(candidates or 0, (total or 0) - sent, 0))


def unreadable() -> ModelAnswerInvalid:
    """The error for an answer that Gemini's client can't read; what it said of it stays with the client."""
    return ModelAnswerInvalid("the model's provider sent an answer that can't be read")


def _upper_types(schema: dict[str, Any]) -> dict[str, Any]:
    upper = {**schema, "type": schema["type"].upper()}
    if "items" in schema:
        upper["items"] = _upper_types(schema["items"])
    if "properties" in schema:
        upper["properties"] = {name: _upper_types(below) for name, below in schema["properties"].items()}
    return upper
