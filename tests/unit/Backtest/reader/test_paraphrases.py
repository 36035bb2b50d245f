"""The same strategy in many words: each family of texts comes out as one spec, written by hand."""

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

RSI = "Buy when RSI(14) is below 30. Sell when RSI(14) is above 70. "
LOW, HIGH = is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)
FAMILIES: list[tuple[Spec, list[str]]] = [
    (
        spec(LOW, is_("RSI_14", ">", 60)),
        ["Buy when RSI(14) closes below 30. Exit when it closes above 60."],  # 60 is no price here
    ),
    (
        spec(LOW, HIGH),
        [
            f"{RSI}Direction: long only.",
            f"{RSI}Thats all.",
            f"{RSI}Trade long only.",
            f"Heres the plan. {RSI}",
            f"Momentum strategy. {RSI}",
            "**Entry**\n- RSI(14) < 30\n**Exit**\n- RSI(14) > 70",
            "**Entry:** RSI(14) < 30\n**Exit:** RSI(14) > 70",
        ],
    ),
    (
        spec(both(LOW, is_("Close", ">", "SMA_100")), either(HIGH, is_("Close", "<", "SMA_100"))),
        [
            "Entry: RSI(14) < 30, price > SMA(100)\nExit: RSI(14) > 70, price < SMA(100)",
            "Entry (all must be true):\n- RSI(14) < 30\n- close > SMA(100)\nExit (any):\n- RSI(14) > 70\n- close < SMA(100)",
        ],
    ),
    (
        spec(LOW, HIGH, filters={"weekdays": ["tue", "wed", "thu"]}),
        [f"{RSI}Only trade Tuesday to Thursday.", f"{RSI}No new entries on Mondays, Fridays, Saturdays and Sundays."],
    ),
    (
        spec(LOW, HIGH, risk={"stop_loss": pct(5), "take_profit": pct(10)}),
        [f"{RSI}SL 5% TP 10%.", f"{RSI}5% stop 10% target.", f"{RSI}Exit at 10% profit or a 5% loss."],
    ),
    (
        spec(LOW, HIGH, risk={"stop_loss": pct(4)}),
        [f"{RSI}Cut losses at 4%.", f"{RSI}Stop out at a four per cent loss."],
    ),
    (
        spec(LOW, HIGH, risk={"trailing_stop": atr(3, 22)}, atrs=(22,)),
        [f"{RSI}Trail the stop 3 ATR(22) behind the highest close since entry."],
    ),
    (
        spec(LOW, HIGH, risk={"trailing_stop": {**pct(5), "after_gain": pct(10)}}),
        [f"{RSI}5% trailing stop that starts after a 10% gain.", f"{RSI}After a 10% gain trail by 5%."],
    ),
    (
        spec(LOW, HIGH, sizing={"type": "cash", "value": 20_000}),
        [f"{RSI}Put $20,000 into every trade.", f"{RSI}$20,000 per trade."],
    ),
    (spec(LOW, HIGH, sizing={"type": "fraction", "value": 0.1}), [f"{RSI}10% position.", f"{RSI}Use 10% of equity."]),
    (
        spec(LOW, HIGH, sizing={"type": "units", "value": 10_000}),
        [f"{RSI}Buy 10,000 units.", f"{RSI}Use 10,000 shares."],
    ),
    (spec(LOW, HIGH, sizing={"type": "all"}), [f"{RSI}Invest all my cash."]),
    (
        spec(LOW, HIGH, sizing={"type": "risk", "percent": 1}, risk={"stop_loss": pct(5)}),
        [f"{RSI}Use 1% risk. 5% stop.", f"{RSI}Risk 1% per trade. 5% stop."],
    ),
    (
        spec(
            LOW,
            exits=(
                {"side": "long", "portion": 0.5, "when": is_({"type": "open_profit_pct"}, ">=", 8)},
                {"side": "long", "when": HIGH},
            ),
        ),
        [
            "Buy when RSI(14) is below 30. Take half off once the close is 8% above entry. Exit the rest when RSI(14) is above 70."
        ],
    ),
    (
        spec(up("Close", high(20)), either(is_("RSI_14", ">", 90), is_("Close", "<", low(10)))),
        [
            "Buy on a 20-day high breakout. Sell when RSI(14) is above 90 or on a close below the 10-day low.",
            "Buy on a breakout above the 20-day high. Sell when RSI(14) is above 90 or when price closes below the 10-day low.",
        ],
    ),
    (
        spec(is_("RSI_14", "<", 25), HIGH),
        ["Buy when RSI(14) closes below 25. Sell when RSI(14) closes above 70."],
    ),
    (
        spec({"type": "falling", "value": "Close", "bars": 2}, HIGH),
        ["Buy when price falls for two days. Sell when RSI(14) is above 70."],
    ),
    (
        spec(both(is_("Close", ">", "SMA_20"), is_("Close", ">", "SMA_50")), HIGH),
        ["Buy when price is above the 20-day SMA and above the 50-day SMA. Sell when RSI(14) is above 70."],
    ),
    (
        spec(
            is_("RSI_14", "<", 30),
            either(is_("RSI_14", ">", 70), is_({"type": "open_profit_pct"}, "<=", -5)),
        ),
        [
            "Buy when RSI < 30. Exit when RSI > 70 or 5% below entry.",
        ],
    ),
    (
        spec(
            is_("RSI_14", "<", 30),
            is_({"type": "open_profit_pct"}, "<=", -5),
            exits=({"side": "long", "when": is_("RSI_14", ">", 70)},),
            execution={"cash": 50_000, "commission": {"type": "rate", "value": 0.002}},
        ),
        [
            "Buy when RSI < 30. Stop 5% on a closing basis. Sell when RSI > 70. Starting capital $50,000, commission 0.2%."
        ],
    ),
    (
        spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70), sizing={"type": "volatility_target", "percent": 15}),
        ["Buy when RSI < 30. Sell when RSI > 70. Volatility target 15%."],
    ),
    (
        spec(is_("RSI_14", "<", 30), risk={"stop_loss": pct(5), "take_profit": {"type": "r", "multiple": 2}}),
        [
            "Buy when RSI < 30. Take profit at 2x the stop. 5% stop.",
            "Buy when RSI < 30. Take profit at twice the risk. 5% stop.",
            "Buy when RSI < 30, 5% stop, risk/reward 1:2.",
            "Buy when RSI < 30 with a 5% stop and a 2:1 reward to risk ratio.",
        ],
    ),
    (
        spec(short=is_("RSI_14", ">", 80), cover=is_("RSI_14", "<", 50)),
        ["Go short if RSI > 80; buy to cover if RSI < 50. No longs.", "Short when RSI > 80. Exit when RSI < 50."],
    ),
    (
        spec(up("RSI_14", 30), down("RSI_14", 70)),
        [
            "Buy whenever the RSI moves up through 30. Sell whenever it moves down through 70.",
            "Buy when RSI leaves oversold and sell when it leaves overbought.",
        ],
    ),
    (
        spec(up("STOCH_K_5_3_3", 20), down("STOCH_K_5_3_3", 80)),
        ["Buy when %K(5,3,3) crosses above 20. Sell when %K crosses below 80."],
    ),
    (
        spec(is_("ROC_10", ">", 5), is_("ROC_10", "<", 0)),
        ["Go long if the 10-day ROC is above 5%. Exit if it is below 0%."],
    ),
    (
        spec(both(is_("RSI_14", "<", 30), is_("Close", ">", "SMA_200")), is_("RSI_14", ">", 50)),
        [
            "Buy when RSI < 30, only if price is above the 200-day SMA. Sell when RSI > 50.",
            "Buy when RSI < 30 and price is above the 200-day SMA; sell when RSI > 50.",
            "As long as price is above the 200-day SMA, buy when RSI is below 30. Sell when RSI is above 50.",
            "When price is above its 200-day average and RSI is below 30, buy; sell when RSI is above 50.",
        ],
    ),
    (
        spec(down("RSI_14", 30), up("RSI_14", 70)),
        [
            "Buy when RSI drops below 30. Sell when RSI rises above 70.",
            "Buy when RSI falls below 30 and sell when it rises above 70",
            "buy when the rsi dips under 30, sell when it climbs over 70",
            "Go long when RSI(14) crosses below 30; exit when RSI(14) crosses above 70.",
            "Enter long once RSI slips below 30. Get out once it gets above 70.",
            "When the RSI goes below 30, buy. When it goes above 70, sell.",
            "If RSI crosses below 30 then buy; if RSI crosses above 70 then close the position.",
            "I want to buy when RSI goes under 30. I will sell when it goes over 70.",
            "Entry: RSI drops below 30. Exit: RSI rises above 70.",
            "Buy: RSI(14) crosses below 30\nSell: RSI(14) crosses above 70",
            "Buy when RSI crosses 30 from above. Sell when RSI crosses 70 from below.",
            "Buy when RSI becomes oversold, sell when it becomes overbought.",
            "Buy when RSI goes oversold and exit when RSI goes overbought.",
            "1. Buy when the 14-day RSI drops below 30\n2. Sell when the 14-day RSI rises above 70",
            "Go long whenever the 14-period relative strength index falls under 30 and close the trade as soon as it moves above 70.",
            "hey, can you test this: buy when rsi drops below 30, sell when rsi rises above 70 thanks!",
            "Buy when RSI crosses below 30 and hold until RSI crosses above 70.",
            "RSI reversal strategy: buy when RSI drops below 30, sell when RSI rises above 70.",
        ],
    ),
    (
        spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)),
        [
            "Buy when RSI is below 30, sell when RSI is above 70",
            "Buy if RSI(14) < 30. Sell if RSI(14) > 70.",
            "When RSI(14) < 30: buy. When RSI(14) > 70: sell.",
            "Buy when RSI is oversold and sell when RSI is overbought.",
            "BUY WHEN RSI(14) IS BELOW 30. SELL WHEN RSI(14) IS ABOVE 70.",
            "Buy while RSI is under 30. Exit while RSI is over 70.",
            "Sell when RSI is above 70 and buy when RSI is below 30.",
            "Go long if the 14-period RSI is less than 30, and exit if the 14-period RSI is greater than 70. No shorts.",
            "## Entry\n- RSI(14) is below 30\n\n## Exit\n- RSI(14) is above 70",
            "Buy when RSI is oversold (below 30). Sell when RSI is overbought (above 70).",
            "Buy wen RSI is bellow 30, sel when RSI is above 70",
        ],
    ),
    (
        spec(up("SMA_20", "SMA_50"), down("SMA_20", "SMA_50")),
        [
            "Buy when the 20-day SMA crosses above the 50-day SMA, sell when it crosses below.",
            "Buy when the 20-day SMA crosses above the 50-day SMA. Exit on the opposite cross.",
            "Go long when SMA(20) crosses over SMA(50); get out when SMA(20) crosses back under SMA(50).",
            "Buy when the 20 SMA crosses the 50 SMA from below and sell when it crosses back down.",
            "Buy when the 20-day moving average crosses above the 50-day moving average, sell when it crosses back below.",
            "Buy when the 20-day crosses above the 50-day moving average. Sell when it crosses below.",
            "Buy on a golden cross of the 20 and 50 SMA. Sell on the opposite cross.",
            "Take a long position as soon as SMA 20 rises above SMA 50. Close the position as soon as SMA 20 falls below SMA 50.",
            "Buy when the 20 SMA crosses the 50 SMA to the upside. Exit when it crosses to the downside.",
            "Timeframe: daily. Symbol: GOOG. Buy when SMA20 crosses above SMA50. Sell when SMA20 crosses below SMA50.",
        ],
    ),
    (
        spec(up("SMA_50", "SMA_200"), down("SMA_50", "SMA_200")),
        [
            "Buy on a golden cross and sell on a death cross.",
            "Buy the golden cross, sell the death cross.",
            "Enter long on a golden cross. Exit on the opposite cross.",
        ],
    ),
    (
        spec(up("MACD_12_26_9", "MACD_SIGNAL_12_26_9"), down("MACD_12_26_9", "MACD_SIGNAL_12_26_9")),
        [
            "Buy when MACD crosses above its signal line. Sell when it crosses below.",
            "Buy when the MACD line crosses above the signal line (12, 26, 9); exit when the MACD line crosses below the signal line.",
            "Buy when there's a bullish MACD crossover. Exit on a bearish MACD crossover.",
            "Go long when MACD(12,26,9) crosses over signal and exit when MACD crosses under signal.",
        ],
    ),
    (
        spec(up("MACD_HIST_12_26_9", 0), down("MACD_HIST_12_26_9", 0)),
        ["When the MACD histogram turns positive, buy. When it turns negative, sell."],
    ),
    (
        spec(up("MACD_12_26_9", 0), down("MACD_12_26_9", "MACD_SIGNAL_12_26_9")),
        ["Buy when MACD crosses above zero. Sell when MACD crosses below its signal line."],
    ),
    (
        spec(
            {"type": "touches", "value": "BB_LOWER_20_2", "side": "low"},
            {"type": "touches", "value": "BB_UPPER_20_2", "side": "high"},
        ),
        [
            "Buy when price touches the lower Bollinger Band and sell when it touches the upper band.",
            "Buy when price hits the lower bollinger band (20, 2). Sell when price reaches the upper bollinger band.",
        ],
    ),
    (
        spec(is_("Close", "<", "BB_LOWER_20_2p5"), is_("Close", ">", "BB_MIDDLE_20_2p5")),
        [
            "Buy when the close is below the lower Bollinger Band (20, 2.5); exit when price closes above the middle band."
        ],
    ),
    (
        spec(is_("Close", ">", "KELTNER_UPPER_20_2"), is_("Close", "<", "KELTNER_MIDDLE_20_2")),
        ["Buy when price closes above the upper Keltner channel, exit when it closes below the middle line."],
    ),
    (
        spec(up("SUPERTREND_DIRECTION_10_3", 0), down("SUPERTREND_DIRECTION_10_3", 0)),
        [
            "Go long when Supertrend(10,3) flips bullish and exit when it flips bearish.",
            "Buy when the Supertrend turns green; sell when it turns red.",
            "Buy when the supertrend turns up, sell when it turns down.",
        ],
    ),
    (
        spec(both(up("PLUS_DI_14", "MINUS_DI_14"), is_("ADX_14", ">", 25)), up("MINUS_DI_14", "PLUS_DI_14")),
        ["Buy when +DI crosses above -DI and ADX is above 25. Sell when -DI crosses above +DI."],
    ),
    (
        spec(up("AROON_UP_14", "AROON_DOWN_14"), up("AROON_DOWN_14", "AROON_UP_14")),
        ["Buy when Aroon up crosses above Aroon down; sell when Aroon down crosses above Aroon up."],
    ),
    (
        spec(up("Close", "PSAR_0p02_0p2"), down("Close", "PSAR_0p02_0p2")),
        ["Buy when price crosses above the parabolic SAR; exit when price crosses below it."],
    ),
    (
        spec(
            up("ICHIMOKU_CONVERSION_9_26_52", "ICHIMOKU_BASE_9_26_52"),
            down("ICHIMOKU_CONVERSION_9_26_52", "ICHIMOKU_BASE_9_26_52"),
        ),
        [
            "Buy when Tenkan crosses above Kijun. Sell when Tenkan crosses below Kijun.",
            "Buy when the conversion line crosses above the base line, sell when it crosses below.",
        ],
    ),
    (
        spec(
            is_(
                "Close",
                ">",
                {"type": "arith", "op": "max", "args": ["ICHIMOKU_SPAN_A_9_26_52", "ICHIMOKU_SPAN_B_9_26_52"]},
            ),
            is_(
                "Close",
                "<",
                {"type": "arith", "op": "min", "args": ["ICHIMOKU_SPAN_A_9_26_52", "ICHIMOKU_SPAN_B_9_26_52"]},
            ),
        ),
        ["Buy when price is above the Ichimoku cloud. Sell when price closes below the cloud."],
    ),
    (
        spec(up("WILLR_14", -80), down("WILLR_14", -20)),
        [
            "Buy when Williams %R crosses above -80 and sell when it crosses below -20.",
            "Buy when Williams %R leaves oversold. Sell when Williams %R leaves overbought.",
        ],
    ),
    (
        spec(up("CCI_20", -100), down("CCI_20", 100)),
        ["Buy when CCI(20) crosses above -100, sell when CCI crosses below 100."],
    ),
    (spec(down("MFI_14", 20), up("MFI_14", 80)), ["Buy when MFI drops under 20. Sell when MFI climbs over 80."]),
    (
        spec(is_("STOCH_K_14_3_3", "<", 20), is_("STOCH_K_14_3_3", ">", 80)),
        [
            "Buy when the slow stochastic is oversold, sell when it's overbought.",
            "Buy when stochastic %K (14,3,3) is below 20. Sell when %K is above 80.",
        ],
    ),
    (
        spec(
            both(up("STOCH_K_14_3_3", "STOCH_D_14_3_3"), is_("STOCH_K_14_3_3", "<", 20)),
            both(down("STOCH_K_14_3_3", "STOCH_D_14_3_3"), is_("STOCH_K_14_3_3", ">", 80)),
        ),
        ["Buy when stochastic %K(14,3) crosses above %D below 20. Sell when %K crosses below %D above 80."],
    ),
    (
        spec(up("STOCHRSI_K_14_14_3_3", 20), down("STOCHRSI_K_14_14_3_3", 80)),
        ["Buy when the stochastic RSI %K crosses above 20, sell when %K crosses below 80."],
    ),
    (
        spec(down("ZSCORE_20", -2), up("ZSCORE_20", 0)),
        ["Buy when the z-score(20) falls below -2 and sell when the z-score rises above 0."],
    ),
    (
        spec(up("Close", high(20)), down("Close", low(10))),
        [
            "Buy when price breaks above the 20-day high. Sell when price breaks below the 10-day low.",
            "Buy breakouts above the 20-day high. Exit on breakdowns below the 10-day low.",
            "Buy when price breaks the 20-day high and sell when it breaks the 10-day low.",
            "Buy when the close crosses above the highest high of the last 20 bars. Exit when the close crosses below the lowest low of the last 10 bars.",
        ],
    ),
    (
        spec(is_("Close", ">", high(20)), is_("Close", "<", "SMA_20")),
        ["Enter on a close above the 20-day high. Exit on a close below the 20-day SMA."],
    ),
    (
        spec(both(is_("Close", ">", high(20)), is_("Volume", ">", "SMA_50_VOLUME")), is_("Close", "<", low(10))),
        [
            "Buy when price closes above its 20-day high with volume above its 50-day average. Exit when price closes below its 10-day low."
        ],
    ),
    (
        spec(both(is_("Volume", ">=", times("SMA_20_VOLUME", 1.5)), up("Close", high(20))), risk={"max_bars": 10}),
        [
            "Buy when volume is at least 1.5 times its 20-day average and price breaks above the 20-day high. Exit after 10 bars."
        ],
    ),
    (
        spec(both(is_("Volume", ">=", times("SMA_20_VOLUME", 1.2)), is_("RSI_14", "<", 30)), is_("RSI_14", ">", 50)),
        ["Buy when volume is 20% above its 20-day average and RSI is below 30. Sell when RSI is above 50."],
    ),
    (
        spec(
            both(is_("Close", ">", "SMA_200"), is_("RSI_2", "<", 5), is_("Volume", ">", "SMA_20_VOLUME")),
            is_("RSI_2", ">", 65),
        ),
        [
            "Buy when price > SMA(200), RSI(2) < 5, and volume > SMA(volume, 20). Sell when RSI(2) > 65.",
            "Entry:\n- price is above the 200-day moving average\n- the 2-period RSI is below 5\n- volume is above its 20-day average\nExit:\n- RSI(2) is above 65",
        ],
    ),
    (
        spec(both(is_("Close", ">", "SMA_50"), is_("Close", ">", "SMA_200")), is_("Close", "<", "SMA_50")),
        [
            "Buy when price is above the 50 and 200 day moving averages. Sell when price is below the 50 day moving average.",
            "Buy when price is above both the 50-day SMA and the 200-day SMA. Sell when price is below the 50-day SMA.",
        ],
    ),
    (
        spec(either(is_("RSI_14", "<", 30), is_("CCI_20", "<", -100)), is_("RSI_14", ">", 50)),
        ["Buy when either RSI is below 30 or CCI is below -100. Sell when RSI is above 50."],
    ),
    (
        spec(either(is_("RSI_14", "<", 30), is_("RSI_14", ">", 70)), is_("RSI_14", ">", 50)),
        ["Buy when RSI is below 30 or above 70. Sell when RSI is above 50."],
    ),
    (
        spec(both(up("Close", "SMA_50"), {"type": "not", "of": is_("RSI_14", ">", 70)}), down("Close", "SMA_50")),
        ["Buy when price crosses above the 50-day SMA unless RSI is above 70. Sell when price crosses below it."],
    ),
    (
        spec({"type": "sequence", "first": down("RSI_14", 30), "then": up("RSI_14", 40), "bars": 5}, up("RSI_14", 70)),
        ["Buy when RSI drops below 30, then crosses above 40 within 5 bars. Sell when RSI rises above 70."],
    ),
    (
        spec({"type": "for", "of": is_("Close", ">", "SMA_200"), "bars": 3}, is_("Close", "<", "SMA_200")),
        ["Buy when price closes above the 200-day SMA for 3 days in a row; exit when price closes below it."],
    ),
    (
        spec(
            both({"type": "within", "of": is_("RSI_14", "<", 30), "bars": 5}, up("Close", "SMA_10")),
            is_("RSI_14", ">", 65),
        ),
        [
            "Buy when RSI(14) has been below 30 within the last 5 bars and price crosses above the 10-day SMA. Sell when RSI > 65."
        ],
    ),
    (
        spec({"type": "falling", "value": "Close", "bars": 3}, risk={"max_bars": 2}),
        [
            "Buy after three consecutive lower closes. Sell after 2 days.",
            "Buy when the close is lower three days in a row. Exit after two bars.",
            "Buy when price is down three days in a row and sell 2 days later.",
            "Buy when price has fallen for 3 straight days. Hold for 2 bars.",
        ],
    ),
    (
        spec(
            both(
                {"type": "rising", "value": "SMA_10", "bars": 1},
                is_(
                    {"type": "indicator", "id": "SMA_10", "shift": 1},
                    "<=",
                    {"type": "indicator", "id": "SMA_10", "shift": 2},
                ),
            ),
            both(
                {"type": "falling", "value": "SMA_10", "bars": 1},
                is_(
                    {"type": "indicator", "id": "SMA_10", "shift": 1},
                    ">=",
                    {"type": "indicator", "id": "SMA_10", "shift": 2},
                ),
            ),
            indicators=[{"id": "SMA_10", "name": "SMA", "params": {"timeperiod": 10}}],
        ),
        ["Buy when the 10-day SMA turns up. Sell when it turns down."],
    ),
    (
        spec(is_(change(10), "<=", -5), risk={"stop_loss": pct(3), "take_profit": pct(6)}),
        ["Buy when the stock falls 5% over 10 days. Take profit at 6%, stop loss at 3%."],
    ),
    (
        spec(is_(change(1), "<", -2), risk={"max_bars": 5}),
        [
            "Buy when the stock drops more than 2% in a day and exit after five days.",
            "Buy after a drop of more than 2% in one day. Hold for at most 5 days.",
        ],
    ),
    (
        spec(is_("Open", "<=", times(ago("Close"), 0.97)), risk={"max_bars": 3}),
        [
            "Buy if the stock gaps down by at least 3%. Sell after 3 days.",
            "Buy on a 3% gap down. Exit after 3 bars.",
            "Buy when the stock opens at least 3% below the previous close. Sell after three days.",
        ],
    ),
    (
        spec(is_("Close", ">", ago("High")), is_("Close", "<", ago("Low"))),
        ["Buy when today's close is above yesterday's high. Sell when close is below yesterday's low."],
    ),
    (
        spec(is_("Close", "<=", times("SMA_50", 0.95)), is_("Close", ">", "SMA_50")),
        ["Buy when price is at least 5% below its 50-day SMA, sell when price is above the 50-day SMA."],
    ),
    (
        spec(down("Close", 300), up("Close", 400)),
        ["Buy when price drops below $300 and sell when it rises above $400."],
    ),
    (
        spec(
            {"type": "pattern", "name": "CDLHAMMER", "direction": "bullish"},
            risk={"stop_loss": pct(2), "take_profit": pct(4)},
        ),
        ["Buy on a hammer. Exit with a 2% stop or 4% target.", "Buy a hammer candle. 2% stop, 4% take profit."],
    ),
    (
        spec(
            both({"type": "pattern", "name": "CDLDOJI", "direction": "any"}, is_("RSI_14", "<", 40)),
            risk={"max_bars": 4},
        ),
        ["Buy when there is a doji and RSI is below 40. Sell after 4 days."],
    ),
    (
        spec(is_("RSI_2", "<", 10), is_("RSI_2", ">", 60), filters={"weekdays": ["mon", "tue"]}),
        ["Only trade on Mondays and Tuesdays. Buy when RSI(2) is below 10. Sell when RSI(2) is above 60."],
    ),
    (
        spec({"type": "weekday", "days": ["mon"]}, {"type": "weekday", "days": ["fri"]}),
        ["Buy every Monday. Sell every Friday."],
    ),
    (
        spec(is_("RSI_14", "<", 35), is_({"type": "open_profit_pct"}, ">=", 10), risk={"stop_loss": pct(5)}),
        [
            "Exit once the trade is up 10%. Buy when RSI is below 35. 5% stop.",
            "Buy when RSI is below 35 with a 5% stop. Exit once price is 10% above entry.",
        ],
    ),
    (
        spec(short=up("RSI_14", 70), cover=down("RSI_14", 50), risk={"stop_loss": pct(4)}),
        [
            "Short when RSI(14) rises above 70. Cover when RSI(14) falls below 50. 4% stop loss.",
            "Sell short when RSI crosses above 70, cover when RSI crosses below 50, use a 4% stop loss. Shorts only.",
        ],
    ),
    (
        spec(
            is_("RSI_14", "<", 30), is_("RSI_14", ">", 50), short=is_("RSI_14", ">", 70), cover=is_("RSI_14", "<", 50)
        ),
        ["Go long when RSI < 30, exit when RSI > 50; go short when RSI > 70, exit when RSI < 50."],
    ),
    (
        spec(
            up("EMA_20", "EMA_50"),
            down("EMA_20", "EMA_50"),
            risk={"stop_loss": pct(5), "break_even": {"after_gain": pct(3)}},
        ),
        [
            "Buy when the 20 EMA crosses above the 50 EMA, sell when it crosses below. Stop loss 5%, move it to break even once up 3%.",
            "Buy when EMA(20) crosses above EMA(50) and sell when it crosses back below. 5% stop. Break-even after a 3% gain.",
        ],
    ),
    (
        spec(up("Close", high(20)), risk={"trailing_stop": atr(3)}, atrs=(14,)),
        [
            "Buy when price breaks above the 20-day high with a 3 ATR trailing stop.",
            "Buy when price breaks above the 20-day high. Trail the stop by 3 x ATR(14).",
        ],
    ),
    (
        spec(up("Close", high(50)), risk={"stop_loss": pct(6), "trailing_stop": {**pct(5), "after_gain": pct(10)}}),
        [
            "Buy when price breaks above the 50-day high. Trail by 5% after a 10% gain. Initial stop 6%.",
            "Buy when price breaks above the 50-day high. Once up 10%, trail with a 5% stop. Stop 6% below the entry.",
        ],
    ),
    (
        spec(
            up("Close", "EMA_20"),
            risk={"stop_loss": atr(1.5, 10), "take_profit": {"type": "r", "multiple": 3}},
            atrs=(10,),
            sizing={"type": "risk", "percent": 2},
        ),
        [
            "Risk 2% of the account per trade. Buy when price crosses above the 20 EMA. Stop loss 1.5 x ATR(10). Take profit at 3R."
        ],
    ),
    (
        spec(
            up("Close", "SMA_50"),
            risk={"stop_loss": atr(2), "take_profit": {"type": "r", "multiple": 2}},
            atrs=(14,),
            sizing={"type": "risk", "percent": 1},
        ),
        [
            "Risk 1% per trade with a 2 ATR stop and a 2:1 target. Enter when price crosses above the 50-day SMA.",
            "1% risk per trade. Stop 2 ATR(14) below entry, target 2R. Buy when price crosses above SMA 50.",
        ],
    ),
    (
        spec(down("RSI_14", 30), up("RSI_14", 60), sizing={"type": "cash", "value": 5000}),
        [
            "Buy $5,000 worth when RSI(14) drops below 30; sell when RSI(14) rises above 60.",
            "Invest $5000 per trade. Buy when RSI drops below 30 and sell when RSI rises above 60.",
        ],
    ),
    (
        spec(is_("RSI_14", "<", 30), is_("RSI_14", ">", 50), sizing={"type": "fraction", "value": 0.25}),
        [
            "Invest 25% of equity per trade. Buy when RSI is below 30. Sell when RSI is above 50.",
            "Buy with a quarter of the account when RSI is below 30. Sell when RSI is above 50.",
            "Position size: 25% of equity. Buy when RSI < 30. Sell when RSI > 50.",
        ],
    ),
    (
        spec(
            up("SMA_10", "SMA_30"),
            down("SMA_10", "SMA_30"),
            execution={"cash": 50000, "commission": {"type": "rate", "value": 0.002}},
        ),
        [
            "Start with $50,000 and 0.2% commission. Buy when SMA(10) crosses above SMA(30). Sell when SMA(10) crosses below SMA(30)."
        ],
    ),
    (
        spec(
            up("EMA_5", "EMA_20"),
            down("EMA_5", "EMA_20"),
            execution={"cash": 10000, "commission": {"type": "rate", "value": 0.0}},
        ),
        [
            "With a $10k account and no commission: buy when 5 EMA crosses over 20 EMA and sell when 5 EMA crosses under 20 EMA."
        ],
    ),
    (
        spec(
            is_("RSI_2", "<", 5),
            is_("Close", ">", "SMA_5"),
            order={"type": "limit", "price": times("Close", 0.98), "valid_bars": 1},
        ),
        [
            "Buy with a limit order 2% below the close when RSI(2) is under 5. Sell when price closes above the 5-day SMA.",
            "When RSI(2) is below 5, place a buy limit at 2% below the close. Sell when price is above the 5-day SMA.",
        ],
    ),
    (
        spec(
            is_("EMA_20", ">", "EMA_50"),
            order={"type": "stop", "price": times("Close", 1.01), "valid_bars": 5},
            risk={"stop_loss": pct(5), "take_profit": pct(10)},
        ),
        [
            "Place a buy stop 1% above the close when the 20 EMA is above the 50 EMA, good for 5 bars. 5% stop loss and 10% take profit."
        ],
    ),
    (
        spec(
            "always", is_("Close", "<", low(10)), order={"type": "stop", "price": high(20, now=True), "valid_bars": 1}
        ),
        ["Keep a buy stop at the 20-day high. Exit when price is below the 10-day low."],
    ),
    (
        spec(
            up("Close", "SMA_50"),
            exits=(
                {"side": "long", "portion": 0.5, "when": up("RSI_14", 70)},
                {"side": "long", "when": is_("Close", "<", "SMA_20")},
            ),
        ),
        [
            "Buy when price crosses above the 50-day SMA. Sell half when RSI(14) crosses above 70 and the rest when price closes below the 20-day SMA.",
            "Buy when price crosses above the 50-day SMA. Close 50% of the position when RSI rises above 70. Sell the rest when price is below the 20-day SMA.",
        ],
    ),
    (
        spec(up("RSI_14", 30), down("RSI_14", 70), filters={"cooldown_bars": 10}),
        [
            "No re-entry for 10 bars after an exit. Buy when RSI crosses above 30, sell when RSI crosses below 70.",
            "Buy when RSI crosses above 30, sell when RSI crosses below 70. Wait 10 bars after each exit before a new entry.",
            "Cooldown of 10 bars. Buy when RSI crosses above 30, sell when RSI crosses below 70.",
        ],
    ),
    (
        spec(
            up("Close", "SMA_50"),
            risk={
                "stop_loss": {"type": "price_distance", "value": 10},
                "take_profit": {"type": "price_distance", "value": 20},
            },
        ),
        ["Buy when price crosses above SMA 50. Place a $10 stop and a $20 target."],
    ),
    (
        spec(is_("SMA_10_1W", ">", "SMA_40_1W"), is_("SMA_10_1W", "<", "SMA_40_1W")),
        ["Buy when the 10-week SMA is above the 40-week SMA. Sell when the 10-week SMA is below the 40-week SMA."],
    ),
    (
        spec(both(is_("RSI_14_1W", ">", 50), is_("RSI_2", "<", 10)), is_("RSI_2", ">", 80)),
        ["Buy when RSI(14) on the weekly chart is above 50 and RSI(2) is below 10. Sell when RSI(2) is above 80."],
    ),
]

INTRADAY: list[tuple[Spec, list[str]]] = [
    (
        spec(
            up("EMA_20", "EMA_50"),
            short=down("EMA_20", "EMA_50"),
            risk={"stop_loss": {"type": "pips", "value": 30}, "take_profit": {"type": "pips", "value": 60}},
            symbol="EURUSD",
            timeframe="1h",
        ),
        [
            "On the hourly chart, go long when the 20 EMA crosses above the 50 EMA and short when it crosses below. Stop loss 30 pips, take profit 60 pips."
        ],
    ),
    (
        spec(
            up("Close", {"type": "previous", "period": "day", "field": "High"}),
            risk={"stop_loss": {"type": "pips", "value": 25}, "take_profit": {"type": "pips", "value": 50}},
            symbol="EURUSD",
            timeframe="1h",
        ),
        [
            "EURUSD 1h: buy when price breaks above the previous day's high, stop 25 pips, target 50 pips.",
            "EUR/USD, H1. Buy when price breaks yesterday's high. 25 pip stop and 50 pip target.",
        ],
    ),
    (
        spec(both(is_("RSI_14_1D", ">", 50), up("RSI_14", 30)), up("RSI_14", 70), symbol="EURUSD", timeframe="1h"),
        [
            "Buy when the daily RSI(14) is above 50 and the hourly RSI(14) crosses above 30. Sell when the hourly RSI(14) crosses above 70."
        ],
    ),
    (
        spec(
            both(is_("Close", ">", "SMA_20_1D"), down("RSI_14", 30)), up("RSI_14", 70), symbol="EURUSD", timeframe="1h"
        ),
        ["Buy when price is above the 20-day SMA and RSI(14) crosses below 30. Sell when RSI crosses above 70."],
    ),
    (
        spec(
            down("RSI_14", 25),
            up("RSI_14", 55),
            filters={"hours": {"from": "08:00", "to": "16:00"}},
            symbol="EURUSD",
            timeframe="1h",
        ),
        [
            "Buy when RSI(14) crosses below 25. Sell when RSI crosses above 55. Only trade between 08:00 and 16:00.",
            "Trade only from 8am to 4pm. Buy when RSI crosses below 25, sell when it crosses above 55.",
        ],
    ),
]

TEXTS = [pytest.param(text, wanted, id=text[:60]) for wanted, texts in [*FAMILIES, *INTRADAY] for text in texts]


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_a_text_comes_out_as_the_spec_it_means(text: str, wanted: Spec) -> None:
    reading = read_text(text, context=ReadingContext(symbol=wanted.instruments[0], timeframe=wanted.timeframe))
    assert reading.status == "complete", (reading.questions, reading.unresolved, reading.errors)
    assert reading.spec is not None
    assert identity(reading.spec) == identity(wanted)
