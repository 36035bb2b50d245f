"""POST /api/strategies/"""

from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import STRATEGIES, Make

FIELDS = {
    "id",
    "name",
    "version",
    "user_id",
    "status",
    "turns",
    "source_url",
    "canonical_json",
    "identity",
    "generated_code",
    "code_path",
    "provider",
    "assumptions",
    "unresolved",
    "questions",
    "errors",
    "ai_recommendations",
    "reading",
    "created_at",
    "updated_at",
}


def test_words_become_a_specified_strategy_with_its_code(api: APIClient, user: Any, codes: Path) -> None:
    response = api.post(STRATEGIES, {"user_description": examples.IDEA, "name": "Dips"})
    body = response.json()
    assert response.status_code == 201
    assert response["Location"] == f"/api/strategies/{body['id']}/"
    assert set(body) == FIELDS
    assert (body["name"], body["version"], body["user_id"], body["status"]) == ("Dips", 1, user.pk, "valid")
    assert body["canonical_json"]["risk"]["stop_loss"] == {"type": "percent", "value": 5.0}
    assert Path(body["code_path"]).read_text(encoding="utf-8") == body["generated_code"]
    assert Path(body["code_path"]).parent == codes


@pytest.mark.parametrize(
    ("text", "status", "filled"),
    [
        (examples.UNCLEAR_IDEA, "needs_clarification", "questions"),
        (
            "Buy when RSI(14) is below 30 and the news sentiment is good, sell when RSI is above 70",
            "unsupported",
            "unresolved",
        ),
        ("Use my broker's API key and buy with it when RSI(14) is below 30", "rejected", "errors"),
    ],
)
def test_what_can_t_be_run_is_stored_with_what_stands_in_its_way(
    make: Make, text: str, status: str, filled: str
) -> None:
    body = make(user_description=text)
    assert (body["status"], body["canonical_json"], body["generated_code"]) == (status, None, "")
    assert body[filled]


def test_answers_and_defaults_are_taken_at_once(make: Make) -> None:
    question = make(user_description=examples.UNCLEAR_IDEA)["questions"][0]
    body = make(user_description=examples.UNCLEAR_IDEA, answers={question["id"]: 50}, accept_defaults=True)
    assert (body["status"], body["questions"]) == ("valid", [])


def test_a_document_becomes_a_strategy(make: Make) -> None:
    body = make(canonical_json=examples.DOCUMENT.value["canonical_json"])
    assert (body["status"], body["turns"], body["provider"]) == ("valid", [], "compiler")


def test_code_of_ones_own_becomes_a_draft(make: Make) -> None:
    body = make(generated_code=examples.OWN_CODE)
    assert (body["status"], body["provider"], body["generated_code"]) == ("draft", "user", examples.OWN_CODE)


def test_nobody_makes_one_without_signing_in(anonymous: APIClient, problem: Any, db: None) -> None:
    problem(anonymous.post(STRATEGIES, {"user_description": examples.IDEA}), 401)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "user_description"),
        ({"name": "Only a name"}, "user_description"),
        ({"user_description": ""}, "user_description"),
        ({"user_description": "   "}, "user_description"),
        ({"user_description": 7}, "user_description"),
        ({"user_description": "x" * 20_001}, "user_description"),
        ({"user_description": "bell \a"}, "user_description"),
        ({"user_description": examples.IDEA, "canonical_json": {}}, "canonical_json"),
        ({"user_description": examples.IDEA, "name": ""}, "name"),
        ({"user_description": examples.IDEA, "name": "x" * 121}, "name"),
        ({"user_description": examples.IDEA, "nmae": "x"}, "nmae"),
        ({"user_description": examples.IDEA, "answers": {"period_99": 50}}, "answers/period_99"),
        ({"user_description": examples.IDEA, "answers": {"period_99": [1]}}, "answers/period_99"),
        ({"user_description": examples.IDEA, "answers": {"period_99": "x" * 2_001}}, "answers/period_99"),
        ({"user_description": examples.IDEA, "answers": {str(n): n for n in range(101)}}, "answers"),
        ({"user_description": examples.UNCLEAR_IDEA, "answers": {"period_24": "many"}}, "answers/period_24"),
        ({"user_description": examples.IDEA, "accept_defaults": "perhaps"}, "accept_defaults"),
        ({"canonical_json": {}}, "canonical_json/entry_rules"),
        ({"canonical_json": "{}"}, "canonical_json"),
        ({"canonical_json": {"entry_rules": ["RSI is somewhat low"]}}, "canonical_json/entry_rules/0"),
        ({"canonical_json": {"entry_rules": ["RSI(14) is above 130"]}}, "canonical_json"),
        ({"canonical_json": {}, "answers": {"x": 1}}, "answers"),
        ({"generated_code": "import os\n"}, "generated_code"),
        ({"generated_code": "def"}, "generated_code"),
    ],
)
def test_what_can_t_be_read_is_refused_by_its_field(
    api: APIClient, problem: Any, body: dict[str, Any], field: str
) -> None:
    details = problem(api.post(STRATEGIES, body), 400)["details"]
    assert any(detail["field"] == field or detail["field"].startswith(f"{field}/") for detail in details), details
    assert api.get(STRATEGIES).json()["count"] == 0


def test_a_name_that_is_taken_is_a_conflict(api: APIClient, make: Make, problem: Any) -> None:
    make(user_description=examples.IDEA, name="Mine")
    body = problem(api.post(STRATEGIES, {"user_description": examples.IDEA, "name": "Mine"}), 409)
    assert [detail["field"] for detail in body["details"]] == ["name"]


def test_a_name_of_another_user_s_is_free(strange_api: APIClient, make: Make) -> None:
    make(user_description=examples.IDEA, name="Mine")
    response = strange_api.post(STRATEGIES, {"user_description": examples.IDEA, "name": "Mine"})
    assert response.status_code == 201


@pytest.mark.parametrize(
    "name", ["Ünïcödé 雪 🚀", "../../etc/passwd", "'; DROP TABLE x; --", "<script>alert(1)</script>"]
)
def test_any_name_survives(api: APIClient, make: Make, name: str, codes: Path) -> None:
    body = make(user_description=examples.IDEA, name=name)
    assert api.get(f"{STRATEGIES}{body['id']}/").json()["name"] == name
    assert [path.parent for path in codes.rglob("*.py")] == [codes]


def test_where_no_code_can_be_written_nothing_is_stored(
    api: APIClient, problem: Any, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    settings.BACKTEST_CODES_DIR = tmp_path / "file" / "codes"
    body = problem(api.post(STRATEGIES, {"user_description": examples.IDEA}), 507)
    assert str(tmp_path) not in str(body["details"])
    assert api.get(STRATEGIES).json()["count"] == 0
