"""What both of Gemini's clients share: the shape of a request, and what an answer's fields mean."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from Backtest.errors import ModelAnswerInvalid, ModelUnreachable
from Backtest.llm.port import Completion, FinishReason, Heard, Question, Usage
from Backtest.llm.schemas import LONGEST_ANSWER, gemini_schema

DEFAULT_MODEL: Final = "gemini-2.5-flash"
_ROLES: Final = {"user": "user", "assistant": "model"}
_BLOCKED: Final = ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE")


@dataclass(frozen=True, slots=True)
class Piece:
    """An answer, or a part of a streamed one: `finish` and `blocked` are Gemini's words, empty where it says none."""

    text: str
    usage: Usage
    finish: str = ""
    blocked: str = ""
    is_candidate: bool = True


def completion_of(pieces: Iterable[Piece], heard: Heard | None = None) -> Completion:
    """The whole of an answer; of a streamed one (with `heard`) the last usage counts, and an end has to be told."""
    texts, length, usage, finish, blocked, is_answer = list[str](), 0, Usage(), "", "", False
    for piece in pieces:
        texts.append(piece.text)
        length += len(piece.text)
        usage = piece.usage if piece.usage.tokens else usage
        finish, blocked = piece.finish or finish, piece.blocked or blocked
        is_answer = is_answer or piece.is_candidate
        if heard is not None:
            heard(length)
        if length > LONGEST_ANSWER:  # longer than may be read: the rest is not waited for
            return Completion("".join(texts), usage, "other")
    if not is_answer:
        if not blocked:
            raise unreadable()
        return Completion("", usage, "blocked")
    if heard is not None and not finish and not blocked:
        raise ModelUnreachable("the model's provider broke the answer off")
    return Completion("".join(texts), usage, _finish_reason_of(finish, block_reason=blocked))


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


def _finish_reason_of(name: str, *, block_reason: str = "") -> FinishReason:
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
