"""A search answers, for each combination, what a run of its own answers; in one order, in bounded memory."""

import itertools

import numpy as np
import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Window
from Backtest.errors import IndicatorInvalid, InputError, KernelUnsupported, SpecInvalid
from Backtest.kernel.kernel import measure
from Backtest.kernel.statistics import FULL_WIDTH, RANK_WIDTH, Figure, figures_by_name
from Backtest.kernel.sweep import bind, sweep
from tests.kernel.differential import bars_named
from tests.kernel.sweep.grids import CROSS, GOOG, REVERSAL, grid, joined, searched
from tests.semantics.documents import all_of, compare, document, enter, indicator, leave, percent, price, sma

FIVE_BY_FOUR = grid("fast=5:25:5", "slow=30:60:10")
FROM_THE_MIDDLE = Window(GOOG.bars, 100)


def test_every_combination_has_the_figures_of_a_run_of_its_own() -> None:
    chunks = searched(CROSS, FIVE_BY_FOUR, level="full")
    values = joined(chunks, lambda chunk: chunk.values)
    assert values.tolist() == [list(pair) for pair in itertools.product((5, 10, 15, 20, 25), (30, 40, 50, 60))]
    for (fast, slow), row in zip(values, joined(chunks, lambda chunk: chunk.figures), strict=True):
        alone = measure(bind(CROSS, {"fast": fast, "slow": slow}), GOOG, Account()).metrics
        assert figures_by_name(row) == {name: alone[name] for name in Figure.__members__}


def test_the_ranking_level_has_the_first_figures_of_the_full_one() -> None:
    full, rank = (searched(CROSS, FIVE_BY_FOUR, level=level) for level in ("full", "rank"))
    assert joined(full, lambda chunk: chunk.figures).shape == (20, FULL_WIDTH)
    np.testing.assert_array_equal(
        joined(rank, lambda chunk: chunk.figures), joined(full, lambda chunk: chunk.figures)[:, :RANK_WIDTH]
    )


def test_neither_order_nor_figures_depend_on_the_threads() -> None:
    many = grid("fast=3:40:1", "slow=50:70:1")
    one, three = (searched(CROSS, many, level="full", threads=threads) for threads in (1, 3))
    for mine, other in zip(one, three, strict=True):
        np.testing.assert_array_equal(mine.numbers, other.numbers)
        np.testing.assert_array_equal(mine.values, other.values)
        np.testing.assert_array_equal(mine.figures, other.figures)


def test_columns_that_do_not_fit_are_computed_tile_by_tile() -> None:
    room = 12 * 8 * len(GOOG.bars)
    many = grid("fast=3:40:1", "slow=50:70:1")
    tiled, whole = searched(CROSS, many, most_bytes=room, threads=2), searched(CROSS, many)
    numbers = joined(tiled, lambda chunk: chunk.numbers)
    assert numbers.tolist() != sorted(numbers)
    order = np.argsort(numbers)
    assert numbers[order].tolist() == joined(whole, lambda chunk: chunk.numbers).tolist()
    np.testing.assert_array_equal(
        joined(tiled, lambda chunk: chunk.figures)[order], joined(whole, lambda chunk: chunk.figures)
    )


def test_levels_stops_and_bar_counts_are_varied_too() -> None:
    of = grid("entry_1.level=20,30,40", "stop_loss=2:8:3", "max_bars=5,12", "RSI_14=7,14")
    chunks = searched(REVERSAL, of, FROM_THE_MIDDLE, level="full")
    values = joined(chunks, lambda chunk: chunk.values)
    assert len(values) == 36
    for combination, row in zip(values, joined(chunks, lambda chunk: chunk.figures), strict=True):
        named = dict(zip((axis.name for axis in of.axes), combination, strict=True))
        alone = measure(bind(REVERSAL, named), FROM_THE_MIDDLE, Account()).metrics
        assert figures_by_name(row) == {name: alone[name] for name in Figure.__members__}
    assert len(set(joined(chunks, lambda chunk: chunk.figures)[:, Figure.equity_final])) > 15


def test_numbers_that_depend_on_each_other_are_varied_together() -> None:
    """The target is a multiple of the stop's distance, and both are varied; two of MACD's three periods too."""
    macd = {"id": "M", "name": "MACD", "params": {"fastperiod": 12, "slowperiod": 26, "signalperiod": 9}}
    when = compare(indicator("M"), ">", indicator("M", "signal"))
    risk = {"stop_loss": percent(3), "take_profit": {"type": "r", "multiple": 2.0}}
    spec = parse_spec(document([enter(when)], indicators=[macd], risk=risk))
    of = grid("stop_loss=1,3", "take_profit=1,2", "M.fastperiod=8,12", "M.slowperiod=20,26")
    chunks = searched(spec, of)
    for combination, row in zip(
        joined(chunks, lambda chunk: chunk.values), joined(chunks, lambda chunk: chunk.figures), strict=True
    ):
        named = dict(zip((axis.name for axis in of.axes), combination, strict=True))
        assert row[Figure.equity_final] == measure(bind(spec, named), GOOG, Account()).metrics["equity_final"]


def test_two_axes_may_meet_in_one_number() -> None:
    spec = bind(CROSS, {"fast": 10, "slow": 50})
    chunks = searched(spec, grid("fast=20,30", "slow=20,30"))
    alike = measure(bind(spec, {"fast": 20, "slow": 20}), GOOG, Account()).metrics
    figures = joined(chunks, lambda chunk: chunk.figures)
    assert figures[0, Figure.total_trades] == alike["total_trades"] == 0
    assert figures[1, Figure.total_trades] > 0


TUNED = parse_spec(
    {
        **document(
            [enter(compare(indicator("quick"), ">", indicator("slow_line")))],
            [leave(all_of(compare(indicator("quick"), "<", indicator("slow_line")), compare(price(), ">", price())))],
            indicators=[
                {**sma(10), "id": "quick", "params": {"timeperiod": {"type": "param", "name": "a"}}},
                {**sma(20), "id": "slow_line", "params": {"timeperiod": {"type": "param", "name": "b"}}},
            ],
            risk={"max_bars": 9},
        ),
        "parameters": [{"name": "a", "value": 10}, {"name": "b", "value": 20}],
        "constraints": ["a < b"],
    }
)


def test_combinations_that_break_a_constraint_of_the_strategy_are_skipped_and_counted() -> None:
    chunks = searched(TUNED, grid("a=10,20,30", "b=15,20,35"))
    assert joined(chunks, lambda chunk: chunk.values).tolist() == [[10, 15], [10, 20], [10, 35], [20, 35], [30, 35]]
    assert sum(chunk.skipped for chunk in chunks) == 4


def test_a_constraint_of_the_strategy_holds_where_only_one_of_its_names_is_varied() -> None:
    chunks = searched(TUNED, grid("a=10,19,20,30"))
    assert joined(chunks, lambda chunk: chunk.values).tolist() == [[10], [19]]


def test_a_search_has_constraints_of_its_own() -> None:
    chunks = searched(CROSS, grid("fast=10,20,30", "slow=20,30", constraints=("fast < slow",)))
    assert joined(chunks, lambda chunk: chunk.values).tolist() == [[10, 20], [10, 30], [20, 30]]


def test_progress_counts_skipped_combinations_too() -> None:
    told: list[tuple[int, int]] = []
    searched(
        CROSS, grid("fast=5:60:1", "slow=5:60:1", constraints=("fast < slow",)), progress=lambda *of: told.append(of)
    )
    assert told[-1] == (3136, 3136)
    assert told == sorted(told)


def test_a_search_ends_where_it_is_cancelled_and_gives_what_it_has() -> None:
    found: list[int] = []
    chunks = sweep(CROSS, grid("fast=3:100:1", "slow=101:300:1"), GOOG, Account(), cancel=lambda: len(found) >= 2)
    for chunk in chunks:
        found.append(len(chunk.numbers))
    assert 2 <= len(found) < 20


def test_ten_thousand_million_combinations_begin_at_once_and_can_be_left() -> None:
    endless = grid("RSI_14=2:300:1", "stop_loss=0.1:30:0.1", "entry_1.level=1:49:0.5", "exit_1.level=51:99:0.5")
    assert len(endless) == 299 * 300 * 97 * 97
    chunks = sweep(REVERSAL, endless, Window(bars_named("GOOG", 60), 0), Account())
    first = next(iter(chunks))
    assert first.numbers[0] == 0
    chunks.close()  # type: ignore[attr-defined]


def test_a_run_that_can_not_be_counted_has_no_figures() -> None:
    rich = Account(cash=1e19, commission_rate=0.0)
    figures = joined(searched(CROSS, grid("fast=5,10"), account=rich, level="full"), lambda chunk: chunk.figures)
    assert np.isnan(figures).all()


def test_a_name_that_is_none_lists_what_there_is() -> None:
    with pytest.raises(InputError) as refusal:
        searched(REVERSAL, grid("stop_los=1,2"))
    (issue,) = refusal.value.issues
    assert issue.field == "grid/stop_los"
    assert "did you mean 'stop_loss'?" in issue.suggestion
    for name in ("RSI_14", "entry_1.level (now 30)", "exit_1.level (now 70)", "stop_loss (now 5)", "max_bars (now 40)"):
        assert name in issue.suggestion


@pytest.mark.parametrize(
    ("axis", "error"),
    [
        ("RSI_14=0,14", IndicatorInvalid),
        ("RSI_14=10.5", IndicatorInvalid),
        ("max_bars=0", SpecInvalid),
        ("stop_loss=0:4:2", SpecInvalid),
    ],
)
def test_a_value_that_may_not_stand_in_its_place_is_named(axis: str, error: type[InputError]) -> None:
    with pytest.raises(error, match=r" = (0|10\.5) can't be"):
        searched(REVERSAL, grid(axis))


def test_a_portion_that_becomes_a_full_exit_is_refused_by_name() -> None:
    spec = parse_spec(
        document([enter(None)], [leave(compare(price(), ">", price("Open")), portion=0.5)], risk={"max_bars": 5})
    )
    with pytest.raises(KernelUnsupported, match=r"exit_1\.portion = 1 makes another kind"):
        searched(spec, grid("exit_1.portion=0.25,1"))


def test_an_indicator_that_is_called_by_its_number_is_called_by_its_new_one() -> None:
    bound = bind(CROSS, {"fast": 20, "slow": 50})
    assert [use.id for use in bound.indicators] == ["SMA_20", "SMA_50"]
    assert bound == parse_spec(bound.model_dump(mode="json", by_alias=True))
