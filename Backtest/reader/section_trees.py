"""Sizes, accounts, filters, pauses and the chart out of parse trees."""

import re
from dataclasses import replace

from Backtest.reader.condition_trees import about_price, conditions, days, hours, hours_on_a_side, together
from Backtest.reader.lexicon import Token
from Backtest.reader.operand_trees import Chart, direction, operand, the_period, timeframe_of
from Backtest.reader.statement_syntax import (
    AccountSaid,
    ContextSaid,
    CooldownSaid,
    FilterSaid,
    NoteSaid,
    SizeSaid,
    Statement,
)
from Backtest.reader.statement_trees import EntryAct, Fraction, flat, instrument
from Backtest.reader.syntax import (
    InHours,
    Mention,
    NotSaid,
    OnDays,
    PriceOf,
    Relation,
    Side,
)
from Backtest.reader.trees import Misread, Parts, reads

_BEFORE_A_NOTE = frozenset({"PLACE", "USEV", "TRADE", "IS"})
_TURNED_ROUND = ("mirror", "opposite", "reverse", "vice versa", "other way", "upside down", "flip", "inver")
_LEAST_CASH = 1_000.0
_MOST_FEE = 100.0
_FRACTIONS = {"TENTH": 0.1, "FIFTH": 0.2, "HALF": 0.5, "THIRD": 1 / 3, "TWO_THIRDS": 2 / 3, "QUARTER": 0.25}


@reads("fraction")
def _fraction(parts: Parts) -> Fraction:
    return Fraction(next(_FRACTIONS[token.kind] for token in parts.tokens(*_FRACTIONS)))


@reads("ratio_fraction")
def _ratio_fraction(parts: Parts) -> Fraction:
    """ "1/3 of equity"."""
    first, second = (float(token.value) for token in parts.tokens("NUMBER") if isinstance(token.value, float))
    if not 0 < first < second:
        raise Misread("a part of a whole")
    return Fraction(first / second)


def _share(percent: float) -> float:
    if not 0 < percent <= 100:
        raise Misread("a share of the account up to 100 %")
    return percent / 100


@reads("size_np", "size_share")
def _size_np(parts: Parts) -> SizeSaid:
    share = parts.one(SizeSaid)
    if share is not None:
        return share
    fraction, percent = parts.one(Fraction), parts.value("PERCENT")
    if fraction is not None:
        return SizeSaid("fraction", fraction.value, parts.span)
    if percent is not None:
        return SizeSaid("fraction", _share(percent), parts.span)
    if parts.has("SHARES"):
        units = parts.value("NUMBER") or 0.0
        if units < 1 or units != int(units):
            raise Misread("whole units")
        return SizeSaid("units", units, parts.span)
    if parts.has("MONEY"):
        return SizeSaid("cash", parts.value("MONEY") or 0.0, parts.span)
    return SizeSaid("all", 1.0, parts.span)


@reads("size")
def _size(parts: Parts) -> SizeSaid:
    size = parts.one(SizeSaid)
    if size is not None:
        return replace(size, span=parts.span)
    return SizeSaid("fraction", _share(parts.value("PERCENT") or 0.0), parts.span)


@reads("size_on_each")
def _size_on_each(parts: Parts) -> SizeSaid:
    """ "25% of equity on each": of trades, where nothing else is counted."""
    size = parts.one(SizeSaid)
    if size is None or parts.tokens("ON")[0].text.lower() != "on each":
        raise Misread("a size on something")
    return replace(size, span=parts.span)


@reads("unit_size")
def _unit_size(parts: Parts) -> SizeSaid:
    return SizeSaid("units", parts.value("NUMBER") or 0.0, parts.span)


@reads("full_size")
def _full_size(parts: Parts) -> SizeSaid:
    return SizeSaid("all", 1.0, parts.span)


@reads("risk_size")
def _risk_size(parts: Parts) -> SizeSaid:
    percent = parts.value("PERCENT")
    if percent is None:
        return SizeSaid("risk_money", parts.value("MONEY") or 0.0, parts.span)
    _share(percent)
    return SizeSaid("risk", percent, parts.span)


@reads("volatility_size")
def _volatility_size(parts: Parts) -> SizeSaid:
    percent, volume = parts.value("PERCENT") or 0.0, parts.token("VOLUME")
    if percent <= 0 or (volume is not None and volume.text.lower() != "vol"):
        raise Misread("a volatility above 0")
    return SizeSaid("volatility", percent, parts.span)


@reads("plain_money")
def _plain_money(parts: Parts) -> AccountSaid:
    return AccountSaid("cash", parts.value("MONEY") or 0.0, parts.span)


@reads("no_commission")
def _no_commission(parts: Parts) -> AccountSaid:
    return AccountSaid("commission_rate", 0.0, parts.span)


@reads("number_commission")
def _number_commission(parts: Parts) -> AccountSaid:
    if parts.value("NUMBER") != 0.0:
        raise Misread("a commission without a unit")
    return AccountSaid("commission_rate", 0.0, parts.span)


@reads("note_none")
def _note_none(parts: Parts) -> NoteSaid:
    """ "Stop: none"."""
    return NoteSaid(f"no_{parts.tokens('STOP', 'TARGET', 'LEVERAGE', 'SPREAD')[0].kind.lower()}", parts.span)


@reads("costs")
def _costs(parts: Parts) -> tuple[Statement, ...]:
    """ "Costs: commission 0.05%, spread 1 bp": a sum of money alone may be anything."""
    said = flat(parts.items)
    if not all(isinstance(one, AccountSaid) and one.kind.startswith(("commission", "spread")) for one in said):
        raise Misread("what is no cost")
    return said


@reads("commission_rate")
def _commission_rate(parts: Parts) -> AccountSaid:
    percent, points = parts.value("PERCENT"), parts.value("BPS")
    rate = percent / 100 if percent is not None else (points or 0.0) / 10_000
    return AccountSaid("commission_rate", rate, parts.span)


@reads("round_cash")
def _round_cash(parts: Parts) -> AccountSaid:
    """ "200k account": so large a number is money."""
    value = parts.value("NUMBER") or 0.0
    if value < _LEAST_CASH:
        raise Misread("no sum of money")
    return AccountSaid("cash", value, parts.span)


@reads("two_commissions")
def _two_commissions(parts: Parts) -> tuple[Statement, ...]:
    """ "$1 per order plus 0.02%"; without the word "commission" a large sum is the size of a trade."""
    per_trade, money = parts.has("PER_TRADE"), parts.value("MONEY") or 0.0
    if not parts.has("COMMISSION") and money > _MOST_FEE:
        raise Misread("a fee, or the size of a trade")
    rate = (parts.value("PERCENT") or 0.0) / 100
    fixed = AccountSaid("commission_fixed", money, parts.span, per_trade)
    return fixed, AccountSaid("commission_rate", rate, parts.span)


@reads("fee_of_order")
def _fee_of_order(parts: Parts) -> AccountSaid:
    """ "$1 per order"; a large sum is what goes into it."""
    money = parts.value("MONEY") or 0.0
    if money > _MOST_FEE:
        raise Misread("a fee, or the size of an order")
    return AccountSaid("commission_fixed", money, parts.span)


@reads("account_led")
def _account_led(parts: Parts) -> tuple[Statement, ...]:
    """ "Trade with $10,000 and no commission"."""
    return flat(parts.items)


@reads("account_item")
def _account_item(parts: Parts) -> AccountSaid:
    percent, points, money = parts.value("PERCENT"), parts.value("BPS"), parts.value("MONEY")
    rate = percent / 100 if percent is not None else points / 10_000 if points is not None else None
    if parts.has("COMMISSION"):
        per_trade = parts.has("PER_TRADE")
        if rate is not None:
            return AccountSaid("commission_rate", rate, parts.span, per_trade)
        kind = "commission_per_unit" if parts.has("PER_SHARE") else "commission_fixed"
        return AccountSaid(kind, money or 0.0, parts.span, per_trade)
    if parts.has("SPREAD"):
        return AccountSaid("spread", rate or 0.0, parts.span)
    if parts.has("LEVERAGE") or (parts.has("MARGIN") and parts.has("TIMES", "RATIO")):
        return AccountSaid("margin", 1 / _leverage(parts), parts.span)
    if parts.has("MARGIN"):
        return AccountSaid("margin", rate or 0.0, parts.span)
    value = money if money is not None else parts.value("NUMBER")
    return AccountSaid("cash", value or 0.0, parts.span)


def _leverage(parts: Parts) -> float:
    ratio, clock = parts.token("RATIO"), parts.token("CLOCK")
    value = parts.value("TIMES", "NUMBER")
    if clock is not None:  # "1:30" looks like one
        first, _, second = clock.text.partition(":")
        if first != "1" or not second.isdigit():
            raise Misread("a time of day")
        value = float(second)
    if ratio is not None and isinstance(ratio.value, tuple):
        value = max(ratio.value) / min(ratio.value) if min(ratio.value) > 0 else None
    if value is None or value < 1:
        raise Misread("leverage of less than one")
    return value


@reads("entry_verb")
def _entry_verb(parts: Parts) -> EntryAct:
    side: Side | None = "long" if parts.has("BUY", "LONG") else "short" if parts.has("SHORT") else None
    return EntryAct(side, None, ())


def _verb_side(parts: Parts) -> Side | None:
    act = parts.one(EntryAct)
    return act.side if act else None


@reads("filter", "only_filter")
def _filter(parts: Parts) -> FilterSaid:
    return FilterSaid(together(conditions(parts)), _verb_side(parts), parts.span)


_BARRED = re.compile(r"(?i)\b(?:no|not|never|without|don['\u2019]t|doesn['\u2019]t|won['\u2019]t)\b")
_OF_SIDE = re.compile(r"(?i)\b(?:(?P<long>buy\w*|longs?)|(?P<short>short\w*))\b")


def _barred_side(parts: Parts) -> Side | None:
    """The side that "no shorting" and "never buy" keep out, None for "no trades"."""
    said = parts.tokens("NO_TRADES", "NO_REENTRY", "LONG_ONLY", "SHORT_ONLY")[0]
    if said.kind in {"LONG_ONLY", "SHORT_ONLY"}:
        if _BARRED.search(said.text) is None:
            raise Misread("nothing is kept out")
        return "short" if said.kind == "LONG_ONLY" else "long"
    named = {one.lastgroup for one in _OF_SIDE.finditer(said.text)}
    return "long" if named == {"long"} else "short" if named == {"short"} else None


@reads("filter_of_side")
def _filter_of_side(parts: Parts) -> FilterSaid:
    """ "Only go long when price is above its average", "no shorting while it is"."""
    when = together(conditions(parts))
    if _BARRED.search(parts.tokens("LONG_ONLY", "SHORT_ONLY")[0].text) is None:
        if parts.has("UNLESS"):
            raise Misread("one side unless")
        return FilterSaid(when, "short" if parts.has("SHORT_ONLY") else "long", parts.span)
    if parts.has("ONLYWHEN"):
        raise Misread("nothing only when")
    side, bars = _barred_side(parts), not parts.has("UNLESS")
    return FilterSaid(NotSaid(when) if bars else when, side, parts.span, bars=bars)


@reads("filter_unless")
def _filter_unless(parts: Parts) -> FilterSaid:
    return FilterSaid(together(conditions(parts)), _barred_side(parts), parts.span)


@reads("filter_beyond")
def _filter_beyond(parts: Parts) -> FilterSaid:
    """ "Only above the 100-day SMA", "short only below it": of the price."""
    op = ">" if direction(parts) == "up" else "<"
    return FilterSaid(about_price(Relation(None, op, operand(parts), parts.span)), _verb_side(parts), parts.span)


@reads("filter_not_beyond")
def _filter_not_beyond(parts: Parts) -> FilterSaid:
    """ "I never buy below the 200-day SMA", "longs only above it"."""
    op = ">" if direction(parts) == "up" else "<"
    beyond = about_price(Relation(None, op, operand(parts), parts.span))
    only = parts.token("LONG_ONLY", "SHORT_ONLY")
    if only is not None and _BARRED.search(only.text) is None:
        return FilterSaid(beyond, "long" if only.kind == "LONG_ONLY" else "short", parts.span)
    return FilterSaid(NotSaid(beyond), _barred_side(parts), parts.span, bars=True)


@reads("filter_trend")
def _filter_trend(parts: Parts) -> FilterSaid:
    """ "200 MA filter": of an average it is the side on which the price stands."""
    line = parts.all(Mention)[0]
    if not line.numbers and line.period is None:
        raise Misread("an average without a length")
    return FilterSaid(Relation(PriceOf("Close", span=parts.span), ">", line, parts.span), None, parts.span, trend=True)


@reads("filter_not")
def _filter_not(parts: Parts) -> FilterSaid:
    return FilterSaid(NotSaid(together(conditions(parts))), _barred_side(parts), parts.span, bars=True)


@reads("filter_days", "days_only")
def _filter_days(parts: Parts) -> FilterSaid:
    if not parts.has("ONLY"):
        raise Misread("an entry on a day needs its side")
    return FilterSaid(OnDays(days(parts)), _verb_side(parts), parts.span)


@reads("filter_trade_days", "filter_entry_days")
def _filter_trade_days(parts: Parts) -> FilterSaid:
    return FilterSaid(OnDays(days(parts)), span=parts.span)


@reads("filter_not_days")
def _filter_not_days(parts: Parts) -> FilterSaid:
    named = days(parts)
    week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    return FilterSaid(OnDays(tuple(day for day in week if day not in named)), span=parts.span)


@reads("filter_not_on_days")
def _filter_not_on_days(parts: Parts) -> FilterSaid:
    return replace(_filter_not_days(parts), behind=True)


@reads("excluded_days")
def _excluded_days(parts: Parts) -> NotSaid:
    return NotSaid(OnDays(days(parts)))


@reads("led_hours")
def _led_hours(parts: Parts) -> FilterSaid:
    return FilterSaid(parts.all(InHours)[0], span=parts.span)


@reads("filter_hours_side")
def _filter_hours_side(parts: Parts) -> FilterSaid:
    """ "Only trade after 10:00"."""
    return FilterSaid(hours_on_a_side(parts), _verb_side(parts), parts.span)


@reads("hours_refused")
def _hours_refused(parts: Parts) -> FilterSaid:
    """ "No trades after 15:00": the other side of that time is left."""
    if parts.has("NO_REENTRY") and "re" in parts.tokens("NO_REENTRY")[0].text.lower().replace("-", " ").split():
        raise Misread("no way back in, or no entries at all")
    told = hours_on_a_side(parts)
    return FilterSaid(InHours(told.end, told.start), span=parts.span)


@reads("hours_filter")
def _hours_filter(parts: Parts) -> FilterSaid:
    """ "Session: 08:00 to 16:00", which is no bar here."""
    unit = parts.token("UNIT")
    if unit is not None and unit.text.lower() not in {"session", "sessions"}:
        raise Misread("a bar, and no time of day")
    return FilterSaid(hours(parts), _verb_side(parts), parts.span)


@reads("filter_midweek")
def _filter_midweek(parts: Parts) -> FilterSaid:
    """ "Midweek only (Tue-Thu)", with the days that are meant."""
    named = days(parts)
    if named not in {("tue", "wed", "thu"), ("wed",)}:
        raise Misread("which days are midweek")
    return FilterSaid(OnDays(named), span=parts.span)


@reads("cooldown")
def _cooldown(parts: Parts) -> CooldownSaid:
    return CooldownSaid(the_period(parts), parts.span)


_BARS = frozenset({"bar", "bars", "candle", "candles", "chart", "charts"})


@reads("context")
def _context(parts: Parts) -> tuple[Statement, ...]:
    if any(token.text.lower() not in _BARS for token in parts.tokens("UNIT")):
        raise Misread("a length, and no chart")
    out: list[Statement] = [instrument(token) for token in parts.tokens("TICKER")]
    out += [ContextSaid("timeframe", chart.timeframe, parts.span) for chart in parts.all(Chart)]
    out += [ContextSaid("timeframe", timeframe_of(token), parts.span) for token in parts.tokens("TF", "PERIOD")]
    return tuple(out)


@reads("mirror_note")
def _mirror_note(parts: Parts) -> NoteSaid:
    """ "Mirror for shorts"; "same for shorts" alone does not say that anything is turned round."""
    said = " ".join(token.text.lower() for token in parts.tokens("L_MIRROR"))
    if not any(word in said for word in _TURNED_ROUND):
        raise Misread("the same, or the opposite")
    return NoteSaid("mirror", parts.span)


@reads("note_side")
def _note_side(parts: Parts) -> NoteSaid:
    """ "Side: long": no other one."""
    return NoteSaid("short_only" if parts.has("SHORT", "SHORT_ONLY") else "long_only", parts.span)


@reads("note_both")
def _note_both(parts: Parts) -> NoteSaid:
    return NoteSaid("both_sides", parts.span)


@reads("note")
def _note(parts: Parts) -> NoteSaid:
    if parts.has("LONG", "SHORT"):
        return NoteSaid("long_only" if parts.has("LONG") else "short_only", parts.span)
    token = next(item for item in parts.items if isinstance(item, Token) and item.kind not in _BEFORE_A_NOTE)
    return NoteSaid(token.kind.lower(), parts.span)
