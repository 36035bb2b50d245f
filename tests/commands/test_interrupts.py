"""Ctrl-C during long work."""

import contextlib
import signal

import pytest

from backtest_api.command import heeding_interrupts


def test_an_interrupt_that_a_library_swallowed_is_heeded_at_the_next_check() -> None:
    with heeding_interrupts() as check:
        check()
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()


def test_the_handler_of_before_is_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)
    with heeding_interrupts():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before
