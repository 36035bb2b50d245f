"""The main job: plain words in; a strategy, its code and a backtest on real prices out."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_INPUT, EngineCommand, heeding_interrupts
from backtest_api.request_arguments import add_request_arguments, request_of, text_of, usage_error

EXAMPLE = 'manage.py backtest "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop" --symbol GOOG'


class Command(EngineCommand):
    help = f"Backtest a trading idea in plain words. For example: {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        add_request_arguments(parser, "text")
        parser.add_argument(
            "--provider",
            choices=("compiler", "model"),
            default="compiler",
            help="who writes the code; a model's is proved on these bars, else the compiler's is taken",
        )
        output = parser.add_argument_group("output")
        output.add_argument("--json", action="store_true", help="one JSON object instead of tables")
        output.add_argument(
            "--advice", action="store_true", help="what could be better, each with a sentence that was tried"
        )
        output.add_argument("--all-trades", action="store_true", help="list every trade")
        output.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one request a line")
        output.add_argument("--out", type=Path, metavar="OUT.jsonl", help="the answers of --batch, one a line")

    def run(self, options: dict[str, Any]) -> int:
        if options["batch"]:
            return self._batch(options)
        from backtest_api.services import backtest_run

        request = request_of(options, options["text"])
        outcome = backtest_run(
            request=request,
            progress=self.progress,
            by_model=options["provider"] == "model",
            advised=options["advice"],
        )
        if options["json"]:
            from backtest_api.answers import backtest_answer

            self.stdout.write(json.dumps(backtest_answer(outcome), allow_nan=False))
        else:
            self.terminal(options).backtest(outcome, all_trades=options["all_trades"])
        return EXIT_DONE if outcome.status == "completed" else EXIT_INPUT

    def _batch(self, options: dict[str, Any]) -> int:
        """Answer each line of the input in a line of the output, as soon as it is known."""
        from Backtest.errors import ArtifactUnwritable, Issue
        from backtest_api.batch import answer_lines

        if not options["out"]:
            raise usage_error("--out", "--batch needs --out OUT.jsonl for its answers")
        lines = text_of(options["batch"], "--batch").splitlines()
        try:
            with options["out"].open("w", encoding="utf-8") as out, heeding_interrupts() as check_interrupt:
                for answer in answer_lines(lines, self.progress):
                    out.write(json.dumps(answer, allow_nan=False) + "\n")
                    out.flush()
                    check_interrupt()
        except OSError as error:
            message = f"{options['out']} can't be written: {error.strerror or error}"
            raise ArtifactUnwritable(message, [Issue("--out", message)]) from error
        return EXIT_DONE
