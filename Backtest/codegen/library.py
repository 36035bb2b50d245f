"""The verbatim source of the functions that a generated file may carry, read without importing them."""

import ast
from functools import cache
from pathlib import Path

from Backtest.syntax_trees import parse_source

_ENGINE = Path(__file__).parents[1]
_FILES = (
    _ENGINE / "indicators" / "functions.py",
    _ENGINE / "indicators" / "timeframes.py",
    Path(__file__).with_name("emitted.py"),
)


@cache
def _functions() -> dict[str, tuple[str, frozenset[str]]]:
    """Name -> (source, names it uses) of every public top-level function of the files above."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for path in _FILES:
        text = path.read_text(encoding="utf-8")
        for node in parse_source(text, path.name).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                source = ast.get_source_segment(text, node)
                used = frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name))
                found[node.name] = (str(source), used - {node.name})
    return found


def names() -> frozenset[str]:
    """The names of all of them."""
    return frozenset(_functions())


def sources(names: set[str]) -> list[str]:
    """The sources of these functions and of those they call, each once and after what it calls, in a fixed order.

    Raises KeyError for a name that no file defines.
    """
    known = _functions()
    done: dict[str, str] = {}

    def add(name: str) -> None:
        if name not in done:
            source, used = known[name]
            for other in sorted(used & known.keys()):
                add(other)
            done[name] = source

    for name in sorted(names):
        add(name)
    return list(done.values())
