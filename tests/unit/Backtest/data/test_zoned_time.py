import pytest

from Backtest.data.zoned_time import zoned_text


@pytest.mark.parametrize(
    ("stamp", "zone", "timeframe", "text"),
    [
        ("2024-01-02", "America/New_York", "1d", "2024-01-02"),
        ("2024-01-02T00:00:00", "UTC", "1w", "2024-01-02"),
        ("2024-01-02", "UTC", "1h", "2024-01-02T00:00:00+00:00"),
        ("2024-01-02T09:30:00", "America/New_York", "5m", "2024-01-02T09:30:00-05:00"),
        ("2024-07-02T09:30:00", "America/New_York", "5m", "2024-07-02T09:30:00-04:00"),
        ("2024-11-03T01:30:00", "America/New_York", "1h", "2024-11-03T01:30:00-04:00"),
    ],
)
def test_stamps_bear_the_offset_of_their_day_and_days_bear_none(
    stamp: str, zone: str, timeframe: str, text: str
) -> None:
    assert zoned_text(stamp, zone, timeframe) == text
