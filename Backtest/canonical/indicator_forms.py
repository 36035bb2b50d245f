"""The short forms of indicators: `{"name": "RSI", "timeperiod": 14}`, and columns such as "RSI_14" or "EMA_50_1D"."""

import re
from collections.abc import KeysView, Mapping
from itertools import count

from Backtest.canonical.draft import Draft
from Backtest.canonical.json_text import Json
from Backtest.canonical.shape import slots
from Backtest.canonical.spec import IndicatorUse
from Backtest.canonical.walk import escape
from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import (
    ColumnParts,
    Indicator,
    check_parameters,
    column_name,
    find,
    output_of,
    parse_column,
)
from Backtest.timeframes import parse_timeframe

DEFAULTS_RULE = 26
PRICE_FIELDS = ("Open", "High", "Low", "Close", "Volume")
_NUMBER_WORD = re.compile(r"\d+(P\d+)?")
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_]")


def price_field(text: str) -> str | None:
    """The price column that a word names ("close", "price" = Close), None when it names none."""
    word = text.strip().capitalize()
    return "Close" if word == "Price" else word if word in PRICE_FIELDS else None


def timeframe_name(value: Json) -> Json:
    """ "4H" and "daily" under their canonical names; what is no timeframe stays as it is, for the model to refuse."""
    return parse_timeframe(value) or value if isinstance(value, str) else value


class IndicatorTable:
    """The declared indicators of a draft, in canonical form, and the columns that rules add to them.

    An indicator without an id takes the name of its column as a whole ("RSI_14", "MACD_12_26_9", "BB_20_2"), or, where
    its number is a named parameter, its role ("ema_fast").
    """

    def __init__(self, draft: Draft, parameters: frozenset[str]) -> None:
        self._draft = draft
        self._parameters = parameters
        self._uses: list[Json] = []
        self._by_id: dict[str, dict[str, Json]] = {}
        self._by_content: dict[tuple[object, ...], str] = {}

    @property
    def uses(self) -> list[Json]:
        return self._uses

    @property
    def ids(self) -> KeysView[str]:
        return self._by_id.keys()

    def _add(self, use: Json) -> None:
        self._uses.append(use)
        if isinstance(use, dict) and isinstance(use.get("id"), str):
            self._by_id.setdefault(str(use["id"]), use)
            self._by_content.setdefault(_content(use), str(use["id"]))

    def declare_all(self, given: list[Json], place: str = "/indicators") -> None:
        """Takes over the declarations at `place` of the input; of two equal ones without an id, one stays."""
        taken = {str(item["id"]) for item in given if isinstance(item, dict) and "id" in item}
        for i, item in enumerate(given):
            self.declare(item, f"{place}/{i}", frozenset(taken))

    def declare(
        self, item: Json, before: str, reserved: frozenset[str] = frozenset(), *, is_repeatable: bool = False
    ) -> str | None:
        """Adds one declaration, which stands at `before` of the input, and answers its id.

        One without an id, or one that `is_repeatable`, is not added to an equal one.
        """
        if isinstance(item, dict) and "source" in item:  # may declare an indicator before this one
            source = self._source(item["source"], item.get("timeframe"), f"{before}/source", reserved)
            item = {**item, "source": source}
        pointer = f"/indicators/{len(self._uses)}"
        self._draft.moved(pointer, before)
        if isinstance(item, str):
            parts = parse_column(item)
            if parts is not None:
                return self._add_parts(item, parts, before)
            item = {"name": item}
        if not isinstance(item, dict):
            self._add(item)
            return None
        faults = len(self._draft.issues)
        made = self._normal(item, pointer, before)
        if "id" not in made and isinstance(made.get("name"), str):
            if len(self._draft.issues) == faults:
                return self._add_unnamed(made, reserved)
            made["id"] = self._free("indicator", reserved)  # it has no name to be called by; what else is wrong shows
        identifier = made.get("id") if isinstance(made.get("id"), str) else None
        known = self._by_id.get(str(identifier))
        if is_repeatable and known is not None and _content(known) == _content(made):
            self._draft.forget(pointer)
        else:
            self._add(made)
        return None if identifier is None else str(identifier)

    def _normal(self, item: dict[str, Json], pointer: str, before: str) -> dict[str, Json]:
        """The declaration with its canonical name, all parameters under `params`, and the indicator's own source."""
        made: dict[str, Json] = {key: value for key, value in item.items() if key in slots(IndicatorUse)}
        self._gather_params(item, made, pointer, before)
        if "timeframe" in made:
            made["timeframe"] = timeframe_name(made["timeframe"])
        if not isinstance(made.get("name"), str):
            return made
        try:
            indicator = find(str(made["name"]))
        except IndicatorInvalid as error:
            self._draft.fault(f"{pointer}/name", error.message, error.issues[0].suggestion)
            self._draft.spoiled.add(pointer)
            return made
        made["name"] = indicator.name
        if made.get("source") is None and indicator.default_source is not None:
            made["source"] = indicator.default_source
        if isinstance(made["params"], dict):
            self._complete_params(indicator, made["params"], f"{pointer}/params")
        return made

    def _source(self, value: Json, timeframe: Json, before: str, reserved: frozenset[str]) -> Json:
        """A price column, or a reference to another indicator: by its id, or by its column or short form, which are of
        the same timeframe unless they say another."""
        if isinstance(value, str):
            value = price_field(value) or {"id": value}
        if not isinstance(value, dict):
            return value
        said: dict[str, Json] = {key: item for key, item in value.items() if key in ("id", "output", "shift")}
        if "name" in value:
            inner = {key: item for key, item in value.items() if key not in ("type", "output", "shift")}
            said["id"] = self.declare({"timeframe": timeframe, **inner}, before)
        identifier, output = said.get("id"), said.get("output")
        if not isinstance(identifier, str) or not isinstance(output, str | None):
            return value
        if identifier not in self._by_id and identifier not in reserved:
            parts = parse_column(identifier)
            if parts is None:
                return value if "type" in value else identifier
            own = timeframe if isinstance(timeframe, str) else None
            identifier = self._add_parts(identifier, parts._replace(timeframe=parts.timeframe or own), before)
            output = output or parts.output
        named = {"id": identifier, "output": self.output(identifier, output), "shift": said.get("shift", 0)}
        return {"type": "indicator", **named}

    def _gather_params(self, item: dict[str, Json], made: dict[str, Json], pointer: str, before: str) -> None:
        params = item.get("params", {})
        if not isinstance(params, dict):
            return
        merged: dict[str, Json] = dict(params)
        for key, value in item.items():
            if key in slots(IndicatorUse):
                continue
            self._draft.moved(f"{pointer}/params/{escape(key)}", f"{before}/{escape(key)}")
            if key in params:
                self._draft.fault(f"{pointer}/params/{escape(key)}", f"{key} is given twice", "keep one of them")
            merged[key] = value
        for key, value in merged.items():
            merged[key] = self._param_value(value, f"{pointer}/params/{escape(key)}")
        made["params"] = merged

    def _param_value(self, value: Json, pointer: str) -> Json:
        if isinstance(value, str) and value in self._parameters:
            return {"type": "param", "name": value}
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number and not (isinstance(value, dict) and value.get("type") == "param"):
            self._draft.fault(pointer, f"expected a number or a named parameter, not {value!r}", "for example 14")
        return value

    def _complete_params(self, indicator: Indicator, params: dict[str, Json], pointer: str) -> None:
        """Writes the defaults out; a name that the indicator lacks and a number that it needs are faults."""
        known = {p.name: p.default for p in indicator.parameters if p.name in params}
        unknown = {name: value for name, value in params.items() if name not in known}
        for issue in check_parameters(indicator, {**known, **unknown}, pointer):
            if not self._draft.is_spoiled(issue.field):
                self._draft.fault(issue.field, issue.message, issue.suggestion)
        for parameter in indicator.parameters:
            if parameter.name not in params and not parameter.required:
                params[parameter.name] = parameter.default
                self._draft.assume("parameter", f"{pointer}/{parameter.name}", parameter.default, DEFAULTS_RULE)
        for name in sorted(params, key=lambda name: _position(indicator, name)):
            params[name] = params.pop(name)

    def _add_unnamed(self, made: dict[str, Json], reserved: frozenset[str]) -> str:
        same = self._by_content.get(_content(made))
        if same is not None:
            self._draft.forget(f"/indicators/{len(self._uses)}")
            return same
        identifier = self._free(_default_id(made), reserved)
        self._add({"id": identifier, **made})
        return identifier

    def _free(self, wanted: str, reserved: frozenset[str]) -> str:
        taken = (self._by_id, reserved, self._parameters)
        tries = (wanted if n == 1 else f"{wanted}_{n}" for n in count(1))
        return next(name for name in tries if not any(name in names for names in taken))

    def column(self, text: str, pointer: str) -> tuple[str, str | None] | None:
        """The id and output that a column name stands for, declared where it is not yet; None when it is no column."""
        parts = parse_column(text)
        if parts is None:
            return None
        identifier = self._add_parts(text, parts, self._draft.led_back(pointer))
        return identifier, self.output(identifier, parts.output)

    def _add_parts(self, text: str, parts: ColumnParts, before: str) -> str:
        made: dict[str, Json] = {
            "name": parts.indicator.name,
            "params": dict(parts.params),
            "source": parts.source,
            "timeframe": timeframe_name(parts.timeframe),
        }
        same = self._by_content.get(_content(made))
        if same is not None:
            return same
        pointer = f"/indicators/{len(self._uses)}"
        self._draft.moved(pointer, before)
        said = sum(bool(_NUMBER_WORD.fullmatch(word)) for word in text.upper().split("_"))
        in_column = [p for p in parts.indicator.parameters if p.in_column]
        for parameter in in_column[said:]:
            if not parameter.omit_default:
                path = f"{pointer}/params/{parameter.name}"
                self._draft.assume("parameter", path, parts.params[parameter.name], DEFAULTS_RULE)
        return self._add_unnamed(made, frozenset())

    def output(self, identifier: str, said: str | None) -> str | None:
        """The canonical name of an output: None where the indicator has but one, the main line where none is said."""
        use = self._by_id.get(identifier, {})
        if not isinstance(use.get("name"), str):
            return said
        try:
            return output_of(find(str(use["name"])), said).name
        except IndicatorInvalid:  # lint names it, with its place
            return said


def _position(indicator: Indicator, name: str) -> int:
    return next((i for i, parameter in enumerate(indicator.parameters) if parameter.name == name), 99)


def _content(use: Mapping[str, Json]) -> tuple[object, ...]:
    """What an indicator is without its id; 14 and 14.0 are one number."""
    params = use.get("params")
    numbers = sorted(params.items(), key=lambda item: item[0]) if isinstance(params, dict) else []
    parts = [use.get("name"), use.get("source"), use.get("timeframe"), *(part for pair in numbers for part in pair)]
    return tuple(repr(part) if isinstance(part, dict | list) else part for part in parts)


def _source_word(source: Json) -> str | None:
    """What the name of an indicator says of its source."""
    if isinstance(source, dict):
        words = (source.get("id"), source.get("output"))
        return "_".join(str(word) for word in words if word is not None)
    return source if isinstance(source, str) else None


def _default_id(made: Mapping[str, Json]) -> str:
    params, source, timeframe = made.get("params"), made.get("source"), made.get("timeframe")
    values = params.values() if isinstance(params, dict) else ()
    roles = [str(value["name"]) for value in values if isinstance(value, dict) and "name" in value]
    indicator = find(str(made["name"]))
    if roles or not isinstance(params, dict):
        column = "_".join((indicator.name.lower(), *roles))
    else:
        numbers = {key: value for key, value in params.items() if isinstance(value, int | float)}
        column = column_name(
            indicator,
            numbers,
            source=_source_word(source),
            timeframe=timeframe if isinstance(timeframe, str) else None,
        )
    return _NOT_IN_A_NAME.sub("_", column)[:64]
