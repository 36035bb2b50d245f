"""Sentences that only try a change, or keep the one that was tried; and what a change does to the trades."""

import re
from dataclasses import dataclass, replace

from Backtest.errors import InputError
from Backtest.kernel.execution import Execution
from Backtest.pipeline.evidence import first_difference, tried
from Backtest.pipeline.preparation import Prepared
from Backtest.pipeline.request import BacktestRequest

_COURTESY = r"(?:\s*(?:and|so|ok|okay|now|hmm|well|but)[,\s]+)*"
_WHAT_IF = re.compile(
    _COURTESY + r"\s*(?:what\s+(?:would\s+happen\s+if|happens\s+(?:if|with)|if|about)|how\s+about|suppose|"
    r"how\s+(?:well\s+)?(?:would|does)\s+it\s+(?:do|perform|look)\s+(?:if|with))\b",
    re.IGNORECASE,
)
_KEEP = re.compile(
    r"\s*(?:(?:yes|ok|okay|good|great|fine|please)[,.!\s]+)*"
    r"(?:(?:keep|take|apply|accept|adopt|use|do)\s+(?:it|that|this|the\s+change)|accept(?:ed)?|keep|apply)"
    r"(?:[,\s]+(?:please|then))?[.!\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What one side of a comparison came to."""

    trades: int
    open_at_end: int
    return_pct: float


@dataclass(frozen=True, slots=True)
class TradeDifference:
    """Two strategies on the same bars; `first_difference` is the stamp on which their trades part, None: nowhere."""

    symbol: str
    timeframe: str
    bars: int
    before: Figures
    after: Figures
    first_difference: str | None
    text: str


def is_what_if(message: str) -> bool:
    """Whether a sentence only asks what a change would do."""
    return _WHAT_IF.match(message) is not None


def is_acceptance(message: str) -> bool:
    """Whether a sentence keeps what was tried, and says nothing else."""
    return _KEEP.fullmatch(message) is not None


def trade_difference(before: BacktestRequest, after: BacktestRequest) -> TradeDifference:
    """Both run on the bars of the first. Raises InputError where one of them can't be run on them."""
    prepared, old = _ran(before)
    bars = prepared.window.bars
    changed, new = _ran(replace(after, symbol=bars.symbol, timeframe=bars.timeframe))
    was, would_be = _figures(prepared, old), _figures(changed, new)
    first = first_difference(new, old)
    return TradeDifference(
        symbol=bars.symbol,
        timeframe=bars.timeframe,
        bars=len(bars) - prepared.window.first_bar,
        before=was,
        after=would_be,
        first_difference=first,
        text=_told(was, would_be, first),
    )


def _ran(request: BacktestRequest) -> tuple[Prepared, Execution]:
    trial = tried(request)
    if trial.prepared is None or trial.outcome is None:
        raise InputError(f"it can't be run: {trial.why_not}")
    return trial.prepared, trial.outcome


def _figures(prepared: Prepared, run: Execution) -> Figures:
    return Figures(len(run.trades), len(run.open_at_end), 100 * (run.equity[-1] / prepared.account.cash - 1))


def _told(before: Figures, after: Figures, first: str | None) -> str:
    if first is None:
        return f"the same {after.trades} trades, {after.return_pct:+.2f} %"
    return (
        f"{after.trades} {'trade' if after.trades == 1 else 'trades'} against {before.trades}, "
        f"{after.return_pct:+.2f} % against {before.return_pct:+.2f} %; the first differs on {first}"
    )
