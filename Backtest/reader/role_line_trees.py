"""Lines of one rule, and what stays the same, said by a later sentence, out of its parse trees."""

from Backtest.reader.edit_syntax import Keep
from Backtest.reader.edit_trees import REMOVED, count_of, rule_named
from Backtest.reader.exchange_syntax import KeptLength, NewLineOfRule
from Backtest.reader.operands import AVERAGES
from Backtest.reader.syntax import Mention
from Backtest.reader.trees import Misread, Parts, reads


@reads("edit_line_for_rule")
def _line_for_rule(parts: Parts) -> NewLineOfRule:
    """ "Use the 30-day EMA for the exit"."""
    new = parts.all(Mention)[0]
    if (new.period is None and not new.numbers) or new.pace or new.name not in AVERAGES or new.column is not None:
        raise Misread("an average with its length")
    return NewLineOfRule(new, rule_named(parts)[0], parts.span)


@reads("edit_kept_length")
def _kept_length(parts: Parts) -> KeptLength:
    """ "Keep the 20 for the entry"."""
    if parts.tokens("PLACE")[0].text.lower() not in {"keep", "leave"}:
        raise Misread("nothing is kept")
    return KeptLength(count_of(parts.tokens("NUMBER", "PERIOD")[0]), rule_named(parts)[0], parts.span)


@reads("edit_keep_same")
def _keep_same(parts: Parts) -> tuple[Keep, ...]:
    """ "Same stop and target": beside what else is said, they stay."""
    return tuple(Keep(REMOVED.get(token.kind, "trail"), parts.span) for token in parts.tokens(*REMOVED, "TRAIL"))
