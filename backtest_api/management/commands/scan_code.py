"""Scan strategy files for what may not run: one line of JSON a file, or a list for people."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from Backtest.errors import InputError, Issue
from backtest_api.command import EXIT_DONE, EXIT_INPUT, EngineCommand


class Command(EngineCommand):
    help = "Scan strategy files: each refused place with its line, the reason and what to write instead."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="a Python file")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")
        parser.add_argument("--rules", action="store_true", help="list what is refused and why, with examples")

    def run(self, options: dict[str, Any]) -> int:
        if options["rules"]:
            return self._rules(as_json=options["json"])
        if not options["files"]:
            raise InputError("nothing to scan", [Issue("files", "there is no file", "name one, or say --rules")])
        return self._scan(options)

    def _rules(self, *, as_json: bool) -> int:
        from Backtest.safety.rule_page import rule_entry, rules_page
        from Backtest.safety.rules import RULES

        if as_json:
            for rule in RULES.values():
                self.stdout.write(json.dumps(rule_entry(rule)))
        else:
            self.stdout.write(rules_page(), ending="")
        return EXIT_DONE

    def _scan(self, options: dict[str, Any]) -> int:
        from Backtest.safety.scan import scan
        from backtest_api.answers import scan_answer
        from backtest_api.services import strategy_code_read

        terminal = self.terminal(options)
        ok = True
        for file in options["files"]:
            report = scan(strategy_code_read(path=Path(file)))
            ok = ok and report.ok
            if options["json"]:
                self.stdout.write(json.dumps(scan_answer(file, report), allow_nan=False))
            else:
                terminal.scan(file, report)
        return EXIT_DONE if ok else EXIT_INPUT
