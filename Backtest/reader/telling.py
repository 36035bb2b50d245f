"""Whether words say nothing of the trade, in any of the ways in which they may not."""

from collections.abc import Sequence

from Backtest.reader.announcements import is_announcement
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import (
    content_of,
)
from Backtest.reader.narratives import is_narrative
from Backtest.reader.remarks import (
    is_about_text,
    is_always_in,
    is_look_at_chart,
    is_of_instrument,
    is_remark,
    is_request,
    is_routine,
    is_slogan,
)
from Backtest.reader.theses import is_thesis

_TELLS = (
    is_remark,
    is_request,
    is_narrative,
    is_slogan,
    is_routine,
    is_look_at_chart,
    is_about_text,
    is_of_instrument,
    is_always_in,
    is_announcement,
    is_thesis,
)


def tells_of_else(tokens: Sequence[Token], text: str) -> bool:
    """Remarks, requests, slogans, tales, theses, announcements: `tokens` of a part of `text`."""
    content = content_of(tokens)
    return bool(content) and any(told(content, text) for told in _TELLS)
