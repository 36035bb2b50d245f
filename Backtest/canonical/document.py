"""A spec as plain JSON."""

from typing import Any

from Backtest.canonical.spec import Spec


def to_document(spec: Spec) -> dict[str, Any]:
    """The canonical document: every key written out, in the order of the models; `parse_spec` gives the spec back."""
    return spec.model_dump(mode="json", by_alias=True)
