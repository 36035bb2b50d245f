"""Gemini through google-genai, the maintained client."""

import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from Backtest.errors import ModelUnreachable
from Backtest.llm.gemini_wire import DEFAULT_MODEL, Piece, completion_of, request_of, unreadable, usage_of
from Backtest.llm.http_failures import failure, unanswered
from Backtest.llm.port import Completion, Heard, Question
from Backtest.llm.redaction import Secret


class GoogleGenaiProvider:
    """Asks with a client of its own for each call, which retries nothing: the port does."""

    name = "google_genai"

    def __init__(self, *, key: Secret, model: str = "", endpoint: str = "") -> None:
        from google import genai

        # It warns of each word that it does not know in an answer, and prints it.
        warnings.filterwarnings("ignore", category=UserWarning, module=r"google\.genai")
        self._genai = genai
        self._key = key
        self._endpoint = endpoint
        self.model = model or DEFAULT_MODEL

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        from google.genai.errors import APIError, UnknownApiResponseError
        from httpx2 import HTTPError, TimeoutException

        try:
            with self._answers(question, timeout_s, is_streamed=heard is not None) as answers:
                return completion_of(map(_piece, answers), heard)
        except APIError as error:
            raise failure(*_answered(error), self._key.reveal()) from None
        except TimeoutException:
            raise unanswered(timeout_s) from None
        except (HTTPError, OSError):
            raise ModelUnreachable("the model's provider can't be reached, or broke the connection off") from None
        except (UnknownApiResponseError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            raise unreadable() from None

    @contextmanager
    def _answers(self, question: Question, timeout_s: float, *, is_streamed: bool) -> Iterator[Any]:
        """The answer, or its parts as they come; whatever is left of it is not read after the context."""
        from google.genai.types import GenerateContentConfig, HttpOptions

        body = request_of(question)
        config = body["generationConfig"]
        options = HttpOptions(
            base_url=self._endpoint or None, api_version="v1beta", timeout=max(1, int(timeout_s * 1000))
        )
        asked = {
            "model": self.model,
            "contents": body["contents"],
            "config": GenerateContentConfig(
                system_instruction=question_system(body),
                temperature=config["temperature"],
                max_output_tokens=config["maxOutputTokens"],
                response_mime_type=config.get("responseMimeType"),
                response_schema=config.get("responseSchema"),
            ),
        }
        with self._genai.Client(api_key=self._key.reveal(), vertexai=False, http_options=options) as client:
            if not is_streamed:
                yield [client.models.generate_content(**asked)]
                return
            stream: Any = client.models.generate_content_stream(**asked)
            with closing(stream) as parts:
                yield parts


def question_system(body: dict[str, Any]) -> str | None:
    """The system's text of a request's body."""
    instruction = body.get("systemInstruction")
    return None if instruction is None else instruction["parts"][0]["text"]


def _answered(error: Any) -> tuple[int, str, dict[str, str]]:
    """The status, body and headers behind an error of the client."""
    response = error.response
    return int(error.code or 500), getattr(response, "text", ""), dict(getattr(response, "headers", {}))


def _piece(answer: Any) -> Piece:
    usage = answer.usage_metadata
    used = (
        usage_of(usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count)
        if usage is not None
        else usage_of(0, 0, 0)
    )
    reason = answer.prompt_feedback.block_reason if answer.prompt_feedback else None
    blocked = reason.name if reason else ""
    if not answer.candidates:
        return Piece("", used, blocked=blocked, is_candidate=False)
    candidate = answer.candidates[0]
    parts = (candidate.content.parts if candidate.content else None) or ()
    text = "".join(part.text for part in parts if part.text and not part.thought)
    return Piece(text, used, candidate.finish_reason.name if candidate.finish_reason else "", blocked)
