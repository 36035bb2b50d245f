"""Labels out of parse trees: the roles and sides that they give to what stands behind them."""

from dataclasses import replace

from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.lexicon import Token
from Backtest.reader.statement_syntax import (
    EntrySaid,
    FilterSaid,
    Lead,
    ListSaid,
    Statement,
)
from Backtest.reader.statement_trees import EntryAct, flat
from Backtest.reader.syntax import (
    Side,
)
from Backtest.reader.trees import Misread, Parts, reads


def label_side(parts: Parts) -> Side | None:
    if parts.has("L_SHORT_ENTRY", "SHORT", "L_SHORT_EXIT", "COVER"):
        return "short"
    long = parts.has("L_LONG_ENTRY", "LONG", "BUY", "L_LONG_EXIT", "SELL")
    words = {word for token in parts.tokens("L_ENTRY", "L_EXIT") for word in token.text.lower().split()}
    closed = {word for token in parts.tokens("EXIT") for word in token.text.lower().split()}
    return "long" if long or words & {"buy", "sell"} or closed & {"long", "longs"} else None


@reads("entry_label", "exit_label", "filter_label")
def _label(parts: Parts) -> ListSaid:
    role = {"entry_label": "entry", "exit_label": "exit", "filter_label": "filter"}[parts.rule]
    return ListSaid(role, label_side(parts), span=parts.span)


@reads("labelled_entry", "terse_entry")
def _labelled_entry(parts: Parts) -> EntrySaid:
    label = parts.one(ListSaid)
    side = label.side if label is not None else label_side(parts)
    return EntrySaid(side, together(conditions(parts)), span=parts.span, lead=owned_lead(parts))


def owned_lead(parts: Parts) -> Lead | None:
    """ "A is my buy": whose A is can't be disputed."""
    verb = parts.token("IS")
    first = parts.items[0]
    return Lead(verb.start, alone=True, owned=True) if verb and not isinstance(first, Token | ListSaid) else None


@reads("labelled_act")
def _labelled_act(parts: Parts) -> EntrySaid:
    """ "Entry: long", of which another label says when."""
    label = parts.one(ListSaid)
    side: Side = "short" if parts.has("SHORT") else "long"
    if label is None or label.side not in {None, side}:
        raise Misread("two sides")
    return EntrySaid(side, None, span=parts.span)


@reads("label_mirror")
def _label_mirror(parts: Parts) -> tuple[Statement, ...]:
    """ "The same for shorts, mirrored: short when ...": the rules behind the label say all of it."""
    said = flat(parts.items)
    if not all(isinstance(one, EntrySaid) and one.side == "short" for one in said):
        raise Misread("the other side is not said")
    return said


@reads("item_entry")
def _item_entry(parts: Parts) -> tuple[Statement, ...]:
    """ "buy" behind the items of a list, which say when."""
    act = parts.all(EntryAct)[0]
    return (EntrySaid(act.side, None, size=act.size, context=act.context, span=parts.span),)


@reads("labelled_setup")
def _labelled_setup(parts: Parts) -> FilterSaid:
    """ "Setup: ...": what must hold for the entry, or the entry where there is no other."""
    return FilterSaid(together(conditions(parts)), span=parts.span, setup=True)


@reads("head_setup")
def _head_setup(parts: Parts) -> ListSaid:
    return ListSaid("setup", span=parts.span)


@reads("labelled_filter")
def _labelled_filter(parts: Parts) -> FilterSaid:
    return FilterSaid(together(conditions(parts)), span=parts.span)


@reads("head_entry", "head_exit")
def _head(parts: Parts) -> ListSaid:
    label = parts.one(ListSaid) or ListSaid("exit")
    joined = "and" if parts.has("ALL_OF") else "or" if parts.has("ANY_OF") else None
    return replace(label, joined=joined, span=parts.span)


@reads("head_required")
def _head_required(parts: Parts) -> ListSaid:
    """ "Entry requires all of:"."""
    if "entry" not in parts.tokens("REQUIRE")[0].text.lower().split():
        raise Misread("for entries or for exits")
    return ListSaid("entry", joined="and", span=parts.span)


@reads("head_entry_of")
def _head_entry_of(parts: Parts) -> ListSaid:
    """ "Checklist (long):"."""
    label, side = parts.one(ListSaid), label_side(parts)
    if label is None or label.side not in {None, side}:
        raise Misread("two sides")
    return replace(label, side=side, span=parts.span)


@reads("head_filter")
def _head_filter(parts: Parts) -> ListSaid:
    return ListSaid("filter", span=parts.span)


@reads("head_rules")
def _head_rules(parts: Parts) -> ListSaid:
    return ListSaid("rules", span=parts.span)
