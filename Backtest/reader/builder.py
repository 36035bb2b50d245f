"""The clauses of a text to one canonical document; what they leave open becomes assumptions and questions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from Backtest.errors import Issue
from Backtest.reader.antecedents import Story
from Backtest.reader.clause import Clause
from Backtest.reader.conditions import Conditions
from Backtest.reader.edit_syntax import Change
from Backtest.reader.entry_orders import is_way_in
from Backtest.reader.impossible import on_other_side
from Backtest.reader.lists import (
    gathered,
    held_as_exit,
    of_short_only,
    sells_short,
    with_needs,
    with_stops_of_both,
    with_their_entry,
    with_validity,
)
from Backtest.reader.mirror import other_side
from Backtest.reader.operands import AVERAGES, Operands
from Backtest.reader.questions import Pending
from Backtest.reader.reading import Unresolved
from Backtest.reader.risk_sections import RiskSections, account_section, check_until, side_of_level
from Backtest.reader.scope import Json, Scope, Unread
from Backtest.reader.slips import ends_with, same_conditions, unused_indicators
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BreakEvenSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    IndicatorsSaid,
    NoteSaid,
    OrderSaid,
    SizeSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
    ValiditySaid,
)
from Backtest.reader.syntax import (
    All,
    AnyOf,
    InHours,
    Mention,
    OnDays,
    Relation,
    Said,
    Side,
    Span,
)
from Backtest.reader.topics import STATEMENT_TOPICS

SINGLE: Mapping[type, str] = {
    StopSaid: "stop_loss",
    TargetSaid: "take_profit",
    TrailSaid: "trailing_stop",
    BreakEvenSaid: "break_even",
}


@dataclass
class Built:
    """The document so far and what stands in the way of a whole one."""

    document: Json
    unresolved: list[Unresolved] = field(default_factory=list)
    errors: list[Issue] = field(default_factory=list)
    spans: list[tuple[str, Span]] = field(default_factory=list)


class Builder:
    """Builds one document. `clarify` reads a condition given as an answer."""

    def __init__(self, text: str, scope: Scope, clauses: Sequence[Clause], clarify: Callable[[str], Said]) -> None:
        self.text = text
        self.scope = scope
        self.clauses = of_short_only(
            with_stops_of_both(with_their_entry(held_as_exit(with_validity(with_needs(gathered(clauses))))))
        )
        self.clarify = clarify
        self.story = Story()
        self.risk = RiskSections(scope)
        self.built = Built({})
        self.entries: list[Json] = []
        self.exits: list[Json] = []
        self.filters: Json = {"weekdays": None, "hours": None, "when": None, "cooldown_bars": 0}
        self.sections: Json = {}
        self.accounts: list[AccountSaid] = []
        self.notes: dict[str, Span] = {}
        self.sides = self._sides()
        self.pending_entry = self.pending_exit = False
        self.exit_sides: list[tuple[int, Side]] = []

    def _sides(self) -> tuple[Side, ...]:
        """The sides that the text enters, in the order of the text."""
        said = [c.said.side or "long" for c in self.clauses if isinstance(c.said, EntrySaid)]
        if not said:
            filters = [c.said.side for c in self.clauses if isinstance(c.said, FilterSaid) and c.said.side]
            return tuple(dict.fromkeys(filters))
        return tuple(dict.fromkeys(said))

    def build(self) -> Built:
        for i, clause in sorted(enumerate(self.clauses), key=lambda one: self._restricts_exits(one[1])):
            try:
                self._clause(i, clause)
            except Pending:
                self._open(clause)
            except Unread as unread:
                self._unread(clause, unread)
        self._mirror()
        self.built.unresolved += same_conditions(self.text, self.entries, self.exits, dict(self.built.spans))
        self.built.unresolved += unused_indicators(self.text, self.clauses, self.story)
        self._account()
        self._document()
        return self.built

    def _unread(self, clause: Clause, unread: Unread) -> None:
        start, end = clause.span
        topic = unread.topic or STATEMENT_TOPICS[type(clause.said)]
        self.built.unresolved.append(Unresolved(self.text[start:end], clause.span, unread.reason, topic))
        self._open(clause)

    def _open(self, clause: Clause) -> None:
        self.pending_entry |= isinstance(clause.said, EntrySaid)
        self.pending_exit |= isinstance(clause.said, ExitSaid | HoldSaid | TargetSaid | TrailSaid | StopSaid)

    def _mirror(self) -> None:
        """ "Mirror for shorts": the rules of the one side turned round for the other."""
        clause = next((c for c in self.clauses if c.said == NoteSaid("mirror")), None)
        if clause is None or self.built.unresolved or self.scope.desk.questions:
            return
        try:
            entries, exits = other_side(self.entries, self.exits, self.scope.declared.uses, self.filters, clause.span)
            if any(
                rule["type"] == "price"
                for rule in (self.sections.get("stop_loss"), self.sections.get("take_profit"))
                if isinstance(rule, dict)
            ):
                raise Unread("a stop or target at a line: say that of the other side", clause.span)
        except Unread as unread:
            self._unread(clause, unread)
            return
        self.entries += entries
        self.exits += exits
        self.sides = ("long", "short")
        self.scope.ledger.note("mirrored", "/entry_rules", "short rules are the long ones turned round", 12)

    # ------------------------------------------------------------------------------------------------ clauses

    def _clause(self, i: int, clause: Clause) -> None:
        said = clause.said
        match said:
            case EntrySaid():
                self._entry(said, clause)
            case ExitSaid():
                self._exit(i, said, clause)
            case FilterSaid():
                self._filter(said, clause)
            case StopSaid() | TargetSaid() | TrailSaid() | BreakEvenSaid():
                self._risk(said, clause)
            case HoldSaid():
                self._hold(i, said, clause)
            case SizeSaid():
                self._size(said, clause)
            case CooldownSaid(period):
                self.filters["cooldown_bars"] = self.scope.bars(period, clause.span)
                self._span("/filters/cooldown_bars", clause)
            case AccountSaid():
                self.accounts.append(self._of_each_order(said))
            case NoteSaid(kind):
                self.notes[kind] = clause.span
            case IndicatorsSaid(named):
                self.story.topics = named
            case ValiditySaid():
                raise Unread("how long which order is good for", clause.span)
            case ContextSaid():
                pass  # the reader has looked at them first
            case _:
                raise Unread("it is not said whether this is for entries or for exits", clause.span)

    def _of_each_order(self, said: AccountSaid) -> AccountSaid:
        """A commission "per trade" may be that of each order, or that of entry and exit together."""
        if not said.per_trade:
            return said
        offered = {"order": "so much for each order", "trade": "so much for entry and exit together"}
        question = "Is this commission that of each order, or of entry and exit together?"
        each = self.scope.desk.choice("account", question, said.span, offered) == "order"
        return replace(said, value=said.value if each else said.value / 2, per_trade=False)

    def _hold(self, i: int, said: HoldSaid, clause: Clause) -> None:
        if clause.under is not None and clause.under.role != "exit":
            raise Unread("a time in the market among the conditions of an entry", clause.span)
        bars = self.scope.bars(said.period, clause.span)
        if said.verb == "exit" or len(self.sides) < 2:
            self._set("max_bars", bars, clause)
            return
        side: Side = "short" if said.verb == "cover" else "long"
        when = {
            "type": "compare",
            "op": ">=",
            "left": {"type": "bars_since_entry"},
            "right": {"type": "number", "value": bars},
        }
        self._span(f"/exit_rules/{len(self.exits)}", clause)
        self.exits.append({"id": f"exit_{len(self.exits) + 1}", "side": side, "portion": 1.0, "when": when})
        self.exit_sides.append((i, side))

    def _conditions(self, role: str, side: Side | None) -> Conditions:
        return Conditions(self.scope, self.story, role, side, self.clarify)

    def _entry(self, said: EntrySaid, clause: Clause) -> None:
        side: Side = said.side or "long"
        if said.side is None:
            if "short" in self.sides:
                raise Unread("for which side is this entry", clause.span)
            self.scope.ledger.note("side", "/entry_rules", "long", 12)
        if said.when is None and said.order.kind == "market":
            raise Unread("an entry without a condition", clause.span)
        if said.sells and not sells_short(self.clauses):
            raise Unread("a sell order may close a long or open a short: say 'sell short'", said.span)
        if said.by_size and sum(isinstance(c.said, EntrySaid) for c in self.clauses) > 1:
            raise Unread("an entry, or the size of the others then", clause.span)
        if said.order.kind != "market" and any(
            e["side"] != side and e["order"]["type"] != "market" for e in self.entries
        ):
            raise Unread("unsupported: a buy and a sell order that wait together are not in the language", clause.span)
        before = [entry for entry in self.entries if entry["side"] == side]
        if (
            said.when is None
            and before
            and is_way_in(self.text[slice(*said.span)], before, clause.span, self.scope.desk)
        ):
            before[0]["order"] = self._order(said.order, clause)
            return
        if said.when is not None and any(entry["when"] is None for entry in before):
            raise Unread("the condition of the order before, or an entry of its own", clause.span)
        when = None
        if said.when is not None:
            when = self._conditions("entry", side).resolve(said.when)
            if clause.under is not None and isinstance(said.when, All):
                self.scope.ledger.note("entry list", "/entry_rules", "and", 15)
        rule = {
            "id": f"entry_{len(self.entries) + 1}",
            "side": side,
            "order": self._order(said.order, clause),
            "when": when,
        }
        self._span(f"/entry_rules/{len(self.entries)}", clause)
        self.entries.append(rule)
        if said.size is not None:
            self._size(said.size, replace(clause, span=said.size.span))

    def _size(self, said: SizeSaid, clause: Clause) -> None:
        if said.kind == "money":
            offered = {"trade": "so much goes into each trade", "account": "so much is in the account"}
            if self.scope.desk.choice("size", "What is this sum?", said.span, offered) == "account":
                self.accounts.append(AccountSaid("cash", said.value, said.span))
                return
            said = replace(said, kind="cash")
        if said.of_entry and len(self.entries) > 1 and "sizing" not in self.sections:
            raise Unread("the size of one entry, or of all", clause.span)
        self._set("sizing", self.risk.size(said), clause)

    def _order(self, said: OrderSaid, clause: Clause) -> Json:
        if said.kind == "market" or said.price is None:
            return {"type": "market"}
        bars: int | None = 1
        if said.gtc:
            bars = None
        elif said.valid is not None:
            bars = self.scope.bars(said.valid, clause.span)
        else:
            self.scope.ledger.note("order validity", "/entry_rules", "the next bar only", 23)
        self.scope.ledger.note("waiting order", "/entry_rules", "a stop or target acts from the bar after the fill", 23)
        return {"type": said.kind, "price": Operands(self.scope).resolve(said.price), "valid_bars": bars}

    def _exit(self, i: int, said: ExitSaid, clause: Clause) -> None:
        if said.when is None:
            raise Unread("an exit without a condition", clause.span)
        others = [c.said for c in self.clauses if c is not clause]
        if said.only and any(isinstance(one, ExitSaid) and one.when == said.when for one in others):
            return  # "hold while A, otherwise sell" says it twice
        if said.only and any(isinstance(one, ExitSaid | HoldSaid | TargetSaid | TrailSaid) for one in others):
            if self._says_exits_again(said):
                return
            raise Unread("a restriction of the other exits, or an exit of its own", clause.span)
        portion = 1.0 if said.portion in {None, 0.0} else said.portion
        if said.portion == 0.0 and not any(rule["portion"] < 1 for rule in self.exits):
            if any(isinstance(one, ExitSaid) and one.portion for one in others) and self.pending_exit:
                raise Pending("exit")  # the part before it is asked about
            raise Unread("the rest of what", clause.span)
        for side in self._exit_sides(i, said, clause):
            when = self._conditions("exit", side).resolve(said.when)
            self._span(f"/exit_rules/{len(self.exits)}", clause)
            self.exits.append({"id": f"exit_{len(self.exits) + 1}", "side": side, "portion": portion, "when": when})
            self.exit_sides.append((i, side))
        if clause.under is not None and isinstance(said.when, AnyOf):
            self.scope.ledger.note("exit list", "/exit_rules", "or", 15)
        if portion is not None and portion < 1:
            self.scope.ledger.note("partial exit", "/exit_rules", "once per position", 22)

    def _restricts_exits(self, clause: Clause) -> bool:
        """ "Hold while A" beside an exit of its own, which is built first."""
        said = clause.said
        others = [c for c in self.clauses if c is not clause and isinstance(c.said, ExitSaid)]
        return isinstance(said, ExitSaid) and said.only and bool(others)

    def _says_exits_again(self, said: ExitSaid) -> bool:
        """ "Long while A is above B, cash when below": the end of what holds is the exit that is said."""
        if not self.exits or len(self.sides) != 1 or said.when is None:
            return False
        held = self._conditions("exit", self.sides[0]).resolve(said.when)
        return all(ends_with(held, rule["when"]) for rule in self.exits)

    def _exit_sides(self, i: int, said: ExitSaid, clause: Clause) -> tuple[Side, ...]:
        """The sides that an exit closes (rule 12)."""
        if said.verb == "rest":
            return (self.exit_sides[-1][1],)
        if said.verb == "cover":
            return self._entered("short", clause)
        if said.verb == "sell":
            return self._entered("long", clause)
        if len(self.sides) < 2:
            return self.sides or ("long",)
        before = [c.said.side or "long" for c in self.clauses[:i] if isinstance(c.said, EntrySaid)]
        after = [c.said.side or "long" for c in self.clauses[i:] if isinstance(c.said, EntrySaid)]
        if before and (set(after) - set(before)):
            return (before[-1],)  # "go long when A, exit when B; go short when C": B belongs to A
        if any(position < i and verb_is_exit(self.clauses[position].said) for position, _ in self.exit_sides):
            if not before:
                raise Unread("which side this closes", clause.span)
            return (before[-1],)
        return self.sides

    def _entered(self, side: Side, clause: Clause) -> tuple[Side, ...]:
        if side in self.sides or not self.sides:
            return (side,)
        offered = {
            "exit": f"it closes the {self.sides[0]} position",
            "entry": f"it opens a {'short' if side == 'long' else 'long'} position",
        }
        question = f"The text has no {side} entry that this could close: what is meant?"
        if self.scope.desk.choice("side", question, clause.span, offered) == "exit":
            return self.sides
        raise Unread("an entry by this verb; say 'go short' instead", clause.span)

    def _filter(self, said: FilterSaid, clause: Clause) -> None:
        if said.trend:
            said = self._trend_filter(said)
        entries = any(isinstance(c.said, EntrySaid) for c in self.clauses)
        if said.side is not None and entries and said.side not in self.sides:
            raise Unread(f"the text has no {said.side} entry that this could filter", said.span, "filter")
        if said.side is not None and not entries and not said.bars:
            self._entry(EntrySaid(said.side, said.when, span=said.span), clause)  # "only buy when ..." is the entry
            return
        if said.side is not None and len(self.sides) > 1:
            self._narrow(said, clause)
            return
        match said.when:
            case OnDays(days) if self.filters["weekdays"] is None:
                self.filters["weekdays"] = list(days)
                self._span("/filters/weekdays", clause)
            case InHours(start, end) if self.filters["hours"] is None:
                self.filters["hours"] = {"from": start, "to": end}
                self._span("/filters/hours", clause)
            case _:
                when = self._conditions("filter", None).resolve(said.when)
                before = self.filters["when"]
                self.filters["when"] = when if before is None else _both(before, when)
                self._span("/filters/when", clause)
        self.scope.ledger.note("filter", "/filters", "entries only", 11)

    def _trend_filter(self, said: FilterSaid) -> FilterSaid:
        """ "200 MA filter": longs above the average, shorts below it."""
        line = said.when
        if not isinstance(line, Relation) or not isinstance(line.right, Mention) or line.right.name not in AVERAGES:
            raise Unread("which values of it let an entry pass", said.span, "filter")
        if len(self.sides) > 1:
            raise Unread("which side of it is for longs, and which for shorts", said.span, "filter")
        below = self.sides == ("short",)
        self.scope.ledger.note(
            "trend filter", "/filters/when", f"price {'below' if below else 'above'} the average", 11
        )
        return replace(said, when=replace(line, op="<") if below else line, trend=False)

    def _narrow(self, said: FilterSaid, clause: Clause) -> None:
        """A filter of one side goes into that side's entries, which must be said before it."""
        mine = [rule for rule in self.entries if rule["side"] == said.side]
        if len(mine) != sum(
            1 for c in self.clauses if isinstance(c.said, EntrySaid) and (c.said.side or "long") == said.side
        ):
            raise Unread("a filter of entries that are not read", clause.span)
        when = self._conditions("filter", said.side).resolve(said.when)
        for rule in mine:
            rule["when"] = when if rule["when"] is None else _both(rule["when"], when)
            self._span(f"/entry_rules/{self.entries.index(rule)}", clause)

    def _risk(self, said: StopSaid | TargetSaid | TrailSaid | BreakEvenSaid, clause: Clause) -> None:
        if not isinstance(said, BreakEvenSaid):
            self._on_its_side(said)
        if isinstance(said, StopSaid) and said.until:
            check_until(said, [c.said for c in self.clauses])
        match said:
            case StopSaid():
                section = self.risk.stop(said)
            case TargetSaid():
                section = self.risk.target(said)
            case TrailSaid():
                section = self.risk.trail(said)
            case _:
                section = self.risk.break_even(said)
        self._of_both_sides(clause)
        self._set(SINGLE[type(said)], section, clause)

    def _on_its_side(self, said: StopSaid | TargetSaid | TrailSaid) -> None:
        """ "5% below entry" is a long's stop and a short's target."""
        way = said.direction or (side_of_level(said.level) if isinstance(said, StopSaid) else None)
        if way is None:
            return
        wanted: Side = "long" if (way == "up") == isinstance(said, TargetSaid) else "short"
        if self.sides not in {(wanted,), ()}:
            reason = f"this side of the entry is that of a {wanted} position"
            if said.direction is not None and said.distance is not None and len(self.sides) == 1:
                words = self.text[slice(*said.span)]
                reason = on_other_side(words, self.sides[0], target=isinstance(said, TargetSaid)) or reason
            raise Unread(reason, said.span)

    def _of_both_sides(self, clause: Clause) -> None:
        """A stop said beside one side's entry, in a text with two: it may be meant for that side only."""
        if len(self.sides) < 2:
            return
        near = {
            c.said.side or "long"
            for c in self.clauses
            if isinstance(c.said, EntrySaid) and c.sentence == clause.sentence
        }
        if len(near) == 1 or clause.side is not None:
            offered = {"both": "for long and short positions alike"}
            question = "This stands beside the entry of one side: is it for both?"
            self.scope.desk.choice(STATEMENT_TOPICS[type(clause.said)], question, clause.span, offered, "both")

    def _set(self, key: str, value: object, clause: Clause) -> None:
        if key in self.sections and self.sections[key] != value:
            raise Unread(f"a second {key.replace('_', ' ')} that says something else", clause.span)
        self.sections[key] = value
        self._span(f"/{'sizing' if key == 'sizing' else f'risk/{key}'}", clause)

    def _span(self, path: str, clause: Clause) -> None:
        if clause.span != (0, 0):
            self.built.spans.append((path, clause.span))

    def _account(self) -> None:
        if "no_commission" in self.notes:
            self.accounts.append(AccountSaid("commission_rate", 0.0, self.notes["no_commission"]))
        try:
            section, spans = account_section(self.accounts)
        except Unread as unread:
            start, end = unread.span
            self.built.unresolved.append(Unresolved(self.text[start:end], unread.span, unread.reason, unread.topic))
            return
        self.sections["execution"] = section
        self.built.spans += [("/execution", span) for span in spans]

    # ------------------------------------------------------------------------------------------- the document

    def _document(self) -> None:
        risk = {
            key: self.sections.get(key)
            for key in ("stop_loss", "take_profit", "trailing_stop", "break_even", "max_bars")
        }
        self.built.document = {
            "indicators": list(self.scope.declared.uses.values()),
            "entry_rules": self.entries,
            "exit_rules": self.exits,
            "risk": risk,
            "sizing": self.sections.get("sizing", {"type": "all"}),
            "execution": self.sections.get("execution", {}),
            "filters": self.filters,
        }


def verb_is_exit(said: Statement | Change) -> bool:
    return isinstance(said, ExitSaid) and said.verb == "exit"


def _both(one: Json, other: Json) -> Json:
    listed = [part for node in (one, other) for part in (node["of"] if node["type"] == "and" else [node])]
    return {"type": "and", "of": listed}
