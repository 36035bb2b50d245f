"""Entries whose condition is told otherwise: after something else, behind its verb, as a list; out of parse trees."""

from dataclasses import replace

from Backtest.reader.condition_trees import about, conditions, together
from Backtest.reader.operand_trees import operand, the_period
from Backtest.reader.statement_syntax import EntrySaid
from Backtest.reader.statement_trees import EntryAct, lead_of
from Backtest.reader.syntax import All, Earlier, Following, Otherwise
from Backtest.reader.time_trees import After, at_any_time
from Backtest.reader.trees import Misread, Parts, reads


@reads("entry_after")
def _entry_after(parts: Parts) -> EntrySaid:
    act, after = parts.all(EntryAct)[0], parts.all(After)[0]
    when = Following(at_any_time(after.of), together(conditions(parts)), the_period(parts), parts.span)
    return EntrySaid(act.side, when, size=act.size, context=act.context, span=parts.span)


@reads("entry_after_wait")
def _entry_after_wait(parts: Parts) -> EntrySaid:
    """ "Wait for RSI to fall below 30, then buy once ... within 8 bars"."""
    act, (first, then) = parts.all(EntryAct)[0], conditions(parts)
    awaited = at_any_time(about(first, operand(parts)))
    when = Following(awaited, then, the_period(parts), parts.span)
    return EntrySaid(act.side, when, size=act.size, context=act.context, span=parts.span)


_CLAUSES = ("i ", "we ", "i'm ", "we're ", "they ")


def check_clause(act: str) -> None:
    """Raises Misread where "A and buy" may be the end of a list: a clause of its own has a verb with its subject."""
    if not act.replace("’", "'").startswith(_CLAUSES):
        raise Misread("whose condition")


@reads("entry_otherwise")
def _entry_otherwise(parts: Parts) -> EntrySaid:
    """ "Long while A, otherwise short": the other side, when the entry of this one does not hold."""
    act = parts.all(EntryAct)[0]
    if act.side is None:
        raise Misread("which side")
    return EntrySaid(act.side, Otherwise(parts.span), size=act.size, context=act.context, span=parts.span)


@reads("entry_and")
def _entry_and(parts: Parts) -> EntrySaid:
    """ "The histogram turns positive and I'm in"."""
    act = parts.all(EntryAct)[0]
    check_clause(act.words)
    return EntrySaid(
        act.side,
        together(conditions(parts)),
        size=act.size,
        context=act.context,
        span=parts.span,
        lead=lead_of(parts, act, act.span),
    )


@reads("entry_restated")
def _entry_restated(parts: Parts) -> EntrySaid:
    """ "I buy strength: GOOG is up 8% over 10 bars, I go long"."""
    act, said = parts.all(EntryAct)[0], parts.all(EntrySaid)[0]
    if said.side not in {None, act.side} or act.size is not None:
        raise Misread("two entries")
    return replace(said, span=parts.span)


@reads("entry_later")
def _entry_later(parts: Parts) -> EntrySaid:
    """ "Buy 2 bars after a hammer": what happened so long ago."""
    act, ago = parts.all(EntryAct)[0], the_period(parts)
    first, *others = conditions(parts)
    if others:
        raise Misread("what else holds then or now")
    return EntrySaid(
        act.side, Earlier(at_any_time(first), ago, parts.span), size=act.size, context=act.context, span=parts.span
    )


@reads("entry_of_list")
def _entry_of_list(parts: Parts) -> EntrySaid:
    """ "Buy the dip: A, B, C": all of these."""
    act = parts.all(EntryAct)[0]
    return EntrySaid(act.side, All(conditions(parts)), size=act.size, context=act.context, span=parts.span)
