"""The three providers that speak HTTP do the same with the same answers, through their real clients."""

from collections.abc import Callable
from itertools import pairwise

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
from Backtest.llm.port import Message, Question, Usage
from Backtest.llm.providers import ModelConfig, provider_of
from Backtest.llm.redaction import Secret
from tests.llm_servers.server import ModelServer, cut_off, drips, fails, gemini_answer, hangs_up, raw, says, silent
from tests.unit.Backtest.llm.conftest import KEY, SCHEMA, question

Build = Callable[..., Model]


def test_a_text_comes_with_its_usage_and_its_finish_reason(model: Build, server: ModelServer) -> None:
    server.will(says("Fourteen.", prompt_tokens=11, answer_tokens=7))
    reply = model().ask(question(), user_id=1)
    assert (reply.text, reply.value, reply.usage, reply.finish_reason) == ("Fourteen.", None, Usage(11, 7), "stop")
    assert (reply.model, reply.attempts) == ("a-model", 1)


def test_the_conversation_and_the_system_s_text_are_sent(model: Build, server: ModelServer) -> None:
    server.will(says("Yes."))
    turns = (Message("system", "Be terse."), Message("user", "A"), Message("assistant", "B"), Message("user", "C"))
    model().ask(Question(turns, "test"), user_id=1)
    sent = server.received[0]
    messages = sent.body.get("messages") or sent.body["contents"]
    assert [m["role"] for m in messages if m["role"] != "system"] in (
        ["user", "assistant", "user"],
        ["user", "model", "user"],
    )
    assert "Be terse." in sent.texts


def test_the_key_is_sent_in_a_header_and_nowhere_else(model: Build, server: ModelServer) -> None:
    server.will(says("Yes."))
    model().ask(question(f"my key is {KEY}"), user_id=1)
    sent = server.received[0]
    assert KEY in (sent.headers.get("x-goog-api-key"), sent.headers.get("authorization", "").removeprefix("Bearer "))
    assert KEY not in sent.path
    assert KEY not in sent.texts


def test_a_value_fits_the_schema_that_was_asked_for(model: Build, server: ModelServer) -> None:
    server.will(says({"period": 14, "note": None}))
    assert model().ask(question(schema=SCHEMA), user_id=1).value == {"period": 14, "note": None}
    sent = server.received[0].texts
    assert "period" in sent
    if "generationConfig" in sent:
        assert '"default"' not in sent  # which Gemini refuses


@pytest.mark.parametrize(
    "answer",
    [
        '{"period": 14',
        '{"period": 1.5}',
        "{}",
        '{"period": 14, "period": 15}',
        '{"period": NaN}',
        "[" * 5000,
        "I can't",
    ],
)
def test_a_value_that_does_not_fit_is_refused(model: Build, server: ModelServer, answer: str) -> None:
    server.will(says(answer))
    with pytest.raises(ModelAnswerInvalid, match="answer"):
        model().ask(question(schema=SCHEMA), user_id=1)


def test_an_answer_at_its_longest_is_cut_off(model: Build, server: ModelServer) -> None:
    server.will(says('{"period":', finish="length"))
    with pytest.raises(ModelAnswerInvalid, match="cut off: it is longer than 100 tokens"):
        model().ask(question(schema=SCHEMA), user_id=1)


def test_a_blocked_answer_is_a_refusal(model: Build, server: ModelServer) -> None:
    server.will(says("", finish="blocked"))
    with pytest.raises(ModelRefused, match="blocked"):
        model().ask(question(), user_id=1)


def test_what_is_too_much_for_now_is_asked_again_after_the_time_that_the_provider_names(
    model: Build, server: ModelServer, waits: list[float]
) -> None:
    server.will(fails(429, retry_after="3"), says("Fourteen."))
    reply = model().ask(question(), user_id=1)
    assert (reply.text, reply.attempts) == ("Fourteen.", 2)
    assert waits == [3.25]  # three seconds and half of the spread


def test_a_failing_provider_is_asked_four_times_each_after_a_longer_wait(
    model: Build, server: ModelServer, waits: list[float]
) -> None:
    server.will(fails(503), fails(500), fails(502), fails(503, "still down"))
    with pytest.raises(ModelUnreachable, match="still down"):
        model().ask(question(), user_id=1)
    assert len(server.received) == 4
    assert all(earlier < later for earlier, later in pairwise(waits))


def test_a_wait_that_would_outlast_the_call_is_not_begun(model: Build, server: ModelServer, waits: list[float]) -> None:
    server.will(fails(429, "slow down", retry_after="3600"))
    with pytest.raises(ModelOverloaded, match="slow down") as caught:
        model().ask(question(), user_id=1)
    assert (caught.value.retry_after_s, waits, len(server.received)) == (3600.0, [], 1)


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "the schema is no schema", ModelRefused),
        (400, "API key not valid. Please pass a valid API key.", ModelNotConfigured),
        (401, "no such key", ModelNotConfigured),
        (403, "not allowed", ModelNotConfigured),
        (404, "no such model", ModelNotConfigured),
    ],
)
def test_what_would_fail_again_is_asked_once(
    model: Build, server: ModelServer, ledger: MemoryLedger, status: int, message: str, kind: type[Exception]
) -> None:
    server.will(fails(status, message))
    with pytest.raises(kind, match=message.split(".")[0]):
        model().ask(question(), user_id=1)
    assert ledger.results[0].attempts == 1  # google-auth itself asks again after a 401, in vain


def test_an_answer_that_drips_is_given_up_at_the_time_out_of_the_whole_call(model: Build, server: ModelServer) -> None:
    server.will(drips(30))
    with pytest.raises(ModelTimedOut, match=r"within 0\.4 s"):
        model(timeout_s=0.4).ask(question(), user_id=1)
    assert not server.has_ended  # the drip would go on for half a minute


def test_a_transport_that_notices_the_time_out_first_says_the_same(provider: str, server: ModelServer) -> None:
    server.will(silent(2))
    transport = provider_of(ModelConfig(provider, "a-model", server.url, Secret(KEY)))
    with pytest.raises(ModelTimedOut, match=r"within 0\.4 s"):
        transport.complete(question(), timeout_s=0.4)


def test_a_connection_that_breaks_is_a_failure_of_the_provider(model: Build, server: ModelServer) -> None:
    server.will(cut_off)
    with pytest.raises(ModelUnreachable):
        model(attempts=1).ask(question(), user_id=1)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 20_000,
        b"{}",
        b'{"candidates": 5, "choices": 5}',
        b'{"candidates": [], "choices": []}',
        b'{"candidates": [{"content": {"parts": "x"}}], "choices": [{"message": "x"}]}',
        b'{"candidates": [{"content": {"parts": [{"text": {"a": 1}}]}}], "choices": [{"message": {"content": {"a": 1}}}]}',
        b'{"candidates": [{"finishReason": "NO_SUCH_REASON"}], "choices": [{"message": {}, "finish_reason": 7}]}',
    ],
)
def test_a_hostile_answer_is_an_answer_that_can_t_be_used(model: Build, server: ModelServer, body: bytes) -> None:
    server.will(raw(body))
    with pytest.raises(ModelAnswerInvalid):
        model(attempts=1).ask(question(), user_id=1)


def test_a_provider_that_tells_the_key_does_not_make_it_known(
    model: Build, server: ModelServer, ledger: MemoryLedger, caplog: pytest.LogCaptureFixture
) -> None:
    server.will(fails(400, f"the key {KEY} is wrong for this"), says(f"your key is {KEY}"))
    asked = model()
    with pytest.raises(ModelRefused) as caught:
        asked.ask(question(), user_id=1)
    reply = asked.ask(question(), user_id=1)
    error = caught.value
    assert error.__suppress_context__ or error.__context__ is None  # a traceback would print what the client says
    assert error.__cause__ is None
    seen = [str(error), repr(error.issues), reply.text, str(ledger.results), str(ledger.calls), caplog.text]
    assert [text for text in seen if KEY in text] == []


def test_a_server_that_hangs_up_is_a_failure_of_the_provider(model: Build, server: ModelServer) -> None:
    asked = model(attempts=1)
    server.will(hangs_up)
    with pytest.raises(ModelUnreachable):
        asked.ask(question(), user_id=1)


def test_thoughts_count_as_output() -> None:
    from Backtest.llm.gemini_wire import usage_of

    counted = gemini_answer("x", "stop", 11, 7)["usageMetadata"]
    assert usage_of(counted["promptTokenCount"], counted["candidatesTokenCount"], 30) == Usage(11, 19)
