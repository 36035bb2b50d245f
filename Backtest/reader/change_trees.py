"""Changes by place, parameter, factor and what they take the place of, out of parse trees of a later sentence."""

from collections.abc import Mapping

from Backtest.reader.condition_trees import conditions, days
from Backtest.reader.edit_syntax import (
    Change,
    ConditionRemoval,
    CostRemoval,
    DaysRemoval,
    HoldRemoval,
    InOrder,
    Instead,
    Keep,
    NewAmount,
    NewAverage,
    NewDays,
    NewLength,
    NewNumber,
    NewParameter,
    NewPeriod,
    NewZone,
    Old,
    Removal,
    RuleOfRemoval,
    RuleRemoval,
    Scale,
)
from Backtest.reader.edit_trees import REMOVED, count_of, rule_named
from Backtest.reader.exchange_syntax import (
    Trailing,
)
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import Chart, Pair, period_of
from Backtest.reader.operands import AVERAGES
from Backtest.reader.statement_syntax import (
    AccountSaid,
    BareCondition,
    CooldownSaid,
    EntrySaid,
    FilterSaid,
    HoldSaid,
    NoteSaid,
    Statement,
    ValiditySaid,
)
from Backtest.reader.statement_trees import Fraction, Validity
from Backtest.reader.syntax import Distance, Extreme, Literally, Mention, Period, Relation, Said
from Backtest.reader.trees import Misread, Parts, reads

_SCALED: Mapping[str, str] = {
    "STOP": "stop",
    "TARGET": "target",
    "TRAILING_STOP": "trail",
    "TRAIL": "trail",
    "COOLDOWN": "cooldown",
    "TIME_STOP": "hold",
    "SIZE": "size",
    "CASH": "cash",
    "COMMISSION": "commission",
    "SPREAD": "spread",
    "LENGTH": "lengths",
    "RISKV": "risk",
    "IT": "it",
}
_PLACES = {"FIRST": 0, "SECOND": 1, "THIRD": 2, "LAST": -1}


@reads("edit_parameter")
def _parameter(parts: Parts) -> NewParameter:
    """ "Multiplier 2", "set the Supertrend multiplier to 2.5"."""
    named = parts.one(Mention)
    channel = parts.token("CHANNEL")
    if named is not None and (named.numbers or named.period is not None or named.chart is not None):
        raise Misread("an indicator with its numbers")
    indicator = named.name if named is not None else str(channel.value) if channel is not None else None
    indicator = "CHANNEL" if parts.has("BAND") and indicator is None else indicator
    value = parts.value("NUMBER", "TIMES")
    kind = "multiplier" if parts.has("MULTIPLIER") else "deviations"
    return NewParameter(kind, value or 0.0, indicator, parts.span)


@reads("edit_only_length")
def _only_length(parts: Parts) -> NewPeriod:
    """ "Length 7"."""
    unit = parts.token("UNIT")
    if unit is not None and unit.text.lower() not in {"period", "periods"}:
        raise Misread("no length")
    new, *old = parts.tokens("PERIOD", "NUMBER")
    period = period_of(new)
    before = count_of(old[0]) if old else None
    return NewPeriod(period, None if period is not None else count_of(new), before, parts.span)


@reads("edit_money")
def _money(parts: Parts) -> NewNumber:
    """ "$25,000 instead of $10,000"."""
    new, old = parts.tokens("MONEY")
    return NewNumber(count_of(old), count_of(new), "$", parts.span)


@reads("edit_in_order")
def _in_order(parts: Parts) -> InOrder:
    """ "Make those 55 and 20 days"."""
    said = parts.tokens("NUMBER", "PERIOD")
    units = {period.unit for token in said if (period := period_of(token)) is not None}
    if len(units) > 1:
        raise Misread("lengths of several units")
    kind = "lengths" if parts.has("LENGTH") or units else "levels" if parts.has("LEVEL") else None
    return InOrder(tuple(count_of(token) for token in said), units.pop() if units else None, kind, parts.span)


@reads("edit_remove_all")
def _remove_all(parts: Parts) -> tuple[Change, ...]:
    """ "Remove both the stop and the target"."""
    said = parts.tokens(*REMOVED, "TRAIL")
    return tuple(Removal(REMOVED.get(token.kind, "trail"), span=parts.span) for token in said)


@reads("edit_remove_away")
def _remove_away(parts: Parts) -> tuple[Change, ...]:
    """ "Take the target off", "take off the stop"."""
    if parts.has("ON") and not parts.tokens("ON")[0].text.lower().startswith("off"):
        raise Misread("nothing is taken")
    token = parts.tokens(*REMOVED, "TRAIL")[0]
    if "take" not in {parts.tokens("PLACE")[0].text.lower() if parts.has("PLACE") else "", _first_word(token)}:
        raise Misread("nothing is taken")
    return _remove_all(parts)


def _first_word(token: Token) -> str:
    return token.text.lower().split()[0]


@reads("edit_remove_of_length")
def _remove_of_length(parts: Parts) -> ConditionRemoval:
    """ "Drop the 100-day filter"."""
    return ConditionRemoval(count_of(parts.tokens("PERIOD", "NUMBER")[0]), span=parts.span)


@reads("edit_remove_place")
def _remove_place(parts: Parts) -> ConditionRemoval | RuleRemoval:
    """ "Drop the second condition", "remove the last exit"."""
    token = parts.tokens(*_PLACES, "ORDINAL")[0]
    place = int(count_of(token)) - 1 if token.kind == "ORDINAL" else _PLACES[token.kind]
    if parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("a number of what")
    named = parts.token("L_FILTER")
    if named is not None:
        alone = named.text.lower().startswith("filter")
        return ConditionRemoval(position=place, filters=alone, span=parts.span)
    if place in {0, 1}:
        raise Misread("read by another rule")
    role, side = rule_named(parts)
    return RuleRemoval(role, side, place, span=parts.span)


@reads("edit_remove_rule_of")
def _remove_rule_of(parts: Parts) -> RuleOfRemoval:
    """ "Remove the RSI exit"."""
    named = parts.all(Mention)[0]
    if named.numbers or named.period is not None:
        raise Misread("an indicator by its name alone")
    role = "exit" if parts.has("EXIT", "L_EXIT") else "entry"
    return RuleOfRemoval(role, named.name, parts.span)


@reads("edit_remove_days")
def _remove_days(parts: Parts) -> DaysRemoval:
    """ "Drop the Monday filter", "trade every day"."""
    if not parts.has("TRADE"):
        return DaysRemoval(days(parts), parts.span)
    if parts.tokens("ON")[0].text.lower() != "every" or parts.tokens("UNIT")[0].text.lower() not in {"day", "days"}:
        raise Misread("on which days")
    return DaysRemoval(span=parts.span)


@reads("edit_remove_held")
def _remove_held(parts: Parts) -> HoldRemoval:
    """ "Remove the 20-bar exit"."""
    period = period_of(parts.tokens("PERIOD")[0])
    taken = not parts.has("PLACE") or (
        parts.tokens("PLACE")[0].text.lower() == "take" and parts.tokens("EXIT")[1].text.lower() == "out"
    )
    if period is None or not taken:
        raise Misread("a time in the market")
    return HoldRemoval(period, parts.span)


@reads("edit_remove_cost")
def _remove_cost(parts: Parts) -> CostRemoval | NoteSaid:
    """ "Drop the commission"."""
    if parts.has("COMMISSION"):
        return NoteSaid("no_commission", parts.span)
    return CostRemoval("spread" if parts.has("SPREAD") else "margin", parts.span)


@reads("edit_scale")
def _scale(parts: Parts) -> Scale:
    """ "Double the stop", "halve the size"."""
    token = parts.tokens(*_SCALED)[0]
    if parts.has("BOTH") and token.kind != "LENGTH":
        raise Misread("both of what")
    factor = 0.5 if parts.has("HALVE", "HALF") else parts.value("TIMES")
    if parts.has("TIMES") and _first_word(parts.tokens("TIMES")[0]) not in {"double", "triple"}:
        raise Misread("a multiple, not a change")
    return Scale(_SCALED[token.kind], factor or 1.0, parts.span)


@reads("edit_trailing")
def _trailing(parts: Parts) -> Trailing:
    """ "Make the stop trailing", "a trailing stop instead of the fixed one"."""
    if parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("a number of what")
    if parts.has("IN") and parts.tokens("IN")[0].text.lower() != "into":
        raise Misread("in what")
    return Trailing(parts.span)


@reads("edit_scale_both")
def _scale_both(parts: Parts) -> tuple[Scale, ...]:
    """ "Halve the stop and the target"."""
    factor = 0.5 if parts.has("HALVE") else parts.value("TIMES") or 1.0
    if parts.has("TIMES") and _first_word(parts.tokens("TIMES")[0]) not in {"double", "triple"}:
        raise Misread("a multiple, not a change")
    return tuple(Scale(_SCALED[token.kind], factor, parts.span) for token in parts.tokens(*_SCALED))


@reads("edit_validity")
def _validity(parts: Parts) -> ValiditySaid:
    """ "Keep the order good for 3 bars"."""
    said = parts.all(Validity)[0]
    if said.within:
        raise Misread("a time in which something happens")
    return ValiditySaid(said.period, said.gtc, parts.span)


@reads("edit_days")
def _days(parts: Parts) -> NewDays:
    """ "Fridays instead of Mondays"."""
    place = next(i for i, item in enumerate(parts.items) if isinstance(item, Token) and item.kind == "INSTEAD_OF")
    new = Parts(parts.rule, parts.items[:place], parts.span)
    return NewDays(days(new), days(Parts(parts.rule, parts.items[place + 1 :], parts.span)), parts.span)


@reads("edit_cooldown")
def _cooldown(parts: Parts) -> CooldownSaid:
    period = period_of(parts.tokens("PERIOD")[0])
    return CooldownSaid(period or Period(0, "bar"), parts.span)


@reads("old_number")
def _old_number(parts: Parts) -> Old:
    token = parts.tokens("NUMBER", "PERIOD", "PERCENT", "MONEY", "BPS", "TIMES", "RMULT")[0]
    count = count_of(token)
    return Old(
        "number", {"PERCENT": (count, count / 100), "BPS": (count / 10_000,)}.get(token.kind, (count,)), parts.span
    )


@reads("old_line")
def _old_line(parts: Parts) -> Old:
    if parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("a number of what")
    lines: tuple[Mention | Extreme, ...] = parts.all(Mention, Extreme)
    if isinstance(lines[0], Mention) and lines[0].name == "CHANNEL" and len(parts.items) == 1 and not lines[0].numbers:
        return Old("output", lines[0].output, parts.span)
    return Old("line", lines[0], parts.span)


@reads("old_output")
def _old_output(parts: Parts) -> Old:
    if parts.value("NUMBER") not in {None, 1.0}:
        raise Misread("a number of what")
    return Old("output", "upper" if parts.has("UPPER") else "lower" if parts.has("LOWER") else "middle", parts.span)


@reads("old_order")
def _old_order(parts: Parts) -> Old:
    if not parts.has("MARKET_ORDER") and "order" not in parts.tokens("L_RULES")[0].text.lower():
        raise Misread("no order")
    return Old("order", span=parts.span)


@reads("old_cross")
def _old_cross(parts: Parts) -> Old:
    return Old("cross", span=parts.span)


@reads("old_days")
def _old_days(parts: Parts) -> Old:
    return Old("days", days(parts), parts.span)


def _is_level(said: Said) -> bool:
    return isinstance(said, Relation) and isinstance(said.left, Mention) and isinstance(said.right, Literally)


@reads("swap")
def _swap(parts: Parts) -> tuple[Instead, ...]:
    """ "RSI below 5 instead of 10"."""
    said: list[Change | Statement] = []
    for item in parts.items:
        for one in item if isinstance(item, tuple) else (item,):
            if isinstance(one, Change | Statement):
                said.append(one)
    if any(isinstance(one, ValiditySaid) for one in said) and any(isinstance(one, EntrySaid) for one in said):
        raise Misread("how long the order lives belongs to it")
    if not said and parts.has("REQUIRE", "ONLYWHEN"):
        said += [FilterSaid(one, span=parts.span) for one in conditions(parts)]
    if not said:
        said += [BareCondition(one, span=parts.span) for one in conditions(parts)]
        if any(_is_level(one) for one in conditions(parts)):
            raise Misread("read as a change of a level")
    said += [NewAmount(one, parts.span) for one in parts.all(Distance)] if not said else []
    return (Instead(tuple(said), parts.all(Old)[0], parts.span),)


@reads("edit_spread")
def _spread(parts: Parts) -> AccountSaid:
    """ "Add 2 bps of spread"."""
    token = parts.tokens("PERCENT", "BPS")[0]
    return AccountSaid("spread", count_of(token) / (100 if token.kind == "PERCENT" else 10_000), parts.span)


@reads("edit_remove_filters")
def _remove_filters(parts: Parts) -> tuple[Removal, ...]:
    """ "Drop the ADX and RSI conditions"."""
    named: tuple[Mention, ...] = parts.all(Mention)
    if any(one.numbers or one.period is not None for one in named):
        raise Misread("indicators by their names alone")
    others = tuple({"VOLUME": "volume", "TREND": "trend"}[token.kind] for token in parts.tokens("VOLUME", "TREND"))
    return tuple(Removal("filter", name, parts.span) for name in (*(one.name for one in named), *others))


@reads("edit_keep")
def _keep(parts: Parts) -> Keep:
    """ "Keep the target"."""
    if parts.tokens("PLACE")[0].text.lower() != "keep":
        raise Misread("nothing is kept")
    token = parts.tokens(*REMOVED, "TRAIL")[0]
    return Keep(REMOVED.get(token.kind, "trail"), parts.span)


@reads("edit_hold")
def _hold(parts: Parts) -> HoldSaid:
    return HoldSaid(period_of(parts.tokens("PERIOD")[0]) or Period(0, "bar"), parts.span)


@reads("old_fraction")
def _old_fraction(parts: Parts) -> Old:
    return Old("number", (parts.all(Fraction)[0].value,), parts.span)


@reads("old_context")
def _old_context(parts: Parts) -> Old:
    ticker, chart = parts.token("TICKER"), parts.one(Chart)
    value = str(ticker.value) if ticker is not None else chart.timeframe if chart is not None else ""
    return Old("context", value, parts.span)


@reads("edit_zone")
def _zone(parts: Parts) -> NewZone:
    """ "Oversold at 25"."""
    low = parts.has("OVERSOLD")
    if parts.has("ABOVE" if low else "BELOW"):
        raise Misread("the other side of it")
    return NewZone(low, parts.value("NUMBER") or 0.0, parts.span)


@reads("edit_averages")
def _averages(parts: Parts) -> tuple[Change, ...]:
    """ "Change those to EMAs, 12 and 26"."""
    name = str(parts.tokens("MA")[0].value)
    named = (NewAverage(name, span=parts.span),) if name else ()
    return (_in_order(parts), *named)


@reads("edit_pair_mention")
def _pair_mention(parts: Parts) -> tuple[Change, ...]:
    """ "Use the 10 and 40-day EMAs"."""
    pair = parts.all(Pair)[0]
    both = (pair.first, pair.second)
    periods = {one.period.unit for one in both if one.period is not None}
    counts = tuple(one.period.count if one.period is not None else one.numbers[0] for one in both if _has_length(one))
    plain = all(one.name in AVERAGES and one.column is None and one.chart is None for one in both)
    if len({one.name for one in both}) > 1 or len(counts) != len(both) or len(periods) > 1 or not plain:
        raise Misread("two averages of one type with their lengths")
    name = both[0].name
    named = (NewAverage(name, span=parts.span),) if name else ()
    return (InOrder(counts, periods.pop() if periods else None, "lengths", parts.span), *named)


def _has_length(one: Mention) -> bool:
    return one.period is not None or len(one.numbers) == 1


@reads("edit_band_length")
def _band_length(parts: Parts) -> NewParameter:
    """ "30 period bands"."""
    period = period_of(parts.tokens("PERIOD")[0])
    if period is None or period.unit not in {"bar", "day"}:
        raise Misread("a length in bars")
    return NewParameter("length", period.count, "CHANNEL", parts.span)


@reads("edit_width")
def _width(parts: Parts) -> NewLength:
    """ "Make the bands 2.5 standard deviations", "use 1.5 standard deviations for the bands"."""
    named = parts.all(Mention)[0]
    if named.name != "STDDEV" or len(named.numbers) != 1:
        raise Misread("no width of a band")
    return NewLength(Mention("STDDEV", span=parts.span), named.numbers, span=parts.span)
