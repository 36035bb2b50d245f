"""report.html: one file that opens without a network, and reads without JavaScript."""

import json
from collections.abc import Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from Backtest.canonical.explain import explain
from Backtest.canonical.operand_phrases import chart_name
from Backtest.report import wording
from Backtest.report.manifest import manifest
from Backtest.report.monthly import YearReturns, monthly_returns
from Backtest.report.record import RunRecord

if TYPE_CHECKING:
    from jinja2 import Template

    from Backtest.report.buckets import Buckets
    from Backtest.run_result import ClosedTrade

MAX_STATIC_POINTS: Final = 1_100
MAX_POINTS: Final = 2_500
MAX_TRADES: Final = 1_000
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FOLDER: Final = Path(__file__).parent


def report_html(record: RunRecord) -> str:
    """The page: figures, what was understood and assumed, charts, trades, months, code and what the run was made of.

    Long series are drawn with their extremes in at most `MAX_POINTS` stretches, and of more than `MAX_TRADES` trades
    those with the largest results are shown: the CSV files have all of them.
    """
    from markupsafe import Markup

    return _template().render(
        **_facts(record),
        **_charts(record),
        style=Markup((_FOLDER / "report.css").read_text(encoding="utf-8")),  # noqa: S704 - a file of this package
        script=Markup((_FOLDER / "report.js").read_text(encoding="utf-8")),  # noqa: S704 - a file of this package
        word=wording,
    )


@cache
def _template() -> "Template":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")


def _facts(record: RunRecord) -> dict[str, Any]:
    from Backtest.report.highlight import pieces
    from Backtest.report.statistics import cards, table

    spec = record.spec
    assumptions = spec.assumptions if spec else ()
    assumed = {assumption.path for assumption in assumptions}
    return {
        "spec": spec,
        "strategy_name": record.strategy_name,
        "result": record.result,
        "run_id": record.run_id,
        "created_at": record.created_at.astimezone(UTC),
        "timeframe": chart_name(record.window.bars.timeframe),
        "cards": cards(record),
        "statistics": table(record.result.metrics),
        "sentences": [(sentence.text, sentence.path in assumed) for sentence in explain(spec)] if spec else [],
        "assumptions": [(a.topic.replace("_", " "), a.path, value_text(a.value), a.rule) for a in assumptions],
        "findings": record.window.bars.findings,
        "manifest": manifest(record),
        "code": list(pieces(record.code)),
        "code_lines": len(record.code.splitlines()),
        "months": MONTHS,
        "years": _years(record),
    }


def _charts(record: RunRecord) -> dict[str, Any]:
    from Backtest.report.buckets import buckets_of
    from Backtest.report.charts import drawdown_panel, equity_panel, price_panel

    closes = record.evaluated["Close"]
    digits = wording.price_digits(closes.tolist())
    trades = most_telling(record.result.trades, MAX_TRADES)
    held = record.result.open_at_end
    static = buckets_of(record, MAX_STATIC_POINTS)
    stamps = record.stamps(static.first_bars())
    return {
        "panels": {
            "equity": equity_panel(static, stamps, record.account.cash),
            "drawdown": drawdown_panel(static, stamps),
            "price": price_panel(static, stamps, [trade for _, trade in trades], held, digits),
        },
        "trades": trades,
        "price_digits": digits,
        "chart_data": json_for_script(_chart_data(record, buckets_of(record, MAX_POINTS), trades, digits)),
    }


def _chart_data(
    record: RunRecord, buckets: "Buckets", trades: Sequence[tuple[int, "ClosedTrade"]], digits: int
) -> dict[str, Any]:
    """What report.js draws from: columns, one value per bucket or trade."""
    from Backtest.report.buckets import rounded
    from Backtest.report.charts import LAYOUT

    held = record.result.open_at_end
    return {
        "layout": LAYOUT,
        "bars": buckets.bars,
        "barsEach": buckets.bars_each,
        "digits": digits,
        "cash": record.account.cash,
        "time": record.stamps(buckets.first_bars()),
        **{
            name: rounded(getattr(buckets, name))
            for name in ("open", "high", "low", "close", "equity", "equity_low", "equity_high", "drawdown")
            if buckets.bars_each > 1 or name not in ("equity_low", "equity_high")
        },
        "trades": [
            [number, t.entry_bar, t.exit_bar, t.size, t.entry_price, t.exit_price, t.pnl, t.return_pct]
            for number, t in trades
        ],
        "held": [[t.entry_bar, t.entry_bar + t.duration_bars, t.size, t.entry_price, t.last_price] for t in held],
    }


def most_telling(trades: Sequence["ClosedTrade"], most: int) -> list[tuple[int, "ClosedTrade"]]:
    """(number from 1, trade) of all, or of the `most` with the largest profits and losses, in their order in time."""
    numbered = list(enumerate(trades, start=1))
    if len(numbered) > most:
        numbered = sorted(sorted(numbered, key=lambda pair: -abs(pair[1].pnl))[:most])
    return numbered


def json_for_script(value: object) -> Any:
    """JSON that can't end the script element it stands in, whatever its texts hold."""
    from markupsafe import Markup

    text = json.dumps(value, allow_nan=False, ensure_ascii=True, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - escaped above


def value_text(value: object) -> str:
    """An assumed value in a reader's words: `rate 0.001`, `all`, `30`."""
    if isinstance(value, dict):
        words = [str(value["type"]).replace("_", " ")] if "type" in value else []
        words += [
            f"{key.replace('_', ' ')} {value_text(part)}" for key, part in value.items() if key not in ("type", "value")
        ]
        return " ".join([*words, *([value_text(value["value"])] if "value" in value else [])])
    if isinstance(value, list):
        return ", ".join(map(value_text, value))
    if value is None:
        return "none"
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    return str(value)


def _years(record: RunRecord) -> tuple[YearReturns, ...]:
    import numpy as np

    months = record.evaluated.index.to_numpy().astype("datetime64[M]")
    lasts = [*np.flatnonzero(months[1:] != months[:-1]).tolist(), len(months) - 1]
    equity = [record.result.equity[bar] for bar in lasts]
    return monthly_returns(record.stamps(lasts), equity, record.account.cash)
