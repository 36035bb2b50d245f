"""The scan: walks a strategy's syntax tree against the allow-list and points at each refused place."""

import ast
import builtins
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from Backtest.safety import allowed
from Backtest.safety.attributes import AttributeRules, Refusal, is_dunder
from Backtest.safety.bindings import (
    Bindings,
    Comprehension,
    Function,
    bindings_of,
    bound_by,
    comprehension_names,
    is_own,
    local_names,
    text_of,
)
from Backtest.safety.calls import CallRules
from Backtest.safety.findings import ScanFinding, ScanReport
from Backtest.safety.gate import SourceRefused, hidden_characters, lines_of, source_text, syntax_tree
from Backtest.safety.rules import RULES
from Backtest.safety.source_tree import SourceTree
from Backtest.safety.unreached import unreached_nodes

MAX_FINDINGS = 200
NOT_IN_UNREACHED_CODE = frozenset(
    (
        *("builtin-use", "class-factory", "exit", "file-access"),
        *("library-change", "module-value", "private", "refused-value"),
    )
)
"""Rules that are not applied to what the sandbox never runs."""

_ALL_BUILTINS = frozenset(dir(builtins)) | {"copyright", "credits", "exit", "help", "license", "quit"}
_READABLE = allowed.BUILTINS | allowed.SPECIAL_NAMES_TO_READ | allowed.SPECIAL_NAMES_TO_SET
_ONLY_CALLED = ("getattr", "hasattr", "super")


def scan(source: bytes | str) -> ScanReport:
    """Judge a strategy file without running it; the findings come in the order of the file, the first 200 at most.

    What stands under a top-level `if __name__ == "__main__":`, and in functions that only it calls, is judged more
    mildly (argparse, read_csv, plot), since the sandbox never runs it.
    """
    try:
        text = source_text(source)
    except SourceRefused as refused:
        return ScanReport((refused.finding,))
    findings = hidden_characters(text, MAX_FINDINGS)
    if "\0" in text:  # Python does not parse it
        return ScanReport(tuple(findings))
    try:
        scanner = _Scanner(syntax_tree(text), lines_of(text))
    except SourceRefused as refused:
        findings.append(refused.finding)
    else:
        findings += scanner.findings()
    return ScanReport(tuple(sorted(findings)[:MAX_FINDINGS]))


class _Scanner(ast.NodeVisitor):
    def __init__(self, tree: SourceTree, lines: list[str]) -> None:
        self._found: set[ScanFinding] = set()
        self._tree = tree
        self._lines = lines
        self._parents = tree.parents
        self._unreached = unreached_nodes(tree)
        self._in_guard = False
        self._local_scopes: list[set[str]] = []
        self._bindings = bindings_of(tree)
        self._attributes = AttributeRules(self._bindings, _tainted(self._bindings))
        self._calls = CallRules(self._bindings, self._attributes)

    def findings(self) -> list[ScanFinding]:
        """All findings; what follows from another one on the same line is left out."""
        for node in self._tree.nodes:
            self._check_bound_names(node)
        self.visit(self._tree.module)
        causes = {finding.line for finding in self._found if finding.rule != "refused-value"}
        return [finding for finding in self._found if finding.rule != "refused-value" or finding.line not in causes]

    def visit(self, node: ast.AST) -> None:
        visitor = _VISITORS.get(type(node))
        if visitor is None:
            self.generic_visit(node)
        else:
            visitor(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        for child in self._tree.children_of(node):
            self.visit(child)

    # imports

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name not in allowed.MODULES and not self._guard_admits(alias.name):
                self._refuse(alias, Refusal("import", f"import {alias.name}"))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        known = allowed.MODULES.get(module)
        further = allowed.GUARD_MODULES.get(module) if self._in_guard else None
        if node.level or (known is None and further is None):
            self._refuse(node, Refusal("import", f"from {'.' * node.level}{module} import ..."))
            return
        for alias in node.names:
            if alias.name == "*":
                self._refuse(node, Refusal("import-star", f"from {module} import *"))
            elif not any(names is not None and names.admits(alias.name) for names in (known, further)):
                self._refuse(alias, Refusal("module-name", f"{module}.{alias.name}"))

    def _guard_admits(self, module: str) -> bool:
        return self._in_guard and module in allowed.GUARD_MODULES

    # names

    def visit_Name(self, node: ast.Name) -> None:
        if not isinstance(node.ctx, ast.Load) or self._is_local(node.id):
            return
        if node.id in self._bindings.modules:
            self._check_module_use(node)
            return
        refusal = self._builtin_refusal(node)
        if refusal is not None:
            self._refuse(node, refusal)

    def _is_local(self, name: str) -> bool:
        return any(name in scope for scope in self._local_scopes)

    def _builtin_refusal(self, node: ast.Name) -> Refusal | None:
        name, parent = node.id, self._parents[node]
        if name in allowed.EXITS:
            return Refusal("exit", name)
        if name not in _ALL_BUILTINS and not is_dunder(name):
            return None
        if name == "setattr" and self._is_called(node):
            return None  # judged with what it is given
        if name not in _READABLE and not (self._in_guard and name in allowed.GUARD_BUILTINS):
            return Refusal("builtin", name)
        if name in _ONLY_CALLED and not self._is_called(node):
            return Refusal("builtin-use", f"{name} without a call")
        if name == "type" and not self._is_called(node) and not _is_type_check(parent):
            return Refusal("class-factory", "type as a value")
        return None

    def _check_bound_names(self, node: ast.AST) -> None:
        """Special and private names that a statement, an argument or a pattern gives a meaning of its own."""
        names = [node.arg] if isinstance(node, ast.arg) else bound_by(node)
        method = isinstance(node, ast.FunctionDef)
        for name in names:
            known = name in (allowed.SPECIAL_METHODS if method else allowed.SPECIAL_NAMES_TO_SET)
            if is_dunder(name) and not known:
                self._refuse(node, Refusal("dunder-definition", name))
            elif name in allowed.STRATEGY_PRIVATES:
                self._refuse(node, Refusal("private", name))

    def _check_module_use(self, node: ast.expr) -> None:
        """A module is read by a dot or given a second name; anywhere else the scan would lose sight of it."""
        parent = self._parents[node]
        if isinstance(parent, ast.Attribute):
            return
        in_class = isinstance(self._parents.get(parent), ast.ClassDef)
        if isinstance(parent, ast.Assign) and not in_class and all(isinstance(t, ast.Name) for t in parent.targets):
            return
        module = self._bindings.module_of(node)
        if module not in allowed.MODULES and not self._guard_admits(module or ""):
            return  # refused where it is imported
        self._refuse(node, Refusal("module-value", module or ""))

    # attributes and items

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if _is_class_name(node):
            self.visit(node.value.value)  # type: ignore[attr-defined]
            return
        refusal = self._attributes.refusal(node, in_guard=self._in_guard)
        if refusal is not None and not self._sets_frozen_field(node):
            self._refuse(node, refusal)
        elif self._bindings.module_of(node) is not None:
            self._check_module_use(node)
        elif self._begins_refused(node.value):
            self._refuse(node, Refusal("refused-value", node.attr))
        elif node.attr == "format" and not self._is_called(node) and text_of(node.value) is not None:
            self._refuse(node, Refusal("format", "format without a call"))
        elif node.attr in allowed.DISPATCH_METHODS and not self._is_called(node) and self._is_librarys(node):
            self._refuse(node, Refusal("text-dispatch", f"{node.attr} without a call"))
        if not isinstance(node.ctx, ast.Load):
            self._check_change(node)
        self.generic_visit(node)

    def _sets_frozen_field(self, node: ast.Attribute) -> bool:
        """`object.__setattr__(self, "name", value)`, by which a frozen dataclass completes itself."""
        call = self._parents[node]
        if not isinstance(call, ast.Call) or call.func is not node or node.attr != "__setattr__":
            return False
        of_object = isinstance(node.value, ast.Name) and node.value.id == "object"
        return of_object and self._calls.sets_own_attribute(call, in_guard=self._in_guard)

    def _is_librarys(self, node: ast.Attribute) -> bool:
        return node.attr not in self._bindings.attributes and isinstance(node.ctx, ast.Load)

    def _begins_refused(self, node: ast.expr) -> bool:
        """Whether a chain begins with a refused built-in, such as `open(...).close`."""
        while isinstance(node, ast.Attribute | ast.Subscript | ast.Call):
            node = node.func if isinstance(node, ast.Call) else node.value
        if not isinstance(node, ast.Name) or self._is_local(node.id) or node.id in self._bindings.modules:
            return False
        return self._builtin_refusal(node) is not None

    def visit_Subscript(self, node: ast.Subscript) -> None:
        text = text_of(node.slice)
        if text is not None and is_dunder(text):
            self._refuse(node, Refusal("dunder", text))
        if not isinstance(node.ctx, ast.Load):
            self._check_change(node)
        self.generic_visit(node)

    def _check_change(self, node: ast.Attribute | ast.Subscript) -> None:
        if _is_of_bars(node):
            self._refuse(node, Refusal("bars-change", ast.unparse(node)[:40]))
        elif (self._bindings.is_library(node) and not self._is_option(node)) or _is_of_class(node):
            self._refuse(node, Refusal("library-change", ast.unparse(node)[:40]))

    def _is_option(self, node: ast.expr) -> bool:
        """`pd.options.display.width`: options are there to be set."""
        return isinstance(node, ast.Attribute) and self._bindings.module_of(node.value) in allowed.OPTION_MODULES

    def _is_called(self, node: ast.expr) -> bool:
        parent = self._parents[node]
        return isinstance(parent, ast.Call) and parent.func is node

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            read = ast.Attribute(value=ast.Name(id="", ctx=ast.Load()), attr=name, ctx=ast.Load())
            refusal = self._attributes.refusal(read, in_guard=self._in_guard)
            if refusal is not None:
                self._refuse(pattern, refusal)
        self.generic_visit(node)

    # calls

    def visit_Call(self, node: ast.Call) -> None:
        for place, refusal in self._calls.refusals(node, in_guard=self._in_guard):
            self._refuse(place, refusal)
        self.generic_visit(node)

    # definitions and scopes

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._visit_all([*node.decorator_list, node.returns])
        self._visit_function(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._visit_function(node, [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for keyword in node.keywords:
            if not (keyword.arg == "metaclass" and _is_abc_meta(keyword.value)):
                self._refuse(keyword, Refusal("class-factory", f"class {node.name}({keyword.arg}=...)"))
        self.generic_visit(node)

    def _visit_function(self, node: Function, body: Iterable[ast.AST]) -> None:
        arguments = node.args
        self._visit_all([*arguments.defaults, *arguments.kw_defaults])
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        self._visit_all(argument.annotation for argument in every if argument is not None)
        with self._scope(local_names(node, self._tree)), self._mildly(node in self._unreached):
            self._visit_all(body)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._visit_comprehension(node)

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._visit_comprehension(node)

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._visit_comprehension(node)

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._visit_comprehension(node)

    def _visit_comprehension(self, node: Comprehension) -> None:
        self.visit(node.generators[0].iter)  # belongs to the scope around it
        with self._scope(comprehension_names(node)):
            self.generic_visit(node)

    @contextmanager
    def _scope(self, names: set[str]) -> Iterator[None]:
        self._local_scopes.append(names - self._bindings.modules.keys())
        yield
        self._local_scopes.pop()

    def _visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        with self._mildly(node in self._unreached):
            self._visit_all(node.body)
        self._visit_all(node.orelse)

    @contextmanager
    def _mildly(self, unreached: bool) -> Iterator[None]:
        before, self._in_guard = self._in_guard, self._in_guard or unreached
        yield
        self._in_guard = before

    # asynchronous code

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._refuse(node, Refusal("async", f"async def {node.name}"))
        self._visit_all([*node.decorator_list, node.returns])
        self._visit_function(node, node.body)

    def visit_Await(self, node: ast.Await) -> None:
        self._refuse(node, Refusal("async", "await"))
        self.generic_visit(node)

    def _refuse(self, node: ast.AST, refusal: Refusal) -> None:
        if self._in_guard and refusal.rule in NOT_IN_UNREACHED_CODE:
            return
        line, offset = _place_of(node)
        before = self._lines[line - 1].encode()[:offset]
        rule = RULES[refusal.rule]
        column = len(before.decode("utf-8", errors="ignore")) + 1
        self._found.add(ScanFinding(line, column, rule.id, f"{rule.title}: {refusal.name}.", rule.instead))


_VISITORS: Mapping[type[ast.AST], Callable[[_Scanner, Any], None]] = {
    getattr(ast, name.removeprefix("visit_")): method
    for name, method in vars(_Scanner).items()
    if name.startswith("visit_")
}


def _place_of(node: ast.AST) -> tuple[int, int]:
    """Line, and offset in bytes, of a node; of an attribute where its name stands, which ends the chain."""
    if isinstance(node, ast.Attribute) and node.end_lineno is not None and node.end_col_offset is not None:
        return node.end_lineno, max(0, node.end_col_offset - len(node.attr.encode()))
    return getattr(node, "lineno", 1), getattr(node, "col_offset", 0)


def _tainted(bindings: Bindings) -> frozenset[str]:
    """The names that are given a refused value, directly or through each other."""
    rules = AttributeRules(bindings)
    begun: dict[str, set[str]] = {}
    tainted: set[str] = set()
    for name, values in bindings.values.items():
        for value in values:
            root, refused = _chain(value, rules)
            if refused:
                tainted.add(name)
            elif root is not None:
                begun.setdefault(root, set()).add(name)
    pending = list(tainted)
    while pending:
        reached = begun.pop(pending.pop(), set()) - tainted
        tainted |= reached
        pending.extend(reached)
    return frozenset(tainted)


def _chain(value: ast.expr, rules: AttributeRules) -> tuple[str | None, bool]:
    """The name that a chain of attributes, items and calls begins with, and whether a refused attribute is in it."""
    node: ast.expr = value
    while True:
        if isinstance(node, ast.Attribute):
            if _is_class_name(node):
                return None, False  # a text
            if rules.refusal(node, in_guard=True) is not None:
                return None, True
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            return (node.id if isinstance(node, ast.Name) else None), False


def _is_of_bars(node: ast.expr) -> bool:
    """A place in `self.data.Close` and the like."""
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
        if isinstance(node, ast.Attribute) and node.attr in allowed.PRICES and isinstance(node.value, ast.Attribute):
            return node.value.attr == "data" and is_own(node.value.value)
    return False


def _is_of_class(node: ast.Attribute | ast.Subscript) -> bool:
    """`type(order).size`: an attribute of a class that may be anybody's; one's own is `type(self)`."""
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name) or call.func.id != "type":
        return False
    return not (call.args and is_own(call.args[0]))


def _is_class_name(node: ast.Attribute) -> bool:
    """`x.__class__.__name__`, which is a text."""
    return node.attr == "__name__" and isinstance(node.value, ast.Attribute) and node.value.attr == "__class__"


def _is_type_check(parent: ast.AST) -> bool:
    """`type[X]` in an annotation, `isinstance(x, type)`, `type(x) is type`."""
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in ("isinstance", "issubclass")
    return isinstance(parent, ast.Subscript | ast.Compare)


def _is_abc_meta(node: ast.expr) -> bool:
    return (isinstance(node, ast.Name) and node.id == "ABCMeta") or (
        isinstance(node, ast.Attribute) and node.attr == "ABCMeta"
    )
