"""Rules as they may be given, English sentences included, and the sections that a document leaves to their defaults."""

from collections.abc import Mapping

from Backtest.canonical.draft import Draft
from Backtest.canonical.indicator_forms import IndicatorTable, timeframe_name
from Backtest.canonical.json_text import Json, read_json
from Backtest.canonical.node import Node
from Backtest.canonical.rules import EntryRule
from Backtest.canonical.sentences import SentenceKind, SentenceReader
from Backtest.errors import InputError, Issue
from Backtest.timeframes import DEFAULT_TIMEFRAME, parse_timeframe

FILL_RULE, TIMEFRAME_RULE, SIDE_RULE, ORDER_RULE, SIZE_RULE, ACCOUNT_RULE = 1, 10, 12, 23, 24, 25
_ACCOUNT: Mapping[str, Json] = {
    "cash": 100_000.0,
    "commission": {"type": "rate", "value": 0.001},
    "spread": 0.0,
    "margin": 1.0,
}


class RuleForms:
    """Completes rules, reads their sentences through the injected reader, and names the defaults it fills in."""

    def __init__(self, draft: Draft, table: IndicatorTable, reader: SentenceReader | None) -> None:
        self._draft = draft
        self._table = table
        self._reader = reader
        self._timeframe = DEFAULT_TIMEFRAME

    def complete(self, made: dict[str, Json]) -> None:
        """Missing sections, sides and ids of rules, sentences in the place of rules."""
        given = made.get("timeframe")
        if isinstance(given, str):
            self._timeframe = parse_timeframe(given) or DEFAULT_TIMEFRAME
        kinds: tuple[tuple[str, SentenceKind], ...] = (("entry_rules", "entry"), ("exit_rules", "exit"))
        for key, kind in kinds:
            rules = made.get(key)
            if isinstance(rules, list):
                made[key] = [self._rule(rule, kind, f"/{key}/{i}") for i, rule in enumerate(rules)]
        self._sides(made)
        for key, kind in kinds:
            _number(made.get(key), kind)
        self._filters(made.get("filters"))
        self._sections(made)

    def _rule(self, rule: Json, kind: SentenceKind, pointer: str) -> Json:
        if isinstance(rule, str):
            return self._read(rule, kind, pointer)
        if not isinstance(rule, dict) or not isinstance(rule.get("when"), str):
            return rule
        read = self._read(str(rule["when"]), kind, pointer, f"{pointer}/when")
        if not isinstance(read, dict):
            return rule
        for key in read:
            if key != "when" and key in rule and rule[key] != read[key]:
                said = f"the sentence says {key} {read[key]!r}, and the rule {rule[key]!r}"
                self._draft.fault(f"{pointer}/{key}", said, "keep one of them")
        return {**read, **rule, "when": read.get("when")}

    def _filters(self, filters: Json) -> None:
        if isinstance(filters, dict) and isinstance(filters.get("when"), str):
            filters["when"] = self.condition(str(filters["when"]), "/filters/when")

    def condition(self, sentence: str, pointer: str) -> Json:
        """A sentence in the place of a condition."""
        read = self._read(sentence, "filter", pointer.rpartition("/")[0], pointer)
        return read.get("when") if isinstance(read, dict) else sentence

    def _read(self, sentence: str, kind: SentenceKind, rule: str, place: str = "") -> Json:
        """The rule that a sentence at `place` means; the sentence itself, its fault named, when it can't be read."""
        place = place or rule
        if self._reader is None:
            self._draft.fault(place, f"the sentence {sentence!r} can't be read here", "write the rule as a condition")
            return sentence
        try:
            read = read_json(self._reader(sentence, kind, self._timeframe))
        except InputError as error:
            for issue in error.issues or (Issue("", error.message),):
                self._draft.fault(place, issue.message, issue.suggestion)
            return sentence
        before = self._draft.led_back(place)
        self._draft.moved(f"{rule}/when" if place == rule else place, before)
        declared, assumed = read.pop("indicators", []), read.pop("assumptions", [])
        for item in declared if isinstance(declared, list) else []:
            self._table.declare(item, before, is_repeatable=True)
        named = [item for item in assumed if isinstance(item, dict)] if isinstance(assumed, list) else []
        self._draft.adopt([{**item, "path": f"{rule}{item.get('path', '')}"} for item in named])
        return read

    def _sides(self, made: Mapping[str, Json]) -> None:
        """Long only, unless a side is said; an exit closes the only side that is entered."""
        entered = set()
        for i, rule in enumerate(_objects(made.get("entry_rules"))):
            if "side" not in rule:
                rule["side"] = "long"
                self._draft.assume("side", f"/entry_rules/{i}/side", "long", SIDE_RULE)
            entered.add(str(rule["side"]))
        if len(entered) == 1:
            for rule in _objects(made.get("exit_rules")):
                rule.setdefault("side", next(iter(entered)))

    def default_order(self, rule: dict[str, Json], node: type[Node], pointer: str) -> None:
        """The market order of an entry without one, and the one bar that a waiting order is good for."""
        if node is not EntryRule:
            return
        if "order" not in rule:
            rule["order"] = {"type": "market"}
            self._draft.assume("order", f"{pointer}/order", {"type": "market"}, FILL_RULE)
        order = rule["order"]
        if isinstance(order, dict) and order.get("type") in ("limit", "stop") and "valid_bars" not in order:
            order["valid_bars"] = 1
            self._draft.assume("valid_bars", f"{pointer}/order/valid_bars", 1, ORDER_RULE)

    def _sections(self, made: dict[str, Json]) -> None:
        if "timeframe" in made:
            made["timeframe"] = timeframe_name(made["timeframe"])
        else:
            made["timeframe"] = DEFAULT_TIMEFRAME
            self._draft.assume("timeframe", "/timeframe", DEFAULT_TIMEFRAME, TIMEFRAME_RULE)
        if "sizing" not in made:
            made["sizing"] = {"type": "all"}
            self._draft.assume("sizing", "/sizing", {"type": "all"}, SIZE_RULE)
        account = made.setdefault("execution", {})
        if isinstance(account, dict):
            for key, value in _ACCOUNT.items():
                if key not in account:
                    account[key] = value
                    self._draft.assume(key, f"/execution/{key}", value, ACCOUNT_RULE)


def _objects(rules: Json) -> list[dict[str, Json]]:
    """The rules as objects, by position; anything else, which the model refuses, as an empty one."""
    return [rule if isinstance(rule, dict) else {"side": "long"} for rule in rules] if isinstance(rules, list) else []


def _number(rules: Json, stem: str) -> None:
    objects = [rule for rule in rules if isinstance(rule, dict)] if isinstance(rules, list) else []
    taken = {str(rule["id"]) for rule in objects if "id" in rule}
    for i, rule in enumerate(objects, start=1):
        if "id" not in rule:
            tries = (f"{stem}_{n}" for n in range(i, i + len(taken) + len(objects) + 1))
            rule["id"] = next(name for name in tries if name not in taken)
            taken.add(str(rule["id"]))
