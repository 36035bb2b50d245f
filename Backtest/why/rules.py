"""What became of each rule on a bar: acted on, false, undefined, barred, or set aside for something else."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from Backtest.canonical.operand_phrases import bars_text
from Backtest.canonical.rules import EntryRule, ExitRule, MarketOrder, Side
from Backtest.kernel.interpreter.broker import Trade
from Backtest.kernel.interpreter.conditions import Reader, in_session
from Backtest.kernel.interpreter.operands import Holding
from Backtest.kernel.interpreter.trader import Trader
from Backtest.why.bar_story import FilterStory, Outcome, RuleKind, RuleStory, Words
from Backtest.why.verdicts import Judge, Verdict
from Backtest.why.wording import because


@dataclass(frozen=True)
class Decisions:
    """The state in which a bar's rules are judged: after its fills, before anything is sent.

    `trade` is the open one, `done` its partial exits so far, `last_exit` the bar in which a position was last left.
    `times` are the stamps of the frame's bars, `sentences` say the spec by its places.
    """

    trader: Trader
    trade: Trade | None
    done: frozenset[str]
    last_exit: int | None
    times: list[str]
    sentences: Mapping[str, str]

    @classmethod
    def before(cls, trader: Trader, times: list[str], sentences: Mapping[str, str]) -> "Decisions":
        trades = trader.broker.trades
        trade = trades[0] if trades else None
        is_new = trade is not None and trade.entry_bar == trader.bar
        done = frozenset() if is_new else frozenset(trader.done)
        return cls(trader, trade, done, trader.last_exit_bar(), times, sentences)

    @property
    def side(self) -> Side | None:
        if self.trade is None:
            return None
        return "long" if self.trade.is_long else "short"

    def filters(self) -> tuple[FilterStory, ...]:
        """Each filter of entries, whether or not a rule asked for one."""
        chart, bar, filters = self.trader.chart, self.trader.bar, self.trader.chart.spec.filters
        told: list[tuple[str, bool | None, str, Verdict | None]] = []
        if filters.weekdays is not None:
            day = chart.weekdays[bar]
            told.append(("/filters/weekdays", day in filters.weekdays, f"the bar is of {day.capitalize()}", None))
        if filters.hours is not None:
            clock = chart.clock[bar]
            told.append(("/filters/hours", in_session(filters.hours, clock), f"the bar is stamped {clock}", None))
        if filters.when is not None:
            verdict = Judge(Reader(chart, None), bar).verdict(filters.when)
            told.append(("/filters/when", verdict.truth, "", verdict))
        if filters.cooldown_bars:
            told.append(("/filters/cooldown_bars", *self._cooldown(filters.cooldown_bars), None))
        return tuple(
            FilterStory(path, self.sentences[path], passed, reason, verdict) for path, passed, reason, verdict in told
        )

    def _cooldown(self, bars: int) -> tuple[bool, str]:
        if self.last_exit is None:
            return True, "no position was left before"
        since = self.trader.bar - self.last_exit
        passed = since > bars
        when = f"the last position was left on {self.times[self.last_exit]}, {bars_text(since)} before"
        return passed, when if passed else f"{when}: entries are taken again {bars_text(bars - since + 1)} later"

    def rules(self, sent: Set[str], reported: Sequence[str]) -> tuple[RuleStory, ...]:
        """What became of each rule, once the bar's orders were sent: those of the entry rules in `sent`."""
        reports = {text.partition(": ")[0]: text.partition(": ")[2] for text in reported}
        barred = [each for each in self.filters() if each.passed is not True]
        judged = self._judged_entries()
        pick = self._pick(judged, bool(barred))
        entries = [self._entry(rule, verdict, pick, barred, sent, reports) for rule, verdict in judged]
        reverses = pick is not None and self.trade is not None
        return (*entries, *self._exits(pick if reverses else None), *self._time_exit(pick if reverses else None))

    # entries

    def _judged_entries(self) -> list[tuple[EntryRule, Verdict | None]]:
        judge = Judge(Reader(self.trader.chart, None), self.trader.bar)
        rules = self.trader.chart.spec.entry_rules
        return [(rule, None if rule.when is None else judge.verdict(rule.when)) for rule in rules]

    def _pick(self, judged: list[tuple[EntryRule, Verdict | None]], is_barred: bool) -> EntryRule | None:
        """The rule whose order is sent, if one can be: in a position only the other side's, at the market."""
        if is_barred:
            return None
        true = [rule for rule, verdict in judged if verdict is None or verdict.truth is True]
        if self.side is not None:
            return next((r for r in true if r.side != self.side and isinstance(r.order, MarketOrder)), None)
        return next((rule for side in ("long", "short") for rule in true if rule.side == side), None)

    def _entry(
        self,
        rule: EntryRule,
        verdict: Verdict | None,
        pick: EntryRule | None,
        barred: list[FilterStory],
        sent: Set[str],
        reports: dict[str, str],
    ) -> RuleStory:
        outcome: Outcome
        if verdict is not None and verdict.truth is not True:
            outcome, reason = ("undefined" if verdict.truth is None else "not_true"), ""
        elif self.side == rule.side:
            outcome, reason = "set_aside", f"a {rule.side} position was open already (convention 13)"
        elif barred:
            outcome, reason = "barred", "; ".join(_barring(each) for each in barred)
        elif self.side is not None and not isinstance(rule.order, MarketOrder):
            outcome, reason = "set_aside", f"a {rule.order.type} order is sent only while flat (convention 23)"
        elif pick is not None and rule.id != pick.id:
            outcome, reason = "set_aside", _preferred(pick, rule)
        elif rule.id in sent:
            outcome, reason = "acted", "its order was sent"
        else:
            outcome, reason = "no_order", reports.get(rule.id, "there was nothing to send")
            if self.trade is not None:
                reason += "; the open position was closed all the same (convention 13)"
        return self._story(rule, outcome, reason, verdict)

    # exits

    def _exits(self, reversal: EntryRule | None) -> list[RuleStory]:
        return [self._exit(rule, reversal) for rule in self.trader.chart.spec.exit_rules]

    def _exit(self, rule: ExitRule, reversal: EntryRule | None) -> RuleStory:
        if self.trade is None or rule.side != self.side:
            return self._story(rule, "not_concerned", f"no {rule.side} position was open", None)
        verdict = Judge(Reader(self.trader.chart, self._holding(self.trade)), self.trader.bar).verdict(rule.when)
        outcome: Outcome
        if verdict.truth is not True:
            outcome, reason = ("undefined" if verdict.truth is None else "not_true"), ""
        elif reversal is not None:
            outcome, reason = "set_aside", f"{reversal.id} closes the position and opens the other side (convention 13)"
        elif self._leaving() not in (None, rule.id):
            outcome, reason = "set_aside", f"{self._leaving()} closed the whole position on this bar"
        elif rule.portion < 1 and rule.id in self.done:
            outcome, reason = "set_aside", "it has closed its part of this position already (convention 22)"
        else:
            outcome, reason = "acted", "the exit was sent"
        return self._story(rule, outcome, reason, verdict)

    def _leaving(self) -> str | None:
        """What closes the whole position on this bar, if no entry reverses it: the first such rule that is true."""
        if self.trade is None:
            return None
        reader = Reader(self.trader.chart, self._holding(self.trade))
        whole = [r for r in self.trader.chart.spec.exit_rules if r.side == self.side and r.portion == 1]
        true = (rule.id for rule in whole if reader.truth(rule.when, self.trader.bar) is True)
        return next(true, "max_bars" if self._is_over() else None)

    def _is_over(self) -> bool:
        most = self.trader.chart.spec.risk.max_bars
        return most is not None and self.trade is not None and self._held() >= most

    def _held(self) -> int:
        return 0 if self.trade is None else self.trader.bar - self.trade.entry_bar + 1

    def _time_exit(self, reversal: EntryRule | None) -> list[RuleStory]:
        most, path = self.trader.chart.spec.risk.max_bars, "/risk/max_bars"
        if most is None:
            return []
        outcome: Outcome
        if self.trade is None:
            outcome, reason = "not_concerned", "no position was open"
        elif not self._is_over():
            outcome, reason = "not_true", f"the position was held for {bars_text(self._held())} of {most:,}"
        elif reversal is not None:
            outcome, reason = "set_aside", f"{reversal.id} closes the position and opens the other side (convention 13)"
        elif self._leaving() != "max_bars":
            outcome, reason = "set_aside", f"{self._leaving()} closed the whole position on this bar"
        else:
            outcome, reason = "acted", f"the position was held for {bars_text(self._held())}: the exit was sent"
        return [self._told("max_bars", "time_exit", self.side, path, outcome, reason, None)]

    # what is told

    def _holding(self, trade: Trade) -> Holding:
        return Holding(1 if trade.is_long else -1, trade.entry_bar, trade.entry_price)

    def _story(self, rule: EntryRule | ExitRule, outcome: Outcome, reason: str, verdict: Verdict | None) -> RuleStory:
        spec = self.trader.chart.spec
        if isinstance(rule, EntryRule):
            path = f"/entry_rules/{spec.entry_rules.index(rule)}"
            return self._told(rule.id, "entry", rule.side, path, outcome, reason, verdict)
        path = f"/exit_rules/{spec.exit_rules.index(rule)}"
        return self._told(rule.id, "exit", rule.side, path, outcome, reason, verdict)

    def _told(
        self,
        name: str,
        kind: RuleKind,
        side: Side | None,
        path: str,
        outcome: Outcome,
        reason: str,
        verdict: Verdict | None,
    ) -> RuleStory:
        provenance = self.trader.chart.spec.provenance
        text = provenance.text or ""
        words = tuple(
            Words(text[span.start : span.end], span.start, span.end)
            for span in provenance.spans
            if span.path == path and span.end <= len(text)
        )
        sentence = self.sentences[path]
        return RuleStory(name, kind, side, path, sentence, words, outcome, reason, verdict)


def _barring(each: FilterStory) -> str:
    sentence = each.sentence.rstrip(".")
    if each.reason:
        return f"{sentence}: {each.reason}"
    return sentence if each.verdict is None else f"{sentence}: {because(each.verdict)}"


def _preferred(pick: EntryRule, rule: EntryRule) -> str:
    if pick.side == rule.side:
        return f"{pick.id} was true as well and stands before it (convention 15)"
    return f"{pick.id} was true as well, and the long goes first (convention 14)"
