"""The parts of a file that the sandbox never runs: the main guard, and the functions that only it calls."""

import ast
from collections import Counter

from Backtest.safety.bindings import text_of
from Backtest.safety.source_tree import SourceTree

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


def unreached_nodes(tree: SourceTree) -> set[ast.stmt]:
    """Each top-level `if __name__ == "__main__":`, and each top-level function that is named in there and nowhere else.

    The sandbox gives the module another name, and the scan refuses every way to a function but its name; so the
    bodies of these statements don't run there. (Decorators, defaults and annotations do.)
    """
    guards: list[ast.stmt] = [node for node in tree.module.body if is_main_guard(node)]
    defined = Counter(node.name for node in tree.nodes if isinstance(node, _DEFINITIONS))
    functions = {
        node.name: node for node in tree.module.body if isinstance(node, _FUNCTIONS) and defined[node.name] == 1
    }
    inside, outside = _names(tree, {*guards, *functions.values()})
    within = {name: inside.pop(function, set()) for name, function in functions.items()}
    called = set().union(*inside.values(), *within.values())
    pending = [name for name in functions if name in outside or name not in called]
    while pending:
        if functions.pop(name := pending.pop(), None) is not None:
            pending.extend(within[name])  # what it names can be reached from where it is called
    return {*guards, *functions.values()}


def is_main_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    test = node.test
    if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(text_of(side) == "__main__" for side in sides)


def _names(tree: SourceTree, bodies_of: set[ast.stmt]) -> tuple[dict[ast.stmt, set[str]], set[str]]:
    """The names that stand in the body of each of these statements, and those that stand elsewhere."""
    inside: dict[ast.stmt, set[str]] = {}
    outside: set[str] = set()
    places: dict[ast.AST, set[str]] = {tree.module: outside}
    for node in tree.nodes:
        names = places[node]
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Global):
            names.update(node.names)
        places.update(dict.fromkeys(tree.children_of(node), names))
        if node in bodies_of:
            body = inside.setdefault(node, set())
            places.update(dict.fromkeys(node.body, body))  # type: ignore[attr-defined]
    return inside, outside
