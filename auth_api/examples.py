"""Requests and answers as the schema shows them."""

from typing import Final

from drf_spectacular.utils import OpenApiExample

_TOKEN: Final = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ0b2tlbl90eXBlIjoi.kZ2bN5Q0"  # noqa: S105 - an example of one
_USER: Final = {
    "id": 1,
    "username": "ada",
    "email": "ada@example.org",
    "first_name": "",
    "last_name": "",
    "created_at": "2026-01-05T09:30:00.123456Z",
}
_PASSWORD: Final = "correct horse battery staple"  # noqa: S105 - an example of one
_NEW_PASSWORD: Final = "wrong donkey charger clip"  # noqa: S105 - an example of one


def _request(name: str, **body: str) -> OpenApiExample:
    return OpenApiExample(name, body, request_only=True)


def _answer(name: str, body: dict[str, object], status: int = 200) -> OpenApiExample:
    return OpenApiExample(name, body, response_only=True, status_codes=[str(status)])


REGISTER = _request("An account", username="ada", email="ada@example.org", password=_PASSWORD)
LOGIN = _request("By user name", username="ada", password=_PASSWORD)
LOGIN_BY_EMAIL = _request("By e-mail", email="ada@example.org", password=_PASSWORD)
REFRESH = _request("A refresh token", refresh=_TOKEN)
VERIFY = _request("A token", token=_TOKEN)
NEW_EMAIL = _request("Another e-mail", email="ada@example.com")
NEW_PASSWORD = _request("Another password", password=_NEW_PASSWORD, current_password=_PASSWORD)

REGISTERED = _answer("Registered", {"access": _TOKEN, "refresh": _TOKEN, "user": _USER}, 201)
SIGNED_IN = _answer("Signed in", {"access": _TOKEN, "refresh": _TOKEN, "user": _USER})
ACCESS = _answer("An access token", {"access": _TOKEN})
TOKEN = _answer("A valid token", {"token_type": "access", "user_id": 1, "expires_at": "2026-01-05T10:30:00Z"})
USER = _answer("An account", dict(_USER))
USER_WITH_TOKENS = _answer("After a new password", {**_USER, "access": _TOKEN, "refresh": _TOKEN})
MODEL_CALLS = _answer(
    "Calls of a language model",
    {
        "count": 1,
        "page": 1,
        "page_size": 50,
        "next": None,
        "previous": None,
        "results": [
            {
                "id": 7,
                "purpose": "generate_code",
                "provider": "gemini",
                "model": "gemini-2.5-flash",
                "outcome": "answered",
                "error": "",
                "finish_reason": "stop",
                "attempts": 1,
                "input_tokens": 3120,
                "output_tokens": 840,
                "latency_s": 6.2,
                "prompt_sha256": "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c",
                "prompt": None,
                "answer": None,
                "created_at": "2026-01-05T09:30:00.123456Z",
            }
        ],
    },
)
