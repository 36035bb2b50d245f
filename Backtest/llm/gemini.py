"""Gemini through google-generativeai over REST. Its support has ended: `google_genai` is its maintained successor."""

import json
import warnings
from typing import Any

from Backtest.errors import ModelTimedOut, ModelUnreachable
from Backtest.llm.gemini_wire import DEFAULT_MODEL, finish_reason_of, request_of, unreadable, usage_of
from Backtest.llm.http_failures import failure
from Backtest.llm.port import Completion, Question
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

    def complete(self, question: Question, timeout_s: float) -> Completion:
        from google.api_core.exceptions import GoogleAPICallError
        from google.auth.exceptions import GoogleAuthError
        from google.protobuf.json_format import ParseError
        from requests.exceptions import RequestException, Timeout

        key = self._key.reveal()
        try:
            return self._completion(self._sent(question, timeout_s))
        except GoogleAPICallError as error:
            response = getattr(error, "response", None)
            body = "" if response is None else response.text
            raise failure(error.code or 500, body, {} if response is None else response.headers, key) from None
        except Timeout:
            raise ModelTimedOut(f"the model did not answer within {timeout_s:.0f} s") from None
        except (RequestException, GoogleAuthError, OSError):
            raise ModelUnreachable("the model's provider can't be reached, or broke the connection off") from None
        except (ParseError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            raise unreadable() from None

    def _sent(self, question: Question, timeout_s: float) -> Any:
        from google.ai.generativelanguage import GenerativeServiceClient
        from google.api_core.client_options import ClientOptions

        options = ClientOptions(api_endpoint=self._endpoint, api_key=self._key.reveal())
        body = {"model": f"models/{self.model.removeprefix('models/')}", **request_of(question)}
        request = self._protos.GenerateContentRequest.from_json(json.dumps(body))
        with GenerativeServiceClient(transport="rest", client_options=options) as client:
            return client.generate_content(request=request, timeout=timeout_s, retry=None)

    def _completion(self, answer: Any) -> Completion:
        usage = answer.usage_metadata
        used = usage_of(usage.prompt_token_count, usage.candidates_token_count, usage.total_token_count)
        blocked = answer.prompt_feedback.block_reason
        if not answer.candidates:
            if not blocked:
                raise unreadable()
            return Completion("", used, "blocked")
        candidate = answer.candidates[0]
        text = "".join(part.text for part in candidate.content.parts)
        name = getattr(candidate.finish_reason, "name", "")
        return Completion(text, used, finish_reason_of(name, block_reason=str(blocked.name) if blocked else ""))
