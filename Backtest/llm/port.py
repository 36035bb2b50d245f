"""What a model is asked and what it answers, whoever provides it."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from Backtest.llm.redaction import redact

Role = Literal["system", "user", "assistant"]
FinishReason = Literal["stop", "length", "blocked", "other"]
Heard = Callable[[int], None]
"""Told how many characters of an answer have come, as they come; what it raises ends the answer."""

BYTES_PER_TOKEN = 3
"""A cautious reading of the providers' "about four characters"; budgets are settled by what was really used."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of a conversation; `system` is what the model is told before all of them."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a model, for a `purpose` that the audit names. With a JSON Schema the answer is such a value."""

    messages: tuple[Message, ...]
    purpose: str
    schema: Mapping[str, object] | None = None
    max_output_tokens: int = 8192
    temperature: float = 0.0

    @property
    def system(self) -> str:
        return "\n\n".join(message.text for message in self.messages if message.role == "system")

    @property
    def turns(self) -> tuple[Message, ...]:
        return tuple(message for message in self.messages if message.role != "system")

    @property
    def prompt(self) -> str:
        """All that is sent, as one text: what the audit hashes and, where it is asked to, keeps."""
        schema = "" if self.schema is None else f"[schema]\n{json.dumps(self.schema, sort_keys=True)}"
        return "\n\n".join([*(f"[{message.role}]\n{message.text}" for message in self.messages), schema]).strip()

    @property
    def prompt_sha256(self) -> str:
        return hashlib.sha256(self.prompt.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def tokens_at_most(self) -> int:
        """An upper estimate of what the call costs: the prompt, and an answer of full length."""
        return tokens_of(self.prompt) + self.max_output_tokens

    def without_secrets(self, *secrets: str) -> "Question":
        return replace(self, messages=tuple(Message(m.role, redact(m.text, *secrets)) for m in self.messages))

    def with_schema_in_words(self) -> "Question":
        """The same question for a provider that can't hold an answer to its schema: it is told, then checked."""
        if self.schema is None:
            return self
        told = f"Answer with one JSON value and nothing else. It fits this JSON Schema:\n{json.dumps(self.schema)}"
        return replace(self, messages=(*self.messages, Message("system", told)), schema=None)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a call; an answer's thoughts count as output."""

    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens)


@dataclass(frozen=True, slots=True)
class Completion:
    """What one attempt brought, as the provider sent it."""

    text: str
    usage: Usage
    finish_reason: FinishReason


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its text and, where a schema was given, the value that fits it. `usage` counts every attempt."""

    text: str
    value: object
    usage: Usage
    latency_s: float
    finish_reason: FinishReason
    provider: str
    model: str
    attempts: int


class Provider(Protocol):
    """One way to reach a model."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        """Ask once. Raises a ModelFailed that names no secret and holds no exception of the provider's client.

        With `heard` the answer is streamed where the provider can do that.
        """
        ...


def tokens_of(text: str) -> int:
    """About how many tokens a text is, rather too many than too few."""
    return len(text.encode("utf-8", "surrogatepass")) // BYTES_PER_TOKEN + 1
