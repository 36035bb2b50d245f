"""What a strategy says, and why its run did on a date, or with a trade, what it did."""

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_INPUT, EngineCommand
from backtest_api.request_arguments import add_request_arguments, request_of, usage_error

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome, Prepared
    from Backtest.report.record import RunRecord

EXAMPLE = 'manage.py explain "Buy when RSI(14) drops below 30, sell when it rises above 70" --why 2005-03-02'


class Command(EngineCommand):
    help = f"Say a strategy back, rule by rule, and why it traded on a date or did not. For example: {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        add_request_arguments(parser, "run_or_text", "the number of a stored run, or ")
        asked = parser.add_argument_group("what is asked")
        asked.add_argument("--why", metavar="DATE", help="the bar: YYYY-MM-DD, with THH:MM on a chart below a day")
        asked.add_argument("--trade", type=int, metavar="N", help="the closed trade of that number, from 1")
        asked.add_argument("--user", metavar="NAME", help="whose run; not needed where there is one account")
        asked.add_argument("--json", action="store_true", help="one JSON object instead of sentences")

    def run(self, options: dict[str, Any]) -> int:
        from Backtest.pipeline import Outcome
        from backtest_api.answers import backtest_answer

        if options["why"] is not None and options["trade"] is not None:
            raise usage_error("--trade", "ask for a date with --why, or for a trade with --trade")
        told = self._told(options)
        if not isinstance(told, Outcome):
            return self._explained(options, told)
        if options["json"]:
            self.stdout.write(json.dumps(backtest_answer(told), allow_nan=False))
        else:
            self.terminal(options).backtest(told, all_trades=False)
        return EXIT_INPUT

    def _told(self, options: dict[str, Any]) -> "RunRecord | Prepared | Outcome":
        """The run that is meant, or what would be run, or what stands between."""
        from auth_api.selectors import local_user
        from backtest_api.selectors import backtest_record
        from backtest_api.services import backtest_prepare

        text = options["run_or_text"]
        if text is not None and text.isascii() and text.isdecimal():
            return backtest_record(user=local_user(name=options["user"]), run_id=int(text))
        return backtest_prepare(request=request_of(options, text), progress=self.progress)

    def _explained(self, options: dict[str, Any], run: "RunRecord | Prepared") -> int:
        from backtest_api.why import explanation_answer

        answer = explanation_answer(run, date=options["why"], trade=options["trade"])
        if options["json"]:
            self.stdout.write(json.dumps(answer, allow_nan=False))
        else:
            self.terminal(options).explanation(answer)
        return EXIT_DONE
