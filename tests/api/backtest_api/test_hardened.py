"""POST /api/production/backtests/validate-config/ and run-sandbox/."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backtest_api import examples
from tests.api.backtest_api.conftest import BACKTESTS, OPEN_IDEA, RUN_SANDBOX, VALIDATE_CONFIG, Make, address_of

Problem = Callable[[Any, int], dict[str, Any]]
SHORTHAND = {
    "indicators": [{"id": "rsi", "name": "RSI", "params": {"timeperiod": 14}}],
    "entry_rules": [
        {"side": "long", "when": {"type": "cross_below", "left": {"type": "indicator", "id": "rsi"}, "right": 30}}
    ],
    "exit_rules": [
        {"side": "long", "when": {"type": "cross_above", "left": {"type": "indicator", "id": "rsi"}, "right": 70}}
    ],
}


class TestValidateConfig:
    def test_it_tells_what_would_be_run_and_stores_nothing(self, api: APIClient, make: Make) -> None:
        body = {"user_description": examples.IDEA, "symbol": "GOOG", "start_date": "2009-01-01"}
        preview = api.post(VALIDATE_CONFIG, body).json()
        assert api.get(BACKTESTS).json()["count"] == 0
        run = make(**body)
        assert preview["canonical_json"] == run["canonical_json"]
        assert preview["assumptions"] == run["assumptions"]
        assert (preview["bars"], preview["start"], preview["end"]) == (
            run["metrics"]["bars"],
            run["metrics"]["start"],
            run["metrics"]["end"],
        )
        assert preview["account"] == run["account"]
        assert preview["warm_up_bars"] > 0
        assert preview["explanation"][1]["text"].startswith("Enter long at the next open when RSI(14)")

    def test_a_strategy_is_named_with_its_version(self, api: APIClient, strategy: dict[str, Any]) -> None:
        preview = api.post(VALIDATE_CONFIG, {"strategy_id": strategy["id"], "symbol": "GOOG"}).json()
        assert (preview["strategy_id"], preview["version"]) == (strategy["id"], 1)

    def test_a_document_must_be_canonical_as_it_stands(self, api: APIClient, make: Make, problem: Problem) -> None:
        details = problem(api.post(VALIDATE_CONFIG, {"canonical_json": SHORTHAND, "symbol": "GOOG"}), 400)["details"]
        assert "canonical_json/schema_version" in [detail["field"] for detail in details]
        canonical = make(canonical_json=SHORTHAND, symbol="GOOG")["canonical_json"]
        assert api.post(VALIDATE_CONFIG, {"canonical_json": canonical}).json()["valid"] is True

    def test_open_questions_are_a_422(self, api: APIClient, problem: Problem) -> None:
        body = problem(api.post(VALIDATE_CONFIG, {"user_description": OPEN_IDEA}), 422)
        assert body["details"][0]["field"].startswith("answers/")

    def test_what_is_at_fault_is_named(self, api: APIClient, problem: Problem) -> None:
        body = {"user_description": examples.IDEA, "symbol": "NOPE"}
        assert problem(api.post(VALIDATE_CONFIG, body), 400)["details"][0]["field"] == "symbol"

    def test_another_user_s_strategy_is_not_there(
        self, strange_api: APIClient, strategy: dict[str, Any], problem: Problem
    ) -> None:
        problem(strange_api.post(VALIDATE_CONFIG, {"strategy_id": strategy["id"]}), 404)

    def test_it_needs_a_token(self, anonymous: APIClient, problem: Problem) -> None:
        problem(anonymous.post(VALIDATE_CONFIG, {}), 401)


class TestRunSandbox:
    def test_code_is_run_measured_and_stored_as_its_own_report(self, api: APIClient) -> None:
        response = api.post(RUN_SANDBOX, {"code": examples.OWN_CODE, "symbol": "GOOG"})
        assert response.status_code == 201
        run = response.json()
        assert response["Location"] == address_of(run)
        assert (run["status"], run["self_reported"], run["canonical_json"]) == ("completed", True, None)
        assert (run["class_name"], run["code"]) == ("Hold", examples.OWN_CODE)
        assert api.get(address_of(run)).json() == run

    def test_the_account_is_the_request_s(self, api: APIClient) -> None:
        body = {"code": examples.OWN_CODE, "symbol": "GOOG", "account": {"cash": 5_000_000, "margin": 0.5}}
        run = api.post(RUN_SANDBOX, body).json()
        assert (run["account"]["cash"], run["account"]["margin"]) == (5_000_000, 0.5)

    def test_code_that_the_scan_refuses_is_not_run(self, api: APIClient, problem: Problem) -> None:
        details = problem(api.post(RUN_SANDBOX, {"code": "import os\n" + examples.OWN_CODE}), 400)["details"]
        assert details[0]["field"] == "code/line 1, column 8"
        assert api.get(BACKTESTS).json()["count"] == 0

    def test_code_that_raises_is_a_failed_run_with_its_line(self, api: APIClient) -> None:
        code = examples.OWN_CODE.replace("self.buy()", "self.buy(size=1 // 0)")
        run = api.post(RUN_SANDBOX, {"code": code, "symbol": "GOOG"}).json()
        assert (run["status"], run["errors"][0]["field"]) == ("failed", "line 10")

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"symbol": "GOOG"}, "code"),
            ({"code": "x = 1", "strategy_id": 1}, "strategy_id"),
            ({"code": "x" * 70_000}, "code"),
            ({"code": examples.OWN_CODE, "symbol": "NOPE"}, "symbol"),
        ],
    )
    def test_what_is_at_fault_is_named(
        self, api: APIClient, problem: Problem, body: dict[str, Any], field: str
    ) -> None:
        assert field in [detail["field"] for detail in problem(api.post(RUN_SANDBOX, body), 400)["details"]]

    def test_it_needs_a_token(self, anonymous: APIClient, problem: Problem) -> None:
        problem(anonymous.post(RUN_SANDBOX, {"code": "x = 1"}), 401)
