"""Moving averages."""

from Backtest.indicators.catalogue.entries import indicator, period, sum_of
from Backtest.indicators.definitions import Indicator, Warmup


def _average(
    name: str, title: str, description: str, warmup: Warmup, aliases: tuple[str, ...] = (), shortest: int = 2
) -> Indicator:
    return indicator(
        name,
        title,
        description,
        inputs=("source",),
        parameters=(period(20, minimum=shortest, required=True),),
        warmup=warmup,
        aliases=aliases,
        price_like=True,
    )


AVERAGES = (
    _average(
        "SMA",
        "Simple Moving Average",
        "Mean of the last n values.",
        sum_of("timeperiod", plus=-1),
        ("SIMPLE_MOVING_AVERAGE", "MOVING_AVERAGE", "MA"),
        shortest=1,  # of another timeframe's bars, it is their value
    ),
    _average(
        "EMA",
        "Exponential Moving Average",
        "Mean with weight 2 / (n + 1) on the newest value, begun with the SMA of the first n.",
        sum_of("timeperiod", plus=-1),
        ("EXPONENTIAL_MOVING_AVERAGE",),
    ),
    _average(
        "WMA",
        "Weighted Moving Average",
        "Mean of the last n values with weights 1 to n, the newest heaviest.",
        sum_of("timeperiod", plus=-1),
        ("WEIGHTED_MOVING_AVERAGE",),
    ),
    _average(
        "DEMA",
        "Double Exponential Moving Average",
        "2 EMA - EMA of the EMA.",
        lambda p: 2 * (int(p["timeperiod"]) - 1),
        ("DOUBLE_EXPONENTIAL_MOVING_AVERAGE",),
    ),
    _average(
        "TEMA",
        "Triple Exponential Moving Average",
        "3 EMA - 3 EMA of the EMA + EMA of that.",
        lambda p: 3 * (int(p["timeperiod"]) - 1),
        ("TRIPLE_EXPONENTIAL_MOVING_AVERAGE",),
    ),
    _average(
        "KAMA",
        "Kaufman Adaptive Moving Average",
        "Exponential average that quickens when the price travels straight over n bars.",
        sum_of("timeperiod"),
        ("KAUFMAN_ADAPTIVE_MOVING_AVERAGE", "KAUFMAN"),
    ),
    indicator(
        "VAMA",
        "Volume Adjusted Moving Average",
        "Sum of Close x Volume over the last n bars divided by the sum of their Volume.",
        inputs=("Close", "Volume"),
        function="volume_adjusted_average",
        parameters=(period(20, required=True),),
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("VWMA", "VOLUME_ADJUSTED_MOVING_AVERAGE", "VOLUME_WEIGHTED_MOVING_AVERAGE"),
        price_like=True,
    ),
)
