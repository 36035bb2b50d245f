"""Volatility."""

from Backtest.indicators.catalogue.entries import HLC, SOURCE, indicator, period, sum_of
from Backtest.indicators.definitions import Parameter

VOLATILITY = (
    indicator(
        "ATR",
        "Average True Range",
        "Wilder's average of the true range over n bars, in price.",
        inputs=HLC,
        parameters=(period(14, minimum=1),),
        warmup=sum_of("timeperiod"),
        aliases=("AVERAGE_TRUE_RANGE",),
    ),
    indicator(
        "TRANGE",
        "True Range",
        "High - Low, widened to the previous Close, in price.",
        inputs=HLC,
        warmup=lambda p: 1,
        aliases=("TRUE_RANGE", "TR"),
    ),
    indicator(
        "STDDEV",
        "Standard Deviation",
        "Population standard deviation of the last n values.",
        inputs=SOURCE,
        parameters=(period(20, required=True),),
        keywords={"timeperiod": "timeperiod", "nbdev": 1.0},
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("STDEV", "STD", "STANDARD_DEVIATION"),
    ),
    indicator(
        "ZSCORE",
        "Z-Score",
        "Value minus its n-bar SMA, in population standard deviations.",
        inputs=SOURCE,
        function="z_score",
        parameters=(period(20, required=True),),
        warmup=sum_of("timeperiod", plus=-1),
        aliases=("Z_SCORE",),
    ),
    indicator(
        "REALISED_VOLATILITY",
        "Realised Volatility",
        "Population deviation of the last n log returns x the root of the bars per year (0.2 = 20 % a year).",
        inputs=SOURCE,
        function="realised_volatility",
        parameters=(
            period(20, required=True, description="log returns"),
            Parameter("bars_per_year", 252, 1, 600_000, False, "bars in a year of this timeframe", in_column=False),
        ),
        warmup=sum_of("timeperiod"),
        aliases=("REALIZED_VOLATILITY", "HISTORICAL_VOLATILITY", "VOLATILITY"),
    ),
)
