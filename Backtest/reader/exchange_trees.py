"""Lines, patterns and conditions put in the place of others by a later sentence, out of its parse trees."""

from Backtest.indicators.indicator_registry import find
from Backtest.reader.condition_trees import conditions, together
from Backtest.reader.edit_syntax import (
    Change,
    InOrder,
    MarketOrder,
    NewLength,
    NewNumber,
    NewOperand,
    NewPeriod,
    Removal,
)
from Backtest.reader.edit_trees import REMOVED, count_of, rule_named
from Backtest.reader.exchange_syntax import (
    NewFraction,
    NewIndicator,
    NewLine,
    NewPattern,
    NewThat,
    NewWhen,
    OfRule,
    OfRules,
    OrderApart,
    SwapSides,
)
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import period_of
from Backtest.reader.operands import AVERAGES
from Backtest.reader.statement_syntax import (
    FilterSaid,
    NoteSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
    ValiditySaid,
)
from Backtest.reader.statement_trees import Fraction
from Backtest.reader.swap_trees import KINDS, in_an_order, is_exchange
from Backtest.reader.syntax import Distance, Extreme, Mention
from Backtest.reader.trees import Misread, Parts, reads


@reads("edit_line")
def _line(parts: Parts) -> NewLine | NewLength:
    """ "Change both to the 20-week SMA", "make it a 50-day EMA"."""
    new = parts.all(Mention)[0]
    if (new.period is None and not new.numbers) or new.pace:
        raise Misread("an indicator without a number changes nothing")
    if new.name in AVERAGES and new.column is None and len(new.numbers) < 2:
        them = parts.token("THEM")
        both = parts.has("BOTH") or (them is not None and "both" in them.text.lower())
        return NewLine(new, both, parts.span)
    return NewLength(new, new.numbers, new.period, span=parts.span)


@reads("edit_settings")
def _settings(parts: Parts) -> NewLength:
    """ "Change MACD to 8, 21, 5", "Supertrend 7, 2.5 instead"."""
    mention = parts.all(Mention)[0]
    numbers = (*mention.numbers, *(count_of(token) for token in parts.tokens("NUMBER")))
    if mention.period is not None or mention.pace or len(mention.numbers) > 1 or mention.name in {"", "%", "CHANNEL"}:
        raise Misread("settings of one indicator by its name")
    if bool(mention.numbers) == parts.has("TO"):
        raise Misread("one list of settings")
    if len(numbers) > sum(one.in_column for one in find(mention.name).parameters):
        raise Misread("more numbers than the indicator has settings")
    bare = Mention(mention.name, mention.output, column=mention.column, chart=mention.chart, span=mention.span)
    return NewLength(bare, numbers, span=parts.span)


@reads("edit_levels_of")
def _levels_of(parts: Parts) -> InOrder:
    """ "Use 20 and 80 for the RSI levels", "RSI levels 25/75"."""
    line = parts.one(Mention)
    if line is not None and (line.numbers or line.period is not None or line.name in {"", "%"}):
        raise Misread("an oscillator by its name alone")
    counts = tuple(count_of(token) for token in parts.tokens("NUMBER"))
    return InOrder(counts, None, "levels", parts.span, line.name if line is not None else None)


@reads("edit_number_pairs")
def _number_pairs(parts: Parts) -> tuple[Change, ...]:
    """ "Change 30/70 to 25/75"."""
    first, second, *new = (count_of(token) for token in parts.tokens("NUMBER"))
    return in_an_order([NewNumber(first, new[0], span=parts.span), NewNumber(second, new[1], span=parts.span)])


@reads("edit_indicator_for", "edit_indicator_instead")
def _indicator_for(parts: Parts) -> NewIndicator:
    """ "Replace the RSI with CCI(20), levels -150 and 50", "use MFI instead of RSI"."""
    first, second = parts.all(Mention)
    new, old = (first, second) if parts.rule == "edit_indicator_instead" else (second, first)
    if not is_exchange(old, new):
        raise Misread("one indicator in the place of another")
    levels = tuple(count_of(token) for token in parts.tokens("NUMBER"))
    return NewIndicator(old, new, levels, parts.span)


def _pattern_of(token: Token) -> tuple[str, str]:
    value = token.value
    return (str(value[0]), str(value[1])) if isinstance(value, tuple) else (str(value), "")


@reads("edit_pattern", "edit_pattern_instead")
def _pattern(parts: Parts) -> NewPattern:
    """ "Swap the harami for a bullish engulfing", "use a hammer instead"."""
    said = [_pattern_of(token) for token in parts.tokens("CANDLE", "PATTERN")]
    if len(said) == 1:
        return NewPattern(None, said[0], parts.span)
    new, old = said if parts.rule == "edit_pattern_instead" else reversed(said)
    return NewPattern(old, new, parts.span)


@reads("edit_break")
def _break(parts: Parts) -> NewOperand:
    """ "Use a 55-day breakout": the high of the entry, or the low for a breakdown."""
    period = period_of(parts.tokens("PERIOD")[0])
    if period is None:
        raise Misread("a breakout of how many bars")
    return NewOperand(
        None, Extreme("low" if parts.has("BREAK_DOWN") else "high", period, span=parts.span), "entry", parts.span
    )


@reads("edit_two_extremes")
def _two_extremes(parts: Parts) -> tuple[Change, ...]:
    """ "Use a 50-day high and a 25-day low instead"."""
    first, second = parts.all(Extreme)
    if first.kind == second.kind:
        raise Misread("a high and a low")
    return NewOperand(None, first, span=parts.span), NewOperand(None, second, span=parts.span)


@reads("of_rule")
def _of_rule(parts: Parts) -> OfRule:
    token = parts.tokens("NUMBER", "PERIOD")[0]
    period = period_of(token)
    role, side = rule_named(parts)
    return OfRule(role, side, count_of(token), period.unit if period is not None else None)


@reads("edit_of_rules")
def _of_rules(parts: Parts) -> OfRules:
    """ "Make it 40 days for the entry and 15 for the exit"."""
    said: tuple[OfRule, ...] = parts.all(OfRule)
    if len({one.unit for one in said} - {None}) > 1 or len({(one.role, one.side) for one in said}) < len(said):
        raise Misread("one number for each rule")
    return OfRules(said, parts.span)


_VERBS = ("WITH", "BY", "TO", "FOR", "MAKE", "SWAP")
_BECOMES = frozenset({"becomes", "become", "changes to"})


@reads("edit_when")
def _when(parts: Parts) -> NewWhen:
    """ "Change the exit to RSI crossing above 60", "replace the entry with a golden cross"."""
    turned = parts.token("TURN")
    if turned is not None and len(parts.tokens(*_VERBS)) == 0 and turned.text.lower() not in _BECOMES:
        raise Misread("a state that turns")
    role, side = rule_named(parts)
    return NewWhen(role, side, together(conditions(parts)), parts.span)


@reads("edit_that")
def _that(parts: Parts) -> NewThat:
    """ "Make that 25"."""
    if not parts.has("IT") and not parts.tokens("MAKE")[0].text.lower().endswith(" it"):
        raise Misread("a number of what")
    return NewThat(parts.value("NUMBER") or 0.0, parts.span)


@reads("edit_fraction")
def _fraction(parts: Parts) -> NewFraction:
    """ "Make that a third", "make it a quarter instead of half"."""
    if not parts.has("IT") and not parts.tokens("MAKE", "SWAP")[0].text.lower().endswith(" it"):
        raise Misread("a part of what")
    said: tuple[Fraction, ...] = parts.all(Fraction)
    return NewFraction(said[0].value, said[1].value if len(said) > 1 else None, parts.span)


@reads("edit_length_for")
def _length_for(parts: Parts) -> NewPeriod | NewLength:
    """ "Use 50 periods for the bands instead of 20", "10 instead of 14 for the RSI"."""
    new, old = parts.tokens("PERIOD", "NUMBER")
    period = period_of(new)
    mention = parts.one(Mention)
    if mention is None:
        return NewPeriod(period, None if period is not None else count_of(new), count_of(old), parts.span)
    if mention.numbers or mention.period is not None or mention.chart is not None:
        raise Misread("an indicator with its length")
    before = Mention(mention.name, mention.output, (count_of(old),), column=mention.column, span=mention.span)
    numbers = () if period is not None else (count_of(new),)
    return NewLength(before, numbers, period, named=True, span=parts.span)


@reads("edit_that_period")
def _that_period(parts: Parts) -> NewPeriod:
    """ "Make that 10 bars"."""
    return NewPeriod(period_of(parts.tokens("PERIOD")[0]), None, that=True, span=parts.span)


@reads("edit_line_of_filter")
def _line_of_filter(parts: Parts) -> NewLine:
    """ "Use a 150-day average for the trend filter"."""
    told = parts.one(Mention)
    named = parts.tokens("L_FILTER", "TREND")[0].text.lower()
    length = parts.token("PERIOD", "NUMBER")
    if told is None and length is not None:  # "make the trend filter 100 days"
        period = period_of(length)
        told = Mention("", numbers=() if period is not None else (count_of(length),), period=period, span=parts.span)
    if told is None or told.name not in {"", *AVERAGES} or told.pace:
        raise Misread("an average for a filter of the trend")
    if not named.startswith(("trend", "regime", "filter")) or (told.period is None and not told.numbers):
        raise Misread("an average with its length")
    return NewLine(told, span=parts.span, filter=True)


@reads("edit_more_filter")
def _more_filter(parts: Parts) -> FilterSaid:
    """ "Require a bullish engulfing for the entry", "add the condition that the close is above the SMA"."""
    if parts.has("ENTRY", "L_ENTRY", "BUY", "SHORT", "ENTER"):
        return FilterSaid(together(conditions(parts)), side=rule_named(parts)[1], span=parts.span)
    return FilterSaid(together(conditions(parts)), span=parts.span)


@reads("edit_remove_far")
def _remove_far(parts: Parts) -> Removal:
    """ "Remove the 10% take profit"."""
    token = parts.tokens(*REMOVED, "TRAIL")[0]
    return Removal(REMOVED.get(token.kind, "trail"), span=parts.span, distance=parts.all(Distance)[0])


@reads("edit_length_to")
def _length_to(parts: Parts) -> NewLength:
    """ "Change the 200-day SMA to a 100-day one"."""
    old = parts.all(Mention)[0]
    if (old.period is None and not old.numbers) or old.pace or parts.value("NUMBER") != 1.0:
        raise Misread("one line in the place of another")
    return NewLength(old, period=period_of(parts.tokens("PERIOD")[-1]), named=True, span=parts.span)


@reads("edit_risk_to")
def _risk_to(parts: Parts) -> tuple[Change | Statement, ...]:
    """ "Swap the 5% stop for a 6% trailing stop"."""
    said: tuple[Statement, ...] = parts.all(*KINDS)
    old, new = said
    if not isinstance(old, StopSaid | TargetSaid | TrailSaid) or old.distance is None:
        raise Misread("a stop or a target in the place of what")
    return Removal(KINDS[type(old)], span=parts.span, distance=old.distance), new


@reads("note_kept")
def _note_kept(parts: Parts) -> NoteSaid:
    """ "Keep it long only"."""
    if not parts.tokens("HOLD")[0].text.lower().startswith("keep"):
        raise Misread("nothing is kept")
    return NoteSaid("long_only" if parts.has("LONG_ONLY") else "short_only", parts.span)


@reads("edit_swap_sides")
def _swap_sides(parts: Parts) -> SwapSides:
    """ "Go short instead of long", "swap long and short", "swap sides"."""
    makers = parts.tokens("MAKE", "PLACE", "LOWER", "MOVE_UP", "SWAP", "TURN")
    if makers and not makers[0].text.lower().startswith(("swap", "switch", "flip", "reverse", "exchange", "change")):
        raise Misread("which side takes the place of which")
    if makers:
        return SwapSides(span=parts.span)
    return SwapSides(
        "short" if isinstance(parts.items[0], Token) and parts.items[0].kind == "SHORT" else "long", parts.span
    )


@reads("edit_remove_size")
def _remove_size(parts: Parts) -> Removal:
    return Removal("size", span=parts.span)


@reads("edit_market")
def _market(parts: Parts) -> MarketOrder:
    """ "Use a market order", "drop the limit order"."""
    named = parts.token("L_RULES")
    if named is not None and "order" not in named.text.lower():
        raise Misread("no order")
    return MarketOrder(parts.span)


@reads("edit_market_instead")
def _market_instead(parts: Parts) -> MarketOrder:
    """ "At market instead of the limit", of which the first words are noise everywhere."""
    return MarketOrder(parts.span)


@reads("edit_order_apart")
def _order_apart(parts: Parts) -> OrderApart:
    """ "Lower the limit to 2%"."""
    return OrderApart(Distance("percent", count_of(parts.tokens("PERCENT")[0]), span=parts.span), parts.span)


@reads("edit_validity_for")
def _validity_for(parts: Parts) -> ValiditySaid:
    """ "Keep the order for 5 days"."""
    named = parts.token("L_RULES")
    if named is not None and "order" not in named.text.lower():
        raise Misread("no order")
    return ValiditySaid(period_of(parts.tokens("PERIOD")[0]), span=parts.span)
