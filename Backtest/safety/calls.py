"""Which calls are refused for what they are given, the called name being allowed."""

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from Backtest.safety import allowed
from Backtest.safety.attributes import AttributeRules, Refusal, is_dunder
from Backtest.safety.bindings import Bindings, is_own, text_of

_OPTIONS = ("display.", "mode.")
_MAX_FOLLOWED = 3

# Where the functions stand that these take by name, after the object or in pandas' own function.
_FUNCTION_ARGUMENT = {
    ("", "pivot_table"): 3,
    ("pandas", "pivot_table"): 4,
    ("pandas", "crosstab"): 5,
    ("pandas", "NamedAgg"): 1,
}
_ORDER_METHODS = ("buy", "sell", "I")


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
            if keyword.arg in ("name", "tag"):
                yield from _markup(keyword.value)
            if keyword.arg in allowed.DISPATCH_KEYWORDS:
                yield from self._dispatched(keyword.value)

    def _builtin(self, node: ast.Call, name: str, in_guard: bool) -> Iterator[tuple[ast.AST, Refusal]]:
        if name in ("getattr", "hasattr"):
            yield from self._getattr(node, name, in_guard)
        elif name == "type" and (len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred)):
            yield node, Refusal("class-factory", "type() with more than one argument")
        elif name == "setattr":
            if not in_guard and not self.sets_own_attribute(node, in_guard=in_guard):
                yield node, Refusal("builtin", name)
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

    def sets_own_attribute(self, node: ast.Call, *, in_guard: bool) -> bool:
        """Whether a call such as `setattr(self, "level", 3)` does what `self.level = 3` may do."""
        if len(node.args) != 3 or node.keywords or not is_own(node.args[0]):
            return False
        text = text_of(node.args[1])
        if text is None or is_dunder(text):
            return False
        written = ast.Attribute(value=node.args[0], attr=text, ctx=ast.Load())
        return self.attributes.refusal(written, in_guard=in_guard) is None

    def _method(self, node: ast.Call, function: ast.Attribute) -> Iterator[tuple[ast.AST, Refusal]]:
        module = self.bindings.module_of(function.value)
        place = _FUNCTION_ARGUMENT.get((module or "", function.attr))
        if place is not None:
            yield from (found for argument in node.args[place : place + 1] for found in self._dispatched(argument))
        if function.attr in _ORDER_METHODS and is_own(function.value):
            yield from (found for argument in node.args for found in _markup(argument))
        if module == "pandas" and function.attr in ("set_option", "option_context"):
            yield from self._options(node, function.attr)
        elif function.attr == "format" and module is None:
            yield from self._format(node, function)
        elif function.attr in allowed.DISPATCH_METHODS and module is None:
            own = is_own(function.value) and function.attr in self.bindings.attributes
            if node.args and not own:
                yield from self._dispatched(node.args[0])
            for keyword in node.keywords if not own else ():
                named = isinstance(keyword.value, ast.Tuple) and len(keyword.value.elts) == 2  # agg(x=("Close", "max"))
                if keyword.arg == "func":
                    yield from self._dispatched(keyword.value)
                elif named:
                    yield from self._dispatched(keyword.value.elts[1])  # type: ignore[attr-defined]

    def _options(self, node: ast.Call, name: str) -> Iterator[tuple[ast.AST, Refusal]]:
        names = [text_of(argument) for argument in node.args[::2]]
        if node.keywords or not all(text is not None and text.startswith(_OPTIONS) for text in names):
            yield node, Refusal("option", name)

    def _format(self, node: ast.Call, function: ast.Attribute) -> Iterator[tuple[ast.AST, Refusal]]:
        if is_own(function.value) and "format" in self.bindings.attributes:
            return
        text = text_of(function.value)
        named = isinstance(function.value, ast.Name) and text is None
        texts = self.bindings.constant_texts(function.value.id) if named else [text]  # type: ignore[attr-defined]
        if not texts or None in texts:
            yield node, Refusal("format", "a text that is made at run time")
        for each in texts:
            if each is not None and not plain_format(each):
                yield node, Refusal("format", each[:40])

    def _dispatched(self, node: ast.expr, followed: frozenset[str] = frozenset()) -> Iterator[tuple[ast.AST, Refusal]]:
        """What `agg` and the like are given: functions, or texts of the list, one by one or in a collection."""
        text = text_of(node)
        if text is not None:
            if text not in allowed.DISPATCH_TEXTS:
                yield node, Refusal("text-dispatch", text[:40])
        elif isinstance(node, ast.List | ast.Tuple | ast.Set):
            for element in node.elts:
                yield from self._dispatched(element, followed)
        elif isinstance(node, ast.Dict):
            for value in node.values:
                yield from self._dispatched(value, followed)
        elif isinstance(node, ast.BinOp | ast.JoinedStr | ast.IfExp | ast.Subscript | ast.Starred | ast.BoolOp):
            yield node, Refusal("text-dispatch", "a name that is made at run time")
        elif isinstance(node, ast.Call):
            if not isinstance(node.func, ast.Name) or node.func.id in ("str", "format", "chr", "repr"):
                yield node, Refusal("text-dispatch", "a name that is made at run time")
        elif isinstance(node, ast.Name | ast.Attribute):
            yield from self._dispatched_by_name(node, followed)

    def _dispatched_by_name(
        self, node: ast.Name | ast.Attribute, followed: frozenset[str]
    ) -> Iterator[tuple[ast.AST, Refusal]]:
        """A name is judged by the values that the file gives it; where it gives none (a parameter, an attribute), by
        whether the name of a writer stands anywhere in the file."""
        bindings = self.bindings
        if isinstance(node, ast.Attribute):
            unknown = bindings.module_of(node.value) is None
        else:
            unknown = node.id in bindings.unfollowed and node.id not in bindings.library
            if node.id not in followed and len(followed) < _MAX_FOLLOWED:
                values = bindings.values.get(node.id, [])
                found = (place for value in values for place in self._dispatched(value, followed | {node.id}))
                yield from islice(found, _MAX_FOLLOWED)
        if unknown and bindings.writers:
            yield node, Refusal("text-dispatch", bindings.writers[0][:40])


def _markup(node: ast.expr) -> Iterator[tuple[ast.AST, Refusal]]:
    """Markup in an expression's texts, joined as they stand."""
    text = "".join(part for inner in ast.walk(node) if (part := text_of(inner)) is not None)
    if allowed.MARKUP.search(text):
        yield node, Refusal("markup", text[:40])


def plain_format(text: str, depth: int = 2) -> bool:
    """Whether a format text reads no underscored attribute or item, in its fields and in theirs."""
    try:
        fields = list(string.Formatter().parse(text))
    except ValueError:  # no valid format: str.format will say so
        return True
    for _, name, specification, _ in fields:
        if name is not None and ("._" in name or "[_" in name or "__" in name):
            return False
        if specification and not (depth and plain_format(specification, depth - 1)):  # Python itself reads two levels
            return False
    return True
