"""Whether two files trade by the same code once what can't matter is taken out of both: no search, a comparison."""

import ast


def is_same_code(one: str, other: str) -> bool:
    """Whether both have one normal form, which no warning, no unread argument and no name for a number is part of."""
    return normal_form(one) == normal_form(other)


def normal_form(source: str) -> str:
    """The file without warnings and what only they need, with the class's own numbers written out where they are read,
    without the arguments that a function does not read, and without a `return None` at its end."""
    tree = _Silenced().visit(ast.parse(source))
    tree = _Written(_constants(tree)).visit(tree)
    tree = _Ended().visit(_Unread(_unread(tree)).visit(tree))
    return ast.unparse(ast.fix_missing_locations(tree))


class _Silenced(ast.NodeTransformer):
    """Notices are not part of what is proved: `warnings.warn(...)` goes, and a test that is left without a branch."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if ast.unparse(node).startswith("warnings.warn(") else node

    def visit_Pass(self, node: ast.Pass) -> None:
        return None

    def visit_If(self, node: ast.If) -> ast.AST | None:
        self.generic_visit(node)
        is_plain = isinstance(node.test, ast.Name | ast.Constant) or (
            isinstance(node.test, ast.UnaryOp) and isinstance(node.test.operand, ast.Name)
        )
        if not node.body and not node.orelse and is_plain:
            return None
        node.body = node.body or [ast.Pass()]
        return node


def _constants(tree: ast.Module) -> dict[str, ast.Constant]:
    """The numbers that a class has by name, and that nothing sets."""
    found = {
        target.id: line.value
        for top in tree.body
        if isinstance(top, ast.ClassDef)
        for line in top.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant)
        for target in line.targets
        if isinstance(target, ast.Name)
    }
    stored = {
        node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    }
    return {name: value for name, value in found.items() if name not in stored}


class _Written(ast.NodeTransformer):
    """`self.period` becomes its number, and its own line goes."""

    def __init__(self, constants: dict[str, ast.Constant]) -> None:
        self._constants = constants

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        is_own = isinstance(node.value, ast.Name) and node.value.id == "self" and isinstance(node.ctx, ast.Load)
        return self._constants[node.attr] if is_own and node.attr in self._constants else node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        self.generic_visit(node)
        node.body = [line for line in node.body if not self._is_constant(line)] or [ast.Pass()]
        return node

    def _is_constant(self, line: ast.stmt) -> bool:
        names = [target.id for target in getattr(line, "targets", []) if isinstance(target, ast.Name)]
        return isinstance(line, ast.Assign) and bool(names) and all(name in self._constants for name in names)


def _unread(tree: ast.Module) -> dict[str, set[int]]:
    """The places of the arguments that functions of the file never read, by the function's name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            read = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            names = [arg.arg for arg in node.args.args if arg.arg != "self"]
            found[node.name] = {place for place, name in enumerate(names) if name not in read}
    return found


class _Unread(ast.NodeTransformer):
    """What is given for an argument that is not read can be anything that can be worked out."""

    def __init__(self, unread: dict[str, set[int]]) -> None:
        self._unread = unread

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for place in self._unread.get(name, set()):
            if place < len(node.args) and isinstance(node.args[place], ast.Constant):
                node.args[place] = ast.Constant(value=None)
        return node


class _Ended(ast.NodeTransformer):
    """A function that comes to its end returns None."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        while node.body and isinstance(node.body[-1], ast.Return | ast.Pass) and _is_nothing(node.body[-1]):
            node.body.pop()
        node.body = node.body or [ast.Pass()]
        return node


def _is_nothing(line: ast.stmt) -> bool:
    value = getattr(line, "value", None)
    return value is None or (isinstance(value, ast.Constant) and value.value is None)
