"""Every node of a spec with its JSON pointer."""

from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

from Backtest.canonical.node import Node

_PLAIN = (str, int, float, type(None))


def escape(part: str | int) -> str:
    """One reference token of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def children(node: BaseModel, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """The nodes directly below `node`, in the order of the document."""
    for name, token in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, _PLAIN):
            continue
        here = f"{pointer}/{token}"
        if isinstance(value, Node):
            yield here, value
        elif isinstance(value, tuple):
            yield from ((f"{here}/{i}", item) for i, item in enumerate(value) if isinstance(item, Node))
        elif isinstance(value, dict):
            yield from ((f"{here}/{escape(key)}", item) for key, item in value.items() if isinstance(item, Node))


@cache
def _fields(kind: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    """Each field's name, and its reference token in a document."""
    return tuple((name, escape(field.alias or name)) for name, field in kind.model_fields.items())


def walk(node: Node, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """`node` and all below it, parents first."""
    waiting = [(pointer, node)]
    while waiting:
        here, node = waiting.pop()
        yield here, node
        waiting += reversed([*children(node, here)])
