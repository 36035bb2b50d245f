"""Frames and answers: what is well-formed comes through unchanged, and nothing else is believed."""

import json
import os
import struct

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from Backtest.account import Account
from Backtest.sandbox.answer import answer_from_payload
from Backtest.sandbox.protocol import (
    ChildJob,
    ProtocolBreach,
    frame,
    from_json,
    job_frames,
    job_from_payloads,
    read_frame,
    to_json,
    write_frame,
)

FORGE = """
import os, json, struct, sys
frame_of_run = sys._getframe()
while "job" not in frame_of_run.f_locals:
    frame_of_run = frame_of_run.f_back
job_id = frame_of_run.f_locals["job"].job_id
good = json.dumps({{"job_id": job_id, "status": "failed", "error": "forged", "line": None}}).encode()
def send(data):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, data)
        except OSError:
            pass
def frame(payload):
    return struct.pack(">Q", len(payload)) + payload
send({data})
os._exit(0)
"""


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("struct.pack('>Q', 1 << 40) + b'x'", "an answer of 1099511627776 bytes"),
        ("frame(good)[:-1]", "an answer that was broken off"),
        ("frame(good)[:3]", "an answer that was broken off"),
        ("frame(good) + b'x'", "more than one answer"),
        ("frame(good) * 2", "more than one answer"),
        ("frame(good.replace(b'null', b'NaN'))", "NaN is not a number"),
        ("frame(good.replace(b'null', b'1e999'))", "1e999 is out of range"),
        ("frame(good[:-1] + b', \"line\": 3}')", "a key stands twice"),
        ("frame(b'{' * 100_000)", "no JSON"),
        ("frame(b'[' * 100_000)", "nested too deeply"),
        ("frame(b'\\xff\\xfe')", "no JSON"),
        ("frame(b'[]')", "an answer that is no object"),
        ("frame(b'{}')", "an answer to another job"),
        ("frame(good.replace(job_id.encode(), b'0' * 32))", "an answer to another job"),
        ("frame(good.replace(b'failed', b'fooled'))", "an answer without a known status"),
        ("frame(b'[' + b'1,' * 7_000_000 + b'1]')", "an answer with too many values"),
        ("frame(good.replace(b'line', b'lime'))", "missing or unknown keys (lime, line)"),
        ("frame(good.replace(b'null', b'true'))", "line has a wrong type"),
        ("frame(good.replace(b'null', b'1' * 5000))", "no JSON"),
        ("frame(good.replace(b'forged', b'x' * 3000))", "error is too long"),
        ("frame(good.replace(b'forged', b'\\\\ud800'))", "error is too long or no text"),
    ],
)
def test_a_forged_answer_fails_the_run_with_its_reason(run, data, reason):
    outcome = run(FORGE.format(data=data))
    assert outcome.status == "failed"
    assert outcome.result is None
    assert reason in outcome.error


def test_an_answer_without_an_end_runs_into_the_clock(run):
    code = FORGE.format(data="frame(good)").replace("os._exit(0)", "while True: pass")
    outcome = run(code, wall_s=1)
    assert (outcome.status, outcome.result) == ("timeout", None)


def test_a_closed_way_to_answer_is_a_failure(run):
    outcome = run("import os, time\nos.closerange(3, 64)\ntime.sleep(30)")
    assert (outcome.status, outcome.error) == ("failed", "The run closed its way to answer.")


@pytest.fixture(scope="module")
def good_answer(run):
    """A completed answer as the child writes it, as a dictionary."""
    import dataclasses

    outcome = run(
        "from backtesting import Strategy\n\n\nclass X(Strategy):\n    def init(self):\n        pass\n\n    def next(self):\n"
        "        if len(self.data) % 50 == 0:\n            self.buy(size=1)\n"
        "        if len(self.data) % 50 == 20:\n            self.position.close()\n        if len(self.data) == 1590:\n            self.buy(size=2)\n"
    )
    return {"job_id": "j", "status": "completed", "class_name": "X", "result": dataclasses.asdict(outcome.result)}


def changed(answer, path, value):
    copy = json.loads(json.dumps(answer))
    *parents, last = path
    place = copy
    for key in parents:
        place = place[key]
    place[last] = value
    return to_json(copy)


def test_a_true_answer_is_read_unchanged(good_answer, window):
    answer = answer_from_payload(to_json(good_answer), window, "j")
    assert (answer.status, answer.class_name) == ("completed", "X")
    assert answer.result.trades
    assert answer.result.open_at_end


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("class_name",), 3),
        (("result", "equity"), [1.0]),
        (("result", "equity", 0), "1"),
        (("result", "equity", 0), True),
        (("result", "equity"), {}),
        (("result", "metrics", "bars"), 1),
        (("result", "metrics", "bars"), True),
        (("result", "metrics", "total_trades"), 10**6),
        (("result", "metrics", "new_key"), 1),
        (("result", "metrics", "beta"), [1]),
        (("result", "metrics", "beta"), 10**30),
        (("result", "metrics"), []),
        (("result", "trades"), {}),
        (("result", "trades", 0, "size"), 1.5),
        (("result", "trades", 0, "entry_bar"), -1),
        (("result", "trades", 0, "exit_bar"), 10**6),
        (("result", "trades", 0, "exit_bar"), 0),
        (("result", "trades", 0, "entry_time"), "1999-01-01"),
        (("result", "trades", 0, "tag"), 3),
        (("result", "trades", 0, "extra"), 3),
        (("result", "trades", 0), []),
        (("result", "open_at_end", 0, "entry_bar"), 10**6),
        (("result", "open_at_end", 0, "entry_time"), "x"),
        (("result", "notices"), "text"),
        (("result", "notices"), [None]),
        (("status",), "ok"),
        (("limit",), "memory_mb"),
    ],
    ids=str,
)
def test_an_answer_with_one_wrong_value_is_refused(good_answer, window, path, value):
    with pytest.raises(ProtocolBreach):
        answer_from_payload(changed(good_answer, path, value), window, "j")


def test_metrics_come_only_where_the_run_was_to_be_measured(good_answer, window):
    unmeasured = changed(good_answer, ("result", "metrics"), {})
    assert answer_from_payload(unmeasured, window, "j", measured=False).result.metrics == {}
    with pytest.raises(ProtocolBreach, match="metrics"):
        answer_from_payload(unmeasured, window, "j")
    with pytest.raises(ProtocolBreach, match="metrics"):
        answer_from_payload(to_json(good_answer), window, "j", measured=False)


def test_a_killed_answer_must_name_a_limit_of_the_child(window):
    true = {"job_id": "j", "status": "killed", "error": "e", "line": 3, "limit": "memory_mb"}
    assert answer_from_payload(to_json(true), window, "j").limit == "memory_mb"
    with pytest.raises(ProtocolBreach, match="unknown limit"):
        answer_from_payload(to_json({**true, "limit": "wall_s"}), window, "j")


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_json_comes_back_as_it_went(value):
    assert from_json(to_json(value)) == value


@given(st.binary(max_size=200))
def test_bytes_become_a_value_or_a_breach(payload):
    try:
        value = from_json(payload)
    except ProtocolBreach:
        return
    assert from_json(to_json(value)) == value


@given(st.lists(st.binary(max_size=300), max_size=5))
def test_frames_come_out_of_a_pipe_one_by_one(payloads):
    reading, writing = os.pipe()
    try:
        for payload in payloads:
            write_frame(writing, payload)
        os.close(writing)
        assert [read_frame(reading, 300) for _ in payloads] == payloads
        assert read_frame(reading, 300) is None
    finally:
        os.close(reading)


@pytest.mark.parametrize(
    "data", [struct.pack(">Q", 301) + b"x" * 301, frame(b"abc")[:-1], frame(b"abc")[:8], frame(b"abc")[:5]]
)
def test_a_long_or_broken_frame_is_a_breach(data):
    reading, writing = os.pipe()
    os.write(writing, data)
    os.close(writing)
    with pytest.raises(ProtocolBreach):
        read_frame(reading, 300)
    os.close(reading)


@pytest.mark.parametrize("unit", ["s", "us", "ns"])
def test_a_job_comes_back_bit_for_bit(unit):
    index = pd.date_range("2020-01-01", periods=5, name="Time").as_unit(unit)
    table = {name: np.random.default_rng(1).normal(size=5) for name in ("Open", "High", "Low", "Close", "Volume")}
    job = ChildJob(
        "x = 'é'\n", "X", pd.DataFrame(table, index=index), 2, "1d", Account(cash=5.0, margin=0.5), measure=False
    )
    header, numbers = (data[8:] for data in job_frames(job))
    back = job_from_payloads(header, numbers)
    pd.testing.assert_frame_equal(back.bars, job.bars, check_freq=False, check_exact=True)
    assert (back.code, back.class_name, back.first_bar, back.timeframe, back.account, back.measure) == (
        "x = 'é'\n",
        "X",
        2,
        "1d",
        job.account,
        False,
    )


def test_numbers_that_do_not_fit_the_header_are_a_breach():
    index = pd.date_range("2020-01-01", periods=5)
    bars = pd.DataFrame(dict.fromkeys(("Open", "High", "Low", "Close", "Volume"), 1.0), index=index)
    header, numbers = (data[8:] for data in job_frames(ChildJob("", None, bars, 0, "1d", Account())))
    with pytest.raises(ProtocolBreach, match="bytes of numbers for 5 bars"):
        job_from_payloads(header, numbers[:-1])
