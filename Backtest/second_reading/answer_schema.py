"""The JSON Schema that a model's reading is held to: the canonical one, without what a text does not say."""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from Backtest.canonical.normal_form import canonical_json
from Backtest.canonical.schema import json_schema

NOT_ASKED: Final = ("schema_version", "strategy_name", "description", "provenance", "assumptions", "parameters")
"""Sections that are the engine's to write; `constraints` goes with the parameters."""
_NAMES: Final = {"And": "Condition", "Number": "Operand"}
_DROPPED: Final = ("title", "default", "discriminator")
MOST_QUOTES: Final = 96


@cache
def answer_schema() -> dict[str, Any]:
    """`canonical_json` by the published schema, `quotes` of the text for its parts, and what is left `unread`."""
    definitions = _slim(json_schema())
    strategy = {name: value for name, value in definitions.items() if not name.startswith("$")}
    left_out = (*NOT_ASKED, "constraints")
    strategy["properties"] = {n: v for n, v in strategy["properties"].items() if n not in left_out}
    strategy["required"] = ["indicators", "entry_rules"]
    strategy["description"] = "What the author says; what he does not say is left out and takes its default."
    quote = _object({"path": {"type": "string"}, "quote": {"type": "string", "minLength": 1, "maxLength": 2000}})
    answer = _object(
        {
            "canonical_json": {"anyOf": [strategy, {"type": "null"}]},
            "quotes": {"type": "array", "maxItems": MOST_QUOTES, "items": quote},
            "unread": {"type": "array", "maxItems": 32, "items": {"type": "string", "maxLength": 2000}},
        }
    )
    return {**answer, "$defs": _reachable(answer, _shared(answer, definitions["$defs"]))}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _slim(node: Any, *, of_names: bool = False) -> Any:
    """Without titles and defaults; `type` is due wherever it tells the alternatives apart. In `of_names` the keys are
    names, not keywords."""
    if isinstance(node, list):
        return [_slim(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {
        name: _slim(value, of_names=name in ("properties", "$defs") and not of_names)
        for name, value in node.items()
        if of_names or name not in _DROPPED
    }
    kind = kept.get("properties", {}).get("type", {}) if not of_names else {}
    if isinstance(kind, Mapping) and "const" in kind:
        kept["required"] = ["type", *(name for name in kept.get("required", ()) if name != "type")]
    return kept


def _shared(answer: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions, each union that stands in many places as one of its own, to which those places refer."""
    counts: Counter[str] = Counter()
    unions: dict[str, list[dict[str, str]]] = {}

    def count(node: Any) -> None:
        if isinstance(node, dict):
            if "oneOf" in node:
                key = canonical_json(node["oneOf"])
                counts[key] += 1
                unions[key] = node["oneOf"]
            for value in node.values():
                count(value)
        elif isinstance(node, list):
            for value in node:
                count(value)

    def refer(node: Any) -> None:
        if isinstance(node, dict):
            if "oneOf" in node and (name := named.get(canonical_json(node["oneOf"]))):
                del node["oneOf"]
                node["$ref"] = f"#/$defs/{name}"
            for value in node.values():
                refer(value)
        elif isinstance(node, list):
            for value in node:
                refer(value)

    count(definitions)
    count(answer)
    named = {key: _union_name(unions[key]) for key, times in counts.items() if times > 2}
    own = {name: {"oneOf": unions[key]} for key, name in named.items()}
    refer(definitions)
    refer(answer)
    return {**definitions, **own}


def _union_name(options: list[dict[str, str]]) -> str:
    first = options[0]["$ref"].rpartition("/")[2]
    return _NAMES.get(first, f"Any{first}")


def _reachable(answer: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions that the answer refers to, at first or at second hand."""
    found: dict[str, Any] = {}

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str) and (name := reference.rpartition("/")[2]) not in found:
                found[name] = definitions[name]
                walk(definitions[name])
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(answer)
    return found
