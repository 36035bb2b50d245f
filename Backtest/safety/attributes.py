"""Which names may follow a dot."""

import ast
import re
from dataclasses import dataclass

from Backtest.safety import allowed
from Backtest.safety.bindings import Bindings, is_own, names_writer


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule's id and the name it is about."""

    rule: str
    name: str


_DUNDER = re.compile(r"__\w+__")


def is_dunder(name: str) -> bool:
    return _DUNDER.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class AttributeRules:
    """Judges attributes by what the file's names stand for; `tainted` names hold refused values."""

    bindings: Bindings
    tainted: frozenset[str] = frozenset()

    def refusal(self, node: ast.Attribute, *, in_guard: bool) -> Refusal | None:
        """Why `node` is refused; `in_guard`: it stands in the part of a file that the sandbox never runs."""
        name = node.attr
        module = self.bindings.module_of(node.value)
        if module is not None:
            if self._module_admits(module, name, in_guard):
                return None
            return Refusal("dunder" if is_dunder(name) else "module-name", f"{module}.{name}")
        if isinstance(node.value, ast.Name) and node.value.id in self.tainted:
            return Refusal("refused-value", f"{node.value.id}.{name}")
        if is_dunder(name):
            return None if self._dunder_is_plain(node) else Refusal("dunder", name)
        if allowed.FRAME_ATTRIBUTE.fullmatch(name):
            return Refusal("frame", name)
        if name.startswith("_"):
            return self._private(node)
        return self._method(node)

    @staticmethod
    def _module_admits(module: str, name: str, in_guard: bool) -> bool:
        known = allowed.MODULES.get(module)
        if known is not None and known.admits(name):
            return True
        further = allowed.GUARD_MODULES.get(module) if in_guard else None
        return further is not None and further.admits(name)

    def _dunder_is_plain(self, node: ast.Attribute) -> bool:
        if node.attr in allowed.SPECIAL_NAMES_TO_READ:
            return True
        return node.attr in allowed.SPECIAL_METHODS and self._is_base(node.value)

    def _is_base(self, node: ast.expr) -> bool:
        """`super()` or a class of the file, whose special methods an overriding method calls."""
        if isinstance(node, ast.Call):
            return isinstance(node.func, ast.Name) and node.func.id == "super"
        return isinstance(node, ast.Name) and node.id in self.bindings.classes

    def _private(self, node: ast.Attribute) -> Refusal | None:
        name = node.attr
        if name in ("_asdict", "_fields"):  # of a named tuple
            return None
        own = is_own(node.value) or self._is_base(node.value)
        known_elsewhere = allowed.STRATEGY_PRIVATES if own else allowed.LIBRARY_PRIVATES
        if name in known_elsewhere or allowed.MANGLED.fullmatch(name) or name not in self.bindings.attributes:
            return Refusal("private", name)
        if name.startswith("__") and not own:  # Python adds the class's name, and that may be a library's
            return Refusal("private", name)
        return None

    def _method(self, node: ast.Attribute) -> Refusal | None:
        name = node.attr
        if name in allowed.TEXT_CODE_METHODS:
            return Refusal("code-in-text", name)
        if name == "format_map":
            return Refusal("format", name)
        defined = name in self.bindings.attributes
        if name in allowed.FILE_METHODS or (not defined and names_writer(name)):
            return Refusal("file-access", name)
        if name in allowed.FILE_METHODS_OF_LIBRARIES and not defined:
            return Refusal("file-access", name)
        return None
