"""What the names of a file stand for: modules, objects of libraries, values, and what the file defines itself."""

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from Backtest.safety.allowed import FILE_METHODS, GUARD_MODULES, MODULES, SAFE_TO_METHODS, TEXT_CODE_METHODS
from Backtest.safety.source_tree import SourceTree

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_OWN_SCOPE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SETTING = (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)
_LOOPS = (ast.For, ast.AsyncFor, ast.comprehension)
_GIVE_NO_NAME = frozenset({ast.Name, ast.Call, ast.Subscript, ast.Expr, ast.BinOp, ast.Compare, ast.Return})
"""The most frequent nodes, of which no binding can be read; a name that is set stands in a statement that gives it."""


@dataclass
class Bindings:
    """`modules` maps a name to the dotted module it may stand for; `library` holds names of imported functions and
    classes; `values` every expression that is given to a name, `unfollowed` the names that get a value in another way
    too; `attributes` and `classes` are what the file defines, `writers` its texts that name a writing method."""

    modules: dict[str, str] = field(default_factory=dict)
    library: set[str] = field(default_factory=set)
    values: dict[str, list[ast.expr]] = field(default_factory=dict)
    attributes: set[str] = field(default_factory=set)
    classes: set[str] = field(default_factory=set)
    unfollowed: set[str] = field(default_factory=set)
    writers: list[str] = field(default_factory=list)

    def module_of(self, node: ast.expr) -> str | None:
        """The dotted module that an expression such as `np.linalg` stands for."""
        if isinstance(node, ast.Name):
            return self.modules.get(node.id)
        if isinstance(node, ast.Attribute):
            parent = self.module_of(node.value)
            path = f"{parent}.{node.attr}"
            return path if parent is not None and path in MODULES else None
        return None

    def is_library(self, node: ast.expr) -> bool:
        """Whether an attribute or item chain begins at something imported."""
        while isinstance(node, ast.Attribute | ast.Subscript):
            node = node.value
        return isinstance(node, ast.Name) and (node.id in self.library or node.id in self.modules)

    def constant_texts(self, name: str) -> list[str]:
        """The texts that a name may stand for; none where it may stand for anything else."""
        texts = [text_of(value) for value in self.values.get(name, [])]
        known = [text for text in texts if text is not None]
        return known if len(known) == len(texts) and name not in self.unfollowed else []


def bindings_of(tree: SourceTree) -> Bindings:
    found = Bindings()
    for node in tree.nodes:
        if type(node) in _GIVE_NO_NAME:
            continue
        if isinstance(node, ast.Import):
            _add_import(found, node)
        elif isinstance(node, ast.ImportFrom):
            _add_import_from(found, node)
        elif isinstance(node, ast.ClassDef):
            found.classes.add(node.name)
            found.attributes.update(_names_in_class(node, tree))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_own(node.value):
            found.attributes.add(node.attr)
        elif isinstance(node, ast.arg):
            found.unfollowed.add(node.arg)
        elif isinstance(node, ast.AugAssign):
            found.unfollowed.update(_target_names(node.target))
        elif (text := text_of(node)) is not None and names_writer(text):
            found.writers.append(text)
        if not isinstance(node, ast.Name | ast.NamedExpr):
            found.unfollowed.update(bound_by(node))
        for target, value in _given_values(node):
            for name in _target_names(target):
                found.values.setdefault(name, []).append(value)
    _follow_aliases(found)
    return found


def names_writer(name: str) -> bool:
    """Whether a method of that name reads or writes files, or runs a text, wherever it stands."""
    if name in FILE_METHODS or name in TEXT_CODE_METHODS:
        return True
    return name.startswith("to_") and name not in SAFE_TO_METHODS


def is_own(node: ast.expr) -> bool:
    """Whether an expression is `self` or `cls`."""
    return isinstance(node, ast.Name) and node.id in ("self", "cls")


def text_of(node: ast.AST) -> str | None:
    """The text of a string constant."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def local_names(function: Function, tree: SourceTree) -> set[str]:
    """The names that are local to a function, and so never a built-in of the same name."""
    arguments = function.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    names = {argument.arg for argument in every if argument is not None}
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    outside: set[str] = set()
    for statement in body:
        for node in _in_scope(statement, tree):
            names.update(bound_by(node))
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                outside.update(node.names)
    return names - outside


def comprehension_names(node: Comprehension) -> set[str]:
    return {name for generator in node.generators for name in _target_names(generator.target)}


def _in_scope(node: ast.AST, tree: SourceTree) -> Iterator[ast.AST]:
    """A node and what belongs to the same scope; of comprehensions only what `:=` binds outside of them."""
    pending = [node]
    while pending:
        yield (inner := pending.pop())
        if isinstance(inner, _COMPREHENSIONS):
            yield from (each for each in tree.below(inner) if isinstance(each, ast.NamedExpr))
        elif not isinstance(inner, _OWN_SCOPE):
            pending.extend(tree.children_of(inner))


def bound_by(node: ast.AST) -> Sequence[str]:
    """The names that a node itself binds in its scope, arguments aside."""
    binds = _BINDS.get(type(node))
    return () if binds is None else binds(node)


def _imported_names(node: Any) -> Sequence[str]:
    return [alias.asname or alias.name.partition(".")[0] for alias in node.names]


def _captured_name(node: Any) -> Sequence[str]:
    return () if node.name is None else (node.name,)


_BINDS: Mapping[type[ast.AST], Callable[[Any], Sequence[str]]] = {
    ast.Name: lambda node: (node.id,) if isinstance(node.ctx, ast.Store) else (),
    ast.NamedExpr: lambda node: (node.target.id,),
    ast.FunctionDef: lambda node: (node.name,),
    ast.AsyncFunctionDef: lambda node: (node.name,),
    ast.ClassDef: lambda node: (node.name,),
    ast.Import: _imported_names,
    ast.ImportFrom: _imported_names,
    ast.ExceptHandler: _captured_name,
    ast.MatchAs: _captured_name,
    ast.MatchStar: _captured_name,
    ast.MatchMapping: lambda node: () if node.rest is None else (node.rest,),
}


def _add_import(found: Bindings, node: ast.Import) -> None:
    for alias in node.names:
        root = alias.name.partition(".")[0]
        found.modules[alias.asname or root] = alias.name if alias.asname else root


def _add_import_from(found: Bindings, node: ast.ImportFrom) -> None:
    for alias in node.names:
        name = alias.asname or alias.name
        path = f"{node.module}.{alias.name}"
        if path in MODULES or path in GUARD_MODULES:
            found.modules[name] = path
        else:
            found.library.add(name)


def _names_in_class(node: ast.ClassDef, tree: SourceTree) -> Iterator[str]:
    for statement in node.body:
        for inner in _in_scope(statement, tree):
            yield from bound_by(inner)
        if isinstance(statement, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__slots__" for target in statement.targets
        ):
            yield from (text for n in tree.below(statement.value) if (text := text_of(n)) is not None)


def _given_values(node: ast.AST) -> Sequence[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    if isinstance(node, _SETTING) and node.value is not None:
        return ((node.target, node.value),)
    if isinstance(node, _LOOPS):
        return ((node.target, node.iter),)
    if isinstance(node, ast.withitem) and node.optional_vars is not None:
        return ((node.optional_vars, node.context_expr),)
    return ()


def _target_names(target: ast.expr) -> list[str]:
    if isinstance(target, ast.Name):  # nearly always
        return [target.id] if isinstance(target.ctx, ast.Store) else []
    named = (node for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    return [node.id for node in named]


def _follow_aliases(found: Bindings) -> None:
    """Names that are given a module or an imported object stand for it as well, over any number of steps."""
    given: dict[str, list[tuple[str, ast.expr]]] = {}
    for name, values in found.values.items():
        for value in values:
            if (root := _root_of(value)) is not None:
                given.setdefault(root, []).append((name, value))
    pending = [*found.modules, *found.library]
    while pending:
        for name, value in given.get(pending.pop(), []):
            module = found.module_of(value)
            if module is not None and name not in found.modules:
                found.modules[name] = module
                pending.append(name)
            if isinstance(value, ast.Name) and value.id in found.library and name not in found.library:
                found.library.add(name)
                pending.append(name)


def _root_of(node: ast.expr) -> str | None:
    """The name that a chain of attributes begins with."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None
