"""The threads of this process that do what waits. The rows are the queue: other processes work on the same one."""

import atexit
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from functools import cache

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from backtest_api.leases import Lease, lease_give_back, lease_take, next_expiry
from backtest_api.models import BacktestRun, Leased, Optimization, Verification
from backtest_api.services.background import leased_work

STOP_S = 5.0
WATCH_EVERY_S = 2.0

log = structlog.get_logger("backtest_api.workers")


@cache
def workers() -> "Workers":
    """This process's own for what may take long; at its orderly end what they were doing is given back."""
    own = Workers(settings.BACKTEST_THREADS, (BacktestRun, Optimization))
    atexit.register(own.stop)
    return own


@cache
def verifiers() -> "Workers":
    """Those for verifications, which no long run may hold up: their user looks at the figures already."""
    own = Workers(1, (Verification,))
    atexit.register(own.stop)
    return own


class Workers:
    """At most `most` threads, which live as long as any work of these kinds waits, or is done by somebody who may die.

    Of several kinds the first is preferred.
    """

    def __init__(self, most: int, kinds: Sequence[type[Leased]]) -> None:
        self._most = most
        self._kinds = kinds
        self._ring = threading.Condition()
        self._threads: set[threading.Thread] = set()
        self._leases: set[Lease] = set()
        self._calls = 0
        self._rest_until = 0.0
        self._stopping = False

    def wake(self, *, after_s: float = 0.0) -> None:
        """Look for work now, or so much later. Returns at once."""
        with self._ring:
            self._calls += 1
            self._rest_until = time.monotonic() + after_s
            self._ring.notify_all()
            while len(self._threads) < self._most and not self._stopping:
                thread = threading.Thread(target=self._work, name="backtest worker", daemon=True)
                self._threads.add(thread)
                thread.start()

    def join(self, timeout_s: float) -> bool:
        """Wait until no thread is left; whether none is."""
        with self._ring:
            return self._ring.wait_for(lambda: not self._threads, timeout_s)

    def stop(self) -> None:
        """Take no more work, and give back what is not done yet, for another process to do."""
        with self._ring:
            self._stopping = True
            leases = tuple(self._leases)
            self._ring.notify_all()
        for lease in leases:
            lease_give_back(lease)  # its heartbeat sees it, and ends the sandbox
        self.join(STOP_S)

    def _work(self) -> None:
        try:
            while self._once():
                pass
        except DatabaseError as error:  # the next call wakes another thread
            log.error("the queue can't be read", exc_info=error)
        finally:
            connection.close()
            with self._ring:
                self._threads.discard(threading.current_thread())
                self._ring.notify_all()

    def _once(self) -> bool:
        """Do what waits longest, or wait until something may; whether to look again."""
        with self._ring:
            while not self._stopping and (rest_s := self._rest_until - time.monotonic()) > 0:
                self._ring.wait(rest_s)
            calls = self._calls
            if self._stopping:
                return False
        lease = self._take()
        if lease is not None:
            self._do(lease)
            return True
        expiry = next_expiry(self._kinds)
        connection.close()
        with self._ring:
            if self._calls == calls and not self._stopping:
                if expiry is None:
                    self._threads.discard(threading.current_thread())
                    return False
                self._ring.wait(min(_seconds_until(expiry), WATCH_EVERY_S))
        return True

    def _take(self) -> Lease | None:
        taken = (lease_take(kind, now=timezone.now()) for kind in self._kinds)
        return next((lease for lease in taken if lease is not None), None)

    def _do(self, lease: Lease) -> None:
        with self._ring:
            stopping = self._stopping
            self._leases.add(lease)
        try:
            lease_give_back(lease) if stopping else leased_work(lease)
        finally:
            connection.close()
            with self._ring:
                self._leases.discard(lease)
                self._ring.notify_all()


def _seconds_until(moment: datetime) -> float:
    return max(0.1, (moment - timezone.now()).total_seconds())
