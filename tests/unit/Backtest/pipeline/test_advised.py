"""Each rule of craft fires where it should, and the sentence that goes with it does what it says."""

from itertools import count

import pytest

from Backtest.advice import Recommendation
from Backtest.canonical.document import to_document
from Backtest.pipeline import BacktestRequest
from Backtest.pipeline.advised import advise, advise_words
from Backtest.pipeline.evidence import Trial, tried
from Backtest.reader.turns import read_turns

RSI = "Buy when RSI(14) drops below 30, sell when it rises above 70"
TWO_ENTRIES = (
    "Buy when RSI(14) drops below 30. Also buy when RSI(14) is below 3. Sell when RSI(14) rises above 70. 5% stop."
)

CASES = [
    (RSI, "no_stop", "add a 5% stop loss"),
    ("Buy when RSI(14) drops below 30 with a 5% stop and a 10% target", "no_exit_in_time", "exit after 30 bars"),
    (f"{RSI}, 12% stop loss", "risk_per_trade", "risk 1% per trade"),
    (f"{RSI}, 3% stop loss. Risk 20% per trade.", "risk_per_trade", "risk 1% per trade"),
    (f"{RSI}, 5% stop", "few_trades", "use 35 instead of 30"),
    (f"{RSI.replace('30', '22')}, 5% stop", "one_trade_a_year", "use 29 instead of 22"),
    (TWO_ENTRIES, "rule_never_fires", "use 26 instead of 3"),
    (f"Trade EURUSD hourly. {RSI}. 1% stop.", "costs_above_moves", "trade daily bars"),
    (f"{RSI}, 0.5% stop", "exit_always_first", "use a 1% stop loss"),
    (f"{RSI}, 0.1 ATR stop", "exit_always_first", "use a 0.3 ATR stop loss"),
    (f"{RSI}, 20% stop. Hold for at most 1 bar.", "exit_always_first", "use a 10% stop loss"),
    ("Buy when the close crosses above SMA(3000), sell when it crosses below, 5% stop", "look_back_beyond_history",
     "use 200 instead of 3,000"),
]  # fmt: skip


def advice(text: str, **options: object) -> dict[str, Recommendation]:
    return {each.topic: each for each in advise(BacktestRequest(text=text), **options)}


def run(*turns: str) -> Trial:
    trial = tried(BacktestRequest(turns=turns))
    assert trial.outcome is not None, trial
    return trial


@pytest.mark.parametrize(("text", "topic", "edit"), CASES)
def test_a_rule_of_craft_fires_and_its_sentence_settles_it(text: str, topic: str, edit: str) -> None:
    given = advice(text)[topic]
    assert (given.edit, bool(given.reason)) == (edit, True)
    assert read_turns([text, edit]).status == "complete"
    again = {each.topic for each in advise(BacktestRequest(turns=(text, edit)))}
    more = len(run(text, edit).outcome.trades) > len(run(text).outcome.trades)
    assert topic not in again or (topic in ("few_trades", "one_trade_a_year") and more)


def test_a_sound_strategy_with_many_trades_is_left_alone() -> None:
    text = "Buy when the close crosses above SMA(10), sell when it crosses below, 5% stop loss. Risk 1% per trade."
    assert advice(text) == {}


def test_a_document_can_t_be_changed_by_a_sentence_so_none_goes_with_its_advice() -> None:
    spec = read_turns([RSI]).spec
    assert spec is not None
    request = BacktestRequest(canonical_json=to_document(spec))
    given = advise(request)
    assert [each.topic for each in given] == ["no_stop", "few_trades"]
    assert {each.edit for each in (*given, *advise_words(request, spec))} == {""}


def test_no_sentence_is_tried_once_time_is_up() -> None:
    ticks = count()
    given = advice(RSI, budget_s=1.5, clock=lambda: float(next(ticks)))
    assert (given["no_stop"].edit, given["few_trades"].edit) == ("add a 5% stop loss", "")


def test_what_is_not_clear_gets_no_advice() -> None:
    assert advice("Buy when price is above its moving average, sell when it falls below") == {}
