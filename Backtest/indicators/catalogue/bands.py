"""Bands, channels and extremes."""

from Backtest.indicators.catalogue.entries import HLC, LONGEST_PERIOD, SOURCE, indicator, period, real, sum_of
from Backtest.indicators.definitions import Output, Parameter

_BANDS_WIDTH = "between the middle and a band"

BANDS = (
    indicator(
        "BBANDS",
        "Bollinger Bands",
        "SMA of n values, and the lines so many population standard deviations above and below it.",
        inputs=SOURCE,
        parameters=(period(20), real("nbdev", 2.0, 0.01, 100.0, f"deviations {_BANDS_WIDTH}")),
        keywords={"timeperiod": "timeperiod", "nbdevup": "nbdev", "nbdevdn": "nbdev"},
        outputs=(
            Output("upper", "BB_UPPER", "SMA plus the deviations."),
            Output("middle", "BB_MIDDLE", "SMA."),
            Output("lower", "BB_LOWER", "SMA minus the deviations."),
        ),
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("BB", "BOLLINGER", "BOLLINGER_BANDS"),
        stem="BB",
        price_like=True,
    ),
    indicator(
        "DONCHIAN",
        "Donchian Channel",
        "Highest High and lowest Low of the last n bars, the current one included.",
        inputs=("High", "Low"),
        function="donchian",
        parameters=(period(20),),
        outputs=(
            Output("upper", "DONCHIAN_UPPER", "Highest High of the last n bars."),
            Output("middle", "DONCHIAN_MIDDLE", "Mean of the upper and the lower line."),
            Output("lower", "DONCHIAN_LOWER", "Lowest Low of the last n bars."),
        ),
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("DONCHIAN_CHANNEL", "DONCHIAN_CHANNELS"),
        price_like=True,
    ),
    indicator(
        "KELTNER",
        "Keltner Channel",
        "EMA of the Close, and the lines so many ATRs above and below it.",
        inputs=HLC,
        function="keltner",
        parameters=(
            period(20, description="bars of the EMA"),
            real("multiple", 2.0, 0.01, 100.0, f"ATRs {_BANDS_WIDTH}"),
            Parameter("atr_period", 10, 1, LONGEST_PERIOD, True, "bars of the ATR", omit_default=True),
        ),
        outputs=(
            Output("upper", "KELTNER_UPPER", "EMA plus the ATRs."),
            Output("middle", "KELTNER_MIDDLE", "EMA of the Close.", warmup=sum_of("timeperiod", plus=-1)),
            Output("lower", "KELTNER_LOWER", "EMA minus the ATRs."),
        ),
        warmup=lambda p: max(int(p["timeperiod"]) - 1, int(p["atr_period"])),
        aliases=("KELTNER_CHANNEL", "KELTNER_CHANNELS", "KC"),
        price_like=True,
    ),
    indicator(
        "HIGHEST",
        "Highest",
        "Highest value of the last n bars, the current one included.",
        inputs=SOURCE,
        function="talib.MAX",
        parameters=(period(20, required=True),),
        source="High",
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("MAX", "HIGHEST_HIGH"),
        price_like=True,
    ),
    indicator(
        "LOWEST",
        "Lowest",
        "Lowest value of the last n bars, the current one included.",
        inputs=SOURCE,
        function="talib.MIN",
        parameters=(period(20, required=True),),
        source="Low",
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("MIN", "LOWEST_LOW"),
        price_like=True,
    ),
)
