"""A grid of a strategy's numbers, searched for the best metric; the best of it verified."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_INPUT, EXIT_INTERRUPTED, EngineCommand, ending_on_interrupt
from backtest_api.request_arguments import add_request_arguments, request_of, usage_error

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome

EXAMPLE = (
    'manage.py optimize "Buy when the 20-day SMA crosses above the 50-day SMA, sell when it crosses below" '
    '--symbol GOOG --grid fast=5:50:5 --grid slow=20:200:10 --where "fast < slow" --maximize sharpe_ratio'
)
DEFAULT_METRIC = "sharpe_ratio"
MOST_SHOWN = 50
TELL_EVERY_S = 2.0


class Command(EngineCommand):
    help = f"Search a grid of a strategy's numbers for the best metric. For example: {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        add_request_arguments(parser, "text")
        search = parser.add_argument_group("search")
        search.add_argument(
            "--grid",
            action="append",
            metavar="NAME=FROM:TO:STEP",
            help="what to vary, both ends included, or NAME=5,10,20; once for each name. A name that is none lists all",
        )
        search.add_argument(
            "--where", action="append", default=[], metavar="CONDITION", help='combinations to try only: "fast < slow"'
        )
        goal = search.add_mutually_exclusive_group()
        goal.add_argument("--maximize", metavar="METRIC", help=f"what the best has most of ({DEFAULT_METRIC})")
        goal.add_argument("--minimize", metavar="METRIC", help="what the best has least of")
        search.add_argument("--top", type=int, default=5, help="how many of the best to verify and show (5)")
        output = parser.add_argument_group("output")
        output.add_argument("--json", action="store_true", help="one JSON object instead of tables")
        output.add_argument("--heatmap", type=Path, metavar="FILE.png", help="draw the first two names of the grid")

    def run(self, options: dict[str, Any]) -> int:
        from Backtest.pipeline import Outcome
        from backtest_api.services import backtest_optimize, backtest_prepare

        _check(options)
        prepared = backtest_prepare(request=request_of(options, options["text"]), progress=self.progress)
        if isinstance(prepared, Outcome):
            return self._obstacles(options, prepared)
        with ending_on_interrupt() as cancel, self._bar() as bar:
            found = backtest_optimize(
                prepared=prepared,
                grid=options["grid"],
                constraints=options["where"],
                metric=options["minimize"] or options["maximize"] or DEFAULT_METRIC,
                is_maximum=options["minimize"] is None,
                top=options["top"],
                progress=bar,
                step=self.progress,
                cancel=cancel,
            )
            interrupted = cancel()
        if options["json"]:
            self.stdout.write(json.dumps(found, allow_nan=False))
        else:
            self.terminal(options).search(found)
        if options["heatmap"]:
            self._draw(options["heatmap"], found)
        if interrupted:
            self.stderr.write("interrupted: what is above was done until then")
        return EXIT_INTERRUPTED if interrupted else EXIT_DONE

    def _obstacles(self, options: dict[str, Any], outcome: "Outcome") -> int:
        from backtest_api.answers import backtest_answer

        if options["json"]:
            self.stdout.write(json.dumps(backtest_answer(outcome), allow_nan=False))
        else:
            self.terminal(options).backtest(outcome, all_trades=False)
        return EXIT_INPUT

    def _draw(self, path: Path, found: dict[str, Any]) -> None:
        from Backtest.code_store import write_bytes_atomically
        from Backtest.report.heatmap import heatmap_png

        if found["heatmap"] is None:
            raise usage_error("--heatmap", "the first two names have too many values to draw: take larger steps")
        title = f"{found['metric']}, {found['tried']:,} combinations (in-sample)"
        write_bytes_atomically(path, heatmap_png(found["heatmap"], title, is_maximum=found["goal"] == "maximize"))
        self.stderr.write(f"drawn: {path}")

    @contextmanager
    def _bar(self) -> Iterator[Callable[[int, int], None]]:
        """Tells how many of all combinations are done: as a bar in a terminal, else in a line now and then."""
        if not self.stderr.isatty():
            told_s = [-TELL_EVERY_S]

            def tell(done: int, total: int) -> None:
                if done == total or time.monotonic() - told_s[0] >= TELL_EVERY_S:
                    told_s[0] = time.monotonic()
                    self.progress(f"Searching ({done:,} of {total:,} combinations)")

            yield tell
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("Searching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("search", total=None)
            yield lambda done, total: progress.update(task, completed=done, total=total)


def _check(options: dict[str, Any]) -> None:
    """Raises InputError for options that can't be meant together, before anything is loaded."""
    if not options["grid"]:
        raise usage_error("--grid", "say what to vary: --grid fast=5:50:5")
    if not 1 <= options["top"] <= MOST_SHOWN:
        raise usage_error("--top", f"--top is a number from 1 to {MOST_SHOWN}")
    if options["heatmap"] and len(options["grid"]) < 2:
        raise usage_error("--heatmap", "a heatmap needs two names: give --grid twice")
