"""The sign of life of whoever does leased work."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import structlog
from django.db import DatabaseError, connection
from django.utils import timezone

from backtest_api.leases import LEASE, Lease, lease_renew

LOOK_EVERY_S = 0.5
RENEW_EVERY_S = LEASE.total_seconds() / 4

log = structlog.get_logger("backtest_api.leases")


class Heartbeat:
    """Renews a lease while the block runs, and calls `on_lost` once when it does not hold any more."""

    def __init__(self, lease: Lease, on_lost: Callable[[], None]) -> None:
        self._lease = lease
        self._on_lost = on_lost
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of {lease.row_id}", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        renewed_s = time.monotonic()
        try:
            while not self._done.wait(LOOK_EVERY_S):
                renew = time.monotonic() - renewed_s > RENEW_EVERY_S
                if not self._holds(renew=renew):
                    self._on_lost()
                    return
                renewed_s = time.monotonic() if renew else renewed_s
        finally:
            connection.close()

    def _holds(self, *, renew: bool) -> bool:
        try:
            return lease_renew(self._lease, now=timezone.now()) if renew else self._lease.rows().exists()
        except DatabaseError as error:  # it may be busy; if it stays so, another worker takes the work
            log.warning("lease not seen", id=self._lease.row_id, error=str(error))
            return True
