"""A source's syntax tree, walked once for all who look at it."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_WITHOUT_PLACE = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)
_NO_CHILDREN: tuple[ast.AST, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceTree:
    """The nodes of a tree level by level, from the module down, with the children (in the order of the source) and
    the parent of each; `deepest` is one of the last level, and `depth` that level's number.

    Contexts (`Load`) and operators are left out: the parser shares one object among all their places.
    """

    module: ast.Module
    nodes: tuple[ast.AST, ...]
    children: Mapping[ast.AST, tuple[ast.AST, ...]]
    parents: Mapping[ast.AST, ast.AST]
    depth: int
    deepest: ast.AST

    def children_of(self, node: ast.AST) -> tuple[ast.AST, ...]:
        return self.children.get(node, _NO_CHILDREN)

    def below(self, node: ast.AST) -> Iterator[ast.AST]:
        """A node and all that stands in it."""
        pending = [node]
        while pending:
            yield (inner := pending.pop())
            pending.extend(self.children_of(inner))


def source_tree(module: ast.Module, most_levels: int) -> SourceTree:
    """Walk a module's tree, no further than one level below the most."""
    children: dict[ast.AST, tuple[ast.AST, ...]] = {}
    parents: dict[ast.AST, ast.AST] = {}
    nodes: list[ast.AST] = []
    level: list[ast.AST] = [module]
    depth = 0
    while True:
        nodes += level
        below: list[ast.AST] = []
        for node in level:
            if own := _children(node):
                children[node] = own
                below += own
                for child in own:
                    parents[child] = node
        if not below or depth > most_levels:
            return SourceTree(module, tuple(nodes), children, parents, depth, level[0])
        level, depth = below, depth + 1


def _children(node: ast.AST) -> tuple[ast.AST, ...]:
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST) and not isinstance(each, _WITHOUT_PLACE)]
        elif isinstance(value, ast.AST) and not isinstance(value, _WITHOUT_PLACE):
            found.append(value)
    return tuple(found)
