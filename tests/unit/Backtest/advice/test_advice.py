"""What is advised of a strategy and of its run, and that the sentence that goes with it helps."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from Backtest.advice import Recommendation, advise_run, advise_spec
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Bars, Window
from Backtest.reader.turns import read_turns
from Backtest.run_result import ClosedTrade, RunResult

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70"


def spec_of(*turns: str) -> Spec:
    reading = read_turns(turns)
    assert reading.spec is not None, reading
    return reading.spec


def topics(advice: tuple[Recommendation, ...]) -> set[str]:
    return {recommendation.topic for recommendation in advice}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        (IDEA, "no_stop"),
        ("Buy when RSI(14) drops below 30 with a 5% stop and a 10% target", "no_exit_in_time"),
        (f"{IDEA}, 3% stop loss. Risk 20% per trade.", "risk_per_trade"),
        (f"{IDEA}, 12% stop loss", "risk_per_trade"),
    ],
)
def test_the_sentence_that_goes_with_advice_makes_it_needless(text: str, topic: str) -> None:
    given = {advice.topic: advice for advice in advise_spec(spec_of(text))}
    assert topic in given
    assert topic not in topics(advise_spec(spec_of(text, given[topic].edit)))


def test_a_protected_strategy_of_modest_risk_is_left_alone() -> None:
    assert advise_spec(spec_of(f"{IDEA}, 5% stop loss. Risk 1% per trade.")) == ()


def test_leverage_multiplies_what_a_stop_costs() -> None:
    spec = spec_of(f"{IDEA}, 4% stop loss")
    assert advise_spec(spec) == ()
    leveraged = spec.model_copy(update={"execution": spec.execution.model_copy(update={"margin": 0.5})})
    (advice,) = advise_spec(leveraged)
    assert "costs 8 %" in advice.reason


def window(closes: list[float]) -> Window:
    price = np.array(closes)
    frame = pd.DataFrame(
        {"Open": price, "High": price * 1.001, "Low": price * 0.999, "Close": price, "Volume": 1.0},
        index=pd.date_range("2024-01-01", periods=len(price), freq="D"),
    )
    return Bars.from_frame(frame, symbol="MADE", source="csv", zone="UTC", timeframe="1d").window(None, None)


def run_of(*tags: str) -> RunResult:
    trade = ClosedTrade("2024-01-01", "2024-01-02", 0, 1, 1, 1.0, 1.0, 0.0, 0.0, 0.0, None, None, None, 1)
    trades = tuple(ClosedTrade(**{**asdict(trade), "tag": tag}) for tag in tags)
    return RunResult({}, trades, (), (), ())


def test_a_rule_that_opened_nothing_is_named() -> None:
    spec = spec_of(f"{IDEA}. Also buy when the close crosses above the SMA(50). 5% stop.")
    unused = [a.reason for a in advise_run(spec, window([100.0, 103.0] * 50), run_of(*["entry_1"] * 40))]
    assert len(unused) == 1
    assert "entry_2" in unused[0]


def test_thirty_trades_are_enough_and_twenty_nine_are_not() -> None:
    spec, bars = spec_of(IDEA), window([100.0, 103.0] * 50)
    assert "few_trades" in topics(advise_run(spec, bars, run_of(*["entry_1"] * 29)))
    assert "few_trades" not in topics(advise_run(spec, bars, run_of(*["entry_1"] * 30)))


def test_costs_above_the_median_move_are_named_with_both_figures() -> None:
    advice = advise_run(spec_of(IDEA), window([100.0, 100.1] * 50), run_of(*["entry_1"] * 40))
    (costs,) = [a for a in advice if a.topic == "costs_above_moves"]
    assert "0.2 %" in costs.reason  # 0.1 % a side
    assert "0.1 %" in costs.reason
    assert topics(advise_run(spec_of(IDEA), window([100.0, 103.0] * 50), run_of(*["entry_1"] * 40))) == set()
