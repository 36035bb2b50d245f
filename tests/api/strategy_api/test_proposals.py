"""GET /api/strategies/{id}/proposals/ and POST .../{proposal}/accept/"""

from typing import Any

from rest_framework.test import APIClient

from Backtest.canonical.identity import identity
from Backtest.canonical.parse import parse_spec
from strategy_api.models import StrategyProposal, StrategyVersion
from tests.api.strategy_api.conftest import address_of


def proposed(strategy: dict[str, Any], **fields: Any) -> StrategyProposal:
    document = {**strategy["canonical_json"], "risk": {"stop_loss": {"type": "percent", "value": 2.0}}}
    usual = {"summary": "tighter", "canonical_json": document, "identity": identity(parse_spec(document))}
    version = StrategyVersion.objects.get(strategy_id=strategy["id"])
    return StrategyProposal.objects.create(version=version, provider="scripted", **{**usual, **fields})


def test_proposals_are_listed_with_their_state(api: APIClient, strategy: dict[str, Any]) -> None:
    row = proposed(strategy)
    [listed] = api.get(address_of(strategy, "proposals/")).json()["results"]
    assert (listed["id"], listed["state"], listed["version"]) == (str(row.pk), "open", 1)


def test_accepting_makes_the_next_version(api: APIClient, strategy: dict[str, Any]) -> None:
    row = proposed(strategy)
    made = api.post(address_of(strategy, f"proposals/{row.pk}/accept/")).json()
    assert (made["version"], made["canonical_json"]["risk"]["stop_loss"]["value"]) == (2, 2.0)


def test_accepting_twice_is_a_conflict(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    row = proposed(strategy)
    api.post(address_of(strategy, f"proposals/{row.pk}/accept/"))
    problem(api.post(address_of(strategy, f"proposals/{row.pk}/accept/")), 409)


def test_what_is_read_differently_now_is_a_conflict(api: APIClient, strategy: dict[str, Any], problem: Any) -> None:
    row = proposed(strategy, identity="sha256:another")
    problem(api.post(address_of(strategy, f"proposals/{row.pk}/accept/")), 409)
    assert StrategyVersion.objects.count() == 1
