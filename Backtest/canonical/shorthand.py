"""The forms accepted beside the canonical one, and what they mean: bare numbers, names, short indicators."""

import re
from collections.abc import Mapping

from annotated_types import MaxLen

from Backtest.canonical import risk
from Backtest.canonical.conditions import Pattern
from Backtest.canonical.draft import Draft
from Backtest.canonical.indicator_forms import IndicatorTable, price_field
from Backtest.canonical.json_text import Json
from Backtest.canonical.nearest import did_you_mean
from Backtest.canonical.node import Node
from Backtest.canonical.operands import IndicatorRef
from Backtest.canonical.rule_forms import RuleForms
from Backtest.canonical.rules import EntryRule, ExitRule, Filters
from Backtest.canonical.sentences import SentenceReader
from Backtest.canonical.shape import Slot, is_condition_slot, is_operand_slot, slots, tagged
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import escape
from Backtest.errors import IndicatorInvalid
from Backtest.indicators.indicator_registry import find_pattern, names

_NUMBERS = re.compile(r"(_\d+(p\d+)?)+$", re.IGNORECASE)

# Keys that can only be meant for another one of the same node.
KEY_ALIASES: Mapping[type[Node], Mapping[str, str]] = {
    risk.PercentDistance: {"percent": "value", "pct": "value"},
    risk.PercentTrail: {"percent": "value", "pct": "value"},
    risk.PercentGain: {"percent": "value", "pct": "value"},
    risk.AtrDistance: {"value": "multiple", "multiplier": "multiple"},
    risk.AtrTrail: {"value": "multiple", "multiplier": "multiple"},
    risk.AtrGain: {"multiple": "value", "multiplier": "value"},
    risk.PriceDistance: {"distance": "value"},
    risk.PriceTrail: {"distance": "value"},
    risk.PipsDistance: {"pips": "value"},
    risk.PipsTrail: {"pips": "value"},
    risk.PriceLevel: {"value": "price", "level": "price"},
    risk.RMultiple: {"value": "multiple"},
    risk.RGain: {"multiple": "value"},
    risk.FractionSizing: {"fraction": "value"},
    risk.UnitsSizing: {"units": "value"},
    risk.CashSizing: {"cash": "value", "amount": "value"},
    risk.RiskSizing: {"value": "percent"},
    risk.VolatilityTargetSizing: {"value": "percent"},
    risk.RateCommission: {"rate": "value"},
}


def expand(document: dict[str, Json], draft: Draft, sentence_reader: SentenceReader | None) -> dict[str, Json]:
    """The document in canonical form but for its missing sections; its faults and assumptions go to `draft`."""
    return _Expansion(document, draft, sentence_reader).document()


class _Expansion:
    """One pass over a document, led by the models: what a key may hold decides how its shorthand is read."""

    def __init__(self, document: dict[str, Json], draft: Draft, sentence_reader: SentenceReader | None) -> None:
        self._given = document
        self._draft = draft
        parameters = document.get("parameters")
        listed = parameters if isinstance(parameters, list) else []
        self._parameters = frozenset(str(p["name"]) for p in listed if isinstance(p, dict) and "name" in p)
        self._table = IndicatorTable(draft, self._parameters)
        self._rules = RuleForms(draft, self._table, sentence_reader)

    def document(self) -> dict[str, Json]:
        made = dict(self._given)
        declared = made.pop("indicators", [])
        if not self._is_bounded():
            return self._given
        if isinstance(declared, list):
            self._table.declare_all(declared)
        self._rules.complete(made)
        for key, slot in slots(Spec).items():
            if key in made:
                made[key] = self._slot(made[key], slot, f"/{key}")
        made["indicators"] = self._table.uses if isinstance(declared, list) else declared
        return made

    def _is_bounded(self) -> bool:
        """Whether no section is longer than its model allows; of a document where one is, nothing else is judged."""
        for key, field in Spec.model_fields.items():
            most = min((rule.max_length for rule in field.metadata if isinstance(rule, MaxLen)), default=None)
            section = self._given.get(key)
            if most is not None and isinstance(section, list) and len(section) > most:
                self._draft.fault(f"/{key}", f"may have {most} at most, and has {len(section):,}")
        if self._draft.spoiled:
            self._draft.spoiled.add("")
        return not self._draft.spoiled

    def _slot(self, value: Json, slot: Slot, pointer: str) -> Json:
        if not slot.nodes:
            return value
        if slot.container == "list" and isinstance(value, list):
            return [self._value(item, slot, f"{pointer}/{i}") for i, item in enumerate(value)]
        if slot.container == "map" and isinstance(value, dict):
            return {key: self._value(item, slot, f"{pointer}/{escape(key)}") for key, item in value.items()}
        return self._value(value, slot, pointer)

    def _value(self, value: Json, slot: Slot, pointer: str) -> Json:
        if is_operand_slot(slot):
            value = self._operand(value, pointer)
        elif is_condition_slot(slot) and isinstance(value, str) and not self._draft.is_spoiled(pointer):
            value = self._rules.condition(value, pointer)
        else:
            value = _bare(value, slot)
        if not isinstance(value, dict):
            return value
        node = tagged(slot.nodes, value.get("type"))
        return value if node is None else self._node(value, node, pointer)

    def _node(self, value: dict[str, Json], node: type[Node], pointer: str) -> dict[str, Json]:
        value = self._renamed(value, node, pointer)
        if node is IndicatorRef:
            return self._reference(value, pointer)
        made = {
            key: self._slot(item, slots(node)[key], f"{pointer}/{escape(key)}") if key in slots(node) else item
            for key, item in value.items()
        }
        if "indicator" in slots(node):
            self._atr(made, pointer)
        if node is Pattern and isinstance(made.get("name"), str):
            made["name"] = _pattern_name(str(made["name"]))
        if node in (EntryRule, ExitRule, Filters):
            self._rules.default_order(made, node, pointer)
        return made

    def _renamed(self, value: dict[str, Json], node: type[Node], pointer: str) -> dict[str, Json]:
        aliases = KEY_ALIASES.get(node, {})
        made: dict[str, Json] = {}
        for key, item in value.items():
            known = aliases.get(key, key)
            if known != key and known not in value:
                self._draft.moved(f"{pointer}/{known}", self._draft.led_back(f"{pointer}/{escape(key)}"))
                made[known] = item
            else:
                made[key] = item
        return made

    def _operand(self, value: Json, pointer: str) -> Json:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"type": "number", "value": value}
        if isinstance(value, str):
            return self._named(value, pointer)
        is_short = isinstance(value, dict) and "name" in value and value.get("type", "indicator") == "indicator"
        return self._short(value, pointer) if isinstance(value, dict) and is_short else value

    def _named(self, text: str, pointer: str) -> Json:
        """What a string in the place of an operand names; an id of the spec comes before all else."""
        if text in self._table.ids:
            return {"type": "indicator", "id": text}
        if text in self._parameters:
            return {"type": "param", "name": text}
        if (field := price_field(text)) is not None:
            return {"type": "price", "field": field}
        if text in ("bars_since_entry", "open_profit_pct", "entry_price"):
            return {"type": text}
        column = self._table.column(text, pointer)
        if column is not None:
            return {"type": "indicator", "id": column[0], "output": column[1]}
        known = (*self._table.ids, *self._parameters, "Open", "High", "Low", "Close", "Volume", *names())
        self._draft.fault(pointer, f"{text!r} names no price, indicator or parameter", _operand_hint(text, known))
        return text

    def _short(self, value: dict[str, Json], pointer: str) -> Json:
        """`{"name": "RSI", "timeperiod": 14}` in the place of an operand: declares the indicator and refers to it."""
        own = {"type", "output", "shift"}
        declaration: dict[str, Json] = {key: item for key, item in value.items() if key not in own}
        identifier = self._table.declare(declaration, self._draft.led_back(pointer))
        if identifier is None:
            self._draft.spoiled.add(pointer)
            return value
        return {
            "type": "indicator",
            "id": identifier,
            **{key: value[key] for key in ("output", "shift") if key in value},
        }

    def _reference(self, value: dict[str, Json], pointer: str) -> dict[str, Json]:
        """A reference with its output written out; an id that is a column's name declares it."""
        identifier, output = value.get("id"), value.get("output")
        if not isinstance(identifier, str) or not isinstance(output, str | None):
            return value
        if identifier not in self._table.ids:
            column = self._table.column(identifier, f"{pointer}/id")
            if column is not None:
                identifier, output = column[0], column[1] if output is None else output
        return {**value, "id": identifier, "output": self._table.output(identifier, output)}

    def _atr(self, made: dict[str, Json], pointer: str) -> None:
        """The ATR of a distance: 14 bars where none is named (rule 26), declared where a column names it."""
        named = made.get("indicator", "ATR")
        if isinstance(named, str) and named not in self._table.ids:
            column = self._table.column(named, f"{pointer}/indicator" if "indicator" in made else pointer)
            if column is not None:
                made["indicator"] = column[0]


def _bare(value: Json, slot: Slot) -> Json:
    """A bare `type` where a node needs nothing else ("market", "all"), and a bare number as a commission's rate."""
    if len(slot.nodes) < 2:
        return value
    if isinstance(value, str):
        node = tagged(slot.nodes, value)
        is_whole = node is not None and not any(f.is_required() for f in node.model_fields.values())
        return {"type": value} if is_whole else value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return {"type": "rate", "value": value} if is_number and risk.RateCommission in slot.nodes else value


def _pattern_name(name: str) -> str:
    """ "engulfing" as "CDLENGULFING"; an unknown pattern stays as it is, for lint to name."""
    try:
        return find_pattern(name).name
    except IndicatorInvalid:
        return name


def _operand_hint(text: str, known: tuple[str, ...]) -> str:
    try:
        return f"write the number without quotes: {float(text):g}"
    except ValueError:
        return did_you_mean(
            _NUMBERS.sub("", text), known, 'use a price ("Close"), a column ("RSI_14") or the id of an indicator'
        )
