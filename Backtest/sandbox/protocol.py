"""The language between parent and child: frames of a length and a payload, strict JSON, and numbers as raw bytes.

Nothing here is pickled: a frame can only ever become plain data.
"""

import json
import math
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from Backtest.account import Account
from Backtest.data.quality import COLUMNS

LENGTH_BYTES = 8
MAX_JOB_BYTES = 1 << 30


class ProtocolBreach(Exception):
    """The other side did not speak the protocol; the text says what it did instead."""


@dataclass(frozen=True)
class ChildJob:
    """A job as the child sees it: `bars` has the columns Open High Low Close Volume, `job_id` is to be answered."""

    code: str
    class_name: str | None
    bars: pd.DataFrame
    first_bar: int
    timeframe: str
    account: Account
    job_id: str = ""
    record_decisions: bool = False
    measure: bool = True


def frame(payload: bytes) -> bytes:
    return len(payload).to_bytes(LENGTH_BYTES, "big") + payload


def read_frame(descriptor: int, max_bytes: int) -> bytes | None:
    """The next frame of a blocking pipe, None at its end; raises ProtocolBreach when it is too long or broken off."""
    prefix = _read_exactly(descriptor, LENGTH_BYTES)
    if prefix is None:
        return None
    length = int.from_bytes(prefix, "big")
    if length > max_bytes:
        raise ProtocolBreach(f"a frame of {length} bytes, {max_bytes} are allowed")
    payload = _read_exactly(descriptor, length)
    if payload is None:
        raise ProtocolBreach("a frame without its payload")
    return payload


def write_frame(descriptor: int, payload: bytes) -> None:
    rest = memoryview(frame(payload))
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read_exactly(descriptor: int, count: int) -> bytes | None:
    parts: list[bytes] = []
    missing = count
    while missing:
        part = os.read(descriptor, min(missing, 1 << 20))
        if not part:
            if parts:
                raise ProtocolBreach("a frame that was broken off")
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def to_json(value: object) -> bytes:
    """JSON in UTF-8, what UTF-8 can't hold as `?`; raises ValueError for NaN and infinity."""
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def from_json(payload: bytes) -> Any:
    """The value of a JSON text; raises ProtocolBreach unless it is one: finite numbers, no key twice."""
    try:
        return json.loads(
            payload.decode("utf-8"),
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
            object_pairs_hook=_object_without_duplicates,
        )
    except RecursionError:
        raise ProtocolBreach("JSON that is nested too deeply") from None
    except ValueError as error:  # undecodable bytes and JSON errors are ValueErrors
        raise ProtocolBreach(f"no JSON ({error})") from None


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _finite_float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is out of range")
    return value


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


def job_frames(job: ChildJob) -> Iterator[bytes]:
    """A job as two frames: a JSON header, and the stamps (int64) and columns (float64) one after another."""
    index = pd.DatetimeIndex(job.bars.index)
    header = {
        "job_id": job.job_id,
        "code": job.code,
        "class_name": job.class_name,
        "record_decisions": job.record_decisions,
        "measure": job.measure,
        "first_bar": job.first_bar,
        "timeframe": job.timeframe,
        "account": asdict(job.account),
        "bars": len(index),
        "unit": index.unit,
    }
    columns = [np.ascontiguousarray(job.bars[name].to_numpy(dtype="<f8")).tobytes() for name in COLUMNS]
    yield frame(to_json(header))
    yield frame(index.asi8.astype("<i8").tobytes() + b"".join(columns))


def job_from_payloads(header: bytes, numbers: bytes) -> ChildJob:
    """The job of two payloads; raises ProtocolBreach when the numbers don't fit the header."""
    fields = from_json(header)
    bars = fields["bars"]
    if len(numbers) != 8 * bars * (1 + len(COLUMNS)):
        raise ProtocolBreach(f"{len(numbers)} bytes of numbers for {bars} bars")
    stamps = np.frombuffer(numbers, dtype="<i8", count=bars).view(f"M8[{fields['unit']}]")
    table = np.frombuffer(numbers, dtype="<f8", offset=8 * bars).reshape(len(COLUMNS), bars)
    index = pd.DatetimeIndex(stamps.copy(), name="Time")
    return ChildJob(
        code=fields["code"],
        class_name=fields["class_name"],
        record_decisions=fields["record_decisions"],
        measure=fields["measure"],
        bars=pd.DataFrame({name: table[i].copy() for i, name in enumerate(COLUMNS)}, index=index),
        first_bar=fields["first_bar"],
        timeframe=fields["timeframe"],
        account=Account(**fields["account"]),
        job_id=fields["job_id"],
    )
