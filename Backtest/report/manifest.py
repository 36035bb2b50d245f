"""manifest.json: what a run was made of, so that it can be made again and told apart from any other."""

import hashlib
import platform
from dataclasses import asdict
from datetime import UTC
from importlib.metadata import version
from typing import Any, Final

from Backtest.canonical.document import to_document
from Backtest.canonical.identity import identity
from Backtest.canonical.normal_form import canonical_json
from Backtest.report.record import RunRecord

ALGOAGENT_VERSION: Final = "0.1.0"
LIBRARIES: Final = ("backtesting", "numpy", "pandas", "TA-Lib")
NOT_VERIFIED: Final = "No second, independent execution of the specification was made to compare this run with."


def manifest(record: RunRecord) -> dict[str, Any]:
    """The manifest as plain JSON values, no NaN or infinity among them.

    Two runs with equal inputs and versions differ in `run_id` and `created_at` only. `spec_sha256` is of the spec's
    document in canonical JSON, `identity` of its meaning (names and prose aside), `code_sha256` of the source as UTF-8.
    """
    spec, result = record.spec, record.result
    document = to_document(spec)
    return {
        "run_id": record.run_id,
        "created_at": record.created_at.astimezone(UTC).isoformat(),
        "strategy_name": spec.strategy_name,
        "identity": identity(spec),
        "spec": document,
        "spec_sha256": hashlib.sha256(canonical_json(document).encode()).hexdigest(),
        "code_sha256": hashlib.sha256(record.code.encode()).hexdigest(),
        "data": _data(record),
        "account": asdict(record.account),
        "assumptions": document["assumptions"],
        "metrics": dict(result.metrics),
        "open_at_end": [asdict(trade) for trade in result.open_at_end],
        "notices": list(result.notices),
        "versions": versions(),
        "verification": {"state": "not_applicable", "reason": NOT_VERIFIED},
    }


def versions() -> dict[str, str]:
    """What ran: Python, AlgoAgent and the libraries that figures depend on."""
    return {
        "python": platform.python_version(),
        "algoagent": ALGOAGENT_VERSION,
        **{library: version(library) for library in LIBRARIES},
    }


def _data(record: RunRecord) -> dict[str, Any]:
    bars, count = record.window.bars, len(record.evaluated)
    first, last = record.stamps([0, count - 1])
    return {
        "symbol": bars.symbol,
        "source": bars.source,
        "timeframe": bars.timeframe,
        "zone": bars.zone,
        "bars": len(bars),
        "first": bars.first_time,
        "last": bars.last_time,
        "evaluated": {"bars": count, "first": first, "last": last},
        "content_hash": bars.content_hash,
        "findings": [asdict(finding) for finding in bars.findings],
    }
