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
Steps = dict[tuple[Vertex, Vertex], bool]  # from what is lower or equal to what is higher or equal; True where strictly

# Beyond so many operands in one conjunction, what the market itself puts in order is left aside.
MOST_RELATED = 64


class Solver:
    """Judges facts about the bars of one spec; `side` is that of the exit rule they stand in, None elsewhere."""

    def __init__(self, spec: Spec, side: Side | None = None) -> None:
        self._spec, self._side = spec, side
        self._normaliser = Normaliser(spec)
        self._vertices: dict[Operand, Vertex] = {}

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
        steps: Steps = {}
        for fact in orders:
            pair = (self._vertex(fact.low), self._vertex(fact.high))
            steps[pair] = steps.get(pair, False) or fact.strict
        self._add_known(operands, steps)
        equal = _equal(steps)
        if any(strict and equal[low] == equal[high] for (low, high), strict in steps.items()):
            return False
        pairs = [(self._vertex(fact.left), self._vertex(fact.right)) for fact in different]
        return not any(a == b or (a in equal and equal[a] == equal.get(b)) for a, b in pairs)

    def _add_known(self, operands: dict[Vertex, Operand], steps: Steps) -> None:
        """The order of numbers, of operands and their bounds, and of operands that are bound to each other."""
        for vertex, operand in list(operands.items()):
            low, high = (float(end) for end in range_of(operand, self._spec, self._side))
            if isinstance(vertex, str):
                for first, second in ((low, vertex), (vertex, high)):
                    if all(not isinstance(end, float) or math.isfinite(end) for end in (first, second)):
                        steps.setdefault((first, second), False)
            for other, another in operands.items() if len(operands) <= MOST_RELATED else ():
                if other != vertex and never_above(operand, another, self._spec):
                    steps.setdefault((vertex, other), False)
        numbers = sorted({end for pair in steps for end in pair if isinstance(end, float)})
        for smaller, larger in pairwise(numbers):
            steps[smaller, larger] = True

    def _vertex(self, operand: Operand) -> Vertex:
        if operand not in self._vertices:
            number = constant(operand, self._spec)
            self._vertices[operand] = self._normaliser.key(operand) if number is None else float(number)
        return self._vertices[operand]


def _equal(steps: Steps) -> dict[Vertex, int]:
    """The vertices numbered so that those which chains of steps lead between both ways have one number (Kosaraju)."""
    forwards: dict[Vertex, list[Vertex]] = {}
    backwards: dict[Vertex, list[Vertex]] = {}
    for low, high in steps:
        forwards.setdefault(low, []).append(high)
        backwards.setdefault(high, []).append(low)
    numbers: dict[Vertex, int] = {}
    for start in reversed(_finished(forwards, list(dict.fromkeys(end for pair in steps for end in pair)))):
        waiting = [] if start in numbers else [start]
        number = len(numbers)
        while waiting:
            vertex = waiting.pop()
            if vertex not in numbers:
                numbers[vertex] = number
                waiting += backwards.get(vertex, [])
    return numbers


def _finished(forwards: dict[Vertex, list[Vertex]], starts: list[Vertex]) -> list[Vertex]:
    """The vertices in the order in which a depth-first search leaves them."""
    seen: set[Vertex] = set()
    left: list[Vertex] = []
    for start in starts:
        path = [(start, iter(forwards.get(start, [])))] if start not in seen else []
        seen.add(start)
        while path:
            unseen = next((step for step in path[-1][1] if step not in seen), None)
            if unseen is None:
                left.append(path.pop()[0])
            else:
                seen.add(unseen)
                path.append((unseen, iter(forwards.get(unseen, []))))
    return left
