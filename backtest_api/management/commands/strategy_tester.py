"""The interactive tester: say a strategy, see what was understood and what it would have earned, change it."""

import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EngineCommand


class Command(EngineCommand):
    help = "Describe, change and backtest strategies in a conversation; everything is stored for the user."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", metavar="NAME", help="whose strategies; not needed where there is one account")
        parser.add_argument("--symbol", help="what to trade: GOOG, AAPL, EURUSD, BTCUSD; the strategy's own, else GOOG")
        parser.add_argument("--timeframe", help="1d, 1h, ...: the prices' own unless said")
        parser.add_argument("--resume", action="store_true", help="take up the last conversation where it stood")

    def run(self, options: dict[str, Any]) -> int:
        from auth_api.selectors import local_user
        from backtest_api.tester.conversation import COMMANDS, Conversation
        from backtest_api.tester.prompt import is_terminal, pipe_reader, terminal_reader
        from backtest_api.tester.screen import Screen
        from backtest_api.tester.workbench import Workbench

        if options["verbosity"] < 2:
            logging.getLogger().setLevel(logging.WARNING)  # a conversation is no place for the service's log
        user = local_user(name=options["user"])
        bench = Workbench(
            user,
            symbol=options["symbol"] and options["symbol"].upper(),
            timeframe=options["timeframe"],
        )
        screen = Screen(self.stdout, no_color=options["no_color"], force_color=options["force_color"])
        history = Path(settings.PRIVATE_DIR) / "tester" / f"history_u{user.pk}"
        is_person = is_terminal()
        ask = terminal_reader(COMMANDS, history) if is_person else pipe_reader()
        Conversation(bench, screen, ask, is_person=is_person).run(resume=options["resume"])
        return EXIT_DONE
