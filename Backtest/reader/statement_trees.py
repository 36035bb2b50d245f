"""Statements out of parse trees: entries, exits, sizes, accounts, filters, pauses, labels."""

from dataclasses import dataclass, replace

from Backtest.indicators.indicator_registry import find
from Backtest.reader.condition_trees import SAID, about_price, conditions, together
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import OPERANDS, Arguments, Chart, Pair, period_of
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BareCondition,
    BreakEvenSaid,
    ContextSaid,
    CooldownSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    HoldSaid,
    IndicatorsSaid,
    Lead,
    ListSaid,
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
    NOWHERE,
    All,
    AnyOf,
    BodySaid,
    CandleSaid,
    Following,
    InHours,
    Literally,
    Mention,
    NotSaid,
    OnDays,
    OperandSaid,
    PercentMove,
    Period,
    Relation,
    Said,
    Side,
    Span,
)
from Backtest.reader.time_trees import After, at_any_time
from Backtest.reader.trees import Misread, Parts, reads

STATEMENTS = (
    ValiditySaid,
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
    IndicatorsSaid,
)


@dataclass(frozen=True, slots=True)
class EntryAct:
    side: Side | None
    size: SizeSaid | None
    context: tuple[ContextSaid, ...]
    span: Span = NOWHERE
    names_chart: bool = False
    """Whether its timeframe is called a chart, and can't be of what follows."""
    words: str = ""
    of_position: bool = False


@dataclass(frozen=True, slots=True)
class OrderAct:
    order: OrderSaid
    side: Side | None
    size: SizeSaid | None
    span: Span
    sells: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    period: Period
    latest: bool


@dataclass(frozen=True, slots=True)
class Validity:
    period: Period | None
    gtc: bool
    within: bool = False


@dataclass(frozen=True, slots=True)
class Fraction:
    value: float


def flat(items: tuple[object, ...]) -> tuple[Statement, ...]:
    out: list[Statement] = []
    for item in items:
        if isinstance(item, tuple):
            out.extend(flat(item))
        elif isinstance(item, STATEMENTS):
            out.append(item)
    return tuple(out)


@reads("sentence", "led", "label_before")
def _sentence(parts: Parts) -> tuple[Statement, ...]:
    shares = [one for one in flat(parts.items) if isinstance(one, SizeSaid) and one.kind == "fraction"]
    if shares and parts.rule == "label_before" and parts.has("RISKV", "L_RISK"):
        raise Misread("a share of the account, or the risk of a trade")
    contexts = tuple(instrument(token) for token in parts.tokens("TICKER"))
    said = _with_days_behind(flat(parts.items))
    if parts.rule == "label_before" and NoteSaid("mirror") in said:
        raise Misread("whose label")
    if parts.rule == "label_before" and any(isinstance(one, IndicatorsSaid) for one in said):
        raise Misread("a rule of that kind is wanted")
    if parts.rule == "label_before":
        said = _labelled(said)
    return (*contexts, *_with_sizes(said))


def _with_days_behind(said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """ "Buy when A, not on Fridays": days without a verb are of the rule that they stand behind."""
    out: list[Statement] = []
    for one in said:
        if not out or not isinstance(one, FilterSaid) or not one.behind or not isinstance(one.when, OnDays):
            out.append(one)
            continue
        rule, refused = out.pop(), NotSaid(OnDays(tuple(day for day in _WEEK if day not in one.when.days)))
        if not isinstance(rule, EntrySaid | ExitSaid) or rule.when is None:
            raise Misread("days of what")
        before = rule.when.of if isinstance(rule.when, All) else (rule.when,)
        out.append(replace(rule, when=All((*before, refused))))
    return tuple(out)


_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _with_sizes(said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """ "Go long with half the equity": the size stands behind its entry, however it is joined to it."""
    out: list[Statement] = []
    for one in said:
        if isinstance(one, EntrySaid) and one.size is not None:
            out += [replace(one, size=None), replace(one.size, of_entry=True)]
        else:
            out.append(one)
    return tuple(out)


def _labelled(said: tuple[Statement, ...]) -> tuple[Statement, ...]:
    """ "Exit: 5% trailing stop": the label says nothing more; one of a side stays, since risk is of both."""
    labels = [one for one in said if isinstance(one, ListSaid)]
    rules = tuple(one for one in said if not isinstance(one, ListSaid))
    for label in labels:
        other = {"entry": ExitSaid, "exit": EntrySaid}.get(label.role)
        if other is not None and any(isinstance(one, other) for one in rules):
            raise Misread("a rule under the other one's label")
    return rules if all(label.side is None for label in labels) else said


@reads("declared", "declaration")
def _declared(parts: Parts) -> tuple[Statement, ...]:
    """ "Indicators: RSI(10), SMA(200)", "RSI(2): buy below 10": what the rules speak of."""
    pairs = tuple(one for pair in parts.all(Pair) for one in (pair.first, pair.second))
    promised = parts.has("DECLARE", "PLACE", "USEV", "TRADE", "WITH", "BASED", "BUILT_ON")
    return (IndicatorsSaid((*parts.all(Mention), *pairs), parts.span, promised), *flat(parts.items))


@reads("declaration_of")
def _declaration_of(parts: Parts) -> tuple[Statement, ...]:
    """ "Keltner breakout (EMA 20, 2 ATR)": a title that gives the settings."""
    name = str(parts.tokens("CHANNEL")[0].value)
    settings = parts.all(Arguments)[0]
    if settings.of not in {None, name} or not settings.numbers:
        raise Misread("settings of another channel")
    return (IndicatorsSaid((Mention(name, numbers=settings.numbers, span=parts.span),), parts.span),)


@reads("declared_settings")
def _declared_settings(parts: Parts) -> tuple[Statement, ...]:
    """ "Supertrend 14, 2": the settings of an indicator that takes as many, without brackets."""
    mention = parts.all(Mention)[0]
    numbers = (*mention.numbers, *(float(str(token.value)) for token in parts.tokens("NUMBER")))
    if not mention.numbers or not mention.name or len(find(mention.name).parameters) < len(numbers):
        raise Misread("settings of what")
    return (IndicatorsSaid((replace(mention, numbers=numbers),), parts.span),)


@reads("declared_length")
def _declared_length(parts: Parts) -> IndicatorsSaid:
    """ "RSI period is 10": of each mention that gives none."""
    mention = parts.all(Mention)[0]
    if mention.numbers or mention.period is not None:
        raise Misread("two lengths")
    return IndicatorsSaid((replace(mention, numbers=(parts.value("NUMBER") or 0.0,)),), parts.span)


@reads("item")
def _item(parts: Parts) -> tuple[Statement, ...]:
    held = parts.one(Held)
    if held is not None:
        return (HoldSaid(held.period, parts.span),)
    return (BareCondition(together(conditions(parts)), parts.span),)


@reads("heading")
def _heading(parts: Parts) -> tuple[Statement, ...]:
    return flat(parts.items)


# ------------------------------------------------------------------------------------------------ entries


def instrument(token: Token) -> ContextSaid:
    return ContextSaid("instrument", str(token.value), (token.start, token.end))


@reads("entry_act")
def _entry_act(parts: Parts) -> EntryAct:
    short, long = parts.has("SHORT", "L_SHORT_ENTRY"), parts.has("BUY", "LONG", "PLACE", "L_LONG_ENTRY")
    side: Side | None = "short" if short else "long" if long else None
    if parts.has("SHORT") and parts.has("BUY", "LONG"):
        raise Misread("long and short at once")
    if parts.has("OPENED") and side is None:  # "a long position shall be opened"
        words = [
            word for token in parts.tokens("POSITION", "TRADE", "IT", "L_ENTRY") for word in token.text.lower().split()
        ]
        side = "long" if {"long", "buy"} & {*words} else "short" if "short" in words else None
    sizes = parts.all(SizeSaid)
    charts = tuple(ContextSaid("timeframe", chart.timeframe, parts.span) for chart in parts.all(Chart))
    if len(sizes) > 1:
        raise Misread("two sizes")
    contexts = (*(instrument(token) for token in parts.tokens("TICKER")), *charts)
    named = bool(charts) and all(chart.named for chart in parts.all(Chart))
    verb = next((one.text.lower() for one in parts.items if isinstance(one, Token)), "")
    size, of_position = next(iter(sizes), None), parts.has("POSITION", "TRADE")
    return EntryAct(side, size, contexts, parts.span, named, verb, of_position)


@reads("with_size")
def _with_size(parts: Parts) -> SizeSaid:
    """ "I buy with $20,000": the size of a trade or of the account, which is asked."""
    said = parts.all(SizeSaid)[0]
    return replace(said, kind="money") if said.kind == "cash" else said


@reads("order_act")
def _order_act(parts: Parts) -> OrderAct:
    kind = "limit" if parts.has("BUY_LIMIT", "SELL_LIMIT", "LIMIT_ORDER") else "stop"
    act = parts.one(EntryAct)
    placed = parts.token("PLACE")
    alone = parts.has("STOP_ORDER") and act is None
    if alone and placed is not None and not placed.text.lower().startswith("enter"):
        raise Misread("a stop order that may protect the position")
    long = parts.has("BUY_LIMIT", "BUY_STOP", "BUY", "L_LONG_ENTRY")
    side: Side | None = act.side if act else "long" if long else "short" if parts.has("L_SHORT_ENTRY") else None
    sells = False
    if side == "short" and parts.has("BUY_LIMIT", "BUY_STOP"):
        raise Misread("a buy order opens no short")
    if parts.has("SELL_LIMIT", "SELL_STOP"):
        opening = parts.tokens("SELL_LIMIT", "SELL_STOP")[0].text.lower()
        if side == "long":
            raise Misread("a sell order opens no long")
        sells, side = "short" not in opening and side is None, "short"
    prices: tuple[OperandSaid, ...] = parts.all(*OPERANDS)
    if isinstance(prices[0], Literally) and prices[0].unit == "%":
        raise Misread("a percentage of what, above it or below it")
    size = parts.one(SizeSaid) or (act.size if act else None)
    valid = period_of(parts.token("PERIOD")) if parts.has("PERIOD") else None
    return OrderAct(OrderSaid(kind, prices[0], valid), side, size, parts.span, sells)


@reads("validity")
def _validity(parts: Parts) -> Validity:
    return Validity(period_of(parts.token("PERIOD")), parts.has("GTC"), parts.has("WITHIN"))


@reads("validity_alone")
def _validity_alone(parts: Parts) -> ValiditySaid:
    """ "Good for 3 bars.": of the order said before."""
    period = Period(1.0, "bar") if parts.has("NEXT_BAR") else period_of(parts.token("PERIOD"))
    return ValiditySaid(period, parts.has("GTC"), parts.span)


@reads("next_bar_only")
def _next_bar_only(parts: Parts) -> Validity:
    return Validity(Period(1, "bar"), gtc=False)


@reads("lead_bare", "terse")
def _terse(parts: Parts) -> Said:
    """A condition without "when": of the price where it names no subject."""
    said = together(conditions(parts))
    parts_of = said.of if isinstance(said, All | AnyOf) else (said,)
    if parts.rule == "terse" and any(isinstance(one, OnDays | InHours) for one in parts_of):
        raise Misread("a day alone")
    return about_price(said)


@reads("at_level")
def _at_level(parts: Parts) -> Relation:
    """ "at RSI 60": it is reached (rule 6)."""
    arguments = parts.one(Arguments)
    head = parts.tokens("IND", "OUT")[0]
    name, output = head.value if isinstance(head.value, tuple) else (str(head.value), "")
    numbers, period = (arguments.numbers, arguments.period) if arguments else ((), None)
    span = (head.start, head.end)
    line = Mention(str(name), str(output), numbers, period, span=span)
    return Relation(line, "touch", Literally(parts.value("NUMBER") or 0.0, span=parts.span), parts.span)


@reads("entry", "entry_in")
def _entry(parts: Parts) -> EntrySaid:
    if isinstance(parts.items[0], InHours):
        raise Misread("a session, in which all of them are taken")
    when = _when(parts)
    act = parts.one(EntryAct)
    if parts.rule == "entry_in":  # "golden cross in"
        token = parts.tokens("IN")[0]
        if token.text.lower() != "in":
            raise Misread("during something")
        return EntrySaid(None, when, span=parts.span, lead=lead_of(parts, token, (token.start, token.end)))
    if act is not None:
        _check_chart(parts, act)
        lead = lead_of(parts, act, act.span)
        return EntrySaid(act.side, when, size=act.size, context=act.context, span=parts.span, lead=lead)
    placed = parts.all(OrderAct)[0]
    order = placed.order
    validities = parts.all(Validity)
    if len(validities) + (order.valid is not None) > 1:
        raise Misread("two validities")
    if validities and validities[0].within and isinstance(when, PercentMove) and when.period is None:
        raise Misread("within so many bars: of a move without a length")
    if validities:
        order = replace(order, valid=validities[0].period, gtc=validities[0].gtc)
    lead = lead_of(parts, placed, placed.span)
    return EntrySaid(placed.side, when, order, placed.size, span=parts.span, lead=lead, sells=placed.sells)


def lead_of(parts: Parts, act: object, verb: Span) -> Lead | None:
    """The conditions before the verb of an entry or exit."""
    position = parts.items.index(act)
    before, after = (
        any(isinstance(item, (*SAID, After)) for item in some)
        for some in (parts.items[:position], parts.items[position + 1 :])
    )
    return Lead(verb[0], alone=not after) if before else None


def _check_chart(parts: Parts, act: EntryAct) -> None:
    """ "buy on a daily hammer": the word is of the pattern, not of the chart that is traded."""
    position = parts.items.index(act)
    following = parts.items[position + 1] if position + 1 < len(parts.items) else None
    if isinstance(following, SAID) and not act.names_chart and any(one.kind == "timeframe" for one in act.context):
        raise Misread("a pattern of another chart")


def _when(parts: Parts) -> Said | None:
    """The condition of an entry. What it comes "after" is a bar before where it is an event, else of the same bar."""
    said, afters = conditions(parts), parts.all(After)
    if not afters:
        return together(said) if said else None
    first = at_any_time(afters[0].of)
    if len(afters) > 1:
        raise Misread("one thing after another after a third")
    if not said:
        return first
    if isinstance(first, BodySaid | CandleSaid) and any(isinstance(one, BodySaid | CandleSaid) for one in said):
        raise Misread("one bar after another")
    if isinstance(first, Relation) and "cross" in first.op:
        return Following(first, together(said), None, parts.span)
    return All((first, *said))
