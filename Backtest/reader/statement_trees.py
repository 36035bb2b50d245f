"""Statements out of parse trees: entries, exits, sizes, accounts, filters, pauses, labels."""

from dataclasses import dataclass, replace

from Backtest.reader.condition_trees import SAID, conditions, together
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import OPERANDS, Chart, period_of, the_period
from Backtest.reader.syntax import (
    AccountSaid,
    AnyOf,
    BareCondition,
    BodySaid,
    BreakEvenSaid,
    CandleSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    ListSaid,
    NoteSaid,
    OperandSaid,
    OrderSaid,
    Period,
    ProfitSaid,
    Said,
    Side,
    SizeSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.trees import Misread, Parts, reads

STATEMENTS = (
    EntrySaid,
    ExitSaid,
    BareCondition,
    FilterSaid,
    SizeSaid,
    StopSaid,
    TargetSaid,
    TrailSaid,
    BreakEvenSaid,
    HoldSaid,
    CooldownSaid,
    AccountSaid,
    ContextSaid,
    NoteSaid,
    ListSaid,
)


@dataclass(frozen=True, slots=True)
class EntryAct:
    side: Side | None
    size: SizeSaid | None
    context: tuple[ContextSaid, ...]


@dataclass(frozen=True, slots=True)
class ExitAct:
    verb: str
    portion: float | None


@dataclass(frozen=True, slots=True)
class Held:
    period: Period
    latest: bool


@dataclass(frozen=True, slots=True)
class Validity:
    period: Period | None
    gtc: bool


@dataclass(frozen=True, slots=True)
class Fraction:
    value: float


def _flat(items: tuple[object, ...]) -> tuple[Statement, ...]:
    out: list[Statement] = []
    for item in items:
        if isinstance(item, tuple):
            out.extend(_flat(item))
        elif isinstance(item, STATEMENTS):
            out.append(item)
    return tuple(out)


@reads("sentence", "led", "label_before")
def _sentence(parts: Parts) -> tuple[Statement, ...]:
    contexts = tuple(instrument(token) for token in parts.tokens("TICKER"))
    return (*contexts, *_flat(parts.items))


@reads("item")
def _item(parts: Parts) -> tuple[Statement, ...]:
    held = parts.one(Held)
    if held is not None:
        return (HoldSaid(held.period, parts.span),)
    return (BareCondition(together(conditions(parts)), parts.span),)


@reads("heading")
def _heading(parts: Parts) -> tuple[Statement, ...]:
    return _flat(parts.items)


# ------------------------------------------------------------------------------------------------ entries


def instrument(token: Token) -> ContextSaid:
    return ContextSaid("instrument", str(token.value), (token.start, token.end))


@reads("entry_act")
def _entry_act(parts: Parts) -> EntryAct:
    side: Side | None = "short" if parts.has("SHORT") else "long" if parts.has("BUY", "LONG") else None
    if parts.has("SHORT") and parts.has("BUY", "LONG"):
        raise Misread("long and short at once")
    sizes = parts.all(SizeSaid)
    charts = tuple(ContextSaid("timeframe", chart.timeframe, parts.span) for chart in parts.all(Chart))
    if len(sizes) > 1:
        raise Misread("two sizes")
    contexts = (*(instrument(token) for token in parts.tokens("TICKER")), *charts)
    return EntryAct(side, sizes[0] if sizes else None, contexts)


@reads("order_act")
def _order_act(parts: Parts) -> tuple[OrderSaid, Side | None, SizeSaid | None]:
    kind = "limit" if parts.has("BUY_LIMIT", "SELL_LIMIT", "LIMIT_ORDER") else "stop"
    act = parts.one(EntryAct)
    side: Side | None = act.side if act else "long" if parts.has("BUY_LIMIT", "BUY_STOP", "BUY") else None
    if parts.has("SELL_LIMIT", "SELL_STOP"):
        opening = parts.tokens("SELL_LIMIT", "SELL_STOP")[0].text.lower()
        if "short" not in opening:
            raise Misread("a sell order may close or open")
        side = "short"
    prices: tuple[OperandSaid, ...] = parts.all(*OPERANDS)
    size = parts.one(SizeSaid) or (act.size if act else None)
    return OrderSaid(kind, prices[0]), side, size


@reads("validity")
def _validity(parts: Parts) -> Validity:
    return Validity(period_of(parts.token("PERIOD")), parts.has("GTC"))


@reads("entry")
def _entry(parts: Parts) -> EntrySaid:
    said = conditions(parts)
    when = together(said) if said else None
    act = parts.one(EntryAct)
    if act is not None:
        _check_chart(parts, act)
        _check_order_of_days(parts)
        return EntrySaid(act.side, when, size=act.size, context=act.context, span=parts.span)
    order, side, size = parts.all(tuple)[0]
    validities = parts.all(Validity)
    if len(validities) > 1:
        raise Misread("two validities")
    if validities:
        order = replace(order, valid=validities[0].period, gtc=validities[0].gtc)
    return EntrySaid(side, when, order, size, span=parts.span)


def _check_chart(parts: Parts, act: EntryAct) -> None:
    """ "buy on a daily hammer": the word is of the pattern, not of the chart that is traded."""
    position = parts.items.index(act)
    following = parts.items[position + 1] if position + 1 < len(parts.items) else None
    if isinstance(following, SAID) and any(one.kind == "timeframe" for one in act.context):
        raise Misread("a pattern of another chart")


def _check_order_of_days(parts: Parts) -> None:
    """ "on a green day after a red day" are two bars: one bar can't be both."""
    after = next((i for i, item in enumerate(parts.items) if isinstance(item, Token) and item.kind == "AFTER"), None)
    if after is None:
        return
    before, then = parts.items[:after], parts.items[after:]
    if any(isinstance(i, BodySaid | CandleSaid) for i in before) and any(
        isinstance(i, BodySaid | CandleSaid) for i in then
    ):
        raise Misread("one bar after another")


# -------------------------------------------------------------------------------------------------- exits


@reads("portion")
def _portion(parts: Parts) -> Fraction:
    fraction = parts.one(Fraction)
    percent = parts.value("PERCENT")
    if percent is not None and not 0 < percent <= 100:
        raise Misread("a portion up to 100 %")
    return fraction or Fraction(1.0 if percent is None else percent / 100)


@reads("exit_act", "exit_act0")
def _exit_act(parts: Parts) -> ExitAct:
    token = parts.tokens("SELL", "EXIT", "CLOSE", "COVER", "PLACE")[0]
    verb = {"SELL": "sell", "COVER": "cover"}.get(token.kind, "exit")
    words = token.text.lower().split()
    if parts.has("SHORT") or "short" in words:
        verb = "cover"
    elif parts.has("LONG") or "long" in words or "longs" in words:
        verb = "sell"
    fraction = parts.one(Fraction)
    portion = fraction.value if fraction and fraction.value < 1 else None
    return ExitAct(verb, portion)


@reads("held")
def _held(parts: Parts) -> Held:
    return Held(the_period(parts), parts.has("LATEST"))


@reads("exit_more")
def _exit_more(parts: Parts) -> object:
    held = parts.one(Held)
    if held is not None:
        if parts.has("AND") and not held.latest:
            raise Misread("and after a while")
        return held
    if parts.has("AND"):
        raise Misread("a second exit joined by and")
    return together(conditions(parts))


@reads("exit_level")
def _exit_level(parts: Parts) -> StopSaid | TargetSaid:
    said: StopSaid | TargetSaid | None = parts.one(StopSaid) or parts.one(TargetSaid)
    if said is None:
        raise Misread("an exit at a level")
    return said


@reads("exit_first")
def _exit_first(parts: Parts) -> object:
    held = parts.one(Held)
    return held if held is not None else together(conditions(parts))


def _exit_of(parts: Parts, verb: str, portion: float | None) -> tuple[Statement, ...]:
    """An exit rule, and a time exit beside it where one is said. A part of the position can't wait for a time."""
    said, held = conditions(parts), parts.all(Held)
    if len(held) > 1 or (held and portion is not None):
        raise Misread("two time exits")
    out: list[Statement] = []
    if said:
        out.append(ExitSaid(verb, said[0] if len(said) == 1 else AnyOf(said), portion=portion, span=parts.span))
    out += parts.all(StopSaid, TargetSaid, BreakEvenSaid)
    if held:
        out.append(HoldSaid(held[0].period, parts.span))
    return tuple(out)


@reads("exit")
def _exit(parts: Parts) -> tuple[Statement, ...]:
    act = parts.all(ExitAct)[0]
    leads = _before_act(parts)
    if leads and len(conditions(parts)) > len(leads):
        raise Misread("conditions before and after an exit")
    return _exit_of(parts, act.verb, act.portion)


def _before_act(parts: Parts) -> tuple[Said, ...]:
    position = next(i for i, item in enumerate(parts.items) if isinstance(item, ExitAct))
    return tuple(item for item in parts.items[:position] if isinstance(item, SAID))


@reads("rest")
def _rest(parts: Parts) -> tuple[Statement, ...]:
    act = parts.one(ExitAct)
    verb = act.verb if act else "rest"
    return tuple(
        replace(s, verb=verb) if isinstance(s, ExitSaid) else s
        for s in _exit_of(parts, verb, 0.0 if not parts.all(Held) else None)
    )


@reads("exit_risk")
def _exit_risk(parts: Parts) -> tuple[Statement, ...]:
    act = parts.all(ExitAct)[0]
    if act.portion is not None:
        raise Misread("a part closed inside the bar")
    return _flat(parts.items)


@reads("stop_on_close")
def _stop_on_close(parts: Parts) -> ExitSaid:
    """A stop that only looks at closes is an exit rule: out once the open loss is that large."""
    stop = parts.all(StopSaid)[0]
    if stop.distance is None or stop.distance.kind != "percent" or stop.direction is not None:
        raise Misread("a loss in percent is wanted")
    return ExitSaid("exit", ProfitSaid("down", stop.distance.value, span=parts.span), span=parts.span)


@reads("stop_and_target")
def _stop_and_target(parts: Parts) -> tuple[Statement, ...]:
    return _flat(parts.items)


@reads("hold_until")
def _hold_until(parts: Parts) -> ExitSaid:
    return ExitSaid("exit", together(conditions(parts)), span=parts.span)


@reads("hold")
def _hold(parts: Parts) -> HoldSaid:
    return HoldSaid(the_period(parts), parts.span)


# -------------------------------------------------------------------------------------------------- labels


def _label_side(parts: Parts) -> Side | None:
    if parts.has("L_SHORT_ENTRY", "SHORT", "L_SHORT_EXIT", "COVER"):
        return "short"
    long = parts.has("L_LONG_ENTRY", "LONG", "BUY", "L_LONG_EXIT", "SELL")
    words = {word for token in parts.tokens("L_ENTRY", "L_EXIT") for word in token.text.lower().split()}
    return "long" if long or words & {"buy", "sell"} else None


@reads("entry_label", "exit_label", "filter_label")
def _label(parts: Parts) -> ListSaid:
    role = {"entry_label": "entry", "exit_label": "exit", "filter_label": "filter"}[parts.rule]
    return ListSaid(role, _label_side(parts), span=parts.span)


@reads("labelled_entry")
def _labelled_entry(parts: Parts) -> EntrySaid:
    label = parts.all(ListSaid)[0]
    return EntrySaid(label.side, together(conditions(parts)), span=parts.span)


@reads("labelled_exit")
def _labelled_exit(parts: Parts) -> tuple[Statement, ...]:
    side = parts.all(ListSaid)[0].side
    return _exit_of(parts, {"long": "sell", "short": "cover", None: "exit"}[side], None)


@reads("labelled_filter")
def _labelled_filter(parts: Parts) -> FilterSaid:
    return FilterSaid(together(conditions(parts)), span=parts.span)


@reads("head_entry", "head_exit")
def _head(parts: Parts) -> ListSaid:
    label = parts.all(ListSaid)[0]
    joined = "and" if parts.has("ALL_OF") else "or" if parts.has("ANY_OF") else None
    return replace(label, joined=joined, span=parts.span)


@reads("head_filter")
def _head_filter(parts: Parts) -> ListSaid:
    return ListSaid("filter", span=parts.span)


@reads("head_rules")
def _head_rules(parts: Parts) -> ListSaid:
    return ListSaid("rules", span=parts.span)


# ------------------------------------------------------------------------------------------ size and account


# ------------------------------------------------------------------------------------- filters and pauses
