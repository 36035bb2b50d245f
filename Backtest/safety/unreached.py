"""The parts of a file that the sandbox never runs: the main guard, and the functions that only it calls."""

import ast
from collections import Counter

from Backtest.safety.bindings import text_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def unreached_nodes(tree: ast.Module) -> set[ast.stmt]:
    """Each top-level `if __name__ == "__main__":`, and each top-level function that is named in there and nowhere else.

    The sandbox gives the module another name, and the scan refuses every way to a function but its name; so the
    bodies of these statements don't run there. (Decorators, defaults and annotations do.)
    """
    guards: set[ast.stmt] = {node for node in tree.body if is_main_guard(node)}
    defined = Counter(node.name for node in ast.walk(tree) if isinstance(node, _Function | ast.ClassDef))
    functions = [node for node in tree.body if isinstance(node, _Function) and defined[node.name] == 1]
    while True:
        unreached = {*guards, *functions}
        inside, outside = _names(tree, unreached)
        kept = [function for function in functions if function.name in inside - outside]
        if len(kept) == len(functions):
            return unreached
        functions = kept


def is_main_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    test = node.test
    if len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(text_of(side) == "__main__" for side in sides)


def _names(tree: ast.Module, unreached: set[ast.stmt]) -> tuple[set[str], set[str]]:
    """The names that stand in the bodies of these statements, and those that stand elsewhere."""
    inside: set[str] = set()
    outside: set[str] = set()
    pending: list[tuple[ast.AST, bool]] = [(tree, False)]
    while pending:
        node, within = pending.pop()
        names = inside if within else outside
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Global):
            names.update(node.names)
        body: set[ast.AST] = set()
        if isinstance(node, ast.stmt) and node in unreached:
            body = set(node.body)  # type: ignore[attr-defined]
        pending.extend((child, within or child in body) for child in ast.iter_child_nodes(node))
    return inside, outside
