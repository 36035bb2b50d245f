"""Volume, and prices weighted by it."""

from Backtest.indicators.catalogue.entries import PERCENT, indicator, period, sum_of

VOLUME = (
    indicator(
        "MFI",
        "Money Flow Index",
        "Share of rising typical price x Volume in all of it over n bars, 0 to 100.",
        inputs=("High", "Low", "Close", "Volume"),
        parameters=(period(14),),
        warmup=sum_of("timeperiod"),
        bounds=PERCENT,
        aliases=("MONEY_FLOW_INDEX",),
    ),
    indicator(
        "OBV",
        "On-Balance Volume",
        "Running sum of Volume, added on a higher Close and taken off on a lower one.",
        inputs=("Close", "Volume"),
        warmup=lambda p: 0,
        aliases=("ON_BALANCE_VOLUME",),
    ),
    indicator(
        "VWAP",
        "Volume Weighted Average Price",
        "Typical price weighted by Volume since the start of the day.",
        inputs=("index", "High", "Low", "Close", "Volume"),
        function="vwap_by_day",
        warmup=lambda p: 0,
        aliases=("VOLUME_WEIGHTED_AVERAGE_PRICE",),
        price_like=True,
    ),
)
