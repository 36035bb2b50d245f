"""JSON Schema as the providers take it, and the check that an answer really fits."""

import json
from collections.abc import Mapping
from typing import Any

from Backtest.errors import Issue, ModelAnswerInvalid

LONGEST_ANSWER = 400_000
_KEPT = ("description", "format", "minItems", "maxItems")
_FORMATS = {"number": ("float", "double"), "integer": ("int32", "int64"), "string": ("enum", "date-time")}
_MOST_PROBLEMS = 8


def gemini_schema(schema: Mapping[str, object]) -> dict[str, Any] | None:
    """The schema in the subset that both of Gemini's clients send: no defaults, references, constants or unions.

    What the subset can't say is left open for `fitting` to check. None for a schema that it can't hold at all: one
    that refers to itself, or an object of any keys.
    """
    try:
        return _adapted(schema, schema, ())
    except _NotExpressible:
        return None


def fitting(text: str, schema: Mapping[str, object]) -> object:
    """The JSON value of an answer, fences around it forgiven. Raises ModelAnswerInvalid with each thing that is wrong.

    Numbers that JSON does not know (NaN, Infinity) and keys that stand twice are refused.
    """
    from jsonschema import Draft202012Validator

    if len(text) > LONGEST_ANSWER:
        raise ModelAnswerInvalid(f"the model's answer is longer than {LONGEST_ANSWER:,} characters")
    try:
        value: object = json.loads(unfenced(text), parse_constant=_no_number, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        message = f"the model's answer is no JSON: {error}"
        raise ModelAnswerInvalid(message, [Issue("", message, "answer with one complete JSON value")]) from None
    problems = sorted(Draft202012Validator(schema).iter_errors(value), key=lambda error: list(map(str, error.path)))
    if problems:
        issues = [Issue("/" + "/".join(map(str, p.path)), p.message[:300]) for p in problems[:_MOST_PROBLEMS]]
        message = f"the model's answer does not fit its schema: {issues[0].field}: {issues[0].message}"
        raise ModelAnswerInvalid(message, issues)
    return value


def unfenced(text: str) -> str:
    """A text without the Markdown fence that models put around it."""
    stripped = text.strip()
    if not (stripped.startswith("```") and stripped.endswith("```") and "\n" in stripped):
        return stripped
    return stripped[stripped.index("\n") + 1 : -3].strip()


class _NotExpressible(Exception):
    pass


def _adapted(node: Mapping[str, object], root: Mapping[str, object], above: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(reference := node.get("$ref"), str):
        if reference in above:
            raise _NotExpressible
        told = {name: value for name, value in node.items() if name != "$ref"}
        return _adapted({**_resolved(reference, root), **told}, root, (*above, reference))
    union = node.get("anyOf") or node.get("oneOf")
    if isinstance(union, list):
        return _united(node, [_adapted(option, root, above) for option in union if option.get("type") != "null"], union)
    kind, nullable = _type_of(node)
    adapted: dict[str, Any] = {"type": kind} | ({"nullable": True} if nullable else {})
    for name in _KEPT:
        if name in node and (name != "format" or node[name] in _FORMATS.get(kind, ())):
            adapted[name] = node[name]
    constants = [node["const"]] if "const" in node else node.get("enum")
    if kind == "string" and isinstance(constants, list):
        adapted["enum"] = [value for value in constants if isinstance(value, str)]
    if kind == "array":
        items = node.get("items")
        if not isinstance(items, Mapping):
            raise _NotExpressible
        adapted["items"] = _adapted(items, root, above)
    if kind == "object":
        properties = node.get("properties")
        if not isinstance(properties, Mapping) or not properties:
            raise _NotExpressible
        adapted["properties"] = {name: _adapted(below, root, above) for name, below in properties.items()}
        if node.get("required"):
            adapted["required"] = node["required"]
    return adapted


def _type_of(node: Mapping[str, object]) -> tuple[str, bool]:
    kinds = node.get("type")
    names = [kinds] if isinstance(kinds, str) else list(kinds) if isinstance(kinds, list) else []
    if not names and ("const" in node or "enum" in node):
        names = ["string"]
    rest = [name for name in names if name != "null"]
    if len(rest) != 1:
        raise _NotExpressible
    return str(rest[0]), len(rest) < len(names)


def _united(node: Mapping[str, object], options: list[dict[str, Any]], union: list[Any]) -> dict[str, Any]:
    """One schema that takes whatever one of the options takes: objects with all their properties, none of them due."""
    if not options or len({option["type"] for option in options}) != 1:
        raise _NotExpressible
    first = dict(options[0])
    if first["type"] == "object":
        first["properties"] = {}
        for option in options:
            for name, below in option["properties"].items():
                known = first["properties"].get(name, below)
                first["properties"][name] = known if known == below else _united({}, [known, below], [])
        required = set.intersection(*(set(option.get("required", ())) for option in options))
        first["required"] = [name for name in first["properties"] if name in required]
    elif all("enum" in option for option in options):
        first["enum"] = list(dict.fromkeys(value for option in options for value in option["enum"]))
    else:
        first.pop("enum", None)
    if len(options) < len(union) or any(option.get("nullable") for option in options):
        first["nullable"] = True
    if "description" in node:
        first["description"] = node["description"]
    return first


def _resolved(reference: str, root: Mapping[str, object]) -> Mapping[str, object]:
    node: Any = root
    for part in reference.removeprefix("#/").split("/"):
        node = node[part]
    return node  # type: ignore[no-any-return]


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number of JSON")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice in an object")
    return value
