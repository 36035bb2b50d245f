"""What the commands share: results to stdout, progress to stderr, and the exit statuses of the contract."""

import signal
import sys
from abc import ABC, abstractmethod
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from django.core.management.base import BaseCommand, CommandParser

if TYPE_CHECKING:
    from backtest_api.terminal import Terminal

EXIT_DONE = 0
EXIT_INPUT = 1
EXIT_MACHINE = 2
EXIT_INTERRUPTED = 130


@contextmanager
def heeding_interrupts() -> Iterator[Callable[[], None]]:
    """Gives a check that raises KeyboardInterrupt once Ctrl-C was pressed inside the block.

    Python raises it wherever it stands, and some library's clean-up there may swallow it: long work asks again.
    """
    pressed: list[int] = []

    def handler(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    def check() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def ending_on_interrupt() -> Iterator[Callable[[], bool]]:
    """Gives a check that answers True once Ctrl-C was pressed inside the block: what was done until then is kept.

    Pressed again, it interrupts as it does elsewhere.
    """
    pressed: list[int] = []

    def handler(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        if len(pressed) > 1:
            signal.default_int_handler(number, frame)

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield lambda: bool(pressed)
    finally:
        signal.signal(signal.SIGINT, before)


class EngineCommand(BaseCommand, ABC):
    """A command whose `run` returns its exit status: 0 done, 1 the input is at fault, 2 the machine is."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **kwargs)

        def error(message: str) -> NoReturn:
            ArgumentParser.print_usage(parser, sys.stderr)
            parser.exit(EXIT_INPUT, f"{parser.prog}: {message} (see --help)\n")

        setattr(parser, "error", error)  # noqa: B010 - argparse's own status for usage is 2, which means the machine here
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        from Backtest.errors import AlgoAgentError, InputError, LimitReached
        from rest.errors import ServiceError

        try:
            status = self.run(options)
        except (InputError, LimitReached, ServiceError) as error:
            self.refuse(error)
            status = EXIT_INPUT
        except AlgoAgentError as error:
            self.refuse(error)
            status = EXIT_MACHINE
        except KeyboardInterrupt:
            self.stderr.write("interrupted")
            status = EXIT_INTERRUPTED
        if status != EXIT_DONE:
            sys.exit(status)

    @abstractmethod
    def run(self, options: dict[str, Any]) -> int:
        """The command's work; returns an exit status, raises AlgoAgentError."""

    def refuse(self, error: Any) -> None:
        """Say what is wrong and how to mend it, on stderr."""
        self.stderr.write(self.style.ERROR(error.message))
        for issue in error.issues:
            place = f"{issue.field}: " if issue.field else ""
            mend = f" ({issue.suggestion})" if issue.suggestion else ""
            if issue.message != error.message or mend:
                self.stderr.write(f"  {place}{issue.message}{mend}")

    def terminal(self, options: dict[str, Any]) -> "Terminal":
        """Where results for people go, coloured as Django's own options and the terminal say."""
        from backtest_api.terminal import Terminal

        return Terminal(self.stdout, no_color=options["no_color"], force_color=options["force_color"])

    def progress(self, step: str) -> None:
        """One line on stderr as a step of long work begins."""
        self.stderr.write(self.style.HTTP_INFO(f"{step} ..."), ending="\n")
