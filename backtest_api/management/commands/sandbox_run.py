"""Run a user's own strategy files: scanned, isolated, measured."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_INPUT, EngineCommand

if TYPE_CHECKING:
    from Backtest.proof.causality import LookAhead
    from Backtest.safety.findings import ScanReport
    from Backtest.sandbox.job import SandboxOutcome


class Command(EngineCommand):
    help = (
        "Run your own backtesting.py strategy files in the sandbox and measure them. The figures are the code's own "
        "report: there is no specification to check them against."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="a Python file with a Strategy class")
        parser.add_argument("--symbol", required=True, help="a sample to run on: GOOG, AAPL, EURUSD or BTCUSD")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--no-look-ahead", action="store_true", help="skip the runs beside other futures")
        parser.add_argument("--no-scan", action="store_true", help="skip the scan (only while DEBUG is on)")

    def run(self, options: dict[str, Any]) -> int:
        from Backtest.errors import InputError, Issue
        from backtest_api.answers import sandbox_answer

        if options["no_scan"] and not settings.DEBUG:
            message = "--no-scan works only while DEBUG is on"
            raise InputError(message, [Issue("--no-scan", message, "leave it out")])
        terminal = self.terminal(options)
        completed = True
        for file in options["files"]:
            self.progress(f"Running {file} on {options['symbol']}")
            report, outcome, look_ahead = self._one(Path(file), options)
            completed = completed and outcome is not None and outcome.status == "completed"
            if options["json"]:
                self.stdout.write(json.dumps(sandbox_answer(file, report, outcome, look_ahead), allow_nan=False))
            else:
                terminal.sandbox(file, report, outcome, look_ahead)
        return EXIT_DONE if completed else EXIT_INPUT

    def _one(
        self, path: Path, options: dict[str, Any]
    ) -> "tuple[ScanReport | None, SandboxOutcome | None, LookAhead | None]":
        from Backtest.safety.gate import source_text
        from Backtest.safety.scan import scan
        from backtest_api.services import strategy_code_look_ahead, strategy_code_read, strategy_code_run

        source = strategy_code_read(path=path)
        report = None if options["no_scan"] else scan(source)
        if report is not None and not report.ok:
            return report, None, None
        code, symbol = source_text(source), options["symbol"]
        outcome = strategy_code_run(code=code, symbol=symbol)
        if outcome.result is None or options["no_look_ahead"]:
            return report, outcome, None
        self.progress("Running it beside other futures")
        return report, outcome, strategy_code_look_ahead(code=code, symbol=symbol)
