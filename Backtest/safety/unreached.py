"""The parts of a file that the sandbox never runs: the main guard, and the functions that only it calls."""

import ast
from collections import Counter

from Backtest.safety.bindings import text_of

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def unreached_nodes(tree: ast.Module) -> set[ast.stmt]:
    """Each top-level `if __name__ == "__main__":`, and each top-level function that is named nowhere else.

    The sandbox gives the module another name, and the scan refuses every way to a function but its name; so the
    bodies of these statements don't run there. (Decorators, defaults and annotations do.)
    """
    guards: set[ast.stmt] = {node for node in tree.body if is_main_guard(node)}
    defined = Counter(node.name for node in ast.walk(tree) if isinstance(node, _Function | ast.ClassDef))
    functions = [node for node in tree.body if isinstance(node, _Function) and defined[node.name] == 1]
    while True:
        unreached = {*guards, *functions}
        named = _names_outside(tree, unreached)
        kept = [function for function in functions if function.name not in named]
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


def _names_outside(tree: ast.Module, unreached: set[ast.stmt]) -> set[str]:
    names: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            names.add(node.id)
        if isinstance(node, ast.Global):
            names.update(node.names)
        skipped: set[int] = set()
        if isinstance(node, ast.stmt) and node in unreached:
            skipped = {id(child) for child in node.body}  # type: ignore[attr-defined]
        pending.extend(child for child in ast.iter_child_nodes(node) if id(child) not in skipped)
    return names
