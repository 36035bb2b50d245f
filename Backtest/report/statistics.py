"""The metrics of a run, worded: the headline as cards, and all of them as a table."""

from dataclasses import dataclass
from typing import Final

from Backtest.report.record import RunRecord
from Backtest.report.wording import NONE, number, percent, signed, signed_percent, tone

Metrics = dict[str, float | int | str | None]

# group -> (metric, what it is called); units are told by the metric's name.
GROUPS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "Period": (
        ("start", "First bar"),
        ("end", "Last bar"),
        ("duration_days", "Duration"),
        ("bars", "Bars"),
        ("exposure_time_pct", "Time in the market"),
    ),
    "Return": (
        ("equity_final", "Final equity"),
        ("equity_peak", "Highest equity"),
        ("total_pnl", "Profit"),
        ("commissions", "Commissions paid"),
        ("return_pct", "Return"),
        ("buy_and_hold_return_pct", "Buy and hold"),
        ("return_annual_pct", "Return a year"),
        ("cagr_pct", "Growth a year (CAGR)"),
        ("alpha_pct", "Alpha"),
        ("beta", "Beta"),
    ),
    "Risk": (
        ("volatility_annual_pct", "Volatility a year"),
        ("sharpe_ratio", "Sharpe ratio"),
        ("sortino_ratio", "Sortino ratio"),
        ("calmar_ratio", "Calmar ratio"),
        ("max_drawdown_pct", "Deepest drawdown"),
        ("avg_drawdown_pct", "Average drawdown"),
        ("max_drawdown_duration_days", "Longest drawdown"),
        ("avg_drawdown_duration_days", "Average drawdown lasts"),
    ),
    "Trades": (
        ("total_trades", "Closed trades"),
        ("open_trades", "Left open"),
        ("win_rate_pct", "Win rate"),
        ("best_trade_pct", "Best trade"),
        ("worst_trade_pct", "Worst trade"),
        ("avg_trade_pct", "Average trade (geometric)"),
        ("expectancy_pct", "Expectancy"),
        ("max_trade_duration_days", "Longest trade"),
        ("avg_trade_duration_days", "Average trade lasts"),
        ("profit_factor", "Profit factor"),
        ("sqn", "System quality number (SQN)"),
        ("kelly_criterion", "Kelly criterion"),
    ),
    "Distribution": (
        ("omega_ratio", "Omega ratio"),
        ("information_ratio", "Information ratio (against buy and hold)"),
        ("ulcer_index_pct", "Ulcer index"),
        ("tail_ratio", "Tail ratio"),
        ("value_at_risk_95_pct", "Value at risk of a bar (95 %)"),
        ("conditional_value_at_risk_95_pct", "Expected shortfall of a bar (95 %)"),
        ("skewness", "Skewness"),
        ("excess_kurtosis", "Excess kurtosis"),
    ),
    "Months and years": (
        ("best_month_pct", "Best month"),
        ("worst_month_pct", "Worst month"),
        ("winning_months_pct", "Winning months"),
        ("best_year_pct", "Best year"),
        ("worst_year_pct", "Worst year"),
        ("winning_years_pct", "Winning years"),
    ),
    "By the bar's own frequency": (
        ("bars_per_year", "Bars a year"),
        ("periods_per_year", "Periods a year that backtesting.py counts"),
        ("return_annual_pct_by_bar", "Return a year"),
        ("volatility_annual_pct_by_bar", "Volatility a year"),
        ("sharpe_ratio_by_bar", "Sharpe ratio"),
        ("sortino_ratio_by_bar", "Sortino ratio"),
        ("calmar_ratio_by_bar", "Calmar ratio"),
        ("annualisation_note", "Note"),
    ),
}
SAME_UNDER_TWO_NAMES: Final = frozenset({"win_rate", "max_drawdown"})
_COUNTS: Final = frozenset({"bars", "total_trades", "open_trades"})


@dataclass(frozen=True)
class Card:
    """One figure of the headline; `tone` is the CSS class of a gain or a loss."""

    label: str
    value: str
    note: str
    tone: str = ""


def cards(record: RunRecord) -> tuple[Card, ...]:
    """The eight figures one looks at first."""
    metrics = record.result.metrics
    trades = record.result.trades
    wins = sum(trade.pnl > 0 for trade in trades)

    def get(name: str) -> float | None:
        value = metrics.get(name)
        return None if isinstance(value, str) else value

    drawdown, days = get("max_drawdown_pct"), get("max_drawdown_duration_days")
    return (
        Card(
            "Return",
            signed_percent(get("return_pct")),
            f"buy and hold {signed_percent(get('buy_and_hold_return_pct'))}",
            tone(get("return_pct")),
        ),
        Card("Profit", signed(get("total_pnl")), f"final equity {number(get('equity_final'))}", tone(get("total_pnl"))),
        Card("Deepest drawdown", percent(drawdown), f"longest {_days(days)}", tone(drawdown)),
        Card("Sharpe ratio", number(get("sharpe_ratio")), f"Sortino {number(get('sortino_ratio'))}"),
        Card(
            "Win rate",
            percent(get("win_rate_pct"), 1),
            f"{wins:,} of {len(trades):,} closed trade{'' if len(trades) == 1 else 's'}",
        ),
        Card("Profit factor", number(get("profit_factor")), f"average trade {signed_percent(get('avg_trade_pct'))}"),
        Card(
            "Growth a year", signed_percent(get("cagr_pct")), f"volatility {percent(get('volatility_annual_pct'), 1)}"
        ),
        Card("Time in the market", percent(get("exposure_time_pct"), 1), f"commissions {number(get('commissions'))}"),
    )


def table(metrics: Metrics) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """(group, ((name, value), ...)): every metric that the run has, those without a name here under "Other"."""
    named = {name for rows in GROUPS.values() for name, _ in rows} | SAME_UNDER_TWO_NAMES
    other = tuple((name, name.replace("_", " ")) for name in metrics if name not in named)
    groups = {**GROUPS, "Other": other}
    return tuple(
        (group, tuple((label, _worded(name, metrics[name])) for name, label in rows if name in metrics))
        for group, rows in groups.items()
        if any(name in metrics for name, _ in rows)
    )


def _worded(name: str, value: float | int | str | None) -> str:
    if value is None or isinstance(value, str):
        return value or NONE
    if "_pct" in name:
        return percent(value)
    if name.endswith("_days"):
        return _days(value)
    return number(value, 0 if name in _COUNTS else 2)


def _days(days: float | None) -> str:
    if days is None:
        return NONE
    return f"{number(days, 0 if days == int(days) else 1)} day{'' if days == 1 else 's'}"
