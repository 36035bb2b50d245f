"""How figures, trades and values are written for a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text

if TYPE_CHECKING:
    from Backtest.run_result import ClosedTrade

SPARKS = "▁▂▃▄▅▆▇█"

# Label, metric, and how it is written; the left column is what the account did, the right one what the trades did.
METRICS: tuple[tuple[tuple[str, str, str], tuple[str, str, str]], ...] = (
    (("Total P&L", "total_pnl", "money"), ("Trades", "total_trades", "count")),
    (("Return", "return_pct", "percent"), ("Win rate", "win_rate_pct", "share")),
    (("Buy & hold", "buy_and_hold_return_pct", "percent"), ("Profit factor", "profit_factor", "ratio")),
    (("CAGR", "cagr_pct", "percent"), ("Expectancy", "expectancy_pct", "percent")),
    (("Max drawdown", "max_drawdown_pct", "percent"), ("Best trade", "best_trade_pct", "percent")),
    (("Volatility (ann.)", "volatility_annual_pct", "share"), ("Worst trade", "worst_trade_pct", "percent")),
    (("Sharpe", "sharpe_ratio", "ratio"), ("Avg. trade", "avg_trade_pct", "percent")),
    (("Sortino", "sortino_ratio", "ratio"), ("Avg. holding", "avg_trade_duration_days", "days")),
    (("Exposure", "exposure_time_pct", "share"), ("SQN", "sqn", "ratio")),
    (("Final equity", "equity_final", "plain_money"), ("Commissions", "commissions", "plain_money")),
)


def evidence_text(evidence: Any) -> str:
    """What was measured for an answer, after a colon; empty where nothing was."""
    return f": {evidence['text']}" if evidence else ""


def trade_row(number: int, trade: "ClosedTrade") -> list[Text | str]:
    colour = "green" if trade.pnl > 0 else "red"
    return [
        str(number),
        "long" if trade.size > 0 else "short",
        trade.entry_time.replace("T", " "),
        f"{trade.entry_price:,.6g}",
        trade.exit_time.replace("T", " "),
        f"{trade.exit_price:,.6g}",
        f"{abs(trade.size):,}",
        Text(figure_text(trade.pnl, "money"), style=colour),
        Text(figure_text(trade.return_pct, "percent"), style=colour),
        Text(trade.tag or "", style="dim"),
        Text(trade.closed_by or "", style="dim"),
    ]


def short_figure(value: object) -> str:
    return f"{value:,.4g}" if isinstance(value, int | float) else "–"


def figure_text(value: object, form: str) -> str:
    if not isinstance(value, int | float):
        return "–"
    return {
        "money": f"{value:+,.2f}",
        "plain_money": f"{value:,.2f}",
        "percent": f"{value:+,.2f} %",
        "share": f"{value:,.1f} %",
        "ratio": f"{value:,.2f}",
        "count": f"{value:,.0f}",
        "days": f"{value:,.1f} days",
    }[form]


def figure_colour(value: object, form: str) -> str:
    if form not in {"money", "percent"} or not isinstance(value, int | float):
        return ""
    return "green" if value > 0 else "red" if value < 0 else ""


def value_text(value: object) -> str:
    return (
        value
        if isinstance(value, str)
        else f"{value:,}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )


def sparkline(values: Sequence[float], width: int) -> str:
    """The course of the equity in one line of blocks."""
    step = max(1, len(values) // width)
    points = values[::step][:width]
    low, high = min(points), max(points)
    if high == low:
        return SPARKS[0] * len(points)
    return "".join(SPARKS[int((value - low) / (high - low) * (len(SPARKS) - 1))] for value in points)
