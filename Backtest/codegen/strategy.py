"""The strategy class as source: what is declared in `init`, and one bar's evaluation in `next`."""

from collections.abc import Iterator

from Backtest.canonical.explain import explain
from Backtest.canonical.rules import EntryRule, ExitRule, MarketOrder
from Backtest.canonical.spec import Spec
from Backtest.codegen.columns import Columns
from Backtest.codegen.expressions import Expressions, Text, all_of, any_of
from Backtest.codegen.orders import Orders
from Backtest.codegen.protection import BOTH, LONG, SHORT, Protection
from Backtest.codegen.source_text import Names, comment, folded, number, quoted

# What `init`, `next` and the methods call by name: no rule, column or parameter may be called so.
_OWN_NAMES = """
    self np pd talib time warnings len abs any all range float int ratio highest lowest shift protective WHOLE_ACCOUNT
    COMMISSION SPREAD MARGIN unready trade best side tag signal_bar valid_bars waiting_order parts_closed tighten_stop
    cancel_waiting_order units_at_risk bars_since_exit bars_since_entry open_profit_pct entry_price may_enter close
    price size stop target closes goal volatility go_long go_short cooldown_bars max_bars
""".split()


class StrategyClass:
    """The source of one spec's class, and what the file around it must import and carry."""

    def __init__(self, spec: Spec, name: str) -> None:
        self.spec, self.name = spec, name
        names = Names(_OWN_NAMES)
        rule_ids = [*(rule.id for rule in spec.entry_rules), *(rule.id for rule in spec.exit_rules)]
        self._variables = {rule_id: names.claim(rule_id) for rule_id in rule_ids}
        self.parameters = {parameter.name: names.claim(parameter.name) for parameter in spec.parameters}
        self.columns = Columns(spec, names, self.parameters)
        self.expressions = Expressions(self.columns, self.parameters)
        self.protection = Protection(spec, self.columns, names)
        self.orders = Orders(spec, self.columns, self.expressions, self.protection, names, self._variables)
        self._sentences = {sentence.path: sentence.text for sentence in explain(spec)}
        self._partial = [rule for rule in spec.exit_rules if rule.portion < 1]

    def lines(self) -> Iterator[str]:
        """The class, line by line, without indentation of its own."""
        body = [*self._next(), "", *self._methods()]
        yield f"class {self.name}(Strategy):"
        whole = [*self._attributes(), "", *self._init(), "", *_without_trailing_blank(body)]
        yield from (row for line in _indented(whole) for row in folded(line))

    # attributes and init

    def _attributes(self) -> Iterator[str]:
        yield from comment(self.spec.description or self.spec.strategy_name, 4)
        for parameter in self.spec.parameters:
            bounds = _bounds(parameter.min, parameter.max)
            yield f"{self.parameters[parameter.name]} = {number(parameter.value)}{bounds}"
        for name, value in {**self.protection.constants, **self.orders.constants}.items():
            yield f"{name} = {number(value)}"
        if self.spec.risk.max_bars:
            yield f"max_bars = {number(self.spec.risk.max_bars)}"
        if self.spec.filters.cooldown_bars:
            yield f"cooldown_bars = {number(self.spec.filters.cooldown_bars)}"

    def _init(self) -> Iterator[str]:
        yield "def init(self):"
        body = list(self.columns.lines())
        if body:
            self.columns.functions.add("without_values")
            shown = ", ".join(f"{name}=self.{name}" for name in self.columns.attributes)
            body.append(f"self.unready = without_values({shown})")
        if self.protection.has_waiting_orders:
            body += ["self.waiting_order = None", "self.valid_bars = 0", "self.signal_bar = 0"]
        body += [f"{level.attribute} = None" for level in self.protection.fixed_at_signal]
        if self._partial:
            body.append("self.parts_closed = set()")
        yield from _indented(body or ["pass"])

    # next

    def _next(self) -> Iterator[str]:
        yield "def next(self):"
        blocks = [self._readiness(), self._housekeeping(), self._signals(), self._actions()]
        yield from _indented(_joined(list(block) for block in blocks))

    def _readiness(self) -> Iterator[str]:
        if self.columns:
            yield "if self.unready:"
            yield "    return"
        if self.orders.needs_close:
            yield "close = self.data.Close[-1]"

    def _housekeeping(self) -> Iterator[str]:
        yield from self.protection.lines()
        if self._partial:
            yield "if not self.position or self.trades[0].entry_bar == len(self.data) - 1:"
            yield "    self.parts_closed = set()"
        if self.protection.has_waiting_orders:
            yield "if len(self.data) - 1 - self.signal_bar >= self.valid_bars:"
            yield "    self.cancel_waiting_order()"

    def _signals(self) -> Iterator[str]:
        for index, exit_rule in enumerate(self.spec.exit_rules):
            yield from self._rule_lines(
                f"/exit_rules/{index}", self._variables[exit_rule.id], self.expressions.when(exit_rule.when)
            )
        limits = self._entry_limits()
        for index, entry in enumerate(self.spec.entry_rules):
            condition = self.expressions.when(entry.when) if entry.when else Text("True")
            parts = ([Text("may_enter")] if limits else []) + ([condition] if entry.when or not limits else [])
            if limits and index == 0:
                yield from limits
            yield from self._rule_lines(f"/entry_rules/{index}", self._variables[entry.id], all_of(parts))

    def _rule_lines(self, path: str, name: str, condition: Text) -> Iterator[str]:
        yield from comment(self._sentence(path), 8)
        yield from _assignment(name, condition)

    def _entry_limits(self) -> list[str]:
        """The statement that says whether entries are taken at all on this bar; empty without filters."""
        filters, parts, sentences = self.spec.filters, [], []
        if filters.weekdays:
            parts.append(self.expressions.weekday(filters.weekdays))
            sentences.append(self._sentence("/filters/weekdays"))
        if filters.hours:
            parts.append(self.expressions.session(filters.hours))
            sentences.append(self._sentence("/filters/hours"))
        if filters.when:
            parts.append(self.expressions.when(filters.when))
            sentences.append(self._sentence("/filters/when"))
        if filters.cooldown_bars:
            parts.append(Text("self.bars_since_exit() > self.cooldown_bars"))
            sentences.append(self._sentence("/filters/cooldown_bars"))
        if not parts:
            return []
        return [*comment(" ".join(s for s in sentences if s), 8), *_assignment("may_enter", all_of(parts))]

    def _sentence(self, path: str) -> str:
        """The user's own words for a part of the spec, else ours."""
        text, spans = self.spec.provenance.text, self.spec.provenance.spans
        words = [text[s.start : s.end] for s in spans if s.path == path and s.end <= len(text)] if text else []
        return " ... ".join(words) or self._sentences.get(path, "")

    # what is done about the signals

    def _actions(self) -> Iterator[str]:
        if self.protection.side == BOTH:
            yield from self._both_sides()
        else:
            yield from self._one_side(self.protection.side)

    def _one_side(self, side: str) -> Iterator[str]:
        exits = list(self._exit_branches(side, ""))
        if exits:
            yield "if self.position:"
            yield from _indented(exits)
        flag = "" if exits else "not self.position"
        yield from self._entry_branches(list(self.spec.entry_rules), {side: flag}, "elif" if exits else "if")

    def _both_sides(self) -> Iterator[str]:
        """Reversals first: an entry of the other side closes what an exit would, and both fill at the same open."""
        reversing: list[str] = []
        for side in (LONG, SHORT):
            market = [r for r in self.spec.entry_rules if r.side == side and isinstance(r.order, MarketOrder)]
            if not market:  # an order that waits is sent only while flat
                continue
            limits = [f"not self.position.is_{side}", *(f"not go_{other}" for other in reversing)]
            signals = any_of([Text(self._variables[rule.id]) for rule in market])
            yield f"go_{side} = {all_of([signals, *map(Text, limits)]).text}"
            reversing.append(side)
        word = "if"
        for side, other in ((LONG, SHORT), (SHORT, LONG)):
            exits = list(self._exit_branches(side, f"go_{other}" if other in reversing else ""))
            if exits:
                yield f"{word} self.position.is_{side}:"
                yield from _indented(exits)
                word = "elif"
        yield ""
        ordered = sorted(self.spec.entry_rules, key=lambda rule: rule.side != LONG)
        yield from self._entry_branches(ordered, {LONG: "go_long", SHORT: "go_short"}, "if")

    def _exit_branches(self, side: str, reverse: str) -> Iterator[str]:
        full = [
            Text(self._variables[rule.id]) for rule in self.spec.exit_rules if rule.side == side and rule.portion == 1
        ]
        if self.spec.risk.max_bars:
            full.append(Text("len(self.data) - self.trades[0].entry_bar >= self.max_bars"))
        full += [Text(reverse)] if reverse else []
        if full:
            yield f"if {any_of(full).text}:"
            yield "    self.position.close()"
        partial = [rule for rule in self._partial if rule.side == side]
        if len(partial) > 1 and full:
            yield "else:"
            yield from _indented(self._partial_exits(partial))
        else:
            yield from self._partial_exits(partial, "elif" if full else "if")

    def _partial_exits(self, rules: list[ExitRule], word: str = "if") -> Iterator[str]:
        if len(rules) > 1:
            yield "# Both parts are of the units open now; the one sent last is filled first."
        for rule in reversed(rules):
            yield f"{word} {self._variables[rule.id]} and {quoted(rule.id)} not in self.parts_closed:"
            yield f"    self.parts_closed.add({quoted(rule.id)})"
            yield f"    self.position.close({number(rule.portion)})"

    def _entry_branches(self, rules: list[EntryRule], flags: dict[str, str], word: str) -> Iterator[str]:
        """One branch for each group of rules that send the same order; the first true one is taken.

        `flags`: what must hold beside the rule for a market order of a side; a waiting order is sent only while flat.
        """
        for group in _groups(rules):
            signals = any_of([Text(self._variables[rule.id]) for rule in group])
            side, order = group[0].side, group[0].order
            flag = flags[side]
            if flag and not isinstance(order, MarketOrder):
                flag = "not self.position"
            alone = all(rule in group for rule in rules if rule.side == side and rule.order == order)
            parts = [Text(flag)] if flag.startswith("go_") and alone else [*([Text(flag)] if flag else []), signals]
            yield f"{word} {all_of(parts).text}:"
            yield from _indented(self.orders.send(group))
            word = "elif"

    # methods

    def _methods(self) -> Iterator[str]:
        groups = [list(self.protection.methods()), list(self.orders.methods())]
        if self.spec.filters.cooldown_bars:
            groups.append(_BARS_SINCE_EXIT.splitlines())
        for name, source in _POSITION_METHODS.items():
            if name in self.expressions.uses:
                groups.append(source.splitlines())
        for group in groups:
            if group:
                yield from _without_leading_blank(group)
                yield ""


_BARS_SINCE_EXIT = '''\
def bars_since_exit(self):
    """Bars since a position was last closed whole; a part closed of the open one doesn't count."""
    entered = self.trades[0].entry_bar if self.trades else None
    exits = (trade.exit_bar for trade in reversed(self.closed_trades) if trade.entry_bar != entered)
    return len(self.data) - 1 - next(exits, float("-inf"))'''

_POSITION_METHODS = {
    "bars_since_entry": '''\
def bars_since_entry(self, ago=0):
    """Closes since entry `ago` bars back, the entry bar's the first; NaN before it and while flat."""
    bars = len(self.data) - ago - self.trades[0].entry_bar if self.trades else 0
    return bars if bars > 0 else np.nan''',
    "open_profit_pct": '''\
def open_profit_pct(self, ago=0):
    """The gain of the close `ago` bars back over the fill in percent; NaN before the entry and while flat."""
    if not self.trades or self.trades[0].entry_bar > len(self.data) - 1 - ago:
        return np.nan
    gain = self.data.Close[-1 - ago] / self.trades[0].entry_price - 1
    return 100 * gain if self.position.is_long else -100 * gain''',
    "entry_price": '''\
def entry_price(self, ago=0):
    """The fill price, as known `ago` bars back; NaN before the entry and while flat."""
    if not self.trades or self.trades[0].entry_bar > len(self.data) - 1 - ago:
        return np.nan
    return self.trades[0].entry_price''',
}


def _groups(rules: list[EntryRule]) -> list[list[EntryRule]]:
    """Neighbouring rules of one side with the same order."""
    groups: list[list[EntryRule]] = []
    for rule in rules:
        if groups and groups[-1][0].side == rule.side and groups[-1][0].order == rule.order:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _bounds(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    return f"  # {number(low)} to {number(high)}"


def _assignment(name: str, condition: Text) -> list[str]:
    """`name = condition`, one part to a line where it would be long."""
    line = f"{name} = {condition.text}"
    if len(line) <= 92:
        return [line]
    if not condition.parts:
        return [f"{name} = (", f"    {condition.text}", ")"]
    word = {1: "or", 2: "and"}[condition.binds]
    rest = [f"    {word} {part}" for part in condition.parts[1:]]
    return [f"{name} = (", f"    {condition.parts[0]}", *rest, ")"]


def _joined(blocks: Iterator[list[str]]) -> list[str]:
    """The blocks with a blank line between."""
    lines: list[str] = []
    for block in blocks:
        if block:
            lines += ["", *block] if lines else block
    return lines


def _indented(lines: Iterator[str] | list[str]) -> Iterator[str]:
    return (f"    {line}" if line else "" for line in lines)


def _without_leading_blank(lines: list[str]) -> list[str]:
    while lines and not lines[0]:
        lines = lines[1:]
    return lines


def _without_trailing_blank(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines
