"""Slips of the pen that only the rules together show: one condition for opposite things, an indicator nobody uses."""

from collections.abc import Mapping, Sequence

from Backtest.reader.antecedents import Story
from Backtest.reader.clause import Clause
from Backtest.reader.reading import Unresolved
from Backtest.reader.scope import Json, mentions
from Backtest.reader.statement_syntax import IndicatorsSaid
from Backtest.reader.syntax import Mention, Span


def same_conditions(
    text: str, entries: Sequence[Json], exits: Sequence[Json], spans: Mapping[str, Span]
) -> list[Unresolved]:
    """One condition for two opposite things, whatever rule 14 makes of it; `spans` are those of the rules' paths."""
    out: list[Unresolved] = []
    places = [(f"/entry_rules/{i}", rule, True) for i, rule in enumerate(entries)]
    places += [(f"/exit_rules/{i}", rule, False) for i, rule in enumerate(exits)]
    for n, (path, rule, enters) in enumerate(places):
        for _, other, entered in places[:n]:
            opposite = entered and (rule["side"] != other["side"] if enters else rule["side"] == other["side"])
            if opposite and rule["when"] is not None and rule["when"] == other["when"] and path in spans:
                span, topic = spans[path], "entry" if enters else "exit"
                reason = f"the same condition as that of the {other['side']} entry"
                out.append(Unresolved(text[slice(*span)], span, reason, topic))
    return out


_OPPOSITE = {
    **dict.fromkeys((">", ">="), frozenset({"<", "<=", "cross_below"})),
    **dict.fromkeys(("<", "<="), frozenset({">", ">=", "cross_above"})),
}


def ends_with(ended: Json, out: Json) -> bool:
    """Whether an exit is the end of what holds: "not A > B" and "A < B", or "A crosses below B"."""
    held = ended["of"] if ended["type"] == "not" else ended
    if ended["type"] != "not" or held["type"] != "compare":
        return bool(ended == out)
    said = out["op"] if out["type"] == "compare" else out["type"]
    alike = out.get("left") == held["left"] and out.get("right") == held["right"]
    return alike and said in _OPPOSITE.get(held["op"], ())


def unused_indicators(text: str, clauses: Sequence[Clause], story: Story) -> list[Unresolved]:
    """ "Use the 50-day SMA" where no rule speaks of it."""
    out: list[Unresolved] = []
    for clause in clauses:
        if not isinstance(clause.said, IndicatorsSaid) or not clause.said.promised:
            continue
        spoken = [m for c in clauses if c is not clause for m in mentions(c.said)]
        known = [m for m in (*spoken, *story.recalled) if isinstance(m, Mention)]
        if any(not any(_is_it(other, one) for other in known) for one in clause.said.mentions):
            reason = "no rule says what is done with it"
            out.append(Unresolved(text[slice(*clause.span)], clause.span, reason, "clause"))
    return out


def _is_it(other: Mention, one: Mention) -> bool:
    """Whether another mention may be this indicator: of its name, with no other length."""
    mine, theirs = ((m.numbers, m.period and m.period.count) for m in (one, other))
    return other.name in {one.name, "", "%", "CHANNEL"} and (mine == theirs or theirs == ((), None))
