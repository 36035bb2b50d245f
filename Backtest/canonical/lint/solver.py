"""Whether facts about one bar can all hold."""

import math
from collections.abc import Iterable
from itertools import pairwise

from Backtest.canonical.lint.literals import Among, Different, Fact, Order
from Backtest.canonical.lint.ranges import constant, never_above, range_of
from Backtest.canonical.normal_form import Normaliser
from Backtest.canonical.operands import Operand
from Backtest.canonical.rules import Side
from Backtest.canonical.spec import Spec

Vertex = str | float


class Solver:
    """Judges facts about the bars of one spec; `side` is that of the exit rule they stand in, None elsewhere."""

    def __init__(self, spec: Spec, side: Side | None = None) -> None:
        self._spec, self._side = spec, side
        self._normaliser = Normaliser(spec)

    def can_hold(self, facts: Iterable[Fact]) -> bool:
        """False only where the facts contradict each other or what is always so."""
        listed = list(facts)
        by_topic: dict[object, frozenset[object]] = {}
        for fact in listed:
            if isinstance(fact, Among):
                by_topic[fact.topic] = by_topic.get(fact.topic, fact.values) & fact.values
        if not all(by_topic.values()):
            return False
        orders = [fact for fact in listed if isinstance(fact, Order)]
        different = [fact for fact in listed if isinstance(fact, Different)]
        return self._orders_hold(orders, different)

    def _orders_hold(self, orders: list[Order], different: list[Different]) -> bool:
        """No chain of < and <= may lead back to where it began with a < in it, nor make two different things equal."""
        operands = {self._vertex(o): o for fact in orders for o in (fact.low, fact.high)}
        operands |= {self._vertex(o): o for fact in different for o in (fact.left, fact.right)}
        chains: dict[tuple[Vertex, Vertex], bool] = {}  # low, high -> whether strictly

        def add(low: Vertex, high: Vertex, *, strict: bool) -> None:
            chains[low, high] = chains.get((low, high), False) or strict

        for fact in orders:
            add(self._vertex(fact.low), self._vertex(fact.high), strict=fact.strict)
        self._add_known(operands, chains)
        vertices = list(dict.fromkeys(end for pair in chains for end in pair))
        for middle in vertices:
            for low in vertices:
                if (low, middle) in chains:
                    for high in vertices:
                        if (middle, high) in chains:
                            add(low, high, strict=chains[low, middle] or chains[middle, high])
        if any(strict for (low, high), strict in chains.items() if low == high):
            return False
        pairs = [(self._vertex(fact.left), self._vertex(fact.right)) for fact in different]
        return not any(a == b or ((a, b) in chains and (b, a) in chains) for a, b in pairs)

    def _add_known(self, operands: dict[Vertex, Operand], chains: dict[tuple[Vertex, Vertex], bool]) -> None:
        """The order of numbers, of operands and their bounds, and of operands that are bound to each other."""
        for vertex, operand in list(operands.items()):
            low, high = range_of(operand, self._spec, self._side)
            if isinstance(vertex, str):
                for first, second in ((low, vertex), (vertex, high)):
                    if all(not isinstance(end, float) or math.isfinite(end) for end in (first, second)):
                        chains.setdefault((first, second), False)
            for other, another in operands.items():
                if other != vertex and never_above(operand, another, self._spec):
                    chains.setdefault((vertex, other), False)
        numbers = sorted({end for pair in chains for end in pair if isinstance(end, float)})
        for smaller, larger in pairwise(numbers):
            chains[smaller, larger] = True

    def _vertex(self, operand: Operand) -> Vertex:
        number = constant(operand, self._spec)
        return self._normaliser.key(operand) if number is None else float(number)
