"""Axes are read from text, refused with a way to mend them, and combined in order."""

import pytest

from Backtest.errors import InputError
from Backtest.kernel.sweep import Axis, Grid, parse_axis
from Backtest.kernel.sweep.grid import numbers_in_tiles

READ = {
    "fast=5:20:5": (5, 10, 15, 20),
    "fast=5:19:5": (5, 10, 15),
    "fast=3:5": (3, 4, 5),
    "fast=0.1:0.5:0.1": (0.1, 0.2, 0.3, 0.4, 0.5),
    "fast=5,10, 20": (5, 10, 20),
    " fast = 7 ": (7,),
    "fast=-2:2:2": (-2, 0, 2),
}


@pytest.mark.parametrize("text", READ)
def test_an_axis_is_read(text: str) -> None:
    assert parse_axis(text) == Axis("fast", READ[text])


@pytest.mark.parametrize(
    "text",
    [
        "fast",
        "fast=",
        "=5",
        "fast=5:1:1",
        "fast=1:5:0",
        "fast=1:5:-1",
        "fast=a",
        "fast=1:2:3:4",
        "fast=1,1",
        "fast=nan",
        "fast=1:inf:1",
        "fast=1:1e9:1",
    ],
)
def test_what_is_no_axis_is_refused_with_a_way_to_mend_it(text: str) -> None:
    with pytest.raises(InputError) as refusal:
        parse_axis(text)
    assert refusal.value.issues[0].suggestion


@pytest.mark.parametrize(
    ("axes", "constraints"),
    [((), ()), (("a=1", "a=2"), ()), (("a=1",), ("a <> 2",))],
    ids=["nothing", "a name twice", "no constraint"],
)
def test_a_grid_that_is_none_is_refused(axes: tuple[str, ...], constraints: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        Grid.of([parse_axis(axis) for axis in axes], constraints)


def test_more_combinations_than_could_ever_be_tried_are_refused() -> None:
    axis = tuple(float(value) for value in range(10_000))
    with pytest.raises(InputError, match=r"1e\+16 combinations"):
        Grid.of([Axis(name, axis) for name in "abcd"])


@pytest.mark.parametrize("tile", [(3, 4), (2, 2), (1, 1), (3, 1)])
def test_tiles_hold_each_combination_once(tile: tuple[int, int]) -> None:
    found = [tuple(map(int, row)) for _, rows in numbers_in_tiles((3, 4), tile, 3) for row in rows]
    assert sorted(found) == [(i, j) for i in range(3) for j in range(4)]
    assert (found == sorted(found)) == (tile[1] == 4 or tile == (1, 1))
