"""Both of Gemini's clients stream an answer where somebody listens; the port does with it what it does with a whole one."""

import time
from collections.abc import Callable

import pytest

from Backtest.errors import (
    ModelAnswerInvalid,
    ModelNotConfigured,
    ModelOverloaded,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
)
from Backtest.llm.ledger import MemoryLedger
from Backtest.llm.model import Model
from Backtest.llm.port import Usage
from Backtest.llm.schemas import LONGEST_ANSWER
from tests.llm_servers.server import ModelServer, cut_off, fails, hangs_up, raw, says, streams
from tests.unit.Backtest.llm.conftest import KEY, SCHEMA, question

Build = Callable[..., Model]


@pytest.fixture(params=["gemini", "google_genai"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def heard() -> list[int]:
    return []


def test_who_listens_hears_how_long_the_answer_is_so_far(model: Build, server: ModelServer, heard: list[int]) -> None:
    server.will(streams("Four", "teen", "."))
    reply = model().ask(question(), user_id=1, heard=heard.append)
    assert (reply.text, reply.usage, reply.finish_reason, heard) == ("Fourteen.", Usage(11, 7), "stop", [4, 8, 9])
    assert server.received[0].is_streamed


def test_where_nobody_listens_nothing_is_streamed(model: Build, server: ModelServer) -> None:
    server.will(says("Fourteen."))
    model().ask(question(), user_id=1)
    assert not server.received[0].is_streamed


def test_a_streamed_value_fits_its_schema(model: Build, server: ModelServer, heard: list[int]) -> None:
    server.will(says({"period": 14, "note": 'a "}" and ü'}))
    reply = model().ask(question(schema=SCHEMA), user_id=1, heard=heard.append)
    assert (reply.value, len(heard)) == ({"period": 14, "note": 'a "}" and ü'}, 3)


@pytest.mark.parametrize(("finish", "kind"), [("length", ModelAnswerInvalid), ("blocked", ModelRefused)])
def test_an_end_that_is_none_is_told(
    model: Build, server: ModelServer, heard: list[int], finish: str, kind: type[Exception]
) -> None:
    server.will(says('{"period":', finish=finish))
    with pytest.raises(kind):
        model().ask(question(schema=SCHEMA), user_id=1, heard=heard.append)


def test_a_stream_that_stops_without_its_end_is_no_answer(model: Build, server: ModelServer, heard: list[int]) -> None:
    server.will(streams("Four", ends=False))
    with pytest.raises(ModelUnreachable, match="broke the answer off"):
        model(attempts=1).ask(question(), user_id=1, heard=heard.append)


@pytest.mark.parametrize("step", [cut_off, hangs_up])
def test_a_connection_that_breaks_is_no_answer(
    model: Build, server: ModelServer, heard: list[int], step: Callable[..., None]
) -> None:
    server.will(step)
    with pytest.raises((ModelUnreachable, ModelAnswerInvalid)):
        model(attempts=1).ask(question(), user_id=1, heard=heard.append)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, ModelRefused),
        (403, ModelNotConfigured),
        (429, ModelOverloaded),
        (500, ModelUnreachable),
        (503, ModelUnreachable),
    ],
)
def test_an_error_of_a_streamed_call_says_what_the_provider_said(
    model: Build, server: ModelServer, heard: list[int], status: int, kind: type[Exception]
) -> None:
    server.will(fails(status, f"as told of {KEY}"))
    with pytest.raises(kind, match="as told of") as caught:
        model(attempts=1).ask(question(), user_id=1, heard=heard.append)
    assert KEY not in str(caught.value)
    assert (heard, len(server.received)) == ([], 1)


def test_a_busy_provider_is_asked_again(
    model: Build, server: ModelServer, heard: list[int], waits: list[float], ledger: MemoryLedger
) -> None:
    server.will(fails(429, retry_after="3"), says("Fourteen."))
    assert model().ask(question(), user_id=1, heard=heard.append).text == "Fourteen."
    assert (waits, ledger.results[0].attempts) == ([3.25], 2)


def test_a_stream_that_outlasts_the_call_is_given_up_and_its_connection_closed(
    model: Build, server: ModelServer, heard: list[int]
) -> None:
    server.will(streams(*["word "] * 300, every_s=0.05))
    with pytest.raises(ModelTimedOut):
        model(timeout_s=0.5).ask(question(), user_id=1, heard=heard.append)
    heard_then = len(heard)
    time.sleep(0.3)
    assert len(heard) <= heard_then + 1
    assert not server.has_ended


def test_an_answer_longer_than_may_be_read_is_not_waited_for(
    model: Build, server: ModelServer, heard: list[int]
) -> None:
    server.will(streams(*["x" * (LONGEST_ANSWER // 20)] * 60))
    with pytest.raises(ModelAnswerInvalid):
        model().ask(question(schema=SCHEMA), user_id=1, heard=heard.append)
    assert LONGEST_ANSWER < heard[-1] < LONGEST_ANSWER * 1.1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'data: {"candidates": 5}\r\n\r\n',
        b'[{"candidates": 5}]',
        b"data: [[[[\r\n\r\n",
        b"\xff\xfe\x00",
        b"[" * 20_000,
        b'data: {"candidates": [{"content": {"parts": [{"text": {"a": 1}}]}}]}\r\n\r\n',
        b'[{"candidates": [{"content": {"parts": [{"text": {"a": 1}}]}}]}]',
    ],
)
def test_a_hostile_stream_is_an_answer_that_can_t_be_used(
    model: Build, server: ModelServer, heard: list[int], body: bytes
) -> None:
    server.will(raw(body))
    with pytest.raises(ModelAnswerInvalid):
        model(attempts=1).ask(question(), user_id=1, heard=heard.append)
