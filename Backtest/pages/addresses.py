"""Which addresses may be asked: public ones of the web, and nothing that stands inside a network of ours."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from Backtest.errors import Issue, PageRefused

MAX_URL_CHARACTERS: Final = 2_000
MAX_HOST_CHARACTERS: Final = 253
PORTS: Final = {"http": 80, "https": 443}

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://\S+")
_HOST = re.compile(r"[A-Za-z0-9_\-]{1,63}(?:\.[A-Za-z0-9_\-]{1,63})*\.?")
_IN_PATH = "/%:@!$&'()*+,;=~-._"

# What ipaddress calls global, or may in some version, and what leads out of a network all the same.
_REFUSED: Final[tuple[IPv4Network | IPv6Network, ...]] = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own, and Alibaba's metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",  # and Oracle's metadata
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # Teredo, ORCHID, benchmarks
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",  # private, and Amazon's metadata
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


@dataclass(frozen=True, slots=True)
class Target:
    """A web address taken apart: `host` in ASCII, an IPv6 one without brackets; `path` as it is sent."""

    scheme: Literal["http", "https"]
    host: str
    path: str

    @property
    def port(self) -> int:
        return PORTS[self.scheme]

    @property
    def host_header(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host_header}{self.path}"


def is_web_address(text: str) -> bool:
    """Whether a text is one address and nothing else, whatever its scheme."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def target_of(url: str) -> Target:
    """The parts of an address that may be asked for. Raises PageRefused with what is wrong with it."""
    if len(url) > MAX_URL_CHARACTERS:
        raise refused(f"the address has {len(url):,} characters, more than {MAX_URL_CHARACTERS:,}", "shorten it")
    if any(character <= " " or character == "\x7f" or character == "\\" for character in url):
        raise refused("the address holds a blank, a backslash or a control character", "write it as browsers show it")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError as error:
        raise refused(f"this is no web address: {error}", "write it as browsers show it") from error
    scheme = parts.scheme.lower()
    if scheme not in ("http", "https"):
        raise refused(f"{scheme}:// can't be read", "give an address that begins with https:// or http://")
    if parts.username is not None or parts.password is not None:
        raise refused("the address holds a user name or a password", "leave out what stands before the @")
    if port is not None and port != PORTS[scheme]:
        raise refused(f"port {port} is not asked", f"only {PORTS[scheme]} is, which needs no mention")
    if not host:
        raise refused("the address names no host", "for example https://example.com/my-strategy")
    path = quote(parts.path or "/", safe=_IN_PATH) + (
        f"?{quote(parts.query, safe=_IN_PATH + '?')}" if parts.query else ""
    )
    return Target("https" if scheme == "https" else "http", _ascii(host), path)


def check_public(target: Target, addresses: list[str]) -> None:
    """Raises PageRefused unless every one of the host's addresses is public."""
    for text in addresses:
        try:
            address = ip_address(text)
        except ValueError as error:
            raise _inside(target) from error
        if not _is_public(address):
            raise _inside(target)


def refused(message: str, suggestion: str) -> PageRefused:
    return PageRefused(message, [Issue("/text", message, suggestion)])


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    return not any(address in network for network in _REFUSED if network.version == address.version)


def _inside(target: Target) -> PageRefused:
    return refused(
        f"{target.host} is not on the public web", "only public pages are fetched: paste the strategy's text instead"
    )


def _ascii(host: str) -> str:
    """The host as it is looked up. Raises PageRefused for what is no name and no plain IP address."""
    if ":" in host:
        try:
            return str(IPv6Address(host)) if "%" not in host else _no_host(host)
        except ValueError:
            return _no_host(host)
    try:
        name = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return _no_host(host)
    if len(name) > MAX_HOST_CHARACTERS or not _HOST.fullmatch(name):
        return _no_host(host)
    last = name.rstrip(".").rpartition(".")[2]
    if last[:1].isdigit():  # a number in any other notation than four decimals is a disguise
        try:
            return str(IPv4Address(name))
        except ValueError:
            return _no_host(host)
    return name.lower()


def _no_host(host: str) -> str:
    raise refused(f"{host!r} is no host", "for example https://example.com/my-strategy")
