"""Where a request came from, as the audit trail keeps it."""

import ipaddress
from dataclasses import dataclass

from django.http import HttpRequest

from rest.request_ids import request_id_of

_USER_AGENT_MAX = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """The client's address (None where there is none, as on a Unix socket), its name for itself, the request's id."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""


def origin_of(request: HttpRequest) -> Origin:
    agent = "".join(character for character in request.headers.get("User-Agent", "") if character.isprintable())
    return Origin(_address(request.META.get("REMOTE_ADDR", "")), agent[:_USER_AGENT_MAX], request_id_of(request))


def _address(text: str) -> str | None:
    try:
        return str(ipaddress.ip_address(text.split("%")[0]))
    except ValueError:
        return None
