"""Five hundred answers that no honest child gives: each is refused in words, at once, and harms nothing."""

import dataclasses
import json
import os
import random
import time

import pytest

from Backtest.sandbox.answer import answer_from_payload
from Backtest.sandbox.job import MEGABYTE
from Backtest.sandbox.pipes import ParentPipes
from Backtest.sandbox.protocol import LENGTH_BYTES, ProtocolBreach, to_json

JOB_ID = "0" * 32
MAX_BYTES = 4 * MEGABYTE
EACH = 50
BAD_NUMBERS = ("NaN", "Infinity", "-Infinity", "1e999", "-1e400", "9" * 400, "1" * 5000, "0x10", "1_000", "01", "--1")
BAD_VALUES = (None, True, False, "1", "\ud800", [], {}, [[]], {"a": 1}, -(2**70), 2**70, "x" * 5000, -1, 10**15)


@pytest.fixture(scope="module")
def good(run):
    """A completed answer, as the child writes it."""
    code = (
        "from backtesting import Strategy\n\n\nclass X(Strategy):\n    def init(self):\n        pass\n\n"
        "    def next(self):\n        if len(self.data) % 50 == 0:\n            self.buy(size=1)\n"
        "        if len(self.data) % 50 == 20:\n            self.position.close()\n"
        "        if len(self.data) == 1590:\n            self.buy(size=2)\n"
    )
    result = dataclasses.asdict(run(code).result)
    return {"job_id": JOB_ID, "status": "completed", "class_name": "X", "result": result}


def framed(payload: bytes, length: int | None = None) -> bytes:
    return (len(payload) if length is None else length).to_bytes(LENGTH_BYTES, "big") + payload


def places(value, path=()):
    """All paths in a document, the first of each list only."""
    yield path
    items = value.items() if isinstance(value, dict) else list(enumerate(value))[:1] if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def with_text_at(document, path, text: str) -> bytes:
    """The document as JSON with `text`, valid or not, in place of the value at `path`."""
    mark = "@@hostile@@"
    copy = json.loads(json.dumps(document))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if path:
        place[path[-1]] = mark
    else:
        copy = mark
    return json.dumps(copy).replace(f'"{mark}"', text).encode()


def too_long(draw, good):
    length = draw.choice([MAX_BYTES + 1, 2**32, 2**63, 2**64 - 1, draw.randrange(MAX_BYTES + 1, 2**64)])
    return framed(b"x" * draw.randrange(100), length)


def truncated(draw, good):
    whole = framed(to_json(good))
    return whole[: draw.randrange(1, len(whole))]


def bad_number(draw, good):
    numbers = [path for path in places(good) if path and path[-1] not in ("job_id", "status")]
    return framed(with_text_at(good, draw.choice(numbers), draw.choice(BAD_NUMBERS)))


def deep(draw, good):
    opening, closing = draw.choice([("[", "]"), ('{"a":', "}")])
    levels = draw.randrange(3000, 200_000)
    text = opening * levels + ("1" + closing * levels if draw.random() < 0.5 else "")
    return framed(with_text_at(good, draw.choice([(), ("result",), ("result", "notices")]), text))


def key_twice(draw, good):
    objects = [path for path in places(good) if isinstance(at(good, path), dict)]
    path = draw.choice(objects)
    inner = at(good, path)
    key = draw.choice(sorted(inner))
    text = json.dumps(inner)[:-1] + f", {json.dumps(key)}: {json.dumps(inner[key])}}}"
    return framed(with_text_at(good, path, text))


def wrong_type(draw, good):
    for _ in range(100):
        path = draw.choice([path for path in places(good) if path])
        value = draw.choice(BAD_VALUES)
        if not fits(at(good, path), value, path):
            return framed(with_text_at(good, path, json.dumps(value)))
    raise AssertionError("no wrong value found")


def fits(true, value, path) -> bool:
    """Whether the value may stand in an honest answer too."""
    if value is None:
        return (
            path[:2] == ("result", "metrics")
            or "tag" in path
            or path[-1] in ("closed_by", "stop_loss", "take_profit", "sl", "tp")
        )
    if isinstance(value, str):
        return (
            (isinstance(true, str) and value == "1")
            or path[-1] in ("tag", "closed_by", "class_name")
            or path[:2] == ("result", "metrics")
        )
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 2**60 and path[-1] not in (
            "entry_bar",
            "exit_bar",
            "bars",
            "total_trades",
            "class_name",
            "status",
            "job_id",
            "notices",
            "equity",
            "trades",
            "metrics",
            "result",
            "open_at_end",
            "entry_time",
            "exit_time",
        )
    return (value == [] and path[-1] == "notices") or (value == [] and path[-1] == "open_at_end")


def two_frames(draw, good):
    whole = framed(to_json(good))
    return whole + draw.choice([whole, b"\0", framed(b"{}"), whole[: draw.randrange(1, len(whole))]])


def other_keys(draw, good):
    path = draw.choice([path for path in places(good) if isinstance(at(good, path), dict)])
    inner = dict(at(good, path))
    if draw.random() < 0.5:
        inner.pop(draw.choice(sorted(inner)))
    else:
        inner[draw.choice(["extra", "__class__", "status ", "é", "x" * 1000])] = 1
    return framed(with_text_at(good, path, json.dumps(inner)))


def noise(draw, good):
    whole = bytearray(to_json(good))
    for _ in range(draw.randrange(1, 20)):
        whole[draw.randrange(len(whole))] = draw.choice([0, 0xFF, 0xC0, 0xED, ord('"'), ord("{")])
    return framed(bytes(whole))


def too_many_rows(draw, good):
    rows = draw.randrange(300_000, 600_000)
    return framed(with_text_at(good, ("result", draw.choice(["notices", "trades"])), "[" + "0," * rows + "0]"))


KINDS = (too_long, truncated, bad_number, deep, key_twice, wrong_type, two_frames, other_keys, noise, too_many_rows)


def at(document, path):
    for key in path:
        document = document[key]
    return document


def received(data: bytes, window):
    """What the parent makes of these bytes, when a child wrote them and ended."""
    ends = [os.pipe() for _ in range(3)]
    (job_read, job), (result, result_write), (log, log_write) = ends
    pipes = ParentPipes(job, result, log, 1024)
    try:
        os.set_blocking(result_write, False)
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(result_write, rest) :]
            except BlockingIOError:
                break
        os.close(result_write)
        payload = pipes.receive(time.monotonic() + 10, MAX_BYTES, last=True)
        return payload if payload is None else answer_from_payload(payload, window, JOB_ID)
    finally:
        pipes.close()
        for descriptor in (job_read, job, result, log, log_write):
            os.close(descriptor)


def test_the_honest_answer_is_taken(good, window):
    assert answer_from_payload(to_json(good), window, JOB_ID).status == "completed"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_hostile_answers_are_refused_in_words(kind, good, window):
    draw = random.Random(kind.__name__)  # noqa: S311 - the same ones each time
    for _ in range(EACH):
        data = kind(draw, good)
        with pytest.raises(ProtocolBreach) as breach:
            received(data, window) if len(data) < 60_000 else answer_from_payload(data[LENGTH_BYTES:], window, JOB_ID)
        assert 0 < len(str(breach.value)) < 500
