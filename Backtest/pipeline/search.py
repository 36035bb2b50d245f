"""A search over a grid of a strategy's numbers: what all combinations came to, and the best of them, verified."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from Backtest.account import Account
from Backtest.canonical.document import to_document
from Backtest.canonical.lint import lint
from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.data.bars import Window
from Backtest.errors import InputError, Issue
from Backtest.pipeline.author import pass_scan
from Backtest.pipeline.trusted import trusted_run
from Backtest.pipeline.verification import verdict_on
from Backtest.report.record import Executor
from Backtest.report.verdict import PENDING, UNVERIFIED, Verdict
from Backtest.sandbox.job import SandboxJob, SandboxOutcome

if TYPE_CHECKING:
    import numpy as np

    from Backtest.kernel.sweep import Grid, Place, Ranked

MOST_COMBINATIONS: Final = 20_000_000
"""Each of them leaves one number behind, for the quantiles and the heatmap."""
MOST_CELLS: Final = 40_000
"""Of a heatmap: more can neither be told apart by an eye nor sent at ease."""
QUANTILES: Final = {"worst": 0.0, "lower_quartile": 0.25, "median": 0.5, "upper_quartile": 0.75, "best": 1.0}
Count = Callable[[int, int], None]


@dataclass(frozen=True)
class Search:
    """What is searched: the combinations of `grid` in a spec, on these bars, for the best `metric`."""

    spec: Spec
    window: Window
    account: Account
    grid: "Grid"
    metric: str
    is_maximum: bool
    top: int


@dataclass(frozen=True)
class Heatmap:
    """The metric by the first two axes, a row for each value of `y`; of further axes their best. None is undefined."""

    x: str
    y: str
    x_values: tuple[float, ...]
    y_values: tuple[float, ...]
    rows: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Found:
    """What a search came to, all on the bars that it searched.

    `tried` combinations were run, `skipped` others break a constraint, and `undefined` of those tried have no value of
    the metric (no trade, for instance). `spread` has the metric's quantiles over all others, None where there is none;
    "best" is the end that was looked for. `is_complete` is False where the search was ended early.
    """

    is_complete: bool
    combinations: int
    tried: int
    skipped: int
    undefined: int
    best: "tuple[Ranked, ...]"
    spread: Mapping[str, float | None]
    worse_share: float | None
    """Of the combinations that have a value: those that are worse than the strategy as it stands."""
    as_it_stands: float | None
    heatmap: Heatmap | None


@dataclass(frozen=True)
class Candidate:
    """One of the best combinations, run again: by its specification, and its code under backtesting.py."""

    values: Mapping[str, float]
    spec: Spec
    metrics: Mapping[str, Any]
    executor: Executor
    verdict: Verdict
    notices: tuple[str, ...]


def variable_places(spec: Spec) -> "tuple[Place, ...]":
    """What of a spec a search can vary."""
    from Backtest.kernel.sweep import places_of

    return places_of(spec)


def search_of(
    spec: Spec,
    window: Window,
    account: Account,
    axes: Iterable[tuple[str, Sequence[float]]],
    *,
    metric: str,
    is_maximum: bool,
    top: int,
    constraints: Iterable[str] = (),
) -> Search:
    """A search that can be run. Raises InputError under `grid/<name>`, `constraints` or `metric`, SpecInvalid for a
    value that may not stand in its place, and KernelUnsupported."""
    from Backtest.kernel.sweep import Axis, Grid, sweep
    from Backtest.kernel.sweep.ranking import level_for

    grid = Grid.of([Axis(name, tuple(map(float, values))) for name, values in axes], constraints)
    if len(grid) > MOST_COMBINATIONS:
        message = f"the grid has {len(grid):,} combinations; {MOST_COMBINATIONS:,} are taken at most"
        raise InputError(message, [Issue("grid", message, "take larger steps, or vary fewer numbers at once")])
    sweep(spec, grid, window, account, level_for(metric))  # plans each value; nothing is run before it is iterated
    return Search(spec, window, account, grid, metric, is_maximum, top)


def search_run(
    search: Search, progress: Count = lambda done, total: None, cancel: Callable[[], bool] = lambda: False
) -> Found:
    """Run every combination, or those until `cancel` answers True. `progress` is told how many of all are done."""
    import numpy as np

    from Backtest.kernel.sweep import Ranking, sweep
    from Backtest.kernel.sweep.ranking import figure_named, level_for

    figure = figure_named(search.metric)
    ranking = Ranking(search.grid, search.metric, is_maximum=search.is_maximum, keep=search.top)
    values = np.full(len(search.grid), np.nan)
    level = level_for(search.metric)
    chunks = sweep(search.spec, search.grid, search.window, search.account, level, progress, cancel)
    for chunk in chunks:
        ranking.add(chunk)
        values[chunk.numbers] = chunk.figures[:, figure]
    values[~np.isfinite(values)] = np.nan
    defined = values[~np.isnan(values)]
    now = trusted_run(search.spec, search.window, search.account).result.metrics.get(figure.name)
    as_it_stands = float(now) if isinstance(now, int | float) else None
    return Found(
        is_complete=ranking.seen + ranking.skipped == len(search.grid),
        combinations=len(search.grid),
        tried=ranking.seen,
        skipped=ranking.skipped,
        undefined=ranking.seen - len(defined),
        best=ranking.best(),
        spread=_spread(defined, is_maximum=search.is_maximum),
        worse_share=_worse_share(defined, as_it_stands, is_maximum=search.is_maximum),
        as_it_stands=as_it_stands,
        heatmap=_heatmap(values, search.grid, is_maximum=search.is_maximum),
    )


def candidate_of(
    search: Search, values: Mapping[str, float], run_code: Callable[[SandboxJob], SandboxOutcome]
) -> Candidate:
    """The strategy with these values, run by its specification and by its code, which `run_code` isolates.

    Values that make a strategy which can't be meant (an average that crosses itself) are told in its notices.
    Raises SandboxBroken.
    """
    from Backtest.kernel.sweep import bind

    spec = bind(search.spec, values)
    trusted = trusted_run(spec, search.window, search.account)
    if issues := lint(spec):
        notices = tuple(f"this combination is no strategy: {issue.message}" for issue in issues)
        return Candidate(values, spec, trusted.result.metrics, trusted.executor, UNVERIFIED, notices)
    compiled = compile_spec(spec)
    pass_scan(compiled.source)
    answer = run_code(SandboxJob(compiled.source, search.window, search.account, compiled.class_name))
    verdict, notices = verdict_on(trusted, answer, search.window)
    result = trusted.result
    return Candidate(values, spec, result.metrics, trusted.executor, verdict, (*result.notices, *notices))


def found_document(search: Search, found: Found, candidates: Sequence[Candidate]) -> dict[str, Any]:
    """Both as plain JSON, for a row and for programs; the best that are no candidates yet are `pending`."""
    heatmap = found.heatmap
    return {
        "metric": search.metric,
        "goal": "maximize" if search.is_maximum else "minimize",
        "complete": found.is_complete,
        "combinations": found.combinations,
        "tried": found.tried,
        "skipped": found.skipped,
        "undefined": found.undefined,
        "as_it_stands": found.as_it_stands,
        "worse_than_it_stands_share": found.worse_share,
        "spread": dict(found.spread),
        "caution": caution(search, found),
        "best": [
            {"rank": rank, **(_ranked_document(ranked) if candidate is None else _candidate_document(candidate))}
            for rank, (ranked, candidate) in enumerate(zip_longest(found.best, candidates), start=1)
        ],
        "heatmap": None
        if heatmap is None
        else {
            "x": {"name": heatmap.x, "values": list(heatmap.x_values)},
            "y": {"name": heatmap.y, "values": list(heatmap.y_values)},
            "rows": [list(row) for row in heatmap.rows],
        },
    }


def caution(search: Search, found: Found) -> str:
    """What the best of many is worth, said with the figures."""
    median = found.spread["median"]
    if median is None:
        return f"None of {found.tried:,} combinations has a {search.metric} on these bars."
    said = (
        f"In-sample: the best of {found.tried:,} combinations, chosen on the same bars that it is measured on. Of so "
        f"many some do well by luck alone; expect less on other bars. The median combination has a {search.metric} of "
        f"{median:.4g}"
    )
    stands = "" if found.as_it_stands is None else f", the strategy as it stands {found.as_it_stands:.4g}"
    return f"{said}{stands}."


def _ranked_document(ranked: "Ranked") -> dict[str, Any]:
    return {
        "values": dict(ranked.values),
        "metrics": dict(ranked.figures),
        "executor": "kernel",
        "verification": PENDING.as_dict(),
        "verified": False,
        "notices": [],
        "canonical_json": None,
    }


def _candidate_document(candidate: Candidate) -> dict[str, Any]:
    return {
        "values": dict(candidate.values),
        "metrics": dict(candidate.metrics),
        "executor": candidate.executor,
        "verification": candidate.verdict.as_dict(),
        "verified": candidate.verdict.verified,
        "notices": list(candidate.notices),
        "canonical_json": to_document(candidate.spec),
    }


def _spread(defined: "np.ndarray", *, is_maximum: bool) -> dict[str, float | None]:
    import numpy as np

    if not len(defined):
        return dict.fromkeys(QUANTILES)
    return {
        name: float(np.quantile(defined, share if is_maximum else 1.0 - share)) for name, share in QUANTILES.items()
    }


def _worse_share(defined: "np.ndarray", as_it_stands: float | None, *, is_maximum: bool) -> float | None:
    if as_it_stands is None or not len(defined):
        return None
    worse = defined < as_it_stands if is_maximum else defined > as_it_stands
    return float(worse.mean())


def _heatmap(values: "np.ndarray", grid: "Grid", *, is_maximum: bool) -> Heatmap | None:
    import numpy as np

    if len(grid.axes) < 2 or grid.shape[0] * grid.shape[1] > MOST_CELLS:
        return None
    by_axis = values.reshape(*grid.shape[:2], -1)
    best = (np.fmax if is_maximum else np.fmin).reduce(by_axis, axis=2)
    rows = tuple(tuple(None if np.isnan(value) else float(value) for value in row) for row in best.T)
    x, y = grid.axes[0], grid.axes[1]
    return Heatmap(x.name, y.name, x.values, y.values, rows)
