"""The examples of the schema are what is really answered."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from strategy_api import examples
from tests.api.strategy_api.conftest import STRATEGIES

HARDENED = "/api/production/strategies/"
VARYING = {"id", "user_id", "strategy_id", "session", "created_at", "updated_at", "code_path", "file_path", "file_name"}
"""What differs from one database and folder to another."""


def comparable(value: Any, name: str = "") -> Any:
    """The value without what differs each time; of code only its beginning, which names the specification."""
    if name in VARYING:
        return type(value).__name__
    if name in ("generated_code", "strategy_code"):
        return "\n".join(value.splitlines()[:3])[: len(examples.CODE_BEGINS)]
    if name == "layers":
        return bool(value)
    if isinstance(value, dict):
        return {key: comparable(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [comparable(inner) for inner in value]
    return value


def same(answer: Any, example: Any) -> None:
    assert comparable(answer) == comparable(example.value)


@pytest.fixture
def first(api: APIClient) -> str:
    made = api.post(STRATEGIES, examples.DESCRIBE.value)
    return f"{STRATEGIES}{made.json()['id']}/"


def test_describing(api: APIClient) -> None:
    same(api.post(STRATEGIES, examples.DESCRIBE.value).json(), examples.STRATEGY_MADE)
    same(api.post(STRATEGIES, examples.DESCRIBE_UNCLEARLY.value).json(), examples.UNCLEAR_MADE)


@pytest.mark.parametrize(
    ("address", "example"),
    [
        ("", examples.STRATEGY),
        ("versions/", examples.VERSIONS),
        ("explain/", examples.EXPLANATION),
        ("conversation/", examples.CONVERSATION),
        ("chat/", examples.STANDING),
    ],
)
def test_reading(api: APIClient, first: str, address: str, example: Any) -> None:
    same(api.get(f"{first}{address}").json(), example)


def test_listing(api: APIClient, first: str) -> None:
    same(api.get(STRATEGIES).json(), examples.STRATEGIES)


@pytest.mark.parametrize(
    ("address", "asked", "example"),
    [
        ("validate/", examples.LATEST, examples.VALIDATED),
        ("generate-code/", examples.LATEST, examples.GENERATED),
        ("generate-code-from-canonical/", examples.LATEST, examples.GENERATED),
        ("chat/", examples.SAY, examples.CHAT_REPLY),
        ("chat/", examples.TRY, examples.WHAT_IF),
    ],
)
def test_acting(api: APIClient, first: str, address: str, asked: Any, example: Any) -> None:
    same(api.post(f"{first}{address}", asked.value).json(), example)


def test_weighing(api: APIClient) -> None:
    made = api.post(STRATEGIES, examples.DESCRIBE_UNCLEARLY.value).json()
    same(api.post(f"{STRATEGIES}{made['id']}/evidence/", examples.ON_GOOG.value).json(), examples.WEIGHED)


def test_answering_and_renaming(api: APIClient) -> None:
    made = api.post(STRATEGIES, examples.DESCRIBE_UNCLEARLY.value).json()
    for asked in (examples.ANSWER, examples.RENAME):
        assert api.patch(f"{STRATEGIES}{made['id']}/", asked.value).status_code == 200


@pytest.mark.parametrize(
    ("address", "asked", "example"),
    [
        ("validate-schema/", examples.DOCUMENT, examples.SCHEMA_REPORT),
        ("validate-schema/", examples.SHORTHAND, examples.SCHEMA_REPORT_OF_SHORTHANDS),
        ("validate-code/", examples.CODE, examples.SCAN_REPORT),
        ("validate-code/", examples.CODE_REFUSED, examples.SCAN_REPORT_WITH_FINDINGS),
    ],
)
def test_judging(api: APIClient, address: str, asked: Any, example: Any) -> None:
    same(api.post(f"{HARDENED}{address}", asked.value).json(), example)


def test_trying(api: APIClient) -> None:
    answer = api.post(f"{HARDENED}sandbox-test/", examples.CODE_ON_GOOG.value).json()
    shown = examples.SANDBOX_REPORT.value["metrics"]
    assert {name: answer["metrics"][name] for name in shown} == pytest.approx(shown)
    same({**answer, "metrics": shown}, examples.SANDBOX_REPORT)
