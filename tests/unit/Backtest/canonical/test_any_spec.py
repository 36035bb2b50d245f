"""Whatever the models accept can be checked, explained and named, sound or not."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.canonical.document import to_document
from Backtest.canonical.explain import explain
from Backtest.canonical.identity import identity
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.errors import SpecInvalid
from tests.generators.documents import with_change
from tests.generators.specs import specs

NAMES = ("RSI_14", "SMA", "BBANDS", "CDLDOJI", "upper", "Close", "Volume", "entry_price", "1w", "5m", "short", "", "é")
VALUES = st.one_of(st.sampled_from(NAMES), st.sampled_from((None, True, 0, -1, 1, 2.5, 150, 1e9, 1e-9, 20_001)))


def _places(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    keys: Any = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    below = [place for key in keys for place in _places(value[key], f"{pointer}/{key}")]
    return [*([(pointer, value)] if pointer else []), *below]


def _read(document: Any) -> Spec | None:
    try:
        return parse_spec(document)
    except SpecInvalid:
        return None


@settings(max_examples=300, deadline=None)
@given(specs(), st.data())
def test_a_spec_with_parts_in_wrong_places_is_checked_explained_and_named(spec: Spec, data: st.DataObject) -> None:
    document = to_document(spec)
    for _ in range(data.draw(st.integers(1, 3))):
        places = _places(document)
        (place, _), (_, value) = data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))
        document = with_change(document, place, data.draw(VALUES) if data.draw(st.booleans()) else value)
    changed = _read(document)
    if changed is not None:
        assert _read(to_document(changed)) == changed
        assert len(identity(changed)) == 64
        assert all(sentence.text for sentence in explain(changed))
        at_places = {"", *(pointer for pointer, _ in _places(to_document(changed)))}
        for issue in lint(changed, first_close=100.0):
            assert issue.message
            assert issue.field in at_places or issue.field.rpartition("/")[0] in at_places
        json.dumps(to_document(changed), allow_nan=False)
