"""Model providers on this machine: real HTTP servers that answer in Gemini's and in OpenAI's wire format."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Format = Literal["gemini", "openai"]
_GEMINI_FINISH = {"stop": "STOP", "length": "MAX_TOKENS", "blocked": "SAFETY"}
_OPENAI_FINISH = {"stop": "stop", "length": "length", "blocked": "content_filter"}


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def is_streamed(self) -> bool:
        """Whether the answer was asked for in pieces."""
        return ":streamGenerateContent" in self.path

    @property
    def texts(self) -> str:
        """All that was said to the model, the system's text included."""
        return json.dumps(self.body, ensure_ascii=False)


Step = Callable[["_Handler", Format], None]


@dataclass
class ModelServer:
    """Gives one step for each request, in order, the last one again and again; notes what it was sent."""

    url: str
    steps: list[Step] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    has_ended: bool = False  # a drip

    def will(self, *steps: Step) -> None:
        self.steps[:] = steps


def says(answer: object, *, finish: str = "stop", prompt_tokens: int = 11, answer_tokens: int = 7) -> Step:
    """An answer with this text or, where it is no text, this value as JSON; in pieces where it is asked for so."""
    text = answer if isinstance(answer, str) else json.dumps(answer)

    def step(handler: "_Handler", wire: Format) -> None:
        if handler.request.is_streamed:
            with handler.streaming() as send:
                for piece in pieces_of(gemini_answer(text, finish, prompt_tokens, answer_tokens)):
                    send(piece)
        elif wire == "gemini":
            handler.send(200, gemini_answer(text, finish, prompt_tokens, answer_tokens))
        else:
            usage = {"prompt_tokens": prompt_tokens, "completion_tokens": answer_tokens}
            choice = {"index": 0, "message": {"role": "assistant", "content": text}}
            choice["finish_reason"] = _OPENAI_FINISH[finish]
            handler.send(200, {"id": "1", "object": "chat.completion", "choices": [choice], "usage": usage})

    return step


def gemini_answer(text: str, finish: str, prompt_tokens: int, answer_tokens: int) -> dict[str, Any]:
    return {
        "candidates": [
            {
                "content": {"parts": [{"text": text}], "role": "model"},
                "finishReason": _GEMINI_FINISH[finish],
                "index": 0,
            }
        ],
        "usageMetadata": {
            "promptTokenCount": prompt_tokens,
            "candidatesTokenCount": answer_tokens,
            "totalTokenCount": prompt_tokens + answer_tokens,
        },
        "modelVersion": "a-model",
    }


def pieces_of(answer: dict[str, Any], count: int = 3) -> list[dict[str, Any]]:
    """The parts in which Gemini streams an answer: the last one alone has the end and all the usage."""
    candidate = answer["candidates"][0]
    text = candidate["content"]["parts"][0]["text"]
    size = max(1, -(-len(text) // count))
    parts = [text[at : at + size] for at in range(0, len(text), size)] or [""]
    counted = {"promptTokenCount": answer["usageMetadata"]["promptTokenCount"]}
    pieces: list[dict[str, Any]] = [
        {
            "candidates": [{"content": {"parts": [{"text": part}], "role": "model"}, "index": 0}],
            "usageMetadata": counted,
        }
        for part in parts
    ]
    pieces[-1]["candidates"][0]["finishReason"] = candidate["finishReason"]
    pieces[-1]["usageMetadata"] = answer["usageMetadata"]
    return pieces


def streams(*texts: str, every_s: float = 0.0, ends: bool = True) -> Step:
    """These pieces of a text, one after the other; without an end the connection is closed in good order before it."""

    def step(handler: "_Handler", wire: Format) -> None:
        with handler.streaming() as send:
            for number, text in enumerate(texts, 1):
                answer = gemini_answer(text, "stop", 11, 7)
                if not ends or number < len(texts):
                    del answer["candidates"][0]["finishReason"]
                send(answer)
                if handler.server.ending.wait(every_s):
                    return
        handler.server.told.has_ended = True

    return step


def fails(
    status: int, message: str = "as told", *, retry_after: str | None = None, details: Sequence[Any] = ()
) -> Step:
    """An error in the provider's form."""

    def step(handler: "_Handler", wire: Format) -> None:
        error: dict[str, Any] = {"code": status, "message": message, "status": "FAILED"}
        if details:
            error["details"] = list(details)
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        # Gemini streams an error as a list of one where it would stream the answer as a list.
        is_list = handler.request.is_streamed and "alt=sse" not in handler.path
        handler.send(status, [{"error": error}] if is_list else {"error": error}, **headers)

    return step


def raw(body: bytes, *, status: int = 200) -> Step:
    """Just these bytes as the body."""
    return lambda handler, wire: handler.send_bytes(status, body)


def cut_off(handler: "_Handler", wire: Format) -> None:
    """The connection ends within the answer."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"candidates": [{"content"')
    handler.wfile.flush()
    hangs_up(handler, wire)


def hangs_up(handler: "_Handler", wire: Format) -> None:
    """The connection ends without a word more."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def silent(for_s: float) -> Step:
    """Nothing for so long, then the connection ends."""

    def step(handler: "_Handler", wire: Format) -> None:
        time.sleep(for_s)
        hangs_up(handler, wire)

    return step


def drips(for_s: float) -> Step:
    """An answer of which a byte comes now and then: no read of it takes long, the whole does."""

    def step(handler: "_Handler", wire: Format) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        end = time.monotonic() + for_s
        while time.monotonic() < end and not handler.server.ending.is_set():
            handler.wfile.write(b" ")
            handler.wfile.flush()
            handler.server.ending.wait(0.05)
        handler.server.told.has_ended = True
        hangs_up(handler, wire)

    return step


@contextmanager
def model_server(wire: Format) -> Iterator[ModelServer]:
    """A server of this format on a free port."""
    http = _Server(("127.0.0.1", 0), _Handler)
    http.wire = wire
    http.told = ModelServer(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield http.told
    finally:
        http.ending.set()
        http.shutdown()
        http.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    wire: Format
    told: ModelServer

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.ending = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    request: Received

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"{}")
        told = self.server.told
        methods = {"gemini": (":generateContent", ":streamGenerateContent"), "openai": ("/chat/completions",)}
        place = len(told.received)
        self.request = Received(self.path, {name.lower(): v for name, v in self.headers.items()}, body)
        told.received.append(self.request)
        if not any(method in self.path for method in methods[self.server.wire]):
            self.send(404, {"error": {"code": 404, "message": "no such method"}})
            return
        told.steps[min(place, len(told.steps) - 1)](self, self.server.wire)

    def send(self, status: int, body: Any, **headers: str) -> None:
        self.send_bytes(status, json.dumps(body).encode(), **headers)

    def send_bytes(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    @contextmanager
    def streaming(self) -> Iterator[Callable[[dict[str, Any]], None]]:
        """Sends pieces as they are given: as server-sent events or as one list, as the client asks for."""
        is_events = "alt=sse" in self.path
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream" if is_events else "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        sent = 0

        def chunk(text: str) -> None:
            data = text.encode()
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

        def send(piece: dict[str, Any]) -> None:
            nonlocal sent
            text = json.dumps(piece)
            chunk(f"data: {text}\r\n\r\n" if is_events else f"{'[' if sent == 0 else ','}{text}")
            sent += 1

        yield send
        if not is_events:
            chunk("]" if sent else "[]")
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *args: Any) -> None:
        """Quiet."""
