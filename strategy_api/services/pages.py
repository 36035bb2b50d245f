"""What is said by naming a web page instead."""

from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings

from Backtest.errors import Issue, PageRefused, SourceUnavailable

if TYPE_CHECKING:
    from Backtest.pipeline.page_text import Told


def page_told(text: str, *, said_in: str = "user_description") -> "Told":
    """The strategy that a page tells where the text is a web address and nothing else; the text itself otherwise.

    Raises PageRefused and SourceUnavailable (field `said_in`), the former for each address where FETCH_PAGES is off.
    """
    from Backtest.pages.addresses import is_web_address
    from Backtest.pipeline.page_text import Told, told_by

    if not is_web_address(text):
        return Told(text)
    if not settings.FETCH_PAGES:
        message = "pages are not fetched here"
        raise PageRefused(message, [Issue(said_in, message, "paste the strategy's text instead")])
    from Backtest.pages.page import read_page

    try:
        return told_by(read_page(text.strip(), settings.PAGE_NETWORK))
    except (PageRefused, SourceUnavailable) as error:
        raise type(error)(error.message, [replace(issue, field=said_in) for issue in error.issues]) from error
