"""A run as its artifacts tell it: what was asked, on which prices, with which account, and what came of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from Backtest.canonical.spec import Spec

if TYPE_CHECKING:
    import pandas as pd

    from Backtest.account import Account
    from Backtest.data.bars import Window
    from Backtest.run_result import RunResult


@dataclass(frozen=True)
class RunRecord:
    """All that the renderers read. `result` has one equity value per bar of `window` from its `first_bar` on, and
    bar numbers that count from there; `account` is the one `spec.execution` names; `created_at` is aware (UTC);
    `code` is the source that ran."""

    spec: Spec
    code: str
    window: "Window"
    account: "Account"
    result: "RunResult"
    created_at: datetime
    run_id: str

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
