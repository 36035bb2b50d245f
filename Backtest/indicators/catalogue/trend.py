"""Trend: direction, strength, and the lines that follow it."""

from Backtest.indicators.catalogue.entries import HLC, PERCENT, indicator, period, real, sum_of
from Backtest.indicators.definitions import Output

TREND = (
    indicator(
        "ADX",
        "Average Directional Index",
        "Wilder's strength of a trend, whatever its direction, 0 to 100.",
        inputs=HLC,
        parameters=(period(14),),
        warmup=lambda p: 2 * int(p["timeperiod"]) - 1,
        bounds=PERCENT,
        aliases=("AVERAGE_DIRECTIONAL_INDEX",),
    ),
    indicator(
        "PLUS_DI",
        "Plus Directional Indicator",
        "Wilder's share of upward movement in the true range, 0 to 100.",
        inputs=HLC,
        parameters=(period(14),),
        warmup=sum_of("timeperiod"),
        bounds=PERCENT,
        aliases=("+DI", "DI_PLUS", "DI+"),
    ),
    indicator(
        "MINUS_DI",
        "Minus Directional Indicator",
        "Wilder's share of downward movement in the true range, 0 to 100.",
        inputs=HLC,
        parameters=(period(14),),
        warmup=sum_of("timeperiod"),
        bounds=PERCENT,
        aliases=("-DI", "DI_MINUS", "DI-"),
    ),
    indicator(
        "AROON",
        "Aroon",
        "How lately the highest High (up) and the lowest Low (down) of n bars were made, 0 to 100.",
        inputs=("High", "Low"),
        parameters=(period(14),),
        outputs=(
            Output("up", "AROON_UP", "100 where the highest High is now, 0 where it is n bars old.", PERCENT),
            Output("down", "AROON_DOWN", "100 where the lowest Low is now, 0 where it is n bars old.", PERCENT),
        ),
        picks=(1, 0),
        warmup=sum_of("timeperiod"),
    ),
    indicator(
        "PSAR",
        "Parabolic SAR",
        "Wilder's stop and reverse: below the price in an upward trend, above it in a downward one.",
        inputs=("High", "Low"),
        function="talib.SAR",
        parameters=(
            real("acceleration", 0.02, 0.0001, 1.0, "step of the acceleration"),
            real("maximum", 0.2, 0.0001, 1.0, "highest acceleration"),
        ),
        warmup=lambda p: 1,
        aliases=("SAR", "PARABOLIC_SAR"),
        price_like=True,
    ),
    indicator(
        "SUPERTREND",
        "Supertrend",
        "Trailing band of ATR around the middle of the bar; the close through it turns the trend.",
        inputs=HLC,
        function="supertrend",
        parameters=(
            period(10, minimum=1, description="bars of the ATR"),
            real("multiple", 3.0, 0.01, 100.0, "ATRs between the middle and a band"),
        ),
        outputs=(
            Output("line", "SUPERTREND", "Lower band while the trend is up, upper band while it is down."),
            Output("direction", "SUPERTREND_DIRECTION", "1 while the trend is up, -1 while it is down.", (-1.0, 1.0)),
        ),
        warmup=sum_of("timeperiod"),
        aliases=("SUPER_TREND",),
        price_like=True,
    ),
    indicator(
        "ICHIMOKU",
        "Ichimoku Cloud",
        "Middles of the ranges of three windows; the cloud on a bar is the one computed `base_period` bars before.",
        inputs=("High", "Low"),
        function="ichimoku",
        parameters=(
            period(9, name="conversion_period", description="bars of the conversion line"),
            period(26, name="base_period", description="bars of the base line, and of the cloud's displacement"),
            period(52, name="span_period", description="bars of span B"),
        ),
        outputs=(
            Output(
                "conversion",
                "ICHIMOKU_CONVERSION",
                "Middle of the short range (Tenkan).",
                warmup=sum_of("conversion_period", plus=-1),
            ),
            Output(
                "base", "ICHIMOKU_BASE", "Middle of the medium range (Kijun).", warmup=sum_of("base_period", plus=-1)
            ),
            Output(
                "span_a",
                "ICHIMOKU_SPAN_A",
                "Mean of conversion and base, as drawn on the bar (Senkou A).",
                warmup=lambda p: max(int(p["conversion_period"]), int(p["base_period"])) - 1 + int(p["base_period"]),
            ),
            Output(
                "span_b",
                "ICHIMOKU_SPAN_B",
                "Middle of the long range, as drawn on the bar (Senkou B).",
                warmup=sum_of("span_period", "base_period", plus=-1),
            ),
        ),
        warmup=lambda p: (
            max(int(p["conversion_period"]), int(p["base_period"]), int(p["span_period"])) - 1 + int(p["base_period"])
        ),
        aliases=("ICHIMOKU_CLOUD", "ICHIMOKU_KINKO_HYO"),
        price_like=True,
    ),
)
