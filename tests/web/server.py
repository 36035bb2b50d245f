"""A real HTTP server on this machine, and a network that leads every public address to it."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
PUBLIC = "93.184.215.14"

Handler = Callable[[socket.socket, bytes], None]


@dataclass
class Server:
    """Answers each path by its handler, and notes the requests."""

    port: int
    handlers: dict[str, Handler] = field(default_factory=dict)
    requests: list[bytes] = field(default_factory=list)

    def page(self, path: str, body: bytes, *, status: str = "200 OK", kind: str = "text/html", **headers: str) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.handlers[path] = lambda sock, request: sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    def redirect(self, path: str, location: str) -> None:
        self.page(path, b"", status="302 Found", Location=location)

    def drip(self, path: str, head: bytes, pause_s: float) -> None:
        """Sends the head, then a byte after each pause, for ever."""

        def handler(sock: socket.socket, request: bytes) -> None:
            sock.sendall(head)
            while True:
                time.sleep(pause_s)
                sock.sendall(b"x")

        self.handlers[path] = handler

    def serve(self, sock: socket.socket, context: ssl.SSLContext | None) -> None:
        try:
            with context.wrap_socket(sock, server_side=True) if context else sock as secured:
                request = b""
                while b"\r\n\r\n" not in request:
                    if not (got := secured.recv(65536)):
                        return
                    request += got
                self.requests.append(request)
                path = request.split(b" ")[1].decode()
                self.handlers[path](secured, request)
        except OSError:
            return  # whoever asked went away


@dataclass
class Rerouted:
    """A network whose names are the test's, and whose public addresses all lead to the test's server."""

    server: Server
    names: dict[str, list[list[str]]]
    connected: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int) -> list[str]:
        """What the name means, each time it is asked; the last meaning stays."""
        self.looked_up.append(host)
        if host not in self.names:
            return [entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        meanings = self.names[host]
        return meanings.pop(0) if len(meanings) > 1 else meanings[0]

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.server.port), timeout=timeout_s)

    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(HERE / "authority.pem"))


def serving(context: ssl.SSLContext | None) -> Iterator[Server]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Server(listener.getsockname()[1])

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=server.serve, args=(sock, context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield server
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
