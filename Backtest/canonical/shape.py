"""What the models say of a place in a document: under which keys nodes may stand there, and which ones."""

import types
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from Backtest.canonical.conditions import Compare, Not
from Backtest.canonical.node import Node
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import escape


@dataclass(frozen=True)
class Slot:
    """One key of a model: its nodes (several: told apart by `type`), alone, in a list or as values of a map.

    `mixed`: plain values may stand beside nodes. `key`: as documents write it.
    """

    key: str
    nodes: tuple[type[Node], ...]
    container: Literal["one", "list", "map"]
    mixed: bool


def _alternatives(annotation: Any) -> tuple[Any, ...]:
    """The types that an annotation allows, `Annotated` and `None` taken away."""
    if get_origin(annotation) is Annotated:
        return _alternatives(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(kind for part in get_args(annotation) for kind in _alternatives(part))
    return () if annotation is type(None) else (annotation,)


def _slot(key: str, annotation: Any) -> Slot:
    container: Literal["one", "list", "map"] = "one"
    kinds = _alternatives(annotation)
    if len(kinds) == 1 and get_origin(kinds[0]) is tuple:
        container, kinds = "list", _alternatives(get_args(kinds[0])[0])
    elif len(kinds) == 1 and get_origin(kinds[0]) is dict:
        container, kinds = "map", _alternatives(get_args(kinds[0])[1])
    nodes = tuple(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Node))
    return Slot(key, nodes, container, mixed=bool(nodes) and len(nodes) < len(kinds))


@cache
def slots(model: type[Node]) -> Mapping[str, Slot]:
    """The keys of a model, in the order of the document."""
    fields = model.model_fields.items()
    return {field.alias or name: _slot(field.alias or name, field.annotation) for name, field in fields}


@cache
def tag_of(model: type[Node]) -> str | None:
    """The `type` of a node, None for those that are known by their place."""
    field = model.model_fields.get("type")
    return None if field is None else str(field.default)


def tagged(nodes: tuple[type[Node], ...], tag: object) -> type[Node] | None:
    """The node among `nodes` with that `type`; the only one, where there is but one without a `type`."""
    if len(nodes) == 1 and tag_of(nodes[0]) is None:
        return nodes[0]
    return next((node for node in nodes if tag_of(node) == tag), None)


def pointer_of(loc: tuple[int | str, ...], root: type[Node] = Spec) -> tuple[str, type[Node] | None]:
    """The pointer of a pydantic error's `loc` (its union tags are no keys), and the model that owns its last key."""
    pointer, owner, model, rest = "", None, root, list(loc)
    while rest:
        key = rest.pop(0)
        pointer, owner = f"{pointer}/{escape(key)}", model
        slot = slots(model).get(str(key))
        if slot is None:
            break
        if slot.container != "one" and rest:
            pointer = f"{pointer}/{escape(rest.pop(0))}"
            owner = None
        if slot.mixed or not slot.nodes or not rest:
            break
        found = tagged(slot.nodes, rest.pop(0)) if len(slot.nodes) > 1 else slot.nodes[0]
        if found is None:
            break
        model = found
    return pointer, owner


@cache
def _roles() -> tuple[frozenset[type[Node]], frozenset[type[Node]]]:
    return frozenset(slots(Compare)["left"].nodes), frozenset(slots(Not)["of"].nodes)


def is_operand_slot(slot: Slot) -> bool:
    return frozenset(slot.nodes) == _roles()[0]


def is_condition_slot(slot: Slot) -> bool:
    return frozenset(slot.nodes) == _roles()[1]
