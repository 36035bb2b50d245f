"""A web address in place of a description."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from Backtest.errors import PageRefused, SourceUnavailable
from strategy_api.selectors import strategy_version_get
from strategy_api.services import Description, strategy_chat, strategy_create, strategy_update
from tests.web.server import PUBLIC, Rerouted, Server, serving

RULES = "Buy when RSI(14) drops below 30, sell when it rises above 70"
URL = "http://blog.test/rsi"

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(tmp_path: Path, settings: Any) -> Iterator[Server]:
    settings.BACKTEST_CODES_DIR = tmp_path
    for server in serving(None):
        settings.PAGE_NETWORK = Rerouted(server, {"blog.test": [[PUBLIC]]})
        yield server


def test_the_page_s_words_become_the_strategy_and_its_address_is_kept(user: User, server: Server) -> None:
    server.page("/rsi", f"My blog\n{RULES}.\n".encode(), kind="text/plain")
    version = strategy_create(user=user, description=Description(user_description=URL))
    assert (version.status, version.turns, version.source_url) == ("valid", [f"{RULES}."], URL)
    assert version.canonical_json is not None
    assert version.canonical_json["provenance"]["url"] == URL
    assert {said["topic"]: said["value"] for said in version.assumptions}["left out of the page"] == "1 line: My blog"


def test_answers_and_edits_leave_the_page_alone_and_keep_its_address(user: User, server: Server) -> None:
    server.page(
        "/rsi", b"My blog\nBuy when price is above its moving average, sell when it falls below.", kind="text/plain"
    )
    asked = strategy_create(user=user, description=Description(user_description=URL))
    assert asked.status == "needs_clarification"
    answers = {asked.questions[0]["id"]: 50}
    version = strategy_update(user=user, strategy_id=asked.strategy_id, description=Description(answers=answers))
    reply = strategy_chat(user=user, strategy_id=asked.strategy_id, message="add a 5% stop")
    assert len(server.requests) == 1
    for made in (version, reply.version):
        assert made.canonical_json is not None
        assert made.canonical_json["provenance"]["url"] == made.source_url == URL
        assert "left out of the page" in {said["topic"] for said in made.assumptions}


def test_an_address_inside_is_refused_under_the_request_s_name(user: User, server: Server) -> None:
    server.redirect("/rsi", "http://169.254.169.254/latest/meta-data/")
    with pytest.raises(PageRefused) as caught:
        strategy_create(user=user, description=Description(user_description=URL))
    assert [issue.field for issue in caught.value.issues] == ["user_description"]


def test_a_host_that_is_not_there_is_unavailable_and_stores_nothing(user: User, server: Server) -> None:
    with pytest.raises(SourceUnavailable) as caught:
        strategy_create(user=user, description=Description(user_description="https://no-such-host.invalid/x"))
    assert [issue.field for issue in caught.value.issues] == ["user_description"]


def test_a_setting_turns_it_off(user: User, server: Server, settings: Any) -> None:
    settings.FETCH_PAGES = False
    with pytest.raises(PageRefused, match="not fetched here"):
        strategy_create(user=user, description=Description(user_description=URL))
    assert server.requests == []


def test_words_with_an_address_among_them_are_words(user: User, server: Server) -> None:
    version = strategy_create(user=user, description=Description(user_description=f"{RULES}, see {URL}"))
    assert server.requests == []
    assert version.status == "rejected"
    assert strategy_version_get(user=user, strategy_id=version.strategy_id).source_url == ""
