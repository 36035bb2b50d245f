"""Families of wording beside the plain sentence: terse notes, new highs, sequences, earlier bars, levels, headings."""

import pytest

from Backtest.canonical.identity import identity
from Backtest.canonical.spec import Spec
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import (
    ago,
    atr,
    both,
    change,
    down,
    either,
    high,
    is_,
    low,
    pct,
    spec,
    times,
    up,
)

BELOW, ABOVE = is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)
LEVELS = spec(BELOW, ABOVE)
BRACKET = spec(BELOW, ABOVE, risk={"stop_loss": pct(5), "take_profit": pct(10)})
EXIT = "Sell when RSI(14) is above 70."


def sequence(first, then, bars):
    return {"type": "sequence", "first": first, "then": then, "bars": bars}


def negated(of):
    return {"type": "not", "of": of}


def weekday(*days):
    return {"type": "weekday", "days": list(days)}


def earlier(name, bars=1):
    return {"type": "indicator", "id": name, "shift": bars}


def in_profit():
    return is_({"type": "open_profit_pct"}, ">", 0)


TERSE: list[tuple[Spec, list[str]]] = [
    (
        LEVELS,
        [
            "RSI<30 -> long; RSI>70 -> flat",
            "RSI(14) < 30 → buy, RSI(14) > 70 → sell",
            "rsi 14 < 30 buy / > 70 sell",
            "rsi 14 < 30 buy, > 70 sell",
            "RSI(14) < 30 = buy, RSI(14) > 70 = sell",
            "RSI(14) < 30 => buy | RSI(14) > 70 => sell",
            "buy rsi<30 sell rsi>70",
            "buy rsi 14 below 30, sell above 70",
            "rsi below 30 buy. rsi above 70 sell.",
            "RSI < 30: go long. RSI > 70: exit.",
            "RSI under 30? Buy. RSI over 70? Sell.",
            "entry rsi<30 exit rsi>70",
            "if rsi(14) < 30: buy()\nif rsi(14) > 70: sell()",
            "If RSI is less than 30 then buy else if RSI is greater than 70 then sell",
            "Buy when RSI is below 30. Sell when overbought.",
            "Buy when oversold on the RSI. Sell when overbought.",
            "RSI(14): buy below 30, sell above 70.",
            "Indicators: RSI(14). Buy when RSI is below 30, sell when RSI is above 70.",
            "Buy when RSI_14 is below 30. Sell when RSI_14 is above 70.",
            "Buy only if RSI is below 30. Sell only if RSI is above 70.",
            "What happens if I buy when RSI is below 30 and sell when RSI is above 70?",
        ],
    ),
    (
        BRACKET,
        [
            "long rsi<30 exit rsi>70 sl 5% tp 10%",
            "BUY RSI14<30 SELL RSI14>70 SL 5% TP 10%",
            "RSI(14) < 30 -> buy; RSI(14) > 70 -> sell; stop 5%; target 10%",
        ],
    ),
    (
        spec(is_("RSI_14", "<=", 30), is_("RSI_14", ">=", 70)),
        ["Buy at RSI 30. Sell at RSI 70.", "buy @ rsi 30, sell @ rsi 70"],
    ),
    (
        spec(is_("Close", ">", "SMA_200"), is_("Close", "<", "SMA_200")),
        ["Long above 200 SMA, flat below"],
    ),
    (
        spec(is_("Close", ">", "SMA_200"), negated(is_("Close", ">", "SMA_200"))),
        ["long when close>sma(200), flat otherwise", "Buy when price is above the 200-day SMA, else sell"],
    ),
    (
        spec(both(is_("RSI_2", "<", 10), is_("Close", ">", "SMA_200")), is_("RSI_2", ">", 70)),
        [
            "Buy the dip: RSI(2) below 10 while price is above the 200-day SMA. Sell when RSI(2) is above 70.",
            "Buy dips: when RSI(2) is below 10 and price is above the 200-day SMA. Sell when RSI(2) is above 70.",
        ],
    ),
]
CONDITIONS: list[tuple[Spec, list[str]]] = [
    (
        spec(is_("Close", ">", high(20)), is_("Close", "<", low(10))),
        [
            "Buy when price makes a new 20-day high. Sell when price makes a new 10-day low.",
            "Buy new 20-day highs. Sell new 10-day lows.",
            "Donchian breakout: enter on a 20-day high, exit on a 10-day low",
        ],
    ),
    (spec(up("Close", high(20)), down("Close", low(10))), ["buy 20d breakout, sell 10d breakdown"]),
    (
        spec(up("Close", "SMA_50"), down("Close", "EMA_20")),
        ["Buy when price reclaims the 50-day SMA. Sell when price loses the 20 EMA."],
    ),
    (spec(is_(change(10), ">=", 5), ABOVE), [f"Buy when the price is up 5% in the last 10 days. {EXIT}"]),
    (
        spec(BELOW, both(ABOVE, in_profit())),
        [
            "Buy when RSI is below 30. Sell when RSI is above 70 but only if in profit.",
            "Buy when RSI is below 30. Sell when RSI is above 70 and the position is profitable.",
        ],
    ),
    (
        spec(both(BELOW, is_("Volume", ">", "SMA_20_VOLUME")), ABOVE),
        [
            f"Buy when RSI is below 30, confirmed by volume above its 20-day average. {EXIT}",
            f"Buy when RSI is below 30 and Volume > SMA_20_VOLUME. {EXIT}",
        ],
    ),
    (
        spec(BELOW, ABOVE, filters={"when": is_("ADX_14", ">", 25)}),
        [
            f"Buy when RSI is below 30. Confirm with ADX above 25. {EXIT}",
            f"Buy when RSI is below 30. Require ADX above 25. {EXIT}",
        ],
    ),
    (
        spec(both(BELOW, negated(weekday("mon"))), ABOVE),
        [
            f"Buy when RSI is below 30, except on Mondays. {EXIT}",
            f"Buy when RSI is below 30, on any day except Monday. {EXIT}",
        ],
    ),
    (
        spec(both(BELOW, negated(is_("ADX_14", ">", 40))), ABOVE),
        [
            f"Buy if RSI is below 30 unless ADX is above 40. {EXIT}",
            f"Unless ADX is above 40, buy when RSI is below 30. {EXIT}",
        ],
    ),
    (
        spec({"type": "for", "of": BELOW, "bars": 3}, ABOVE),
        [f"Buy when RSI has been below 30 for at least 3 days. {EXIT}"],
    ),
    (
        spec({"type": "for", "of": is_("Close", "<", "Open"), "bars": 3}, ABOVE),
        [f"Buy after 3 red days in a row. {EXIT}"],
    ),
    (
        spec(up("MACD_5_35_5", "MACD_SIGNAL_5_35_5"), ABOVE),
        [f"Buy when MACD(5,35,5) crosses above its signal line. {EXIT}"],
    ),
    (
        spec(up("SMA_20", "SMA_50"), down("SMA_20", "SMA_50")),
        [
            "Buy when the fast SMA (20) crosses above the slow SMA (50). Sell when the fast SMA crosses below the slow SMA."
        ],
    ),
]
IN_TIME: list[tuple[Spec, list[str]]] = [
    (
        spec(sequence(down("RSI_14", 30), up("MACD_12_26_9", "MACD_SIGNAL_12_26_9"), 5), ABOVE),
        [
            f"Buy when RSI drops below 30 and then MACD crosses above its signal line within 5 bars. {EXIT}",
            f"Buy when MACD crosses above its signal line within 5 bars after RSI drops below 30. {EXIT}",
            f"After RSI drops below 30, buy when MACD crosses above its signal line within 5 bars. {EXIT}",
        ],
    ),
    (spec(is_(earlier("RSI_14"), "<", 30), ABOVE), [f"Buy when RSI was below 30 yesterday. {EXIT}"]),
    (spec(is_(earlier("RSI_14", 3), "<", 30), ABOVE), [f"Buy when RSI was below 30 three bars ago. {EXIT}"]),
    (spec(is_(earlier("RSI_14"), "<", 30), ABOVE), [f"Buy when yesterday's RSI is below 30. {EXIT}"]),
    (
        spec({"type": "within", "of": BELOW, "bars": 5}, ABOVE),
        [f"Buy when RSI was below 30 within the last 5 bars. {EXIT}"],
    ),
]
DAYS: list[tuple[Spec, list[str]]] = [
    (
        spec(BELOW, ABOVE, filters={"weekdays": ["tue", "wed", "thu"]}),
        [
            f"Buy when RSI is below 30. {EXIT} Only trade Tuesday through Thursday.",
            f"Buy when RSI is below 30. {EXIT} Entries allowed Tue-Thu.",
            f"Buy when RSI is below 30. {EXIT} I trade Tuesdays, Wednesdays and Thursdays.",
            f"Buy when RSI is below 30. {EXIT} Tuesdays, Wednesdays and Thursdays only.",
        ],
    ),
    (
        spec(is_("STOCH_K_14_3_3", ">=", 80), is_("STOCH_K_14_3_3", "<=", 10)),
        ["Buy when %K hits 80. Sell as soon as it is at most 10."],
    ),
    (
        spec(up("MACD_12_26_9", 0), down("MACD_12_26_9", 0), filters={"when": is_("CCI_20", ">", 0)}),
        [
            "Only trade when CCI is above 0. Go long as soon as the MACD goes above zero. Sell as soon as it drops below 0."
        ],
    ),
]
RISK: list[tuple[Spec, list[str]]] = [
    (
        spec(BELOW, ABOVE, risk={"stop_loss": {"type": "price", "price": low(10, now=True)}}),
        [
            f"Buy when RSI is below 30. Stop at the 10-day low. {EXIT}",
            f"Buy when RSI is below 30. Place the stop at the 10-day low. {EXIT}",
        ],
    ),
    (
        spec(BELOW, ABOVE, risk={"stop_loss": {"type": "price", "price": times(low(10, now=True), 0.99)}}),
        [f"Buy when RSI is below 30. Stop 1% below the 10-day low. {EXIT}"],
    ),
    (
        spec(BELOW, ABOVE, risk={"stop_loss": {"type": "price", "price": "BB_LOWER_20_2"}}),
        [f"Buy when RSI is below 30. Stop at the lower Bollinger band. {EXIT}"],
    ),
    (
        spec(BELOW, ABOVE, risk={"stop_loss": {"type": "price", "price": ago("Low")}}),
        [f"Buy when RSI is below 30. Stop loss at yesterday's low. {EXIT}"],
    ),
    (
        spec(BELOW, ABOVE, risk={"stop_loss": pct(2.5)}),
        [f"Buy when RSI is below 30. {EXIT} Stop two and a half percent below entry."],
    ),
    (spec(BELOW, ABOVE, risk={"stop_loss": pct(0.5)}), [f"Buy when RSI is below 30. {EXIT} Half a percent stop."]),
    (
        spec(BELOW, ABOVE, risk={"stop_loss": atr(2.5)}, atrs=(14,)),
        [f"Buy when RSI is below 30. {EXIT} Use a two and a half ATR stop."],
    ),
    (LEVELS, [f"Buy when RSI is below 30. {EXIT} Don't use a stop loss."]),
    (
        LEVELS,
        [
            f"Buy when RSI is below 30. {EXIT} Enter at the next bar's open.",
            f"Buy when RSI is below 30. {EXIT} A trade that is still open at the end stays open.",
        ],
    ),
    (
        spec(BELOW, ABOVE, execution={"cash": 50_000, "commission": {"type": "rate", "value": 0}}),
        [f"Buy when RSI is below 30. {EXIT} Assume no commission. The account is $50,000."],
    ),
    (
        spec(BELOW, ABOVE, sizing={"type": "volatility_target", "percent": 10}),
        [f"Buy when RSI is below 30. {EXIT} Use a volatility target of 10%."],
    ),
]
LAYOUTS: list[tuple[Spec, list[str]]] = [
    (
        spec(
            both(down("RSI_14", 30), is_("Close", ">", "SMA_200")),
            up("RSI_14", 70),
            risk={"stop_loss": pct(5)},
            sizing={"type": "fraction", "value": 0.1},
        ),
        [
            "Strategy: RSI Mean Reversion\nTimeframe: Daily\nIndicators: RSI(14), SMA(200)\n\nEntry Rules:\n"
            "1. RSI crosses below 30\n2. Price is above the 200-day SMA\n\nExit Rules:\n1. RSI crosses above 70\n"
            "2. Stop loss: 5%\n\nPosition Sizing: 10% of equity"
        ],
    ),
    (
        spec(both(BELOW, is_("Close", ">", "SMA_200")), ABOVE),
        ["Long when:\n- RSI(14) < 30\n- price > SMA(200)\nClose when:\n- RSI(14) > 70"],
    ),
    (
        spec(BELOW, either(ABOVE, is_("Close", "<", "SMA_200")), execution={"cash": 10_000}),
        ["# Entry\n- RSI(14) < 30\n# Exit\n- RSI(14) > 70\n- price < SMA(200)\n# Account\n- Start with $10,000"],
    ),
    (
        spec(both(is_("Close", ">", "BB_MIDDLE_20_2"), BELOW), ABOVE),
        [
            "1) Buy when price is above the middle Bollinger band (20,2) and RSI is below 30\n2) Sell when RSI is above 70"
        ],
    ),
]
TEXTS = [
    pytest.param(text, wanted, id=text[:60].replace("\n", " "))
    for wanted, texts in [*TERSE, *CONDITIONS, *IN_TIME, *DAYS, *RISK, *LAYOUTS]
    for text in texts
]


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_a_text_of_a_family_comes_out_as_the_spec_it_means(text: str, wanted: Spec) -> None:
    reading = read_text(text, context=ReadingContext(symbol="GOOG", timeframe="1d"))
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert reading.spec is not None
    assert identity(reading.spec) == identity(wanted)


@pytest.mark.parametrize(
    "sentence",
    [
        "Signals are computed at the close and executed at the next open.",
        "Orders are filled on the next bar's open.",
        "When both the stop and the target are hit on the same bar, the stop wins.",
    ],
)
def test_a_convention_said_aloud_changes_nothing(sentence: str) -> None:
    reading = read_text(f"Buy when RSI is below 30. {EXIT} {sentence}", context=ReadingContext("GOOG", "1d"))
    assert reading.spec is not None
    assert identity(reading.spec) == identity(LEVELS)


@pytest.mark.parametrize(
    "sentence",
    [
        "Orders are filled at the same close.",
        "The target comes first when both are hit.",
        "Signals are computed at the open and executed at the close.",
        "The last trade is closed at the end.",
    ],
)
def test_what_contradicts_a_convention_is_never_taken_for_it(sentence: str) -> None:
    reading = read_text(f"Buy when RSI is below 30. {EXIT} {sentence}", context=ReadingContext("GOOG", "1d"))
    assert reading.status != "complete", reading.draft


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Buy when RSI was below 30. Sell when RSI is above 70.", "bars"),
        ("Buy when RSI is below 30 and yesterday's close was above the SMA 50. Sell when RSI is above 70.", "bars"),
        ("Buy when RSI is below 30. Stop below the 10-day low. Sell when RSI is above 70.", "stop"),
        ("Buy when RSI is below 30. Take profit at the upper Bollinger band. Sell when RSI is above 70.", "target"),
        ("After RSI drops below 30, buy when MACD crosses above its signal line. Sell when RSI is above 70.", "bars"),
        ("Buy when MACD crosses above its signal line after RSI drops below 30. Sell when RSI is above 70.", "bars"),
        ("Short on a 20-day breakout. Cover when RSI is above 70.", "entry"),
        ("Buy when RSI is below 30 and CCI is below -100. Sell when above 50.", "exit"),
        ("Buy when RSI crosses above 30, flat otherwise.", "exit"),
        ("Buy when RSI is below 30. Short when RSI is above 80. Stop at the 10-day low.", "stop"),
        ("Buy when RSI is below 30, sell when RSI is above 70. Sell only if ADX is above 20.", "exit"),
        ("Buy when RSI is below 30. Stop at $90. Sell when RSI is above 70.", "stop"),
        ("Buy when RSI is below 30. Target at $120.", "target"),
        ("Buy when the fast SMA crosses above the slow SMA. Sell when RSI is above 70.", "period"),
    ],
)
def test_what_leaves_the_trades_open_is_asked(text: str, topic: str) -> None:
    reading = read_text(text, context=ReadingContext(symbol="GOOG", timeframe="1d"))
    assert reading.status == "needs_clarification", reading.draft
    assert topic in {question.topic for question in reading.questions}
