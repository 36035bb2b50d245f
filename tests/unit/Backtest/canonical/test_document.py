"""A spec as plain JSON, and back."""

import json

from hypothesis import given, settings

from Backtest.canonical.document import to_document
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from tests.generators.documents import rsi_reversal
from tests.generators.specs import specs


def test_the_canonical_document_is_written_as_it_was_read() -> None:
    assert json.dumps(to_document(parse_spec(rsi_reversal()))) == json.dumps(rsi_reversal())


@settings(max_examples=100, deadline=None)
@given(specs())
def test_a_document_gives_its_spec_back(spec: Spec) -> None:
    assert parse_spec(to_document(spec)) == spec
    assert parse_spec(json.dumps(to_document(spec))) == spec


def test_reading_completes_a_short_document_once() -> None:
    spec = parse_spec(
        {
            "indicators": [{"name": "macd"}],
            "entry_rules": [{"when": None, "order": {"type": "stop", "price": "BB_UPPER"}}],
        }
    )
    assert parse_spec(to_document(spec)) == spec
