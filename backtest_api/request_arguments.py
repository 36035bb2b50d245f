"""The arguments that say what is to be run, for each command that runs something."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import CommandParser

if TYPE_CHECKING:
    from Backtest.pipeline import BacktestRequest


def add_request_arguments(parser: CommandParser, name: str, beside: str = "") -> None:
    """A strategy as the positional argument `name` or with --spec, its prices, its account, and answers.

    `beside` says what else that argument may be.
    """
    parser.add_argument(
        name,
        nargs="?",
        metavar=name.upper(),
        help=f"{beside}the strategy in plain words, or the address of a web page that tells it; - reads it from stdin",
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


def request_of(options: dict[str, Any], text: str | None) -> "BacktestRequest":
    """What the options ask; a text of - is read from stdin. Raises InputError for what can't be read."""
    from Backtest.pipeline import BacktestRequest

    spec = options["spec"]
    if (text is None) == (spec is None):
        raise usage_error("TEXT", "say a strategy in plain words, or give one with --spec, or many with --batch")
    return BacktestRequest(
        text=sys.stdin.read() if text == "-" else text,
        canonical_json=_document(text_of(spec, "--spec"), "--spec") if spec else None,
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


def text_of(path: Path, field: str) -> str:
    """The file's text. Raises InputError (field `field`)."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise usage_error(field, f"{path} can't be read: {reason}") from error


def usage_error(field: str, message: str) -> Exception:
    """The error of an option, or a pair of them, that can't be meant."""
    from Backtest.errors import InputError, Issue

    return InputError(message, [Issue(field, message, "see --help")])
