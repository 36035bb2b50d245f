"""Older documents: upgraded on read, step by step; newer ones refused."""

from typing import Any

import pytest

from Backtest.canonical.parse import parse_spec
from Backtest.canonical.upgrade import UPGRADES, upgrade
from Backtest.errors import SpecInvalid
from tests.generators.documents import rsi_reversal, with_change, without

CHAIN = {
    1: lambda document: {**document, "steps": [*document.get("steps", []), "1 to 2"]},
    2: lambda document: {**document, "steps": [*document["steps"], "2 to 3"]},
}


def test_each_step_is_taken_once_and_in_order() -> None:
    upgraded = upgrade({"schema_version": 1}, CHAIN, current=3)
    assert upgraded == {"schema_version": 3, "steps": ["1 to 2", "2 to 3"]}


def test_a_document_between_two_versions_takes_the_rest_of_the_chain() -> None:
    assert upgrade({"schema_version": 2, "steps": []}, CHAIN, current=3)["steps"] == ["2 to 3"]


def test_the_stored_document_is_left_as_it_was() -> None:
    stored: dict[str, Any] = {"schema_version": 1}
    upgrade(stored, CHAIN, current=3)
    assert stored == {"schema_version": 1}


def test_a_document_without_a_version_is_current() -> None:
    assert upgrade({"a": 1}, CHAIN, current=3) == {"a": 1, "schema_version": 3}
    assert parse_spec(without(rsi_reversal(), "/schema_version")) == parse_spec(rsi_reversal())


def test_the_chain_leads_to_the_current_version_without_a_gap() -> None:
    assert sorted(UPGRADES) == list(range(min(UPGRADES, default=1), 1))


@pytest.mark.parametrize("version", [2, 99, 0, -1, "1", 1.5, True, None, [1]])
def test_a_version_that_can_t_be_read_is_refused(version: Any) -> None:
    with pytest.raises(SpecInvalid) as refused:
        parse_spec(with_change(rsi_reversal(), "/schema_version", version))
    assert [issue.field for issue in refused.value.issues] == ["/schema_version"]
