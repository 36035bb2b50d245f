"""One name for one meaning."""

import hashlib

from Backtest.canonical.normal_form import canonical_json, normal_form
from Backtest.canonical.spec import Spec


def identity(spec: Spec) -> str:
    """SHA-256 (hex) of the normal form: equal for specs that differ in names, ids, prose, bounds or order only."""
    return hashlib.sha256(canonical_json(normal_form(spec)).encode("ascii")).hexdigest()
