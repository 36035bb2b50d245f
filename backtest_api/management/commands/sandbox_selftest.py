"""Try to escape from the sandbox of this machine, and say which walls hold."""

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_MACHINE, EngineCommand

if TYPE_CHECKING:
    from Backtest.sandbox.selftest import SelfTest


class Command(EngineCommand):
    help = (
        "Try an escape for each layer of the sandbox of this machine, and say which hold. The status is 2 when a layer "
        "fails, or when less is protected than SANDBOX_REQUIRE asks for."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object")

    def run(self, options: dict[str, Any]) -> int:
        from Backtest.sandbox.selftest import self_test

        self.progress("Trying to escape")
        result = self_test()
        if options["json"]:
            self.stdout.write(json.dumps(_answer(result), allow_nan=False))
        else:
            self.terminal(options).self_test(result)
        return EXIT_DONE if result.ok else EXIT_MACHINE


def _answer(result: "SelfTest") -> dict[str, Any]:
    return {
        "ok": result.ok,
        "required": result.required,
        "protects": result.protects,
        "how_to_reach": result.how_to_reach(),
        "layers": result.layers,
        "refuted": result.refuted,
        "attempts": [
            {"name": one.name, "held": one.held, "stopped_by_error": one.stopped_by_error, "layers": one.layers}
            for one in result.attempts
        ],
    }
