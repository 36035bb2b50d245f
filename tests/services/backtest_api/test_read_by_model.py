"""A run's text is read by a model too."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management.base import OutputWrapper

from auth_api.models import ModelCall, User
from Backtest.pipeline import BacktestRequest
from backtest_api.run_request import RunRequest
from backtest_api.services import backtest_quick_run, backtest_run
from backtest_api.terminal import Terminal
from rest.errors import Unclear
from tests.llm_servers.server import ModelServer, fails, model_server, says
from tests.unit.Backtest.second_reading.readings import TEXT, faithful, with_exit_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def server(settings: Any, tmp_path: Path) -> Iterator[ModelServer]:
    cache.clear()
    settings.BACKTEST_CODES_DIR = settings.BACKTEST_RUNS_DIR = tmp_path
    with model_server("openai") as running:
        settings.LLM_PROVIDER, settings.LLM_MODEL = "openai_compatible", "small"
        settings.LLM_BASE_URL, settings.LLM_ATTEMPTS = running.url, 1
        settings.LLM_SECOND_READING = True
        yield running


def test_a_quick_run_whose_text_is_read_in_two_ways_asks_and_runs_what_is_answered(
    user: User, server: ModelServer
) -> None:
    server.will(says(with_exit_at(80)))
    request = RunRequest(user_description=TEXT, symbol="GOOG")
    with pytest.raises(Unclear) as unclear:
        backtest_quick_run(user=user, request=request)
    [issue] = unclear.value.issues
    assert issue.field == "answers/second_reading"
    value = issue.suggestion.rpartition(", ")[2]
    run = backtest_quick_run(
        user=user, request=RunRequest(user_description=TEXT, symbol="GOOG", answers={"second_reading": value})
    )
    assert run.status == "completed"
    assert run.canonical_json is not None
    assert run.canonical_json["exit_rules"][0]["when"]["right"]["value"] == 80
    assert run.request["reading"]["comparison"]["chosen"] == "model"
    assert ModelCall.objects.count() == 1


def test_a_run_says_that_its_model_failed(user: User, server: ModelServer) -> None:
    server.will(fails(500))
    run = backtest_quick_run(user=user, request=RunRequest(user_description=TEXT, symbol="GOOG"))
    reading = run.request["reading"]["comparison"]
    assert (run.status, reading["model"], reading["agree"], reading["chosen"]) == (
        "completed",
        "failed",
        None,
        "grammar",
    )


def test_the_command_reads_twice_too(server: ModelServer) -> None:
    server.will(says(faithful()))
    steps: list[str] = []
    outcome = backtest_run(request=BacktestRequest(text=TEXT), progress=steps.append)
    assert outcome.reading is not None
    assert (outcome.status, outcome.reading.agree) == ("completed", True)
    assert "The model reads the text too" in steps
    shown = io.StringIO()
    Terminal(OutputWrapper(shown)).backtest(outcome, all_trades=False)
    assert "✓ small reads the same" in shown.getvalue()
