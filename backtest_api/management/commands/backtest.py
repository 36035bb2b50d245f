"""The main job: plain words in; a strategy, its code and a backtest on real prices out."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

from backtest_api.command import EXIT_DONE, EXIT_INPUT, EngineCommand, heeding_interrupts

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest

EXAMPLE = 'manage.py backtest "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop" --symbol GOOG'


class Command(EngineCommand):
    help = f"Backtest a trading idea in plain words. For example: {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "text",
            nargs="?",
            metavar="TEXT",
            help="the strategy in plain words, or the address of a web page that tells it; - reads it from stdin",
        )
        parser.add_argument("--spec", type=Path, metavar="SPEC.json", help="a canonical strategy instead of a text")
        data = parser.add_argument_group("prices")
        data.add_argument("--symbol", help="what to trade: GOOG, AAPL, EURUSD, BTCUSD, or a source's own symbol")
        data.add_argument(
            "--csv", type=Path, metavar="BARS.csv", help="your own bars: Time, Open, High, Low, Close, Volume"
        )
        data.add_argument("--source", choices=("sample", "yfinance"), default="sample", help="where prices come from")
        data.add_argument("--timeframe", help="1d, 1h, 15m, ...: the chart; the prices' own unless said")
        data.add_argument("--start", metavar="DATE", help="first day that counts; the bars before it warm up")
        data.add_argument("--end", metavar="DATE", help="last day")
        account = parser.add_argument_group("account")
        account.add_argument("--cash", type=float, help="starting cash (100000)")
        account.add_argument("--commission", type=float, help="fraction of the value per side (0.001 is 0.1 %%)")
        asked = parser.add_argument_group("open questions")
        asked.add_argument("--answers", metavar="JSON", help='answers by question id: {"exit-1": "..."}')
        asked.add_argument("--accept-defaults", action="store_true", help="take each question's default")
        output = parser.add_argument_group("output")
        output.add_argument("--json", action="store_true", help="one JSON object instead of tables")
        output.add_argument("--all-trades", action="store_true", help="list every trade")
        output.add_argument("--batch", type=Path, metavar="IN.jsonl", help="one request a line")
        output.add_argument("--out", type=Path, metavar="OUT.jsonl", help="the answers of --batch, one a line")

    def run(self, options: dict[str, Any]) -> int:
        if options["batch"]:
            return self._batch(options)
        from backtest_api.services import backtest_run

        outcome = backtest_run(request=_request(options), progress=self.progress)
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
            raise _usage("--out", "--batch needs --out OUT.jsonl for its answers")
        lines = _read(options["batch"], "--batch").splitlines()
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


def _request(options: dict[str, Any]) -> "BacktestRequest":
    from Backtest.pipeline import BacktestRequest

    text, spec = options["text"], options["spec"]
    if (text is None) == (spec is None):
        raise _usage("TEXT", "say a strategy in plain words, or give one with --spec, or many with --batch")
    return BacktestRequest(
        text=sys.stdin.read() if text == "-" else text,
        canonical_json=_document(_read(spec, "--spec"), "--spec") if spec else None,
        symbol=options["symbol"],
        source=options["source"],
        csv=options["csv"],
        timeframe=options["timeframe"],
        start=options["start"],
        end=options["end"],
        cash=options["cash"],
        commission=options["commission"],
        answers=_document(options["answers"], "--answers") if options["answers"] else {},
        accept_defaults=options["accept_defaults"],
    )


def _document(text: str, field: str) -> dict[str, Any]:
    from Backtest.canonical.json_text import read_json

    return read_json(text)


def _read(path: Path, field: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise _usage(field, f"{path} can't be read: {reason}") from error


def _usage(field: str, message: str) -> Exception:
    from Backtest.errors import InputError, Issue

    return InputError(message, [Issue(field, message, "see --help")])
