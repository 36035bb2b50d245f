"""Reads of runs: each takes the user who asks, and another user's run is not there."""

from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from auth_api.models import User
from Backtest.errors import Issue
from backtest_api.models import BacktestRun, BacktestTrade, Optimization
from rest.errors import Conflict, NotFound

if TYPE_CHECKING:
    from Backtest.kernel.sweep import Place
    from Backtest.report.record import RunRecord

LARGEST_ID = 2**63 - 1
HEAVY_COLUMNS = ("canonical_json", "code", "logs", "findings", "versions", "ai_recommendations")


def backtest_list(*, user: User, **filters: Any) -> QuerySet[BacktestRun]:
    """The user's runs without their `HEAVY_COLUMNS`; `filters` are columns and the values that they must have."""
    return _runs(user).filter(**filters).defer(*HEAVY_COLUMNS)


def backtest_get(*, user: User, run_id: int) -> BacktestRun:
    """Raises NotFound."""
    run = _runs(user).filter(pk=run_id).first() if run_id <= LARGEST_ID else None
    if run is None:
        raise NotFound("there is no such backtest")
    return run


def backtest_completed(*, user: User, run_id: int) -> BacktestRun:
    """A run that has figures. Raises NotFound, and Conflict while, or because, it has none."""
    run = backtest_get(user=user, run_id=run_id)
    if run.status != BacktestRun.Status.COMPLETED:
        message = f"the backtest is {run.status}: only a completed one has figures"
        advice = "see its errors" if run.status == BacktestRun.Status.FAILED else "ask again when it is completed"
        raise Conflict(message, [Issue("", message, advice)])
    return run


def backtest_trades(*, user: User, run_id: int) -> QuerySet[BacktestTrade]:
    """The closed trades of a run, each with its run. Raises NotFound."""
    return backtest_get(user=user, run_id=run_id).trades.select_related("run")


def backtest_record(*, user: User, run_id: int) -> "RunRecord":
    """A completed run as the renderers read it. Raises NotFound and Conflict."""
    from backtest_api.records import run_record

    return run_record(backtest_completed(user=user, run_id=run_id))


def backtest_equity(*, user: User, run_id: int, max_points: int) -> dict[str, Any]:
    """See `charts.equity_columns`. Raises NotFound and Conflict."""
    from backtest_api.charts import equity_columns

    return equity_columns(backtest_record(user=user, run_id=run_id), max_points)


def backtest_chart(*, user: User, run_id: int, max_points: int) -> dict[str, Any]:
    """See `charts.chart_columns`. Raises NotFound and Conflict."""
    from backtest_api.charts import chart_columns

    return chart_columns(backtest_record(user=user, run_id=run_id), max_points)


def backtest_why(*, user: User, run_id: int, date: str | None = None, trade: int | None = None) -> dict[str, Any]:
    """Why the run did on a bar, or with a trade, what it did: one of the two is given. See `backtest_api.why`.

    Raises NotFound, Conflict for a run without figures or without a spec, and InputError (`date`, `trade`).
    """
    from backtest_api.why import why_columns

    return why_columns(backtest_record(user=user, run_id=run_id), date=date, trade=trade)


def backtest_with_spec(*, user: User, run_id: int) -> BacktestRun:
    """A completed run of a specification. Raises NotFound, and Conflict for one that is not, or is code alone."""
    run = backtest_completed(user=user, run_id=run_id)
    if run.canonical_json is None:
        message = "this is a run of code without a specification: there are no numbers to vary"
        raise Conflict(message, [Issue("", message, "run a strategy that was told in words or as a document")])
    return run


def backtest_variables(*, user: User, run_id: int) -> "tuple[Place, ...]":
    """What a search over the run can vary. Raises as `backtest_with_spec` does."""
    from Backtest.canonical.spec import Spec
    from Backtest.pipeline.search import variable_places

    return variable_places(Spec.model_validate(backtest_with_spec(user=user, run_id=run_id).canonical_json))


def optimization_list(*, user: User, **filters: Any) -> QuerySet[Optimization]:
    """The user's searches without what came of them; `filters` are columns and the values that they must have."""
    return Optimization.objects.filter(user=user, **filters).defer("result")


def optimization_get(*, user: User, optimization_id: int) -> Optimization:
    """Raises NotFound."""
    rows = Optimization.objects.filter(user=user, pk=optimization_id) if optimization_id <= LARGEST_ID else None
    found = rows.first() if rows is not None else None
    if found is None:
        raise NotFound("there is no such optimization")
    return found


def _runs(user: User) -> QuerySet[BacktestRun]:
    return BacktestRun.objects.filter(user=user).select_related("version")
