"""Sources are scanned by several threads at once: a server's, each with its own user."""

import gc
import sys
import threading
from collections.abc import Iterator

import pytest

from Backtest.codegen.compiler import compile_spec
from Backtest.reader.reader import read_text
from Backtest.safety.scan import scan

THREADS = 6
SCANS = 40


class Cycle:
    """Garbage that only the collector finds, and that runs code when it is found."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        [None for _ in range(50)]


@pytest.fixture
def crowded() -> Iterator[None]:
    """Threads that give way, and a collector that runs, all the time."""
    switch, thresholds = sys.getswitchinterval(), gc.get_threshold()
    sys.setswitchinterval(1e-5)
    gc.set_threshold(50)
    yield
    sys.setswitchinterval(switch)
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("crowded")
def test_threads_that_scan_at_once_do_not_disturb_each_other() -> None:
    spec = read_text("Buy when RSI(14) drops below 30, sell when it rises above 70").spec
    assert spec is not None
    source = compile_spec(spec).source
    failures: list[BaseException] = []

    def scan_again_and_again() -> None:
        for _ in range(SCANS):
            [Cycle() for _ in range(30)]
            try:
                assert scan(source).ok
            except (SystemError, AssertionError) as error:
                failures.append(error)

    threads = [threading.Thread(target=scan_again_and_again) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
