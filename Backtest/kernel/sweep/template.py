"""A spec's plan with holes: what each value of a grid writes into it, so that a combination needs no planning."""

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np

from Backtest.account import Account
from Backtest.canonical.document import to_document
from Backtest.canonical.spec import Spec
from Backtest.errors import IndicatorInvalid, InputError, Issue, KernelUnsupported
from Backtest.indicators.indicator_registry import check_parameters, find
from Backtest.kernel import opcodes as op
from Backtest.kernel import order_plan as p
from Backtest.kernel.columns import Column, IndicatorColumn
from Backtest.kernel.order_plan import PLAN, StrategyPlan, plan_strategy
from Backtest.kernel.rule_program import numbers_read
from Backtest.kernel.sweep.grid import Axis
from Backtest.kernel.sweep.places import Place, set_number, spec_of

_TRIALS: Final = 12
MOST_TOGETHER: Final = 20_000
"""Combinations of axes that write to the same numbers: each is planned by itself."""
_REGISTERS_OF_PLAN: Final = tuple(i for i, name in enumerate(PLAN.names or ()) if name.endswith("_column"))


class Parts(NamedTuple):
    """Many plans of one shape: the first axis counts them."""

    plans: np.ndarray
    constants: np.ndarray
    code: np.ndarray
    entries: np.ndarray
    exits: np.ndarray
    portions: np.ndarray
    waited: np.ndarray


@dataclass(frozen=True)
class Patch:
    """What some axes write together: `words[k]` at `at`, where k counts the combinations of these axes' values."""

    axes: tuple[int, ...]
    at: np.ndarray
    words: np.ndarray


class Template:
    """Plans by the thousand. A plan is one row of 64-bit words: numbers, code, rules, then the ids of its columns."""

    def __init__(
        self, spec: Spec, places: Sequence[Place], axes: Sequence[Axis], account: Account, first_bar: int
    ) -> None:
        """Raises SpecInvalid for a value that may not stand in its place, and KernelUnsupported as `plan_strategy`
        does, and for a value that makes another kind of strategy (a portion of 1 is a full exit)."""
        self._account, self._first_bar = account, first_bar
        self._spec, self._places, self._axes = spec, tuple(places), tuple(axes)
        self.columns: list[Column] = []
        self._ids: dict[Column, int] = {}
        self._lengths = [len(axis.values) for axis in axes]
        self.sample = self._planned([0] * len(axes))
        self._base = self._words(self.sample)
        self._shape = _shape_of(self.sample)
        self._registers = self._places_of_columns()
        self.patches = self._learn()

    @property
    def columns_at(self) -> slice:
        """Where the ids of the columns stand in a row of words."""
        return slice(len(self._base) - len(self.sample.program.columns), len(self._base))

    def words_of(self, positions: np.ndarray) -> np.ndarray:
        """The plans of combinations: `positions` has a row for each, a column for each axis."""
        words = np.repeat(self._base[None, :], len(positions), axis=0)
        for patch in self.patches:
            lengths = [self._lengths[axis] for axis in patch.axes]
            number = np.ravel_multi_index(tuple(positions[:, axis] for axis in patch.axes), lengths)
            words[:, patch.at] = patch.words[number]
        return words

    def parts_of(self, words: np.ndarray, row_of_column: np.ndarray) -> Parts:
        """Plans as the kernel takes them; `row_of_column` says where in the matrix of inputs a column's id stands."""
        rows = row_of_column[words[:, self.columns_at]]
        for at, column in self._registers:
            words[:, at] = rows[:, column]
        sample, count, cut = self.sample, len(words), self._cuts()
        return Parts(
            np.ascontiguousarray(words[:, cut[0]]).view(PLAN).reshape(count),
            np.ascontiguousarray(words[:, cut[1]]).view(np.float64),
            np.ascontiguousarray(words[:, cut[2]]).reshape(count, *sample.program.code.shape),
            np.ascontiguousarray(words[:, cut[3]]).reshape(count, *sample.entries.shape),
            np.ascontiguousarray(words[:, cut[4]]).reshape(count, *sample.exits.shape),
            np.ascontiguousarray(words[:, cut[5]]).view(np.float64),
            np.ascontiguousarray(words[:, cut[6]]),
        )

    # planning

    def _planned(self, positions: Sequence[int]) -> StrategyPlan:
        document, said = to_document(self._spec), []
        for place, axis, at in zip(self._places, self._axes, positions, strict=True):
            set_number(document, place, axis.values[at])
            said.append(f"{axis.name} = {axis.values[at]:g}")
        strategy = plan_strategy(spec_of(document, " and ".join(said)), self._account, self._first_bar, merges=False)
        for column in strategy.program.columns:
            if column not in self._ids and isinstance(column, IndicatorColumn):
                _check(column, " and ".join(said))
        return strategy

    def _words(self, strategy: StrategyPlan) -> np.ndarray:
        program = strategy.program
        ids = [self._id_of(column) for column in program.columns]
        return np.concatenate([_flat(part) for part in (*_parts(strategy), np.array(ids, dtype=np.int64))])

    def _id_of(self, column: Column) -> int:
        if column not in self._ids:
            self._ids[column] = len(self.columns)
            self.columns.append(column)
        return self._ids[column]

    def _cuts(self) -> list[slice]:
        ends = np.cumsum([_flat(part).size for part in _parts(self.sample)]).tolist()
        return [slice(begin, end) for begin, end in zip([0, *ends], ends, strict=False)]

    def _places_of_columns(self) -> list[tuple[int, int]]:
        """Where words name a column's register, and which column: these are written anew for each batch."""
        cut, sample = self._cuts(), self.sample
        found = [cut[0].start + i for i in _REGISTERS_OF_PLAN]
        for row, code in enumerate(sample.program.code):
            found += [cut[2].start + row * op.WIDTH + 2 + k for k in range(numbers_read(int(code[0])))]
        for row, entry in enumerate(sample.entries):
            if entry[p.ORDER] != p.MARKET:
                found.append(cut[3].start + row * sample.entries.shape[1] + p.PRICE_REGISTER)
        found += range(cut[6].start, cut[6].stop)
        return [(at, int(self._base[at])) for at in found if self._base[at] >= 0]

    # learning what each axis writes

    def _row(self, positions: Sequence[int]) -> np.ndarray:
        strategy = self._planned(positions)
        if _shape_of(strategy) != self._shape:
            said = ", ".join(f"{a.name} = {a.values[k]:g}" for a, k in zip(self._axes, positions, strict=True))
            message = f"{said} makes another kind of strategy of it"
            raise KernelUnsupported(message, [Issue("grid", message, "leave that value out of the grid")])
        return self._words(strategy)

    def _learn(self) -> list[Patch]:
        """One patch for each axis; one for axes that write to the same words, by all combinations of theirs."""
        groups: list[tuple[tuple[int, ...], np.ndarray, np.ndarray]] = [
            self._measured((axis,)) for axis in range(len(self._axes))
        ]
        while pair := _first_that_meet([at for _, at, _ in groups]):
            together = self._measured((*groups[pair[0]][0], *groups[pair[1]][0]))
            groups = [*(group for k, group in enumerate(groups) if k not in pair), together]
        patches = [Patch(axes, at, words) for axes, at, words in groups]
        self._verify(patches)
        return patches

    def _measured(self, axes: tuple[int, ...]) -> tuple[tuple[int, ...], np.ndarray, np.ndarray]:
        if math.prod(self._lengths[axis] for axis in axes) > MOST_TOGETHER:
            names = " and ".join(self._axes[axis].name for axis in axes)
            message = f"{names} depend on each other, and have more than {MOST_TOGETHER:,} combinations"
            raise InputError(message, [Issue("grid", message, "give them fewer values, or larger steps")])
        rows = []
        for values in product(*(range(self._lengths[axis]) for axis in axes)):
            positions = [0] * len(self._axes)
            for axis, value in zip(axes, values, strict=True):
                positions[axis] = value
            rows.append(self._row(positions))
        words = np.array(rows)
        at = np.flatnonzero((words != self._base).any(axis=0))
        return axes, at, np.ascontiguousarray(words[:, at])

    def _verify(self, patches: Iterable[Patch]) -> None:
        """Plans some combinations drawn by a fixed seed, and compares."""
        self.patches = list(patches)
        dice = random.Random(len(self._axes))  # noqa: S311 - no secret
        for _ in range(_TRIALS if len(self._axes) > 1 else 0):
            positions = [dice.randrange(length) for length in self._lengths]
            if not np.array_equal(self._row(positions), self.words_of(np.array([positions]))[0]):
                message = "these numbers can't be varied together"
                raise KernelUnsupported(message, [Issue("grid", message, "vary one of them at a time")])


def _first_that_meet(places: Sequence[np.ndarray]) -> tuple[int, int] | None:
    """The first two of these sets that share a member."""
    pairs = ((i, j) for j in range(len(places)) for i in range(j))
    return next((pair for pair in pairs if np.intersect1d(places[pair[0]], places[pair[1]]).size), None)


def _check(column: IndicatorColumn, said: str) -> None:
    issues = check_parameters(find(column.name), dict(column.params), "grid")
    if issues:
        raise IndicatorInvalid(f"{said} can't be: {issues[0].message}", issues)


def _parts(strategy: StrategyPlan) -> tuple[np.ndarray, ...]:
    program = strategy.program
    return (
        strategy.plan,
        program.constants,
        program.code,
        strategy.entries,
        strategy.exits,
        strategy.portions,
        program.waited,
    )


def _flat(part: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(part).reshape(-1).view(np.int64)


def _shape_of(strategy: StrategyPlan) -> tuple[object, ...]:
    """What a batch's plans must have in common."""
    program = strategy.program
    return (
        *(part.shape for part in _parts(strategy)),
        len(program.columns),
        program.numbers,
        program.truths,
        tuple(program.code[:, 0]),
        tuple(program.live_rows),
        tuple(program.number_is_live),
        tuple(program.truth_is_live),
        tuple(map(int, strategy.entries[:, p.ORDER])),
    )
