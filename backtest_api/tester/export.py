"""A session as one JSON document, for other programs."""

from typing import Any

from backtest_api.tester.workbench import Workbench
from strategy_api.selectors import strategy_conversation, strategy_versions
from strategy_api.serializers.answers import StrategySerializer, VersionSerializer


def session_document(bench: Workbench) -> dict[str, Any]:
    """The open strategy with its versions, what was said, and its last run with every trade; plain JSON."""
    if bench.version is None:
        return {"strategy": None}
    strategy_id = bench.version.strategy_id
    versions = strategy_versions(user=bench.user, strategy_id=strategy_id)
    said = strategy_conversation(user=bench.user, strategy_id=strategy_id)
    return {
        "strategy": dict(StrategySerializer(bench.version).data),
        "versions": [dict(VersionSerializer(row).data) for row in versions],
        "conversation": [
            {"kind": row.kind, "message": row.message, "answer": row.answer, "created_at": row.created_at.isoformat()}
            for row in said
        ],
        "backtest": _run(bench),
    }


def _run(bench: Workbench) -> dict[str, Any] | None:
    from backtest_api.answers import trades_answer

    run = bench.run
    if run is None:
        return None
    record = bench.record()
    return {
        "id": run.pk,
        "status": run.status,
        "symbol": run.symbol,
        "timeframe": run.timeframe,
        "metrics": run.metrics,
        "errors": run.errors,
        "notices": run.notices,
        "open_at_end": run.open_at_end,
        "trades": trades_answer(record.result if record else None),
    }
