"""What of a page is read: its article, line by line."""

import pytest

from Backtest.errors import PageRefused
from Backtest.pages.page import MAX_TAGS, read_page
from tests.web.server import Rerouted, Server

ARTICLE = """<html><head><title>RSI | Blog</title><style>p {}</style><script>alert("x")</script></head><body>
<nav><a href="/">Home</a><a href="/about">About</a></nav><article><h1>RSI reversal</h1>
<p>Here is what I trade.</p><ul><li>Buy when RSI(14) drops below 30</li><li>Sell when it rises above 70</li></ul>
<p>Use a 5&nbsp;% stop loss – no more.</p></article><footer>© 2024 Blog</footer></body></html>"""


def test_the_article_is_read_without_menus_scripts_and_footers(server: Server, network: Rerouted) -> None:
    server.page("/", ARTICLE.encode(), kind="text/html; charset=utf-8")
    text = read_page("http://blog.test/", network).text
    assert "- Buy when RSI(14) drops below 30\n- Sell when it rises above 70\nUse a 5 % stop loss – no more." in text
    assert not any(word in text for word in ("alert", "About", "2024"))


def test_a_page_in_another_charset_is_read(server: Server, network: Rerouted) -> None:
    server.page("/", ARTICLE.encode("windows-1252"), kind="text/html; charset=windows-1252")
    assert "5 % stop loss – no more" in read_page("http://blog.test/", network).text


@pytest.mark.parametrize("charset", ["punycode", "rot13", "no-such", "zip"])
def test_a_charset_that_pages_are_not_written_in_is_taken_for_utf_8(
    charset: str, server: Server, network: Rerouted
) -> None:
    server.page("/", b"Buy when RSI(14) drops below 30", kind=f"text/plain; charset={charset}")
    assert read_page("http://blog.test/", network).text == "Buy when RSI(14) drops below 30"


def test_plain_text_is_read_as_it_is(server: Server, network: Rerouted) -> None:
    server.page("/", b"1. Buy when RSI(14) < 30\r\n\r\n2.  Sell  when RSI(14) > 70\n", kind="text/plain")
    assert read_page("http://blog.test/", network).text == "1. Buy when RSI(14) < 30\n2. Sell when RSI(14) > 70"


def test_a_page_without_text_is_refused(server: Server, network: Rerouted) -> None:
    server.page("/", b"<html><body><img src='x.png'></body></html>")
    with pytest.raises(PageRefused, match="no text was found"):
        read_page("http://blog.test/", network)


def test_a_page_that_would_take_long_to_take_apart_is_refused(server: Server, network: Rerouted) -> None:
    server.page("/", b"<p>a " * (MAX_TAGS + 1))
    with pytest.raises(PageRefused, match="too many parts"):
        read_page("http://blog.test/", network)
