"""What of a spec can be varied: its named parameters, and the numbers that stand in it, by names of their own."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import ValidationError

from Backtest.canonical.document import to_document
from Backtest.canonical.indicator_columns import column_of
from Backtest.canonical.nearest import did_you_mean
from Backtest.canonical.spec import Spec
from Backtest.errors import InputError, Issue, SpecInvalid

Path = tuple[str | int, ...]

AVERAGES: Final = frozenset({"SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA"})
_OF_RISK: Final = ("value", "multiple", "percent")
_OF_CONDITIONS: Final = {"value": "level", "bars": "bars"}


@dataclass(frozen=True)
class Place:
    """A number of a spec that can be varied. `aliases` name it too; `path` leads to it in the canonical document."""

    name: str
    path: Path
    value: float
    aliases: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return isinstance(self.value, int)

    def described(self) -> str:
        names = " or ".join((*self.aliases, self.name))
        return f"{names} (now {self.value:g})"


def places_of(spec: Spec) -> tuple[Place, ...]:
    """All of them, in the order of the document; the account is not among them."""
    document = to_document(spec)
    found = [
        *(
            Place(parameter["name"], ("parameters", i, "value"), parameter["value"])
            for i, parameter in enumerate(document["parameters"])
        ),
        *_of_indicators(spec, document),
        *_of_rules(document),
        *_of_risk(document),
    ]
    return tuple(_with_averages(spec, found))


def place_named(spec: Spec, name: str) -> Place:
    """Raises InputError that lists what can be varied, and what was perhaps meant."""
    places = places_of(spec)
    for place in places:
        if name in (place.name, *place.aliases):
            return place
    known = [each for place in places for each in (*place.aliases, place.name)]
    listed = ", ".join(place.described() for place in places) or "nothing: it holds no number"
    hint = did_you_mean(name, known)
    message = f"{name!r} is nothing that can be varied in this strategy"
    suggestion = f"{hint} It can vary {listed}" if hint else f"it can vary {listed}"
    raise InputError(message, [Issue(f"grid/{name}", message, suggestion)])


def bind(spec: Spec, values: Mapping[str, float]) -> Spec:
    """The spec with these numbers in the places of these names; an indicator that is called by its numbers is called
    by its new ones.

    Raises InputError for a name that is none, and SpecInvalid for a number that may not stand there.
    """
    places = {name: place_named(spec, name) for name in values}
    document = to_document(spec)
    for name, place in places.items():
        set_number(document, place, values[name])
    bound = spec_of(document, " and ".join(f"{name} = {value:g}" for name, value in values.items()))
    renamed = _renamed(spec, bound)
    return bound if not renamed else spec_of(_with_ids(to_document(bound), renamed), "")


def set_number(document: dict[str, Any], place: Place, value: float) -> None:
    """Writes the number into a document, as a whole one where that is what stands there."""
    at: Any = document
    for part in place.path[:-1]:
        at = at[part]
    at[place.path[-1]] = int(value) if place.is_whole and value == int(value) else float(value)


def spec_of(document: dict[str, Any], said: str) -> Spec:
    """Raises SpecInvalid in the words of the first fault."""
    try:
        return Spec.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        message = f"{said} can't be: {first['msg']}"
        pointer = "/" + "/".join(str(part) for part in first["loc"])
        raise SpecInvalid(message, [Issue(pointer, message, "leave that value out of the grid")]) from error


def _of_indicators(spec: Spec, document: dict[str, Any]) -> Iterator[Place]:
    for i, (use, said) in enumerate(zip(spec.indicators, document["indicators"], strict=True)):
        numbers = {name: value for name, value in said["params"].items() if isinstance(value, int | float)}
        for name, value in numbers.items():
            aliases = (use.id,) if len(numbers) == 1 else ()
            yield Place(f"{use.id}.{name}", ("indicators", i, "params", name), value, aliases)


def _of_rules(document: dict[str, Any]) -> Iterator[Place]:
    for section in ("entry_rules", "exit_rules"):
        for i, rule in enumerate(document[section]):
            here: Path = (section, i)
            yield from _numbered(rule["id"], [*_of_node(rule["when"], (*here, "when")), *_of_order(rule, here)])
            if rule.get("portion", 1.0) != 1.0:
                yield Place(f"{rule['id']}.portion", (*here, "portion"), rule["portion"])
    filters = document["filters"]
    yield from _numbered("filter", list(_of_node(filters["when"], ("filters", "when"))))
    yield Place("cooldown_bars", ("filters", "cooldown_bars"), filters["cooldown_bars"])


def _of_order(rule: dict[str, Any], here: Path) -> Iterator[tuple[str, Path, float]]:
    order = rule.get("order", {})
    for kind, path, value in _of_node(order.get("price"), (*here, "order", "price")):
        yield f"price_{kind}", path, value
    if order.get("valid_bars") is not None:
        yield "valid_bars", (*here, "order", "valid_bars"), order["valid_bars"]


def _of_risk(document: dict[str, Any]) -> Iterator[Place]:
    for name in ("stop_loss", "take_profit", "trailing_stop"):
        said = document["risk"][name] or {}
        for key in _OF_RISK:
            if key in said:
                yield Place(name, ("risk", name, key), said[key])
        if said.get("type") == "price":
            yield from _numbered(name, list(_of_node(said["price"], ("risk", name, "price"))))
        if gain := said.get("after_gain"):
            yield Place("trail_after", ("risk", name, "after_gain", "value"), gain["value"])
    if even := document["risk"]["break_even"]:
        yield Place("break_even", ("risk", "break_even", "after_gain", "value"), even["after_gain"]["value"])
    if document["risk"]["max_bars"] is not None:
        yield Place("max_bars", ("risk", "max_bars"), document["risk"]["max_bars"])
    for key in _OF_RISK:
        if key in document["sizing"]:
            yield Place("size", ("sizing", key), document["sizing"][key])


def _of_node(node: Any, path: Path) -> Iterator[tuple[str, Path, float]]:
    """The numbers of a condition or an operand: their kind, where they stand, what they are."""
    if isinstance(node, list):
        for i, item in enumerate(node):
            yield from _of_node(item, (*path, i))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in _OF_CONDITIONS and isinstance(value, int | float):
                yield _OF_CONDITIONS[key], (*path, key), value
            else:
                yield from _of_node(value, (*path, key))


def _numbered(owner: str, found: list[tuple[str, Path, float]]) -> Iterator[Place]:
    """`entry_1.level` where it is the only one, else `entry_1.level_1` and so on."""
    many, seen = Counter(kind for kind, _, _ in found), Counter[str]()
    for kind, path, value in found:
        seen[kind] += 1
        number = f"_{seen[kind]}" if many[kind] > 1 else ""
        yield Place(f"{owner}.{kind}{number}", path, value)


def _with_averages(spec: Spec, places: list[Place]) -> Iterator[Place]:
    """Two moving averages are called fast and slow, unless something bears that name already."""
    averages = [
        place
        for place in places
        if place.path[0] == "indicators" and spec.indicators[int(place.path[1])].name.upper() in AVERAGES
    ]
    named = {place.name for place in places}
    roles: dict[str, str] = {}
    if len(averages) == 2 and averages[0].value != averages[1].value and not named & {"fast", "slow"}:
        first, second = sorted(averages, key=lambda place: place.value)
        roles = {first.name: "fast", second.name: "slow"}
    for place in places:
        role = roles.get(place.name)
        yield place if role is None else replace(place, aliases=(role, *place.aliases))


def _renamed(spec: Spec, bound: Spec) -> dict[str, str]:
    """Old ids of indicators that were named by their numbers, and their new ones; none where two would share one."""
    renamed: dict[str, str] = {}
    for before, after in zip(spec.indicators, bound.indicators, strict=True):
        if before.id == column_of(before, spec):
            renamed[before.id] = column_of(after, bound)
    ids = [renamed.get(use.id, use.id) for use in bound.indicators]
    return renamed if len(set(ids)) == len(ids) else {}


def _with_ids(node: Any, renamed: Mapping[str, str]) -> Any:
    """The document with indicators' ids exchanged wherever they are spoken of."""
    if isinstance(node, list):
        return [_with_ids(item, renamed) for item in node]
    if not isinstance(node, dict):
        return node
    made = {key: _with_ids(value, renamed) for key, value in node.items()}
    if node.get("type") == "indicator" or {"id", "params", "source"} <= node.keys():
        made["id"] = renamed.get(node["id"], node["id"])
    if isinstance(node.get("indicator"), str):
        made["indicator"] = renamed.get(node["indicator"], node["indicator"])
    return made
