"""The series of a proof hold the corners that decide a trade: where a stop, a size or a longer bar is just so."""

from functools import cache
from typing import Any

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from Backtest.kernel.kernel import run_spec
from Backtest.proof.adversary import Adversary, adversary
from Backtest.proof.comparison import first_difference
from Backtest.proof.drawing import Series
from Backtest.proof.prove import Budget, prove
from Backtest.proof.rivals import rivals
from Backtest.proof.trusted import execute, trades_of
from tests.proof.in_process import run_here
from tests.semantics.documents import (
    all_of,
    compare,
    document,
    enter,
    indicator,
    leave,
    number,
    percent,
    price,
    rsi,
    sma,
)

DAILY = load_bars(symbol="GOOG").window(None, "2006-06-30")
HOURLY = load_bars(symbol="EURUSD").window(None, "2017-05-12")
ACCOUNT = Account()
ATR = {"id": "ATR_5", "name": "ATR", "params": {"timeperiod": 5}, "source": None, "timeframe": None}
AT_RISK = parse_spec(
    document(
        [enter(compare(price(), ">", indicator("SMA_5")))],
        [leave(compare(price(), "<", indicator("SMA_5")))],
        indicators=[sma(5), ATR],
        risk={"stop_loss": {"type": "atr", "indicator": "ATR_5", "multiple": 2}},
        sizing={"type": "risk", "percent": 1},
    )
)
LONGER = parse_spec(
    document(
        [enter(all_of(compare(indicator("RSI_5"), "<", number(60)), compare(price(), ">", indicator("SMA_3_4H"))))],
        [leave(compare(indicator("RSI_5"), ">", number(70)))],
        indicators=[rsi(5), {**sma(3), "id": "SMA_3_4H", "timeframe": "4h"}],
        timeframe="1h",
    )
)
RARE = parse_spec(
    document(
        [
            enter(
                all_of(
                    {"type": "pattern", "name": "CDLENGULFING", "direction": "bullish"},
                    compare(indicator("RSI_14"), "<", number(45)),
                )
            )
        ],
        indicators=[rsi(14)],
        risk={"stop_loss": percent(4), "max_bars": 15},
    )
)
SPECS = {"at risk": (AT_RISK, DAILY), "longer": (LONGER, HOURLY), "rare": (RARE, DAILY)}


@cache
def against(name: str) -> Adversary:
    spec, window = SPECS[name]
    return adversary(spec, window, ACCOUNT)


def of(name: str, words: str) -> list[Series]:
    return [series for series in against(name).series if words in series.name]


def first_trade(spec: Spec, series: Series) -> Any:
    return min(trades_of(spec, series.window, ACCOUNT), key=lambda trade: trade.entry_bar)


def is_noticed(name: str, old: str, new: str) -> bool:
    spec, window = SPECS[name]
    code = compile_spec(spec)
    assert old in code.source
    budget = Budget(shrinking_runs=0)
    changed = code.source.replace(old, new)
    found = prove(spec, changed, code.class_name, window, ACCOUNT, run_here, budget=budget, against=against(name))
    return found.state == "mismatch"


def test_a_stop_lies_beyond_0_on_the_bar_of_an_entry() -> None:
    found = of("at risk", "a stop beyond 0")
    assert found
    assert {first_trade(AT_RISK, series).stop_price for series in found} == {None}


def test_a_size_costs_the_account_but_for_a_part_of_the_commission() -> None:
    found = of("at risk", "a size that costs just the account")
    assert len(found) >= 4
    for series in found:
        signal = first_trade(AT_RISK, series).entry_bar - 1
        close = float(series.window.bars.frame["Close"].iloc[signal])
        units = round(ACCOUNT.cash / close)
        assert abs(units * close / ACCOUNT.cash - 1) < 2 * ACCOUNT.commission_rate


def test_closes_of_exactly_1_are_among_them() -> None:
    assert (of("at risk", "prices around 1")[0].window.bars.frame["Close"] == 1.0).sum() > 10


def test_a_longer_bar_ends_in_a_hole_of_the_calendar_right_after_a_tie() -> None:
    found = of("longer", "before a hole")
    assert found
    for series in found:
        index = series.window.bars.frame.index
        assert max(index[1:] - index[:-1]).days >= 1


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("at risk", "if 0 < level < np.inf and", "if"),
        ("at risk", "(price - level) * side > 0", "(price - level) * side >= 0"),
        ("at risk", "+ units * price * COMMISSION", "- units * price * COMMISSION"),
        ("at risk", "cost <= self.equity", "cost < self.equity"),
        ("longer", "return ends.where(ends < begins_next, begins_next)", "return begins_next"),
        ("longer", '"h": 60, "d": 1440, "w"', '"h": 61, "d": 1440, "w"'),
        ("longer", "self.SMA_3_4H[-1]", "self.SMA_3_4H[-2]"),
        ("rare", "elif entry_1:", "if entry_1:"),
    ],
)
def test_what_only_such_a_corner_tells_is_noticed(name: str, old: str, new: str) -> None:
    assert is_noticed(name, old, new)


def test_a_rival_that_is_not_open_trades_otherwise_on_a_series_of_the_proof() -> None:
    made = against("at risk")
    for said, rival in rivals(AT_RISK):
        if said in made.open_rivals:
            continue
        runs = (
            (execute(AT_RISK, each.window, ACCOUNT), run_spec(rival, each.window, ACCOUNT), each)
            for each in made.series
        )
        assert any(first_difference(expected, run, each.window) for expected, run, each in runs), said
