"""Which calls are refused for what they are given, the called name being allowed."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass

from Backtest.safety import allowed
from Backtest.safety.attributes import AttributeRules, Refusal
from Backtest.safety.bindings import Bindings, is_own, text_of

_OPTIONS = ("display.", "mode.")


@dataclass(frozen=True, slots=True)
class CallRules:
    """Judges the arguments of calls; names are followed to the values that the file gives them."""

    bindings: Bindings
    attributes: AttributeRules

    def refusals(self, node: ast.Call, *, in_guard: bool) -> Iterator[tuple[ast.AST, Refusal]]:
        """The refused places of a call and why."""
        function = node.func
        if isinstance(function, ast.Name):
            yield from self._builtin(node, function.id, in_guard)
        elif isinstance(function, ast.Attribute):
            yield from self._method(node, function)
        for keyword in node.keywords:
            text = text_of(keyword.value)
            if keyword.arg in ("name", "tag") and text is not None and allowed.MARKUP.search(text):
                yield keyword.value, Refusal("markup", text[:40])
            if keyword.arg in allowed.DISPATCH_KEYWORDS:
                yield from self._dispatched(keyword.value)

    def _builtin(self, node: ast.Call, name: str, in_guard: bool) -> Iterator[tuple[ast.AST, Refusal]]:
        if name in ("getattr", "hasattr"):
            yield from self._getattr(node, name, in_guard)
        elif name == "type" and (len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred)):
            yield node, Refusal("class-factory", "type() with more than one argument")
        elif name == "print" and any(k.arg in ("file", None) for k in node.keywords):
            yield node, Refusal("builtin-use", "print(file=...)")

    def _getattr(self, node: ast.Call, name: str, in_guard: bool) -> Iterator[tuple[ast.AST, Refusal]]:
        text = text_of(node.args[1]) if len(node.args) > 1 else None
        if text is None or node.keywords or isinstance(node.args[0], ast.Starred):
            yield node, Refusal("builtin-use", f"{name} without a constant name")
            return
        read = ast.Attribute(value=node.args[0], attr=text, ctx=ast.Load())
        refusal = self.attributes.refusal(read, in_guard=in_guard)
        if refusal is not None:
            yield node, refusal

    def _method(self, node: ast.Call, function: ast.Attribute) -> Iterator[tuple[ast.AST, Refusal]]:
        module = self.bindings.module_of(function.value)
        if module == "pandas" and function.attr in ("set_option", "option_context"):
            yield from self._options(node, function.attr)
        elif function.attr == "format" and module is None:
            yield from self._format(node, function)
        elif function.attr in allowed.DISPATCH_METHODS and module is None:
            own = is_own(function.value) and function.attr in self.bindings.attributes
            if node.args and not own:
                yield from self._dispatched(node.args[0])
            for keyword in node.keywords:
                if keyword.arg == "func" and not own:
                    yield from self._dispatched(keyword.value)

    def _options(self, node: ast.Call, name: str) -> Iterator[tuple[ast.AST, Refusal]]:
        names = [text_of(argument) for argument in node.args[::2]]
        if node.keywords or not all(text is not None and text.startswith(_OPTIONS) for text in names):
            yield node, Refusal("option", name)

    def _format(self, node: ast.Call, function: ast.Attribute) -> Iterator[tuple[ast.AST, Refusal]]:
        if is_own(function.value) and "format" in self.bindings.attributes:
            return
        text = text_of(function.value)
        if text is None:
            yield node, Refusal("format", "a text that is made at run time")
        elif not plain_format(text):
            yield node, Refusal("format", text[:40])

    def _dispatched(self, node: ast.expr, depth: int = 0) -> Iterator[tuple[ast.AST, Refusal]]:
        """What `agg` and the like are given: functions, or texts of the list, one by one or in a collection."""
        text = text_of(node)
        if text is not None:
            if text not in allowed.DISPATCH_TEXTS:
                yield node, Refusal("text-dispatch", text[:40])
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for element in node.elts:
                yield from self._dispatched(element, depth)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._dispatched(value, depth)
        elif isinstance(node, ast.BinOp | ast.JoinedStr | ast.IfExp | ast.Subscript | ast.Starred | ast.BoolOp):
            yield node, Refusal("text-dispatch", "a name that is made at run time")
        elif isinstance(node, ast.Call):
            if not isinstance(node.func, ast.Name) or node.func.id in ("str", "format", "chr", "repr"):
                yield node, Refusal("text-dispatch", "a name that is made at run time")
        elif isinstance(node, ast.Name) and depth < 3:
            for value in self.bindings.values.get(node.id, []):
                yield from self._dispatched(value, depth + 1)


def plain_format(text: str) -> bool:
    """Whether a format text reads no underscored attribute or item, in its fields and in theirs."""
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:  # no valid format: str.format will say so
        return True
    for _, name, specification, _ in fields:
        if name is not None and ("._" in name or "[_" in name or "__" in name):
            return False
        if specification and not plain_format(specification):
            return False
    return True
