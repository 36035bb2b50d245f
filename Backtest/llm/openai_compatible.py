"""Whatever speaks OpenAI's chat completions at a base URL: Ollama, vLLM, LM Studio, llama.cpp, OpenAI itself."""

import json
import time
from typing import Any

from Backtest.errors import ModelAnswerInvalid, ModelFailed, ModelRefused, ModelUnreachable
from Backtest.llm.http_failures import failure, unanswered
from Backtest.llm.port import Completion, FinishReason, Heard, Question, Usage
from Backtest.llm.redaction import Secret

OLLAMA = "http://127.0.0.1:11434/v1"
MOST_BYTES = 4_000_000

_FINISH: dict[str, FinishReason] = {"stop": "stop", "length": "length", "content_filter": "blocked"}


class OpenAiCompatibleProvider:
    """Asks `POST {base_url}/chat/completions`. A server that knows no `response_format` is told the schema in words."""

    name = "openai_compatible"

    def __init__(self, *, key: Secret, model: str = "", endpoint: str = "") -> None:
        import httpx

        self._httpx = httpx
        self._key = key
        self._address = f"{(endpoint or OLLAMA).rstrip('/')}/chat/completions"
        self.model = model

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        began = time.monotonic()
        try:
            return self._asked(question, began, timeout_s)
        except ModelRefused as error:
            if question.schema is None or "response_format" not in error.message:
                raise
        return self._asked(question.with_schema_in_words(), began, timeout_s)

    def _asked(self, question: Question, began: float, timeout_s: float) -> Completion:
        try:
            status, headers, body = self._exchanged(self._body(question), began + timeout_s)
        except self._httpx.TimeoutException:
            raise unanswered(timeout_s) from None
        except (self._httpx.HTTPError, self._httpx.InvalidURL, OSError):
            raise ModelUnreachable("the model can't be reached, or broke the connection off") from None
        if status != 200:
            raise failure(status, body, headers, self._key.reveal())
        return _completion(body)

    def _body(self, question: Question) -> dict[str, Any]:
        messages = [{"role": turn.role, "content": turn.text} for turn in question.turns]
        if question.system:
            messages.insert(0, {"role": "system", "content": question.system})
        body: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "temperature": question.temperature,
            "max_tokens": question.max_output_tokens,
        }
        if question.schema is not None:
            schema = {"name": "answer", "schema": dict(question.schema)}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _exchanged(self, body: dict[str, Any], deadline: float) -> tuple[int, dict[str, str], str]:
        """Status, headers and text of the answer, read no longer than the deadline and no further than it may be."""
        headers = {"Authorization": f"Bearer {self._key.reveal()}"} if self._key else {}
        left_s = max(0.01, deadline - time.monotonic())
        content = bytearray()
        with (
            self._httpx.Client(timeout=left_s, follow_redirects=False) as client,
            client.stream("POST", self._address, json=body, headers=headers) as response,
        ):
            for part in response.iter_bytes():
                content += part
                if len(content) > MOST_BYTES:
                    raise ModelAnswerInvalid(f"the model's answer is larger than {MOST_BYTES:,} bytes")
                if time.monotonic() > deadline:
                    raise self._httpx.ReadTimeout("its parts came, its end did not")
            return response.status_code, dict(response.headers), content.decode("utf-8", "replace")


def _completion(body: str) -> Completion:
    try:
        answer = json.loads(body)
        choice = answer["choices"][0]
        text = choice["message"].get("content") or ""
        if not isinstance(text, str):
            raise _unreadable()
        reason = _FINISH.get(str(choice.get("finish_reason")), "other")
        used = answer.get("usage") or {}
        sent, answered = int(used.get("prompt_tokens") or 0), int(used.get("completion_tokens") or 0)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError):
        raise _unreadable() from None
    return Completion(text, Usage(max(sent, 0), max(answered, 0)), reason)


def _unreadable() -> ModelFailed:
    return ModelAnswerInvalid("the model's provider sent an answer that can't be read")
