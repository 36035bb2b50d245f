"""Labels by the signs behind them, and the numbers of tickets, each beside the plain words that it means."""

import pytest

from Backtest.reader.turns import read_turns
from tests.unit.Backtest.reader.plain_words import EURUSD, GOOG, meaning

PLAIN = "Buy when RSI(14) crosses above 30. Sell when RSI(14) crosses above 70. Stop loss 5%. Size 80 shares."
SIDES = "Buy when RSI(14) < 30. Sell when RSI(14) > 50. Short when RSI(14) > 70. Cover when RSI(14) < 50."
SIGNS = [
    "ENTRY >> RSI(14) crosses above 30\nEXIT >> RSI(14) crosses above 70\nSTOP >> 5%\nSIZE >> 80 shares",
    "entry >> RSI(14) crosses above 30; exit >> RSI(14) crosses above 70; stop >> 5%; size >> 80 shares",
    "Entry -> RSI(14) crosses above 30\nExit -> RSI(14) crosses above 70\nStop -> 5%\nSize -> 80 shares",
    "Entry | RSI(14) crosses above 30\nExit | RSI(14) crosses above 70\nStop | 5%\nSize | 80 shares",
    "| Rule | Value |\n|---|---|\n| Entry | RSI(14) crosses above 30 |\n| Exit | RSI(14) crosses above 70 |\n"
    "| Stop loss | 5% |\n| Size | 80 shares |",
    "[ENTRY] RSI(14) crosses above 30\n[EXIT] RSI(14) crosses above 70\n[STOP] 5%\n[SIZE] 80 shares",
    "[ENTRY] RSI(14) crosses above 30 [EXIT] RSI(14) crosses above 70 [STOP] 5% [SIZE] 80 shares",
    "- [BUY]: RSI(14) crosses above 30\n- [SELL]: RSI(14) crosses above 70\n- [STOP LOSS]: 5%\n- [SIZE]: 80 shares",
    "Entry ..... RSI(14) crosses above 30\nExit ..... RSI(14) crosses above 70\nStop .... 5%\nSize .... 80 shares",
    "Entry:: RSI(14) crosses above 30\nExit:: RSI(14) crosses above 70\nStop:: 5%\nSize:: 80 shares",
    "ENTRY ==> RSI(14) crosses above 30\nEXIT ==> RSI(14) crosses above 70\nSTOP ==> 5%\nSIZE ==> 80 shares",
    "ENTRY => RSI(14) crosses above 30\nEXIT => RSI(14) crosses above 70\nSTOP => 5%\nSIZE => 80 shares",
    "Entry \u00bb RSI(14) crosses above 30\nExit \u00bb RSI(14) crosses above 70\nStop \u00bb 5%\nExposure \u00bb 80 shares",
    "Long := RSI(14) crosses above 30\nExit := RSI(14) crosses above 70\nStop := 5%\nSize := 80 shares",
    "(entry) RSI(14) crosses above 30\n(exit) RSI(14) crosses above 70\n(stop) 5%\n(size) 80 shares",
    "{entry} RSI(14) crosses above 30\n{exit} RSI(14) crosses above 70\n{stop} 5%\n{size} 80 shares",
    "LONG IF: RSI(14) crosses above 30\nFLAT IF: RSI(14) crosses above 70\nSTOP: 5%\nPOSITION: 80 shares",
    "Go long if: RSI(14) crosses above 30\nClose if: RSI(14) crosses above 70\nStop: 5%\nAmount: 80 shares",
    "Trigger >> RSI(14) crosses above 30\nWhen to sell >> RSI(14) crosses above 70\nStop >> 5%\nPosition >> 80 shares",
    "In - RSI(14) crosses above 30\nOut - RSI(14) crosses above 70\nStop - 5%\nSize - 80 shares",
    "Instrument >> GOOG\nEntry >> RSI(14) crosses above 30\nExit >> RSI(14) crosses above 70\nStop >> 5%\n"
    "Size >> 80 shares",
    "Long entry: RSI(14) crosses above 30. Long exit: RSI(14) crosses above 70. Short entry: none. Short exit: none. "
    "Stop: 5%. Size: 80 shares",
    "Entry ~ RSI(14) crosses above 30\nExit ~ RSI(14) crosses above 70\nStop ~ 5%\nSize ~ 80 shares",
]
OF_SIDES = [
    "Entry (long): RSI(14) < 30. Exit (long): RSI(14) > 50. Entry (short): RSI(14) > 70. Exit (short): RSI(14) < 50.",
    "Entry(LONG) >> RSI(14) < 30\nExit(LONG) >> RSI(14) > 50\nEntry(SHORT) >> RSI(14) > 70\nExit(SHORT) >> RSI(14) < 50",
    "Long if: RSI(14) < 30. Long exit if: RSI(14) > 50. Short if: RSI(14) > 70. Short exit if: RSI(14) < 50.",
    "[LONG ENTRY] RSI(14) < 30\n[LONG EXIT] RSI(14) > 50\n[SHORT ENTRY] RSI(14) > 70\n[SHORT EXIT] RSI(14) < 50",
    "Long entry | RSI(14) < 30\nLong exit | RSI(14) > 50\nShort entry | RSI(14) > 70\nShort exit | RSI(14) < 50",
]
TICKETS = [
    "FX-212 / EURUSD H1\n",
    "Ticket 4711 / EURUSD H1\n",
    "#212 EURUSD 1h\n",
    "TKT-0093 | EURUSD | H1\n",
    "Ref. A-17, EURUSD hourly.\n",
    "Strategy no. 7 - EURUSD H1\n",
    "STRAT-12: EURUSD, H1\n",
]
STAYS_ASKED = [
    "[Close] > [SMA(50)], buy. Sell when RSI(14) > 70.",
    "RSI >> 70\nBuy when RSI(14) < 30. Sell when RSI(14) > 70.",
    "Buy when RSI(14) < 30. Sell when RSI(14) > 70 [exit].",
    "Position: any. Buy when RSI(14) < 30. Sell when RSI(14) > 70.",
    "RSI(14) >> 30, buy. Sell when RSI(14) > 70.",
    "ENTRY >> sell when RSI(14) > 70",
    "[RSI] crosses above 30, buy. [ENTRY] later. Sell when RSI(14) > 70.",
    "Buy when RSI(14) < 30, stop 5%, sell when RSI(14) > 70, SL -> 3% or so",
    "Entry | \nExit | RSI(14) > 70",
]


@pytest.mark.parametrize("said", SIGNS)
def test_a_sign_behind_a_label_is_a_colon(said):
    assert meaning(said) == meaning(PLAIN)


@pytest.mark.parametrize("said", OF_SIDES)
def test_labels_of_sides_may_have_any_sign(said):
    assert meaning(said) == meaning(SIDES)


@pytest.mark.parametrize("head", TICKETS)
def test_the_number_of_a_ticket_is_no_instrument(head):
    rules = "long: EMA12 crosses above EMA48\nshort: EMA12 crosses below EMA48\nSL 30 pips, TP 90 pips"
    assert meaning(head + rules, context=EURUSD) == meaning(f"EURUSD H1\n{rules}", context=EURUSD)


@pytest.mark.parametrize("said", STAYS_ASKED)
def test_signs_that_part_no_label_of_its_text_stay_asked(said):
    assert read_turns([said], context=GOOG).status != "complete"


def test_another_instrument_before_the_chart_is_no_ticket():
    said = "US-30 / EURUSD H1\nlong: EMA12 crosses above EMA48\nshort: EMA12 crosses below EMA48"
    assert read_turns([said], context=EURUSD).status != "complete"
