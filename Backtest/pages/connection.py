"""How a page's host is reached: names looked up, sockets opened, TLS spoken, all within one deadline."""

import io
import queue
import socket
import ssl
import threading
import time
from typing import Protocol

from Backtest.errors import Issue, SourceUnavailable


class Network(Protocol):
    """The port to the network. Both raise OSError; `connect` is given an address that `resolve` answered."""

    def resolve(self, host: str, port: int) -> list[str]:
        """The host's IP addresses, the preferred first."""
        ...

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        """A connected TCP socket."""
        ...

    def tls(self) -> ssl.SSLContext:
        """What server certificates are checked with, their names included."""
        ...


class Internet:
    """The machine's own network, without its proxies."""

    def resolve(self, host: str, port: int) -> list[str]:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(entry[4][0]) for entry in found))

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        return socket.create_connection((address, port), timeout=timeout_s)

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()


class Deadline:
    """A point in time for all that is done before it."""

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._end = time.monotonic() + timeout_s

    def left_s(self) -> float:
        """Seconds left. Raises TimeoutError once there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Wire(io.RawIOBase):
    """What a socket receives; every wait ends at the deadline, however slowly the bytes come."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket = connected
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(self._deadline.left_s())
        return self._socket.recv_into(buffer)

    def makefile(self, mode: str) -> io.BufferedReader:
        """As a socket has it, for http.client."""
        return io.BufferedReader(self)


def resolved(network: Network, host: str, port: int, deadline: Deadline) -> list[str]:
    """The host's addresses. Raises SourceUnavailable where it has none, or they don't come in time.

    The system's resolver can't be told a timeout: it is left behind in a thread of its own.
    """
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(network.resolve(host, port))
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put([])

    threading.Thread(target=look_up, daemon=True, name="page-host").start()
    try:
        answer = answers.get(timeout=deadline.left_s())
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, OSError) or not answer:
        raise unreachable(host, "its name can't be looked up")
    return answer


def connected(network: Network, addresses: list[str], host: str, port: int, deadline: Deadline) -> socket.socket:
    """A socket to one of exactly these addresses: the name is not looked up again. Raises SourceUnavailable."""
    reason = ""
    for address in addresses:
        try:
            return network.connect(address, port, deadline.left_s())
        except TimeoutError:
            deadline.left_s()
            reason = "it does not answer"
        except OSError as error:
            reason = error.strerror or "it does not answer"
    raise unreachable(host, reason)


def unreachable(host: str, reason: str) -> SourceUnavailable:
    message = f"{host} can't be reached: {reason}"
    return SourceUnavailable(
        message, [Issue("/text", message, "check the address and the network, or paste the strategy's text")]
    )
