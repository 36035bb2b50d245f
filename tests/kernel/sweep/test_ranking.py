"""The best of a search: by any figure, the highest or the lowest, undefined ones last."""

import numpy as np
import pytest

from Backtest.errors import InputError
from Backtest.kernel.statistics import FULL_WIDTH, Figure
from Backtest.kernel.sweep import Chunk, Ranking
from Backtest.kernel.sweep.ranking import level_for
from tests.kernel.sweep.grids import CROSS, grid, searched

NAN = float("nan")


def chunk(*sharpes: float, first: int = 0) -> Chunk:
    numbers = np.arange(first, first + len(sharpes))
    figures = np.zeros((len(sharpes), FULL_WIDTH))
    figures[:, Figure.sharpe_ratio] = sharpes
    return Chunk(numbers, numbers[:, None].astype(float), figures, 1)


def ranked(*chunks: Chunk, is_maximum: bool = True, keep: int = 10) -> list[int]:
    ranking = Ranking(grid("a=1:9:1"), "sharpe_ratio", is_maximum=is_maximum, keep=keep)
    for each in chunks:
        ranking.add(each)
    return [best.number for best in ranking.best()]


def test_the_highest_or_the_lowest_come_first() -> None:
    assert ranked(chunk(1.0, 3.0), chunk(2.0, first=2)) == [1, 2, 0]
    assert ranked(chunk(1.0, 3.0), chunk(2.0, first=2), is_maximum=False) == [0, 2, 1]


@pytest.mark.parametrize("is_maximum", [True, False])
def test_what_has_no_value_comes_last(is_maximum: bool) -> None:
    found = ranked(chunk(NAN, 1.0, np.inf, -np.inf, 2.0), is_maximum=is_maximum)
    assert found == ([4, 1, 0, 2, 3] if is_maximum else [1, 4, 0, 2, 3])


def test_of_equal_ones_the_first_of_the_grid_comes_first_whatever_was_told_first() -> None:
    assert ranked(chunk(1.0, 1.0, first=5), chunk(1.0, first=2)) == [2, 5, 6]


def test_only_so_many_are_kept_and_all_are_counted() -> None:
    ranking = Ranking(grid("a=1:9:1"), "sharpe_ratio", keep=2)
    for first in (0, 3, 6):
        ranking.add(chunk(1.0, 2.0, 3.0, first=first))
    assert ([best.number for best in ranking.best()], ranking.seen, ranking.skipped) == ([2, 5], 9, 3)


def test_a_ranked_combination_tells_its_values_and_figures_by_name() -> None:
    of = grid("fast=5:20:5", "slow=30,50")
    ranking = Ranking(of, "total_pnl", keep=3)
    for each in searched(CROSS, of, level=level_for("total_pnl")):
        ranking.add(each)
    best = ranking.best()
    assert set(best[0].values) == {"fast", "slow"}
    finals = [each.figures["equity_final"] for each in best]
    assert finals == sorted(finals, reverse=True)
    assert isinstance(best[0].figures["total_trades"], int)


def test_a_figure_that_is_none_is_refused_with_the_one_perhaps_meant() -> None:
    with pytest.raises(InputError) as refusal:
        Ranking(grid("a=1"), "sharp_ratio")
    assert "did you mean 'sharpe_ratio'" in refusal.value.issues[0].suggestion


def test_the_level_is_the_cheapest_that_has_the_figure() -> None:
    assert (level_for("sharpe_ratio"), level_for("max_drawdown"), level_for("beta")) == ("rank", "rank", "full")
