"""Stamps of bars as the outside world reads them: with their offset."""

from datetime import datetime
from zoneinfo import ZoneInfo

from Backtest.timeframes import is_intraday


def zoned_text(stamp: str, zone: str, timeframe: str) -> str:
    """A bar's naive ISO stamp in its zone as RFC 3339 with the offset; `YYYY-MM-DD` for daily bars and longer ones.

    An hour that the zone's clock shows twice is taken as the first of the two.
    """
    moment = datetime.fromisoformat(stamp)
    return moment.replace(tzinfo=ZoneInfo(zone)).isoformat() if is_intraday(timeframe) else moment.date().isoformat()
