"""Keys that no log, error, prompt, answer or audit may hold."""

import re
from typing import NoReturn

HIDDEN = "[hidden]"
MIN_SECRET_LENGTH = 6
"""A shorter "key" would blot out common words; none that protects anything is as short."""

_SHAPES = re.compile(
    r"AIza[0-9A-Za-z_\-]{30,}"  # Google
    r"|\bsk-[0-9A-Za-z_\-]{16,}"  # OpenAI and its like
    r"|\bgh[opsu]_[0-9A-Za-z]{30,}"
    r"|(?<=[Bb]earer )[0-9A-Za-z._~+/\-]{16,}=*"
    r"|\beyJ[0-9A-Za-z_\-]{8,}\.[0-9A-Za-z_\-]{8,}\.[0-9A-Za-z_\-]{8,}"  # a signed token
)


class Secret:
    """A key that shows itself to nobody but who calls `reveal`: not in a repr, a format, a pickle or a comparison."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})" if self._value else "Secret()"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


def redact(text: str, *secrets: str) -> str:
    """The text without these secrets and without whatever is shaped like a key or a token."""
    for secret in secrets:
        if len(secret) >= MIN_SECRET_LENGTH:
            text = text.replace(secret, HIDDEN)
    return _SHAPES.sub(HIDDEN, text)
