"""Which lines of a page are the strategy, and that what is left out is said."""

import pytest

from Backtest.errors import PageRefused
from Backtest.pages.page import Page
from Backtest.pipeline.author import author_text
from Backtest.pipeline.page_text import Told, told_by

RULES = "- Buy when RSI(14) drops below 30\n- Sell when it rises above 70\n- 5% stop loss"
URL = "https://blog.test/rsi"


def told(text: str) -> Told:
    return told_by(Page(URL, text))


def test_prose_around_the_rules_is_left_out_and_named() -> None:
    page = told(f"RSI reversal\nBy Ann, 3 May 2020\nI have traded it for years.\n{RULES}\nLeave a comment below!")
    assert page.text == RULES
    assert page.left_out == (
        "4 lines: RSI reversal / By Ann, 3 May 2020 / I have traded it for years. / Leave a comment below!"
    )


def test_what_lies_between_two_rules_is_kept() -> None:
    text = "Buy when RSI(14) drops below 30.\nMy neighbour loves it.\nSell when RSI(14) rises above 70."
    assert told(text) == Told(text, URL)


def test_headings_and_the_chart_above_the_rules_belong_to_them() -> None:
    text = "Trade EURUSD on the hourly chart.\nEntry:\n- RSI(14) < 30\nExit:\n- RSI(14) > 70"
    assert told(f"Menu\n{text}\nShare").text == text


def test_a_rule_that_can_t_be_run_is_not_left_out() -> None:
    page = told(f"Blog\n{RULES}\nExit before earnings\nFollow me")
    assert page.text == f"{RULES}\nExit before earnings"
    assert author_text([page.text], page=page).status == "unsupported"


def test_a_page_without_rules_is_read_whole_so_that_the_reader_tells_what_is_missing() -> None:
    page = told("Ten tricks for better sleep\nGo to bed early")
    assert page.left_out == ""
    assert author_text([page.text], page=page).status != "valid"


def test_the_page_stands_in_the_provenance_with_the_words_that_became_rules() -> None:
    page = told(f"Blog\n{RULES}")
    authored = author_text([page.text], page=page)
    assert authored.spec is not None
    provenance = authored.spec.provenance
    assert (provenance.source, provenance.url, provenance.text) == ("url", URL, RULES)
    words = {span.path: RULES[span.start : span.end] for span in provenance.spans}
    assert words["/entry_rules/0"].startswith("Buy when RSI(14) drops below 30")
    left_out = [said.value for said in authored.assumptions if said.topic == "left out of the page"]
    assert left_out == ["1 line: Blog"]


def test_an_edited_page_keeps_its_address() -> None:
    page = told(RULES)
    authored = author_text([page.text, "tighten the stop to 2%"], page=page)
    assert authored.spec is not None
    assert (authored.spec.provenance.source, authored.spec.provenance.url) == ("edit", URL)


def test_the_strategy_is_found_in_a_page_longer_than_a_strategy_may_be() -> None:
    page = told("A word about cars.\n" * 1200 + RULES + "\nA word about cars." * 200)
    assert page.text == RULES
    assert page.left_out.startswith("1400 lines: A word about cars. / ")


def test_a_strategy_longer_than_may_be_read_is_refused() -> None:
    with pytest.raises(PageRefused, match="more than 20,000"):
        told(
            "Buy when RSI(14) drops below 30.\n"
            + "I like it very much. " * 1000
            + "\nSell when RSI(14) rises above 70."
        )
