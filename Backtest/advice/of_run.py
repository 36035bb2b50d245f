"""What a run on given bars shows beside its figures."""

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

import numpy as np
import pandas as pd

from Backtest.advice.loosening import loosened
from Backtest.advice.recommendation import Recommendation
from Backtest.canonical.condition_phrases import describe_condition
from Backtest.canonical.operand_phrases import describe_indicator, number_text
from Backtest.canonical.operands import Highest, Lowest
from Backtest.canonical.risk import (
    AtrDistance,
    FixedPlusRateCommission,
    PercentDistance,
    PerUnitCommission,
    RateCommission,
    RMultiple,
    StopLoss,
    TakeProfit,
    TrailingStop,
)
from Backtest.canonical.rules import EntryRule
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.data.bars import Window
from Backtest.run_result import ClosedTrade, OpenTrade
from Backtest.timeframes import is_intraday

FEWEST_TRADES: Final = 30
FEWEST_CLOSED: Final = 5
"""Trades from which on it is no chance that all of them were closed alike."""
_DAYS_A_YEAR: Final = 365.25
_LENGTHS: Final = (200, 100, 50, 20, 10, 5)


class Traded(Protocol):
    """What of a run is looked at."""

    @property
    def trades(self) -> tuple[ClosedTrade, ...]: ...

    @property
    def open_at_end(self) -> tuple[OpenTrade, ...]: ...


def advise_run(spec: Spec, window: Window, run: Traded) -> tuple[Recommendation, ...]:
    """What a run on this window shows; only trades that say what closed them tell of exits."""
    if too_long := tuple(_of_history(spec, window)):
        return too_long
    return (
        *_of_entries(spec, run),
        *_of_count(spec, window, run),
        *_of_costs(spec, window),
        *_of_exits(spec, run),
    )


# look-back and history


def _of_history(spec: Spec, window: Window) -> Iterator[Recommendation]:
    bars = len(window.bars)
    for text, length in _look_backs(spec):
        if length >= bars:
            reason = (
                f"{text} looks back {length:,} bars, and there are {bars:,}: it never has a value, or at the very end."
            )
            shorter = [each for each in _LENGTHS if each <= bars // 5 and each < length]
            edits = [f"use {each} instead of {number_text(length)}" for each in shorter]
            edits += [f"use {each} days instead of {number_text(length)}" for each in shorter]
            yield Recommendation("look_back_beyond_history", reason, tuple(edits))


def _look_backs(spec: Spec) -> Iterator[tuple[str, int]]:
    """What looks back on the chart's own bars, and over how many of them."""
    for use in spec.indicators:
        lengths = [value for value in use.params.values() if isinstance(value, int)]
        if lengths and use.timeframe in (None, spec.timeframe):
            yield describe_indicator(use.id, spec), max(lengths)
    for _, node in walk(spec):
        if isinstance(node, Highest | Lowest):
            yield f"the {node.type} of {node.bars:,} bars", node.bars


# entries and their number


def _of_entries(spec: Spec, run: Traded) -> Iterator[Recommendation]:
    fired = {trade.tag for trade in run.trades} | {trade.tag for trade in run.open_at_end}
    for rule in spec.entry_rules:
        if rule.id not in fired:
            reason = f"The rule {rule.id} opened no trade on these bars: it may be too strict, or never true."
            yield Recommendation("rule_never_fires", reason, (*loosened(rule, spec), *_left_out(rule, spec)))


def _left_out(rule: EntryRule, spec: Spec) -> tuple[str, ...]:
    """Sentences that drop the rule where others stay."""
    if len(spec.entry_rules) == 1 or rule.when is None:
        return ()
    verb = "buy" if rule.side == "long" else "short"
    words = [describe_condition(rule.when, spec)]
    words += [span for span in _own_words(rule, spec) if span]
    return tuple(f"don't {verb} when {said}" for said in words)


def _own_words(rule: EntryRule, spec: Spec) -> list[str]:
    """What the text says after "when" of the rule."""
    text, path = spec.provenance.text or "", f"/entry_rules/{spec.entry_rules.index(rule)}"
    spans = [text[span.start : span.end] for span in spec.provenance.spans if span.path == path]
    return [said.partition(" when ")[2].strip(" .,") for said in spans]


def _of_count(spec: Spec, window: Window, run: Traded) -> Iterator[Recommendation]:
    edits = tuple(edit for rule in spec.entry_rules for edit in loosened(rule, spec))
    years, count = _years(window), len(run.trades) + len(run.open_at_end)
    if years >= 1 and 0 < count / years <= 1:
        times = "1 trade was" if count == 1 else f"{count} trades were"
        reason = f"{times} opened in {years:.1f} years: one a year or fewer can't be told from chance."
        yield Recommendation("one_trade_a_year", reason, edits)
    elif 0 < len(run.trades) < FEWEST_TRADES:
        closed = "1 closed trade is" if len(run.trades) == 1 else f"{len(run.trades)} closed trades are"
        reason = f"{closed} too few to tell skill from luck; from {FEWEST_TRADES} on, averages begin to mean something."
        yield Recommendation("few_trades", reason, edits)


def _years(window: Window) -> float:
    times = pd.DatetimeIndex(window.bars.frame.index[window.first_bar :])
    return float((times[-1] - times[0]) / pd.Timedelta(days=_DAYS_A_YEAR))


# costs


def _of_costs(spec: Spec, window: Window) -> Iterator[Recommendation]:
    cost_pct, move_pct = _round_trip_cost_pct(spec, window), _median_move_pct(window)
    if cost_pct > move_pct:
        reason = (
            f"A round trip costs {cost_pct:.3g} % of its value, and the median bar moves {move_pct:.3g} %: "
            "short holdings pay more than the market gives. Trade a longer timeframe, or less often."
        )
        yield Recommendation("costs_above_moves", reason, _longer_bars(window.bars.timeframe))


def _longer_bars(timeframe: str) -> tuple[str, ...]:
    if is_intraday(timeframe):
        return ("trade daily bars", "trade weekly bars")
    return ("trade weekly bars", "trade monthly bars") if timeframe == "1d" else ("trade monthly bars",)


def _round_trip_cost_pct(spec: Spec, window: Window) -> float:
    """Spread and both sides' commission in percent of the value; a fixed fee is that of an order of the whole cash."""
    execution = spec.execution
    match execution.commission:
        case RateCommission(value=rate):
            side = rate
        case FixedPlusRateCommission(fixed=fixed, rate=rate):
            side = rate + fixed / execution.cash
        case PerUnitCommission(value=per_unit):
            side = per_unit / float(np.median(window.bars.frame["Close"].to_numpy()[window.first_bar :]))
    return 100 * (2 * side + execution.spread)


def _median_move_pct(window: Window) -> float:
    """The median absolute change from close to close, in percent; 0 with fewer than two bars."""
    close = window.bars.frame["Close"].to_numpy()[window.first_bar :]
    if len(close) < 2:
        return 0.0
    return float(np.median(np.abs(np.diff(close) / close[:-1]))) * 100


# exits


def _of_exits(spec: Spec, run: Traded) -> Iterator[Recommendation]:
    """Where there are several ways out, and one and the same was always the first."""
    closers = {trade.closed_by for trade in run.trades}
    ways = _ways_out(spec)
    if len(run.trades) < FEWEST_CLOSED or len(closers) != 1 or None in closers or len(ways) < 2:
        return
    (first,) = (str(closer) for closer in closers)
    others = [way for way in ways if way != first]
    if first not in ways or not others:
        return
    idle = " and ".join(map(_named, others))
    reason = f"All {len(run.trades)} trades were closed by {_named(first)}: it never came to {idle}."
    yield Recommendation("exit_always_first", reason, tuple(_later(spec, first, others)))


def _ways_out(spec: Spec) -> list[str]:
    risk = spec.risk
    parts = {
        "stop_loss": risk.stop_loss,
        "take_profit": risk.take_profit,
        "trailing_stop": risk.trailing_stop,
        "max_bars": risk.max_bars,
    }
    return [rule.id for rule in spec.exit_rules] + [name for name, part in parts.items() if part is not None]


def _named(way: str) -> str:
    names = {
        "stop_loss": "the stop",
        "take_profit": "the target",
        "trailing_stop": "the trailing stop",
        "max_bars": "the longest holding",
    }
    return names.get(way, f"the rule {way}")


def _later(spec: Spec, first: str, others: Sequence[str]) -> Iterator[str]:
    """Sentences that make the first way out come later, or the others sooner."""
    risk = spec.risk
    if first == "max_bars" and risk.max_bars is not None:
        yield from (f"hold for at most {risk.max_bars * factor} bars" for factor in (2, 3, 5))
    sizes: dict[str, StopLoss | TakeProfit | TrailingStop | None] = {
        "stop_loss": risk.stop_loss,
        "take_profit": risk.take_profit,
        "trailing_stop": risk.trailing_stop,
    }
    words = {"stop_loss": "stop loss", "take_profit": "target", "trailing_stop": "trailing stop"}
    for factor in (2.0, 3.0):
        yield from _resized(words.get(first, ""), sizes.get(first), factor)
    for factor in (0.5, 0.25, 0.1):
        for way in others:
            yield from _resized(words.get(way, ""), sizes.get(way), factor)
        if "max_bars" in others and risk.max_bars is not None and int(risk.max_bars * factor) >= 1:
            yield f"hold for at most {int(risk.max_bars * factor)} bars"


def _resized(word: str, size: object, factor: float) -> Iterator[str]:
    match size:
        case PercentDistance():
            yield f"use a {number_text(round(size.value * factor, 6))}% {word}"
        case AtrDistance():
            yield f"use a {number_text(round(size.multiple * factor, 6))} ATR {word}"
        case RMultiple():
            yield f"use a {number_text(round(size.multiple * factor, 6))}R {word}"
