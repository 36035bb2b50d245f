"""One page fetched: at most 2 MB within 10 s, redirects included, from public hosts only."""

import http.client
import socket
import ssl
import zlib
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from Backtest.errors import SourceUnavailable
from Backtest.pages.addresses import Target, check_public, refused, target_of
from Backtest.pages.connection import Deadline, Internet, Network, Wire, connected, resolved, unreachable

MAX_BYTES: Final = 2_000_000
TIMEOUT_S: Final = 10.0
MAX_REDIRECTS: Final = 5
CONTENT_TYPES: Final = ("text/html", "application/xhtml+xml", "text/plain", "text/markdown")

_CHUNK_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_USER_AGENT = "AlgoAgent (reads one page for a user)"


@dataclass(frozen=True, slots=True)
class Document:
    """What a web address answered: where the redirects ended, of which type, and its bytes, unpacked."""

    url: str
    content_type: str
    charset: str | None
    content: bytes


def fetch(url: str, network: Network | None = None, *, timeout_s: float = TIMEOUT_S) -> Document:
    """The document at a web address.

    Every host, that of each redirect too, must have public addresses only; the connection goes to the address that was
    checked. No cookies, no credentials, no proxies. Raises PageRefused for what is not to be fetched or is no page, and
    SourceUnavailable for what can't be reached in time.
    """
    deadline, target = Deadline(timeout_s), target_of(url.strip())
    try:
        for _ in range(MAX_REDIRECTS + 1):
            answer = _asked(target, network or Internet(), deadline)
            if isinstance(answer, Document):
                return answer
            target = answer
    except TimeoutError:
        raise unreachable(target.host, f"it took longer than {timeout_s:g} s") from None
    raise refused(f"the address redirects more than {MAX_REDIRECTS} times", "give the address where it ends")


def _asked(target: Target, network: Network, deadline: Deadline) -> Document | Target:
    """What the address answers, or where it redirects to."""
    addresses = resolved(network, target.host, target.port, deadline)
    check_public(target, addresses)
    plain = connected(network, addresses, target.host, target.port, deadline)
    try:
        sock = _secured(plain, target, network, deadline) if target.scheme == "https" else plain
        with sock:
            return _answer(sock, target, deadline)
    except (TimeoutError, SourceUnavailable):
        raise
    except (OSError, http.client.HTTPException, zlib.error) as error:
        raise unreachable(target.host, f"it does not answer as a web server does ({type(error).__name__})") from error
    finally:
        plain.close()


def _secured(plain: socket.socket, target: Target, network: Network, deadline: Deadline) -> socket.socket:
    plain.settimeout(deadline.left_s())
    try:
        return network.tls().wrap_socket(plain, server_hostname=target.host)
    except ssl.SSLCertVerificationError as error:
        raise unreachable(target.host, f"its certificate is not valid: {error.verify_message}") from error


def _answer(sock: socket.socket, target: Target, deadline: Deadline) -> Document | Target:
    lines = [
        f"GET {target.path} HTTP/1.1",
        f"Host: {target.host_header}",
        f"User-Agent: {_USER_AGENT}",
        f"Accept: {', '.join(CONTENT_TYPES)}",
        "Accept-Encoding: identity",
        "Connection: close",
    ]
    sock.settimeout(deadline.left_s())
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    response = http.client.HTTPResponse(Wire(sock, deadline), method="GET")  # type: ignore[arg-type]
    try:
        response.begin()
        if response.status in _REDIRECTS:
            return _redirected(target, response)
        return _document(target, response)
    finally:
        response.close()


def _redirected(target: Target, response: http.client.HTTPResponse) -> Target:
    location = response.getheader("Location")
    if not location:
        raise refused("the address redirects to nowhere", "give the address where the page is")
    ahead = target_of(urljoin(target.url, location))
    if target.scheme == "https" and ahead.scheme == "http":
        raise refused("the address redirects from https:// to http://", "give an address that stays with https://")
    return ahead


def _document(target: Target, response: http.client.HTTPResponse) -> Document:
    if response.status != 200:
        raise refused(f"{target.host} answers {response.status} {response.reason}".rstrip(), "check the address")
    content_type = response.headers.get_content_type().lower()
    if "content-type" not in response.headers or content_type not in CONTENT_TYPES:
        found = content_type if "content-type" in response.headers else "something of no type"
        raise refused(f"the address is {found}, not a page of text", "give the address of a page, or paste its text")
    charset = response.headers.get_content_charset()
    return Document(target.url, content_type, charset, _content(response))


def _content(response: http.client.HTTPResponse) -> bytes:
    """The body, neither of whose forms, packed and unpacked, may be larger than a page is."""
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise refused(f"the page is packed as {encoding!r}", "paste its text")
    unpacker = None if encoding == "identity" else zlib.decompressobj(wbits=47)  # gzip or zlib, as its head says
    received, content = 0, bytearray()
    while chunk := response.read1(_CHUNK_BYTES):
        received += len(chunk)
        content += chunk if unpacker is None else unpacker.decompress(chunk, MAX_BYTES + 1 - len(content))
        if received > MAX_BYTES or len(content) > MAX_BYTES:
            raise refused(f"the page is larger than {MAX_BYTES // 1_000_000} MB", "paste the strategy's text")
    return bytes(content)
