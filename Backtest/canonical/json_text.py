"""JSON in: bounded in size and depth, without duplicate keys, NaN or infinity."""

import json
import math
from collections.abc import Mapping
from typing import NoReturn, TypeAlias

from Backtest.canonical.walk import escape
from Backtest.errors import Issue, SpecInvalid

MAX_BYTES = 1_000_000
MAX_DEPTH = 64
MAX_VALUES = 20_000
LARGEST_NUMBER = 1e15

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class _Object(dict[str, object]):
    """A JSON object that remembers which keys it was given twice."""

    duplicates: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, object]]) -> _Object:
    made = _Object(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        made.duplicates = tuple(key for key in made if keys.count(key) > 1)
    return made


def _refuse(message: str, suggestion: str = "") -> NoReturn:
    raise SpecInvalid(message, [Issue("", message, suggestion)])


def _no_constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a number in JSON", "leave the value out, or use null or a finite number")


def _loads(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(f"this is not JSON: {error.msg} in line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse(f"the document is nested deeper than {MAX_DEPTH} levels")
    except ValueError:  # a whole number of thousands of digits
        _refuse("the document holds a number too large to be read")


def read_json(document: Mapping[str, object] | str) -> dict[str, Json]:
    """A copy of the document as plain JSON values; SpecInvalid when it is too large, too deep, or no JSON object."""
    if isinstance(document, str):
        if len(document.encode(errors="replace")) > MAX_BYTES:
            _refuse(f"the document is larger than {MAX_BYTES:,} bytes")
        value: object = _loads(document)
    else:
        value = document
    if _count(value) > MAX_VALUES:
        _refuse(f"the document holds more than {MAX_VALUES:,} values")
    issues: list[Issue] = []
    plain = _plain(value, "", 1, issues)
    if issues:
        raise SpecInvalid(issues[0].message, issues)
    if not isinstance(plain, dict):
        _refuse("this is no JSON object", 'write it as {"name": value, ...}')
    if not isinstance(document, str) and len(json.dumps(plain, ensure_ascii=False).encode()) > MAX_BYTES:
        _refuse(f"the document is larger than {MAX_BYTES:,} bytes")
    return plain


def copied(document: Mapping[str, Json]) -> dict[str, Json]:
    """A copy of plain JSON values, to the last list."""
    return {name: _copied(value) for name, value in document.items()}


def _copied(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def _count(value: object) -> int:
    """The values of a document, up to a few more than are allowed."""
    waiting, count = [value], 0
    while waiting and count <= MAX_VALUES:
        here = waiting.pop()
        count += 1
        if isinstance(here, Mapping):
            waiting.extend(here.values())
        elif isinstance(here, list | tuple):
            waiting.extend(here)
    return count


def _plain(value: object, pointer: str, depth: int, issues: list[Issue]) -> Json:
    if depth > MAX_DEPTH and isinstance(value, Mapping | list | tuple):
        issues.append(Issue(pointer, f"the document is nested deeper than {MAX_DEPTH} levels"))
        return None
    if isinstance(value, Mapping):
        return _plain_object(value, pointer, depth, issues)
    if isinstance(value, list | tuple):
        return [_plain(item, f"{pointer}/{i}", depth + 1, issues) for i, item in enumerate(value)]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if not _encodable(value):
            issues.append(Issue(pointer, "the text holds half of a surrogate pair, which is no character"))
            return None
        if "\0" in value:
            issues.append(Issue(pointer, "the text holds a NUL character", "remove it"))
            return None
        return str(value)
    if isinstance(value, int | float):
        if math.isfinite(value) and abs(value) <= LARGEST_NUMBER:
            return value
        issues.append(Issue(pointer, "the number is not finite or too large", f"at most {LARGEST_NUMBER:g}"))
        return None
    issues.append(Issue(pointer, f"{type(value).__name__} is not a JSON value"))
    return None


def _plain_object(value: Mapping[object, object], pointer: str, depth: int, issues: list[Issue]) -> Json:
    for key in getattr(value, "duplicates", ()):
        issues.append(Issue(f"{pointer}/{escape(key)}", f"the key {key!r} stands here twice", "keep one of them"))
    made: dict[str, Json] = {}
    for key, item in value.items():
        if not isinstance(key, str) or not _encodable(key) or "\0" in key:
            issues.append(Issue(pointer, f"{key!r} is not a key of a JSON object", "keys are strings"))
            continue
        made[str(key)] = _plain(item, f"{pointer}/{escape(key)}", depth + 1, issues)
    return made


def _encodable(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
