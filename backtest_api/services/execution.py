"""One run through the engine, outside any transaction."""

from typing import TYPE_CHECKING

from django.conf import settings

from Backtest.errors import KernelUnsupported
from backtest_api.run_request import RunPlan, engine_request, named_by_request, unclear_run

if TYPE_CHECKING:
    from Backtest.pipeline import Outcome, Prepared, Workshop
    from Backtest.pipeline.preparation import Progress
    from Backtest.sandbox.process import SandboxProcess


MOST_BARS_AT_ONCE = 10_000
"""More of them the plain interpreter, where the kernel refuses a spec, only runs in the background."""


def plan_execute(plan: RunPlan, *, progress: "Progress", sandbox: "SandboxProcess") -> "Outcome":
    """A completed or a failed outcome.

    Raises Unclear for words that can't be run as they stand, InputError (under the request's names) for what is at
    fault before anything ran, and MachineError.
    """
    from Backtest.pipeline import run_backtest

    with named_by_request(plan):
        outcome = run_backtest(engine_request(plan), _workshop(plan), progress, sandbox)
    if outcome.status not in ("completed", "failed"):
        raise unclear_run(plan, outcome)
    return outcome


def plan_at_once(plan: RunPlan) -> "Outcome | None":
    """A completed outcome with the figures of the spec's own execution, its code yet to be verified.

    None where that execution can't answer at once in this process: a strategy that is code alone, a kernel that is
    not loaded yet, or a spec that it refuses on more bars than the plain interpreter takes. Raises as `plan_execute`.
    """
    from Backtest.kernel.warm_up import is_warm
    from Backtest.pipeline import trusted, written

    if plan.code is not None or not is_warm():
        return None
    prepared = plan_check(plan)
    with named_by_request(plan):
        try:
            return trusted(written(prepared, _workshop(plan), _silent), most_bars_interpreted=MOST_BARS_AT_ONCE)
        except KernelUnsupported:
            return None


def plan_reported(plan: RunPlan, *, sandbox: "SandboxProcess") -> "Outcome":
    """An outcome with what the code says of itself, a spec's yet to be verified; raises as `plan_execute`."""
    from Backtest.pipeline import reported, written

    prepared = plan_check(plan)
    with named_by_request(plan):
        return reported(written(prepared, _workshop(plan), _silent), _silent, sandbox)


def plan_check(plan: RunPlan) -> "Prepared":
    """What would be run. Raises as `plan_execute` does, and SourceUnavailable."""
    from Backtest.pipeline import Prepared, prepare, unfinished
    from Backtest.pipeline.run import told

    with named_by_request(plan):
        prepared = prepare(engine_request(plan), _silent)
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


def _workshop(plan: RunPlan) -> "Workshop":
    from Backtest.pipeline import Workshop

    number = plan.version.number if plan.version else 1
    return Workshop(settings.BACKTEST_CODES_DIR, user_id=plan.user.pk, version=number)


def _silent(step: str) -> None:
    """The progress of what is over before anybody could look."""
