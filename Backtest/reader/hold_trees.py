"""How long a position is held, out of parse trees."""

import re

from Backtest.reader.exit_trees import ExitAct
from Backtest.reader.lexicon import UNIT_WORDS
from Backtest.reader.operand_trees import the_period
from Backtest.reader.statement_syntax import HoldSaid
from Backtest.reader.statement_trees import Held
from Backtest.reader.syntax import Period
from Backtest.reader.trees import Misread, Parts, reads


@reads("held")
def _held(parts: Parts) -> Held:
    nth = parts.value("ORDINAL", "NUMBER")
    if nth is not None:  # "at the close of the third day": rule 20 counts the closes since the entry
        unit = UNIT_WORDS[parts.tokens("UNIT")[0].text.lower()]
        return Held(Period(nth, unit), latest=False)
    return Held(the_period(parts), parts.has("LATEST"))


@reads("held_closes")
def _held_closes(parts: Parts) -> Held:
    """ "At the 12th close since entry" (rule 20)."""
    return Held(Period(parts.value("ORDINAL") or 0.0, "bar"), latest=False)


@reads("next_day")
def _next_day(parts: Parts) -> Held:
    """ "Sell next day": held for one bar; a day that a condition goes before is only the next open, and is not read."""
    return Held(Period(1, "day"), latest=False)


@reads("exit_held")
def _exit_held(parts: Parts) -> Held:
    return parts.all(Held)[0]


@reads("exit_held_only", "exit_held_passive")
def _exit_held_only(parts: Parts) -> HoldSaid:
    """ "If it is still open after 30 days I sell": a time exit, whatever else may have closed it before."""
    if any(act.portion is not None for act in parts.all(ExitAct)):
        raise Misread("a part of the position can't wait for a time")
    return HoldSaid(parts.all(Held)[0].period, parts.span)


@reads("hold_until_nth")
def _hold_until_nth(parts: Parts) -> HoldSaid:
    """ "No later than the 20th bar"."""
    unit = UNIT_WORDS[parts.tokens("UNIT")[0].text.lower()]
    return HoldSaid(Period(parts.value("ORDINAL") or 0.0, unit), parts.span)


_GIVEN = re.compile(r"(?:i |we )?giv|\b(?:trades?|positions?)\b")


@reads("hold_given")
def _hold_given(parts: Parts) -> HoldSaid:
    """ "Trades get 15 bars"."""
    if _GIVEN.search(parts.tokens("PLACE")[0].text.lower()) is None:
        raise Misread("what is given so long")
    return HoldSaid(the_period(parts), parts.span)


@reads("hold_and_leave", "exit_within")
def _hold_and_leave(parts: Parts) -> HoldSaid:
    """ "After 10 bars close it"."""
    act = parts.all(ExitAct)[0]
    if act.portion is not None or (act.verb == "cover" and not parts.has("HOLD")):
        raise Misread("a part of the position, or that of one side")
    return HoldSaid(the_period(parts), parts.span)


@reads("hold", "hold_over")
def _hold(parts: Parts) -> HoldSaid:
    return HoldSaid(the_period(parts), parts.span)
