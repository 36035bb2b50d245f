"""A page as plain text: its article, without menus, comments and scripts."""

import re
from dataclasses import dataclass
from typing import Final

from Backtest.pages.addresses import refused
from Backtest.pages.connection import Network
from Backtest.pages.fetch import Document, fetch

MAX_TAGS: Final = 50_000
"""What is taken apart in about a second; a book in one page has fewer."""

_PLAIN: Final = ("text/plain", "text/markdown")
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|iso-8859-\d{1,2}|windows-125\d|koi8-[ru]|shift_jis|euc-(jp|kr)|gbk|gb2312|gb18030|big5"
)
"""What pages are written in; Python knows codecs that take long, or are none of text."""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a page was found in the end, and its text, a line for each paragraph, heading and list item."""

    url: str
    text: str


def read_page(url: str, network: Network | None = None) -> Page:
    """The page at a web address. Raises PageRefused and SourceUnavailable as `fetch` does."""
    document = fetch(url, network)
    text = _plain(document) if document.content_type in _PLAIN else _article(document)
    lines = [" ".join(line.split()) for line in text.replace("\0", "").splitlines()]
    text = "\n".join(line for line in lines if line)
    if not text:
        raise refused("no text was found on the page", "paste the strategy's text instead")
    return Page(document.url, text)


def _plain(document: Document) -> str:
    charset = (document.charset or "utf-8").lower()
    return document.content.decode(charset if _CHARSETS.fullmatch(charset) else "utf-8", errors="replace")


def _article(document: Document) -> str:
    if document.content.count(b"<") > MAX_TAGS:
        raise refused("the page is made of too many parts", "paste the strategy's text instead")
    from trafilatura import extract

    declared = _plain(document) if document.charset else document.content  # without a charset the page itself says it
    found = extract(declared, include_comments=False, include_tables=True, include_links=False, favor_recall=True)
    return found or ""
