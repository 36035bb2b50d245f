"""Frames that say of a condition what is done then ("to get in I need A", "A is when I leave"), out of parse trees."""

from dataclasses import replace

from Backtest.reader.condition_trees import about, conditions, together
from Backtest.reader.exit_trees import ExitAct, exit_of
from Backtest.reader.label_trees import label_side
from Backtest.reader.operand_trees import operand
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid, Lead, SizeSaid, Statement
from Backtest.reader.statement_trees import EntryAct, Fraction, flat, lead_of
from Backtest.reader.syntax import Apart, Direction, Distance, PriceOf, Said
from Backtest.reader.trees import Misread, Parts, reads

_NOUNS = frozenset(
    "dip dips drop drops decline declines slide slides rally rallies pop pops spike spikes surge surges jump jumps "
    "breakout breakouts breakdown breakdowns recovery".split()
)


@reads("held_noun")
def _held_noun(parts: Parts) -> str:
    """ "Buy the breakout when ...": what is bought then, and no condition of its own."""
    token = parts.tokens("SETUP", "BREAK", "BREAK_DOWN", "MOVE_UP", "MOVE_DOWN")[0]
    if token.kind != "SETUP" and token.text.lower() not in _NOUNS:
        raise Misread("no noun")
    return token.text


@reads("noun_act")
def _noun_act(parts: Parts) -> EntryAct:
    return parts.all(EntryAct)[0]


@reads("awaited")
def _awaited(parts: Parts) -> Said:
    when = together(conditions(parts))
    return about(when, operand(parts)) if parts.has("TO") else when


def _owned(parts: Parts, act: EntryAct | ExitAct | None) -> Lead | None:
    """ "Use A to get in": whose A is can't be disputed."""
    return Lead(act.span[0], alone=True, owned=True) if act and parts.rule.endswith("by_use") else None


@reads("entry_needing", "entry_awaited", "entry_by_use")
def _framed_entry(parts: Parts) -> EntrySaid:
    """ "To get in I need A", "wait for A, then buy", "use A to get in"."""
    act, when = parts.one(EntryAct), together(conditions(parts))
    needed = parts.rule == "entry_needing"
    if act is None:
        return EntrySaid(label_side(parts), when, span=parts.span, needed=needed)
    lead = _owned(parts, act)
    return EntrySaid(act.side, when, size=act.size, context=act.context, span=parts.span, lead=lead, needed=needed)


@reads("exit_needing", "exit_awaited", "exit_by_use")
def _framed_exit(parts: Parts) -> tuple[Statement, ...]:
    act, lead = parts.one(ExitAct), _owned(parts, parts.one(ExitAct))
    verb = act.verb if act else {"long": "sell", "short": "cover", None: "exit"}[label_side(parts)]
    said = exit_of(parts, verb, act.portion if act else None)
    return tuple(replace(one, lead=lead) if isinstance(one, ExitSaid) else one for one in said)


@reads("labelled_pair")
def _labelled_pair(parts: Parts) -> tuple[Statement, ...]:
    """ "A is my buy and B my sell"."""
    return flat(parts.items)


@reads("exit_sold")
def _exit_sold(parts: Parts) -> ExitSaid:
    """ "Any close below the band is sold"."""
    words = parts.tokens("CLOSED")[0].text.lower().split()
    if words[-1] not in {"sold", "covered"}:
        raise Misread("what is closed")
    verb = "sell" if words[-1] == "sold" else "cover"
    return ExitSaid(verb, together(conditions(parts)), span=parts.span)


_PUT_IN = ("put", "invest", "commit", "throw", "bet", "stake", "allocate", "deploy", "spend", "place", "devote")


@reads("placed_act")
def _placed_act(parts: Parts) -> SizeSaid:
    """ "Put 40% of equity into a trade": a word of use alone may only tell how large trades are."""
    verb = parts.tokens("PLACE", "USEV")[0].text.lower()
    if not any(word in _PUT_IN for word in verb.split()):
        raise Misread("the size of trades that another rule enters")
    return parts.all(SizeSaid)[0]


@reads("entry_placed")
def _entry_placed(parts: Parts) -> EntrySaid:
    size = parts.all(SizeSaid)[0]
    when = together(conditions(parts))
    return EntrySaid(None, when, size=size, span=parts.span, lead=lead_of(parts, size, size.span), by_size=True)


@reads("trimmed")
def _trimmed(parts: Parts) -> ExitAct:
    """ "Trim the position by a third": a part of it is closed."""
    fraction = parts.one(Fraction)
    if fraction is None and not parts.has("HALF_OFF", "HALVE"):
        raise Misread("how much")
    portion = fraction.value if fraction is not None else 0.5
    if portion >= 1:
        raise Misread("all of it")
    return ExitAct("exit", portion, parts.span, of_position=True)


@reads("fraction_goes")
def _fraction_goes(parts: Parts) -> ExitAct:
    """ "Half goes when ...", "half off when ..."."""
    moves = parts.tokens("MOVE")
    if moves and moves[0].text.lower() not in {"goes", "go"}:
        raise Misread("what moves")
    return ExitAct("exit", parts.all(Fraction)[0].value, parts.span, of_position=True)


@reads("apart_of_close")
def _apart_of_close(parts: Parts) -> Apart:
    """ "A limit 2% lower": than the close of the signal bar."""
    side: Direction = "down" if parts.has("BELOW", "LOWER") else "up"
    return Apart(parts.all(Distance)[0], side, PriceOf("Close", span=parts.span), parts.span)
