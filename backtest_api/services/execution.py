"""One run through the engine, outside any transaction."""

from typing import TYPE_CHECKING

from django.conf import settings

from backtest_api.run_request import RunPlan, engine_request, named_by_request, unclear_run

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome, Prepared
    from Backtest.pipeline.preparation import Progress
    from Backtest.sandbox.process import SandboxProcess


def plan_execute(plan: RunPlan, *, progress: "Progress", sandbox: "SandboxProcess") -> "Outcome":
    """A completed or a failed outcome.

    Raises Unclear for words that can't be run as they stand, InputError (under the request's names) for what is at
    fault before anything ran, and MachineError.
    """
    from Backtest.pipeline import Workshop, run_backtest

    number = plan.version.number if plan.version else 1
    workshop = Workshop(settings.BACKTEST_CODES_DIR, user_id=plan.user.pk, version=number)
    with named_by_request(plan):
        outcome = run_backtest(engine_request(plan), workshop, progress, sandbox)
    if outcome.status not in ("completed", "failed"):
        raise unclear_run(plan, outcome)
    return outcome


def plan_check(plan: RunPlan) -> "Prepared":
    """What would be run. Raises as `plan_execute` does, and SourceUnavailable."""
    from Backtest.pipeline import Prepared, prepare, unfinished
    from Backtest.pipeline.run import told

    with named_by_request(plan):
        prepared = prepare(engine_request(plan), lambda step: None)
    if not isinstance(prepared, Prepared):
        raise unclear_run(plan, unfinished(prepared))
    if prepared.issues:
        raise unclear_run(plan, told(prepared))
    return prepared


def plan_read(plan: RunPlan) -> None:
    """Check what can be checked without prices. Raises Unclear and InputError."""
    from Backtest.pipeline import read_request, unfinished
    from Backtest.reader.reading import Reading

    if plan.code is not None:
        return
    with named_by_request(plan):
        reading = read_request(engine_request(plan))
    if isinstance(reading, Reading) and reading.spec is None:
        raise unclear_run(plan, unfinished(reading))
