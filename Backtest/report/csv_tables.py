"""trades.csv and equity.csv: RFC 4180, numbers in full precision, texts that no spreadsheet takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Final

from Backtest.report.drawdown import drawdowns_pct
from Backtest.report.record import RunRecord

EQUITY_COLUMNS: Final = ("time", "equity", "drawdown_pct", "close")

# Where a spreadsheet may see a cell begin, whatever separator its locale has, and what makes that cell a formula.
_FORMULA: Final = re.compile(r"(^|[\t\r\n;,|])(?=\s*['=+\-@\uff1d\uff0b\uff0d\uff20])")


def trades_csv(record: RunRecord) -> str:
    """The closed trades, one line each under the names of `ClosedTrade`'s fields; what is undefined is empty.

    Numbers are written in full (`repr`). A tag that a spreadsheet could run as a formula gets a `'` before it.
    """
    from Backtest.run_result import ClosedTrade

    columns = [field.name for field in fields(ClosedTrade)]
    return _csv(columns, ([getattr(trade, name) for name in columns] for trade in record.result.trades))


def equity_csv(record: RunRecord) -> str:
    """One line per evaluated bar: stamp, equity at its close, drawdown (percent, 0 or negative), close."""
    equity = record.result.equity
    stamps = record.stamps(range(len(equity)))
    closes = record.evaluated["Close"].tolist()
    return _csv(EQUITY_COLUMNS, zip(stamps, equity, drawdowns_pct(equity), closes, strict=True))


def inert(text: str) -> str:
    """The text with a `'` where a spreadsheet could see a formula begin (and where a `'` stands there already, so that
    taking one away at each such place gives the text back)."""
    return _FORMULA.sub(r"\1'", text)


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([inert(value) if isinstance(value, str) else value for value in row] for row in rows)
    return out.getvalue()
