"""The interactive tester: say a strategy, see what was understood and what it would have earned, change it."""

import logging
import sys
from typing import Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EngineCommand


class Command(EngineCommand):
    help = "Describe, change and backtest strategies in a conversation; everything is stored for the user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", metavar="NAME", help="whose strategies; not needed where there is one account")
        parser.add_argument("--symbol", help="what to trade: GOOG, AAPL, EURUSD, BTCUSD; the strategy's own, else GOOG")
        parser.add_argument("--timeframe", help="1d, 1h, ...: the prices' own unless said")

    def run(self, options: dict[str, Any]) -> int:
        from auth_api.selectors import local_user
        from backtest_api.tester.conversation import Conversation
        from backtest_api.tester.screen import Screen
        from backtest_api.tester.workbench import Workbench

        if options["verbosity"] < 2:
            logging.getLogger().setLevel(logging.WARNING)  # a conversation is no place for the service's log
        bench = Workbench(
            local_user(name=options["user"]),
            symbol=options["symbol"] and options["symbol"].upper(),
            timeframe=options["timeframe"],
        )
        screen = Screen(self.stdout, no_color=options["no_color"], force_color=options["force_color"])
        Conversation(bench, screen, _line_reader()).run()
        return EXIT_DONE


def _line_reader() -> Any:
    """Lines from a terminal, with a history to go back in; from a pipe, without prompts."""
    if not sys.stdin.isatty():

        def next_line(prompt: str) -> str:
            line = sys.stdin.readline()
            if not line:
                raise EOFError
            return line.rstrip("\n")

        return next_line
    import readline  # noqa: F401 - gives input() its history and its keys

    return input
