"""manifest.json: what a run was made of, so that it can be made again and told apart from any other."""

import hashlib
from dataclasses import asdict
from datetime import UTC
from typing import Any

from Backtest.canonical.document import to_document
from Backtest.canonical.identity import identity
from Backtest.canonical.normal_form import canonical_json
from Backtest.canonical.spec import Spec
from Backtest.report.record import RunRecord
from Backtest.report.verdict import SELF_REPORTED


def manifest(record: RunRecord) -> dict[str, Any]:
    """The manifest as plain JSON values, no NaN or infinity among them.

    Two runs with equal inputs and versions differ in `run_id` and `created_at` only. `spec_sha256` is of the spec's
    document in canonical JSON, `identity` of its meaning (names and prose aside), `code_sha256` of the source as UTF-8;
    where there is no spec, what is of it is None.
    """
    result = record.result
    return {
        "run_id": record.run_id,
        "created_at": record.created_at.astimezone(UTC).isoformat(),
        "strategy_name": record.strategy_name,
        **_specification(record.spec),
        "code_sha256": hashlib.sha256(record.code.encode()).hexdigest(),
        "data": _data(record),
        "account": asdict(record.account),
        "metrics": dict(result.metrics),
        "open_at_end": [asdict(trade) for trade in result.open_at_end],
        "notices": list(result.notices),
        "versions": dict(record.versions),
        "self_reported": record.spec is None,
        "executor": record.executor,
        "verification": {**record.verdict.as_dict(), "reason": record.verdict.reason if record.spec else SELF_REPORTED},
    }


def _specification(spec: Spec | None) -> dict[str, Any]:
    if spec is None:
        return {"identity": None, "spec": None, "spec_sha256": None, "assumptions": []}
    document = to_document(spec)
    return {
        "identity": identity(spec),
        "spec": document,
        "spec_sha256": hashlib.sha256(canonical_json(document).encode()).hexdigest(),
        "assumptions": document["assumptions"],
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
