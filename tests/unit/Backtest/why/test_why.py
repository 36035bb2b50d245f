"""Why a bar did what it did: told by hand for what traders ask, and held against the run itself."""

import pytest
import talib

from Backtest.account import Account
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Window
from Backtest.data_manager import load_bars
from Backtest.errors import InputError, WindowEmpty
from Backtest.kernel.interpreter import interpret
from Backtest.reader.turns import read_turns
from Backtest.why import BarStory, why_bar, why_trade
from Backtest.why.bar_story import RuleStory
from Backtest.why.replay import Replay
from Backtest.why.wording import bar_as_json, bar_sentences, trade_sentences

IDEA = "Buy when RSI(14) drops below 30, sell when it rises above 70, 5% stop loss"


def spec_of(text: str) -> Spec:
    spec = read_turns([text]).spec
    assert spec is not None
    return spec


def google() -> Window:
    return load_bars(symbol="GOOG").window(None, None)


def story(text: str, when: str, window: Window | None = None) -> BarStory:
    return why_bar(spec_of(text), window or google(), Account(), when)


def rule(told: BarStory, name: str) -> RuleStory:
    return next(each for each in told.rules if each.id == name)


def test_a_date_without_a_trade_names_the_condition_that_was_false_with_its_values() -> None:
    told = story(IDEA, "2005-03-02")
    entry = rule(told, "entry_1")
    assert (entry.outcome, entry.verdict is not None and entry.verdict.truth) == ("not_true", False)
    assert [words.text for words in entry.words] == ["Buy when RSI(14) drops below 30"]
    close = google().bars.frame["Close"]
    rsi = talib.RSI(close.to_numpy(), 14)[[close.index.get_loc("2005-03-01"), close.index.get_loc("2005-03-02")]]
    assert entry.verdict is not None
    assert [(each.text, each.value) for each in entry.verdict.values] == [
        ("RSI(14) on the bar before", rsi[0]),
        ("RSI(14)", rsi[1]),
    ]
    assert bar_sentences(told)[-1] == (
        "Rule entry_1 “Buy when RSI(14) drops below 30” did nothing: “RSI(14) crosses below 30” was false "
        f"(RSI(14) on the bar before {rsi[0]:.6g}, RSI(14) {rsi[1]:.6g})."
    )


def test_before_the_rules_begin_it_says_what_they_wait_for() -> None:
    told = story(IDEA, "2004-08-20")
    assert (told.evaluated, told.rules) == (False, ())
    assert told.why_not_evaluated == (
        "rules are first judged on 2004-09-10: the first value of RSI_14 comes on 2004-09-09 (convention 2)"
    )


def test_a_signal_bar_an_entry_bar_and_a_stopped_bar_tell_their_orders_and_fills() -> None:
    signal, entry, stopped = (story(IDEA, day) for day in ("2006-02-09", "2006-02-10", "2006-02-13"))
    assert rule(signal, "entry_1").outcome == "acted"
    assert signal.waiting is not None
    assert (signal.waiting.rule, signal.waiting.type) == ("entry_1", "market")
    (bought,) = entry.fills
    assert (bought.purpose, bought.size, bought.price, bought.signal_time) == ("entry", 276, 361.95, "2006-02-09")
    assert entry.position is not None
    assert entry.position.stop_price == pytest.approx(361.95 * 0.95)
    assert entry.protection == ("the stop is at 343.852 from the next bar on, from 340.831: measured from the fill",)
    (sold,) = stopped.fills
    assert (sold.closed_by, sold.size, sold.price, sold.signal_bar) == ("stop_loss", -276, 361.95 * 0.95, None)
    assert rule(stopped, "exit_1").outcome == "not_concerned"


def test_only_the_conditions_that_decide_are_named() -> None:
    both = "Buy when RSI(14) is below 45 and the close is above the 20-day SMA, sell when RSI(14) is above 70"
    verdict = rule(story(both, "2005-03-02"), "entry_1").verdict
    assert verdict is not None
    assert [(part.text, part.truth) for part in verdict.deciding()] == [("the close is above SMA(20)", False)]


def test_a_condition_over_several_bars_tells_when_it_was_true_last() -> None:
    text = "Buy when RSI(14) is below 30 for 3 bars, sell when RSI(14) is above 70"
    verdict = rule(story(text, "2005-03-02"), "entry_1").verdict
    assert verdict is not None
    assert (verdict.truth, verdict.note) == (False, "false on 3 of the 3 bars; never before")
    later = rule(story(text, "2006-02-22"), "entry_1").verdict
    assert later is not None
    assert later.note.startswith("false on 3 of the 3 bars; the last time ")


@pytest.mark.parametrize(
    ("text", "when", "name", "outcome", "reason"),
    [
        (IDEA.replace("drops", "is"), "2006-02-14", "entry_1", "set_aside", "a long position was open already"),
        (f"{IDEA}. Only on Mondays.", "2006-02-09", "entry_1", "barred", "the bar is of Thu"),
        (f"{IDEA}. Cooldown of 5 bars.", "2006-02-13", "entry_1", "barred", "entries are taken again 6 bars later"),
        (f"{IDEA}. Only trade when price is above the 200-day SMA.", "2006-08-02", "entry_1", "barred", "SMA(200)"),
        (f"{IDEA}. $100 per trade.", "2006-02-09", "entry_1", "no_order", "0 units"),
        ("Buy limit 1% below the close when RSI(14) is below 40. Sell when RSI(14) is above 60.",
         "2006-02-10", "entry_1", "set_aside", "a long position was open already"),
        (f"{IDEA}. Hold for at most 3 bars.", "2006-02-16", "max_bars", "acted", "held for 3 bars"),
        (f"{IDEA}. Hold for at most 9 bars.", "2006-02-16", "max_bars", "not_true", "held for 3 bars of 9"),
        ("Buy when EMA(20) crosses above EMA(50), short when EMA(20) crosses below EMA(50). "
         "Sell when EMA(20) crosses below EMA(50).",
         "2007-08-16", "exit_1", "set_aside", "entry_2 closes the position and opens the other side"),
    ],
)  # fmt: skip
def test_what_was_true_and_did_nothing_says_what_stood_in_the_way(
    text: str, when: str, name: str, outcome: str, reason: str
) -> None:
    told = rule(story(text, when), name)
    assert told.outcome == outcome, told
    assert reason in told.reason


def test_a_waiting_order_that_is_replaced_or_too_old_is_reported() -> None:
    text = "Buy limit 3% below the close when RSI(14) is below 40, good for 2 bars. Sell when RSI(14) is above 60."
    told = Replay(spec_of(text), google(), Account()).run(480, range(380, 481))
    reports = {line for each in told.values() for line in each.reports}
    assert "the waiting order of entry_1 was taken back: its time was over" in reports
    assert "the waiting order of entry_1 was taken back: another order took its place" in reports


def test_an_order_that_the_broker_cancels_is_reported_on_the_bar_that_would_have_filled_it() -> None:
    text = "Buy 300 shares when RSI(14) drops below 30, sell when it rises above 70"
    (signal, after) = (story(text, day) for day in ("2006-02-09", "2006-02-10"))
    assert rule(signal, "entry_1").outcome == "acted"
    assert after.fills == ()
    assert any("entry_1: Broker canceled the order due to insufficient margin" in each for each in after.reports)


def test_a_trade_tells_what_opened_and_what_closed_it() -> None:
    first, second = (why_trade(spec_of(IDEA), google(), Account(), number) for number in (1, 2))
    assert (first.opened_by, first.closed_by, first.exit.time) == ("entry_1", "stop_loss", "2006-02-13")
    assert (second.opened_by, second.closed_by, second.exit.time) == ("entry_1", "exit_1", "2006-04-21")
    assert trade_sentences(first)[1] == (
        "On 2006-02-13, the stop loss closed the position of entry_1: sold 276 units at 343.852."
    )
    assert trade_sentences(second)[1].startswith("It was closed by rule exit_1 “sell when it rises above 70”, on")


@pytest.mark.parametrize("number", [0, 25])
def test_a_trade_that_is_not_there_is_named(number: int) -> None:
    with pytest.raises(InputError, match="the run closed 24"):
        why_trade(spec_of(IDEA), google(), Account(), number)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("2005-03-05", "there is no bar of 2005-03-05"),
        ("1999-01-01", "there is no bar of 1999-01-01"),
        ("2030-01-01", "there is no bar of 2030-01-01"),
        ("yesterday", "'yesterday' is no date"),
    ],
)
def test_a_date_without_a_bar_is_refused_with_the_nearest_ones(when: str, message: str) -> None:
    with pytest.raises(WindowEmpty, match=message) as caught:
        story(IDEA, when)
    assert caught.value.issues[0].field == "date"
    assert caught.value.issues[0].suggestion


def test_a_day_of_an_intraday_chart_is_not_enough() -> None:
    window = load_bars(symbol="EURUSD").window(None, None)
    spec = spec_of("Trade EURUSD on the hourly chart. Buy when RSI(14) drops below 30, sell when it rises above 70.")
    with pytest.raises(WindowEmpty, match="2017-05-03 has 24 bars"):
        why_bar(spec, window, Account(), "2017-05-03")
    assert why_bar(spec, window, Account(), "2017-05-03T14:00").time == "2017-05-03T14:00:00"


def test_a_bar_that_only_warms_up_is_refused() -> None:
    window = load_bars(symbol="GOOG").window("2008-01-01", None)
    with pytest.raises(WindowEmpty, match="only warmed up"):
        why_bar(spec_of(IDEA), window, Account(), "2007-12-28")


def test_bars_are_counted_from_the_window_s_first() -> None:
    window = load_bars(symbol="GOOG").window("2008-01-01", None)
    told = why_bar(spec_of(IDEA), window, Account(), "2008-01-23")
    trade = interpret(spec_of(IDEA), window, Account()).trades[0]
    assert told.fills[0].signal_bar == trade.entry_bar - 1
    assert told.bar == trade.entry_bar


def test_a_story_is_plain_finite_json() -> None:
    import json

    assert json.loads(json.dumps(bar_as_json(story(IDEA, "2006-02-10")), allow_nan=False))["sentences"]
