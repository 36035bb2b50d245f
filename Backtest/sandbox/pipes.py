"""The parent's ends of the three pipes: the job goes out, the answer and the printed text come in, all bounded."""

import os
import selectors
import time
from collections import deque

from Backtest.sandbox.protocol import LENGTH_BYTES, ProtocolBreach

_CHUNK_BYTES = 1 << 16


class BoundedLog:
    """The first bytes of what a process printed; the rest is only counted."""

    def __init__(self, max_bytes: int) -> None:
        self._kept = bytearray()
        self._max_bytes = max_bytes
        self.dropped_bytes = 0

    def add(self, data: bytes) -> None:
        room = self._max_bytes - len(self._kept)
        self._kept += data[:room]
        self.dropped_bytes += max(0, len(data) - room)

    def text(self) -> str:
        """Printable text: whatever could steer a terminal is replaced."""
        raw = self._kept.decode("utf-8", errors="replace").replace("\r\n", "\n")
        text = "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in raw)
        if self.dropped_bytes:
            text += f"\n[{self.dropped_bytes} further bytes were not kept]"
        return text


class ParentPipes:
    """Moves bytes through all three pipes at once, so that neither side ever waits for a full pipe of the other."""

    def __init__(self, job: int, result: int, log: int, max_log_bytes: int) -> None:
        self.log = BoundedLog(max_log_bytes)
        self._job, self._result, self._log = job, result, log
        self._outbox: deque[memoryview] = deque()
        self._inbox = bytearray()
        self._answer_ended = False
        self._selector = selectors.DefaultSelector()
        for descriptor in (job, result, log):
            os.set_blocking(descriptor, False)
        self._selector.register(result, selectors.EVENT_READ)
        self._selector.register(log, selectors.EVENT_READ)

    def send(self, data: bytes) -> None:
        """Queue bytes for the child; they leave while `receive` waits."""
        if not self._outbox:
            self._selector.register(self._job, selectors.EVENT_WRITE)
        self._outbox.append(memoryview(data))

    def receive(self, deadline: float, max_bytes: int, *, last: bool) -> bytes | None:
        """The payload of the next frame, or None when the child closed its end without one.

        A `last` frame must be followed by the end of the pipe. `deadline` is a time of `time.monotonic`, after which
        TimeoutError is raised; ProtocolBreach for a frame that is too long, broken off, or followed by more.
        """
        self._inbox.clear()
        while True:
            complete = self._frame_is_complete(max_bytes)
            if complete and (self._answer_ended or not last):
                return bytes(self._inbox[LENGTH_BYTES:])
            if self._answer_ended:
                if not self._inbox:
                    return None
                raise ProtocolBreach("an answer that was broken off")
            remaining_s = deadline - time.monotonic()
            if remaining_s <= 0:
                raise TimeoutError
            self.pump(remaining_s)

    def pump(self, timeout_s: float) -> None:
        """Move what can be moved, waiting at most `timeout_s` for the first byte."""
        for key, _ in self._selector.select(timeout_s):
            if key.fd == self._job:
                self._write_job()
            elif key.fd == self._log:
                self._read_log()
            else:
                self._read_answer()

    def drain_log(self) -> None:
        """Take what was printed last, once the child has ended."""
        while self._log in self._selector.get_map() and self._read_log():
            pass

    def close(self) -> None:
        """Stop moving bytes; the descriptors are the child's handle's to close."""
        self._selector.close()

    def _frame_is_complete(self, max_bytes: int) -> bool:
        if len(self._inbox) < LENGTH_BYTES:
            return False
        length = int.from_bytes(self._inbox[:LENGTH_BYTES], "big")
        if length > max_bytes:
            raise ProtocolBreach(f"an answer of {length} bytes, {max_bytes} are allowed")
        if len(self._inbox) > LENGTH_BYTES + length:
            raise ProtocolBreach("more than one answer")
        return len(self._inbox) == LENGTH_BYTES + length

    def _write_job(self) -> None:
        part = self._outbox[0]
        try:
            written = os.write(self._job, part[:_CHUNK_BYTES])
        except BrokenPipeError:  # the child ended early: its answer, or the lack of one, says why
            self._outbox.clear()
        else:
            if written < len(part):
                self._outbox[0] = part[written:]
            else:
                self._outbox.popleft()
        if not self._outbox:
            self._selector.unregister(self._job)

    def _read_log(self) -> bool:
        try:
            data = os.read(self._log, _CHUNK_BYTES)
        except BlockingIOError:
            return False
        if not data:
            self._selector.unregister(self._log)
        self.log.add(data)
        return bool(data)

    def _read_answer(self) -> None:
        data = os.read(self._result, _CHUNK_BYTES)
        if not data:
            self._answer_ended = True
            self._selector.unregister(self._result)
        self._inbox += data
