"""Code that a model wrote and that was proved on a sample, followed into runs: each is verified by its own proof only."""

from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from Backtest.canonical.parse import parse_spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data_manager import load_bars
from tests.api.backtest_api.conftest import QUICK_RUN, address_of, verify
from tests.llm_servers.server import ModelServer, model_server, says

WAITING = {"state": "pending", "counterexample": None}
IN_THE_NINETIES = "self.data.index[-1].year < 2000"
"""Of no bar of the sample, and of none of the series that a proof makes."""


@pytest.fixture
def server(settings: Any) -> Iterator[ModelServer]:
    with model_server("openai") as running:
        settings.LLM_PROVIDER, settings.LLM_MODEL, settings.LLM_BASE_URL = "openai_compatible", "small", running.url
        yield running


@pytest.fixture
def written(strategy: dict[str, Any]) -> str:
    """A model's code that does what the strategy says, and is not the compiler's."""
    return compile_spec(parse_spec({**strategy["canonical_json"], "strategy_name": "Of a model"})).source


def proved_on_the_sample(api: APIClient, strategy: dict[str, Any], server: ModelServer, source: str) -> None:
    server.will(says({"strategy_code": source}))
    body = api.post(f"/api/strategies/{strategy['id']}/generate-code/").json()
    assert (body["provider"], body["strategy_code"]) == ("openai_compatible", source)
    assert (body["proof"]["state"], body["proof"]["symbol"]) == ("verified", "GOOG")


def run_of(api: APIClient, strategy: dict[str, Any], **on: Any) -> dict[str, Any]:
    response = api.post(QUICK_RUN, {"strategy_id": strategy["id"], **on})
    assert response.status_code == 201, response.content
    return dict(response.json())


def bars_of_the_nineties(api: APIClient) -> str:
    """A dataset of the user's own: the sample's prices by stamps of another decade."""
    frame = load_bars(symbol="GOOG").frame.iloc[:600]
    frame = frame.set_axis(pd.bdate_range("1992-01-01", periods=len(frame)))
    file = SimpleUploadedFile("bars.csv", frame.to_csv(index_label="Date").encode(), "text/csv")
    response = api.post("/api/data/upload/", {"file": file, "symbol": "MINE"}, format="multipart")
    assert response.status_code == 201, response.content
    return str(response.json()["id"])


def test_code_proved_on_the_sample_is_verified_in_a_run_only_by_its_proof_on_that_run_s_bars(
    api: APIClient, strategy: dict[str, Any], server: ModelServer, written: str
) -> None:
    begin = "    def next(self):\n"
    assert begin in written
    idle = written.replace(begin, f"{begin}        if {IN_THE_NINETIES}:\n            return\n")
    proved_on_the_sample(api, strategy, server, idle)
    on_the_sample = run_of(api, strategy, symbol="GOOG", start_date="2009-01-01")
    on_mine = run_of(api, strategy, dataset_id=bars_of_the_nineties(api))
    for run in (on_the_sample, on_mine):
        assert (run["status"], run["verification"], run["verified"]) == ("completed", WAITING, False)
        assert api.get(address_of(run)).json()["verified"] is False
    verify()
    verify()
    assert api.get(address_of(on_the_sample)).json()["verified"] is True
    settled = api.get(address_of(on_mine)).json()
    assert (settled["verified"], settled["verification"]["state"]) == (False, "mismatch")
    assert "the code makes no such trade" in settled["verification"]["counterexample"]["message"]
    assert settled["metrics"] == on_mine["metrics"]  # the figures are the specification's, before and after
    assert settled["total_trades"] > 0
