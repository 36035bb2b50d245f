"""Gemini through google-generativeai over REST. Its support has ended: `google_genai` is its maintained successor."""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from Backtest.errors import ModelUnreachable
from Backtest.llm.gemini_wire import DEFAULT_MODEL, Piece, completion_of, request_of, unreadable, usage_of
from Backtest.llm.http_failures import failure, unanswered
from Backtest.llm.port import Completion, Heard, Question
from Backtest.llm.redaction import Secret

ENDPOINT = "https://generativelanguage.googleapis.com"


class GeminiProvider:
    """Asks with a client of its own for each call: no global `configure`, no state that calls share."""

    name = "gemini"

    def __init__(self, *, key: Secret, model: str = "", endpoint: str = "") -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that support has ended, at each import: the README says so
            from google.generativeai import protos
        self._protos = protos
        self._key = key
        self._endpoint = (endpoint or ENDPOINT).rstrip("/")
        self.model = model or DEFAULT_MODEL

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        from google.api_core.exceptions import GoogleAPICallError
        from google.auth.exceptions import GoogleAuthError
        from google.protobuf.json_format import ParseError
        from requests.exceptions import RequestException, Timeout

        key = self._key.reveal()
        try:
            with self._answers(question, timeout_s, is_streamed=heard is not None) as answers:
                return completion_of(map(_piece, answers), heard)
        except GoogleAPICallError as error:
            response = getattr(error, "response", None)
            body = "" if response is None else response.text
            raise failure(error.code or 500, body, {} if response is None else response.headers, key) from None
        except Timeout:
            raise unanswered(timeout_s) from None
        except (RequestException, GoogleAuthError, OSError):
            raise ModelUnreachable("the model's provider can't be reached, or broke the connection off") from None
        except (ParseError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            raise unreadable() from None

    @contextmanager
    def _answers(self, question: Question, timeout_s: float, *, is_streamed: bool) -> Iterator[Any]:
        """The answer, or its parts as they come; whatever is left of it is not read after the context."""
        from google.ai.generativelanguage import GenerativeServiceClient
        from google.api_core.client_options import ClientOptions

        options = ClientOptions(api_endpoint=self._endpoint, api_key=self._key.reveal())
        body = {"model": f"models/{self.model.removeprefix('models/')}", **request_of(question)}
        request = self._protos.GenerateContentRequest.from_json(json.dumps(body))
        client: Any
        with GenerativeServiceClient(transport="rest", client_options=options) as client:
            if not is_streamed:
                yield [client.generate_content(request=request, timeout=timeout_s, retry=None)]
                return
            # The client can't read the list in which a streamed call's error comes: it is read before it gets there.
            client.transport._session.hooks["response"].append(self._refused)
            parts = client.stream_generate_content(request=request, timeout=timeout_s, retry=None)
            try:
                yield parts
            finally:
                parts.cancel()

    def _refused(self, response: Any, **_: Any) -> None:
        if response.status_code >= 400:
            raise failure(response.status_code, response.text, response.headers, self._key.reveal())


def _piece(answer: Any) -> Piece:
    usage = answer.usage_metadata
    used = usage_of(usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count)
    reason = answer.prompt_feedback.block_reason
    blocked = str(reason.name) if reason else ""
    if not answer.candidates:
        return Piece("", used, blocked=blocked, is_candidate=False)
    candidate = answer.candidates[0]
    text = "".join(part.text for part in candidate.content.parts)
    finish = getattr(candidate.finish_reason, "name", "") if candidate.finish_reason else ""
    return Piece(text, used, finish, blocked)
