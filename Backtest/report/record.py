"""A run as its artifacts tell it: what was asked, on which prices, with which account, and what came of it."""

import platform
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from importlib.metadata import version
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

from Backtest import __version__
from Backtest.canonical.spec import Spec
from Backtest.report.verdict import UNVERIFIED, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from Backtest.account import Account
    from Backtest.data.bars import Window
    from Backtest.run_result import RunResult

Executor = Literal["kernel", "interpreter", "code"]
"""Who made a run's figures: an execution of the spec, or the code under backtesting.py."""

LIBRARIES: Final = ("backtesting", "numpy", "pandas", "TA-Lib")


@cache
def versions() -> Mapping[str, str]:
    """What runs here: Python, AlgoAgent and the libraries that figures depend on."""
    libraries = {library: version(library) for library in LIBRARIES}
    return MappingProxyType({"python": platform.python_version(), "algoagent": __version__, **libraries})


@dataclass(frozen=True)
class RunRecord:
    """All that the renderers read. `result` has one equity value per bar of `window` from its `first_bar` on, and
    bar numbers that count from there; `account` is the one `spec.execution` names; `created_at` is aware (UTC);
    `code` is the source that ran, and `versions` what ran it. `executor` made the figures, and `verdict` says what came
    of comparing them. Without a `spec`, the figures are the code's own report, and the strategy is called by its class.
    """

    spec: Spec | None
    code: str
    window: "Window"
    account: "Account"
    result: "RunResult"
    created_at: datetime
    run_id: str
    class_name: str = ""
    executor: Executor = "code"
    verdict: Verdict = UNVERIFIED
    versions: Mapping[str, str] = field(default_factory=versions)

    @property
    def strategy_name(self) -> str:
        return self.spec.strategy_name if self.spec else self.class_name

    @property
    def evaluated(self) -> "pd.DataFrame":
        """The bars that were evaluated, without the warm-up before them."""
        return self.window.bars.frame.iloc[self.window.first_bar :]

    def stamps(self, bars: Iterable[int]) -> list[str]:
        """The stamps of these evaluated bars, written as the run's trades are: days, or naive ISO times."""
        import pandas as pd

        from Backtest.run_result import stamp_writer

        index = pd.DatetimeIndex(self.evaluated.index)
        write = stamp_writer(index, self.window.bars.timeframe)
        return [write(stamp) for stamp in index[list(bars)]]
