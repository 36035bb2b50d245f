"""What the models refuse, in plain words: one Issue for each of pydantic's errors, with a pointer into the document."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from Backtest.canonical.draft import Draft
from Backtest.canonical.json_text import Json
from Backtest.canonical.nearest import did_you_mean
from Backtest.canonical.node import Node
from Backtest.canonical.shape import pointer_of, slots
from Backtest.errors import Issue

_KINDS: Mapping[str, str] = {
    "string": "a string",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "dict": "an object",
    "model": "an object",
    "model_attributes": "an object with a type",
}
_BOUNDS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "at most"),
}
_LONGEST_SHOWN = 60


def issues_of(error: ValidationError, draft: Draft, document: Json) -> list[Issue]:
    """One Issue per fault, in the order of the document; none for places whose fault `draft` has named already."""
    found: dict[str, Issue] = {}
    for detail in error.errors(include_url=False):
        pointer, owner = pointer_of(detail["loc"])
        message, suggestion = _said(detail, owner)
        if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
            pointer = f"{pointer}/type"
        is_consequence = detail["type"] == "too_short" and detail["ctx"]["min_length"] <= _length(document, pointer)
        if not is_consequence and not draft.is_spoiled(pointer):
            found.setdefault(pointer, Issue(draft.origin(pointer), message, suggestion))
    return list(found.values())


def _length(document: Json, pointer: str) -> int:
    here: Any = document
    for token in pointer.split("/")[1:]:
        here = here[int(token) if isinstance(here, list) else token]
    return len(here)


def _said(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    """The message and the suggestion for one of pydantic's errors."""
    kind = detail["type"]
    teller = _TELLERS.get(kind)
    if teller is not None:
        return teller(detail, owner)
    if kind in _BOUNDS:
        key, word = _BOUNDS[kind]
        return f"must be {word} {detail['ctx'][key]:g}, not {_shown(detail['input'])}", ""
    wanted = next((words for start, words in _KINDS.items() if kind in (f"{start}_type", f"{start}_parsing")), "")
    if wanted:
        return f"expected {wanted}, not {_shown(detail['input'])}", ""
    message, _, hint = detail["msg"].removeprefix("Value error, ").partition(": use ")
    return message, f"use {hint}" if hint else ""


def _shown(value: object) -> str:
    words = {True: "true", False: "false", None: "null"}
    text = words[value] if value is None or isinstance(value, bool) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _missing(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    return f"{detail['loc'][-1]!r} is missing", f"add {detail['loc'][-1]!r}"


def _unknown_key(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    known = tuple(slots(owner)) if owner is not None else ()
    suggestion = did_you_mean(detail["loc"][-1], known, f"known keys: {', '.join(known)}")
    return f"unknown key {detail['loc'][-1]!r}", suggestion


def _unknown_tag(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    known = [tag.strip("'") for tag in detail["ctx"]["expected_tags"].split(", ")]
    tag = detail["ctx"]["tag"]
    return f"unknown type {tag!r}", did_you_mean(tag, known, f"one of {', '.join(known)}")


def _no_tag(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    return "'type' is missing", 'say what it is, for example {"type": ...}'


def _not_a_choice(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    known = [word.strip("'") for word in detail["ctx"]["expected"].replace(" or ", ", ").split(", ")]
    suggestion = did_you_mean(detail["input"], known, f"one of {', '.join(known)}")
    return f"expected {detail['ctx']['expected']}, not {_shown(detail['input'])}", suggestion


def _pattern(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    if ":" in detail["ctx"]["pattern"]:
        return f"{_shown(detail['input'])} is no time of day", 'write hours and minutes: "09:30"'
    return f"{_shown(detail['input'])} can't be a name", "a letter, then letters, digits and underscores, 64 at most"


def _too_short(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    return f"needs {detail['ctx']['min_length']} or more, and has {detail['ctx'].get('actual_length', 0)}", ""


def _too_long(detail: ErrorDetails, owner: type[Node] | None) -> tuple[str, str]:
    return f"may have {detail['ctx']['max_length']} at most", ""


_TELLERS: Mapping[str, Callable[[ErrorDetails, type[Node] | None], tuple[str, str]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown_key,
    "union_tag_invalid": _unknown_tag,
    "union_tag_not_found": _no_tag,
    "literal_error": _not_a_choice,
    "string_pattern_mismatch": _pattern,
    "too_short": _too_short,
    "string_too_short": _too_short,
    "too_long": _too_long,
    "string_too_long": _too_long,
}
