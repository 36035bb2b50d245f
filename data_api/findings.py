"""What the quality checks found in bars, as it is stored and answered."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from Backtest.data.bars import Bars


def findings_json(bars: "Bars") -> list[dict[str, Any]]:
    """The warnings and infos that travel with the bars, their times with an offset."""
    from Backtest.data.zoned_time import zoned_text

    return [
        {
            **asdict(finding),
            "first_time": finding.first_time and zoned_text(finding.first_time, bars.zone, bars.timeframe),
        }
        for finding in bars.findings
    ]
