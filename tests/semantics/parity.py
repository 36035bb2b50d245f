"""Runs a canonical document through the compiler, or a strategy written by hand, and says whether two runs trade alike.

The hand-written strategies of this directory are made from the conventions' text with backtesting.py, TA-Lib, numpy and pandas only.
"""

import math
import re
import types
import warnings
from dataclasses import dataclass

import pandas as pd
from backtesting import Backtest, Strategy

from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec

EXACT = ["EntryBar", "ExitBar", "Size"]
PRICES = ["EntryPrice", "ExitPrice"]
COLUMNS = [*EXACT, *PRICES, "PnL"]


@dataclass(frozen=True)
class Ledger:
    """What a run did: `closed` (COLUMNS, by entry and exit bar), `open` (bar, units, price) at the end, the equity at the last close."""

    closed: pd.DataFrame
    open: tuple[tuple[int, int, float], ...]
    final_equity: float
    reports: tuple[str, ...]

    def column(self, name: str) -> list[float]:
        return self.closed[name].tolist()


class PlainStrategy(Strategy):
    """A strategy written by hand; one without indicators has nothing to initialise."""

    def init(self) -> None:
        pass


def compiled_strategy(document: dict) -> type[Strategy]:
    """The class that the compiler makes of a document, from its source alone."""
    compiled = compile_spec(parse_spec(document))
    module = types.ModuleType("compiled_strategy")
    exec(compile(compiled.source, "compiled_strategy.py", "exec"), module.__dict__)  # noqa: S102 - what is tested
    return getattr(module, compiled.class_name)


def account_of(document: dict) -> dict:
    """A document's `execution` as backtesting.py takes it; rule 25's defaults where it is silent."""
    execution = document.get("execution", {})
    commission = execution.get("commission", {"type": "rate", "value": 0.001})
    charged = {
        "rate": lambda: commission["value"],
        "fixed_plus_rate": lambda: (commission["fixed"], commission["rate"]),
        "per_unit": lambda: lambda size, price: abs(size) * commission["value"],
    }[commission["type"]]()
    return {
        "cash": execution.get("cash", 100_000.0),
        "commission": charged,
        "spread": execution.get("spread", 0.0),
        "margin": execution.get("margin", 1.0),
    }


def compiled_trades(
    document: dict, frame: pd.DataFrame, *, start: str | None = None, reports: str | None = None
) -> Ledger:
    """The compiled document's run; see `plain_trades`."""
    return _run(compiled_strategy(document), frame, start, reports, account_of(document))


def plain_trades(
    strategy: type[Strategy],
    frame: pd.DataFrame,
    *,
    start: str | None = None,
    reports: str | None = None,
    **account: float | tuple[float, float],
) -> Ledger:
    """A strategy's run on rule 25's account, or the one given, evaluated from `start` on.

    `reports` is a pattern: some warning must match it and every warning must; without it there may be none.
    """
    return _run(strategy, frame, start, reports, {"cash": 100_000, "commission": 0.001, **account})


def assert_same_trades(compiled: Ledger, plain: Ledger) -> None:
    """Equal bars and units, prices to 1e-9, PnL and equity to 1e-6; the positions left open too."""
    difference = _difference(_rows(compiled), _rows(plain))
    assert difference is None, difference
    equities = compiled.final_equity, plain.final_equity
    assert math.isclose(*equities, rel_tol=1e-9, abs_tol=1e-6), f"final equity {equities[0]}, by hand {equities[1]}"


def _run(
    strategy: type[Strategy], frame: pd.DataFrame, start: str | None, reports: str | None, account: dict
) -> Ledger:
    if start is not None:
        strategy = _from(strategy, pd.Timestamp(start))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("ignore")  # backtesting.py's own use of pandas
        warnings.simplefilter("always", UserWarning)
        stats = Backtest(frame, strategy, finalize_trades=False, **account).run()
    messages = tuple(str(w.message) for w in caught if not str(w.message).startswith("Some trades remain open"))
    _check_reports(messages, reports)
    closed = stats["_trades"][COLUMNS].sort_values(["EntryBar", "ExitBar"], kind="stable").reset_index(drop=True)
    still_open = tuple((t.entry_bar, int(t.size), float(t.entry_price)) for t in stats["_strategy"].trades)
    return Ledger(closed, still_open, float(stats["Equity Final [$]"]), messages)


def _from(strategy: type[Strategy], first: pd.Timestamp) -> type[Strategy]:
    class Windowed(strategy):
        def next(self) -> None:
            if self.data.index[-1] >= first:
                super().next()

    return Windowed


def _check_reports(messages: tuple[str, ...], pattern: str | None) -> None:
    if pattern is None:
        assert messages == (), f"nothing was to be reported: {messages}"
        return
    assert messages, f"nothing was reported; expected /{pattern}/"
    others = [message for message in messages if not re.search(pattern, message, re.IGNORECASE)]
    assert others == [], f"reported beside /{pattern}/: {others}"


def _rows(ledger: Ledger) -> list[tuple]:
    closed = [tuple(row) for row in ledger.closed.itertuples(index=False)]
    return closed + [(bar, None, units, price, None, None) for bar, units, price in ledger.open]


def _difference(ours: list[tuple], theirs: list[tuple]) -> str | None:
    for i, (a, b) in enumerate(zip(ours, theirs, strict=False)):
        for column, x, y in zip(COLUMNS, a, b, strict=True):
            if x is None or y is None or column in EXACT:
                same = x == y
            elif column in PRICES:
                same = math.isclose(x, y, rel_tol=1e-9)
            else:
                same = math.isclose(x, y, rel_tol=1e-6, abs_tol=1e-6)
            if not same:
                return f"trade {i}: {column} {x}, by hand {y}\n  compiled {a}\n  by hand  {b}"
    return None if len(ours) == len(theirs) else f"{len(ours)} trades, by hand {len(theirs)}"
