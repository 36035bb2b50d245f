"""Any number of any spec, varied: each combination's figures are those of a run of its own, to the last bit."""

import random
import zlib
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from Backtest.canonical.spec import Spec
from Backtest.errors import InputError
from Backtest.kernel.kernel import measure
from Backtest.kernel.statistics import Figure, figures_by_name
from Backtest.kernel.sweep import Axis, Grid, Place, bind, places_of, sweep
from Backtest.pipeline import account_of
from tests.generators.specs import specs
from tests.kernel.differential import case_of

EXAMPLES = 40


def varied(place: Place, dice: random.Random) -> Axis:
    """Three values near the one that stands there, itself among them."""
    if place.is_whole:
        other = {max(1, int(place.value) + step) for step in dice.sample((1, 2, 5, 9), 2)}
        values = sorted({*other, max(1, int(place.value))})
    else:
        values = sorted({place.value, place.value * 0.75, place.value * 1.5})
    return Axis(place.name, tuple(float(value) for value in values))


def test_each_combination_is_a_run_of_its_own() -> None:
    reached: Counter[str] = Counter()

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(specs())
    def are_alike(spec: Spec) -> None:
        dice = random.Random(zlib.crc32(spec.model_dump_json().encode()))  # noqa: S311 - no secret
        case = case_of(spec, reached["specs"], 200)
        account, window = account_of(spec.execution), case.window
        places = [place for place in places_of(case.spec) if not place.name.endswith("portion")]
        grid = Grid.of([varied(place, dice) for place in dice.sample(places, min(2, len(places)))], ())
        reached["specs"] += 1
        try:
            chunks = list(sweep(case.spec, grid, window, account, "full"))
        except InputError:  # a value that may not stand there: what is refused has tests of its own
            reached["refused"] += 1
            return
        for chunk in chunks:
            for values, row in zip(chunk.values.tolist(), chunk.figures, strict=True):
                named = {axis.name: value for axis, value in zip(grid.axes, values, strict=True)}
                alone = measure(bind(case.spec, named), window, account).metrics
                assert figures_by_name(row) == {name: alone[name] for name in Figure.__members__}, named
                reached["combinations"] += 1
                reached["traded"] += bool(row[Figure.total_trades] > 0)
        reached["differed"] += len({row[Figure.equity_final] for chunk in chunks for row in chunk.figures}) > 1

    are_alike()
    assert reached["refused"] < EXAMPLES / 4, reached
    assert reached["combinations"] > 3 * EXAMPLES, reached
    assert reached["traded"] > EXAMPLES, reached
    assert reached["differed"] > EXAMPLES / 8, reached
