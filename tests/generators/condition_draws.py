"""Random operands and conditions that mean something on a price chart."""

from collections.abc import Callable

from Backtest.canonical.conditions import (
    WEEKDAYS,
    And,
    Between,
    Compare,
    Condition,
    CrossAbove,
    CrossBelow,
    Falling,
    For,
    Hours,
    Not,
    Or,
    Pattern,
    Rising,
    Sequence,
    Touches,
    Weekday,
    Within,
)
from Backtest.canonical.operands import (
    Arith,
    BarsSinceEntry,
    EntryPrice,
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    OpenProfitPct,
    Operand,
    PercentChange,
    Previous,
    Price,
)
from Backtest.indicators.indicator_registry import find, indicators, patterns
from tests.generators.chart import BOUNDED, EURUSD, OHLC, PRICE_LIKE, Workshop

Atom = Callable[[Workshop], Condition | None]
_LEVELS = (("<", ">", "<=", ">="), (CrossAbove, CrossBelow))
# Values around which outputs without bounds move: their indicator, and the largest distance from 0.
_AROUND_ZERO = {"CCI": 150.0, "ROC": 3.0, "ZSCORE": 1.5}


def price(shop: Workshop) -> Price:
    shift = shop.draws.whole(1, 5) if shop.draws.chance(25) else 0
    return Price(field=shop.draws.one_of(OHLC), shift=shift)


def line(shop: Workshop, *, now: bool = False) -> IndicatorRef:
    """An output on the scale of the price; an extreme that the bar itself may have made only if `now`."""
    indicator = shop.draws.one_of(PRICE_LIKE)
    outputs = [output for output in indicator.outputs if output.bounds is None]
    made = shop.reference(shop.indicator(indicator), shop.draws.one_of(outputs))
    return made.model_copy(update={"shift": 1}) if _is_extreme(shop, made) and not made.shift and not now else made


def _is_extreme(shop: Workshop, operand: Operand) -> bool:
    return isinstance(operand, IndicatorRef) and shop.uses[operand.id].name in ("HIGHEST", "LOWEST", "DONCHIAN")


def extreme(shop: Workshop, *, now: bool) -> Highest | Lowest:
    """The end of a window; one that includes its own bar only if `now`."""
    of: Operand = line(shop, now=True) if shop.draws.chance(15) else Price(field=shop.draws.one_of(OHLC))
    kind = shop.draws.one_of((Highest, Lowest))
    return kind(of=of, bars=shop.draws.whole(2, 20), include_current=now and shop.draws.chance(60))


def _moved(shop: Workshop, base: Operand) -> Arith:
    """A price or line, moved by a percentage, by ATRs, or taken together with another one."""
    draws = shop.draws
    kind = draws.one_of(("*", "+", "-", "min", "max", "/"))
    if kind == "*":
        return Arith(op="*", args=(base, Number(value=draws.one_of((0.97, 0.985, 0.99, 1.005, 1.01, 1.02)))))
    if kind in ("+", "-"):
        distance = Arith(op="*", args=(IndicatorRef(id=shop.atr()), Number(value=draws.real(0.2, 2.0, 1))))
        return Arith(op=kind, args=(base, distance))
    if kind == "/":
        return Arith(op="/", args=(Arith(op="+", args=(base, price(shop))), Number(value=2)))
    return Arith(op=kind, args=(base, line(shop), *((price(shop),) if draws.chance(30) else ())))


def price_like(shop: Workshop, *, now: bool = False) -> Operand:
    """Anything that lies near the price; `now` as for a line."""
    draws = shop.draws
    kind = draws.one_of(("line", "line", "moved", "moved", "extreme", "extreme", "previous", "price"))
    if kind == "line":
        return line(shop, now=now)
    if kind == "moved":
        return _moved(shop, draws.one_of((line, price, lambda shop: extreme(shop, now=True)))(shop))
    if kind == "previous":
        return Previous(period=draws.one_of(("day", "week", "month")), field=draws.one_of(OHLC))
    if kind == "price":
        return Price(field=draws.one_of(OHLC), shift=draws.whole(1, 5))
    return extreme(shop, now=now)


def _against(shop: Workshop, left: Operand, right: Operand) -> Condition | None:
    """A level or an event between two operands, unless the rule speaks of the two already."""
    if _is_settled(shop, left, right) or _is_settled(shop, right, left):
        return None
    if left == right or not shop.say(frozenset((left.model_dump_json(), right.model_dump_json()))):
        return None
    ops, crosses = _LEVELS
    if shop.draws.chance(40):
        return shop.draws.one_of(crosses)(left=left, right=right)
    return Compare(op=shop.draws.one_of((*ops, "!=") if shop.draws.chance(10) else ops), left=left, right=right)


def _is_settled(shop: Workshop, one: Operand, other: Operand) -> bool:
    """Whether the two stand in one order on every bar: lines of one band, an extreme and a price of its last bar."""
    if isinstance(one, IndicatorRef) and isinstance(other, IndicatorRef):
        is_one = shop.content(one.id) == shop.content(other.id) and one.shift == other.shift
        are_extremes = _is_extreme(shop, one) and _is_extreme(shop, other) and one.shift == other.shift
        return are_extremes or (is_one and (one.output == other.output or shop.uses[one.id].name != "MACD"))
    return _is_extreme(shop, one) and isinstance(other, Price) and other.shift == getattr(one, "shift", 0)


def _at_level(shop: Workshop, value: Operand, low: float, high: float, decimals: int) -> Condition | None:
    """A value against numbers of `low` .. `high`, or a named parameter; one such condition a rule."""
    if not shop.say(value.model_dump_json()):
        return None
    draws = shop.draws
    first, second = sorted((draws.real(low, high, decimals), draws.real(low, high, decimals)))
    if first < second and draws.chance(25):
        inclusive = draws.chance(70)
        return Between(value=value, low=Number(value=first), high=Number(value=second), inclusive=inclusive)
    level: Operand = Number(value=first)
    if draws.chance(12):
        level = shop.parameter(f"level_{len(shop.parameters) + 1}", first, low, high)
    if draws.chance(35):
        return draws.one_of((CrossAbove, CrossBelow))(left=value, right=level)
    return Compare(op=draws.one_of(_LEVELS[0]), left=value, right=level)


def average_cross(shop: Workshop) -> Condition | None:
    return _against(shop, *shop.pair_of_averages())


def close_against_line(shop: Workshop) -> Condition | None:
    return _against(shop, Price(field="Close"), price_like(shop))


def line_against_line(shop: Workshop) -> Condition | None:
    return _against(shop, line(shop), price_like(shop))


def oscillator(shop: Workshop) -> Condition | None:
    indicator, output = shop.draws.one_of(BOUNDED)
    value = shop.reference(shop.indicator(indicator), output)
    assert output.bounds is not None
    low, high = output.bounds
    if indicator.name == "SUPERTREND":
        if not shop.say(value.model_dump_json()):
            return None
        return Compare(op=shop.draws.one_of(("==", "!=")), left=value, right=Number(value=shop.draws.one_of((-1, 1))))
    width = high - low
    return _at_level(shop, value, low + 0.2 * width, high - 0.2 * width, 0)


def unbounded(shop: Workshop) -> Condition | None:
    draws = shop.draws
    name = draws.one_of(("MACD", "MACD", "MOM", "CCI", "ROC", "ZSCORE", "REALISED_VOLATILITY", "OBV"))
    indicator = find(name)
    use = shop.indicator(indicator)
    value = shop.reference(use, draws.one_of(indicator.outputs))
    if name in _AROUND_ZERO:
        return _at_level(shop, value, -_AROUND_ZERO[name], _AROUND_ZERO[name], 1)
    if name == "REALISED_VOLATILITY":
        return _at_level(shop, value, 0.05, 0.4, 2)
    if name == "MACD" and draws.chance(40):
        return _against(shop, IndicatorRef(id=use.id, output="macd"), IndicatorRef(id=use.id, output="signal"))
    if name == "OBV":
        return _against(shop, IndicatorRef(id=use.id), IndicatorRef(id=use.id, shift=draws.whole(1, 10)))
    return _at_level(shop, value, 0, 0, 0)


def wide_bar(shop: Workshop) -> Condition | None:
    """The bar's range, or its deviation, against a part of the price."""
    draws = shop.draws
    name = draws.one_of(("TRANGE", "STDDEV", "ATR"))
    left = IndicatorRef(id=shop.indicator(find(name)).id)
    part = Number(
        value=draws.one_of((0.002, 0.005, 0.01, 0.02) if shop.chart is not EURUSD else (0.0005, 0.001, 0.002))
    )
    right: Operand = Arith(op="*", args=(Price(field="Close"), part))
    if draws.chance(40):
        left_gap = Arith(op="-", args=(Price(field="Close"), Price(field="Open")))
        return _against(shop, Arith(op="abs", args=(left_gap,)), right)
    return _against(shop, left, right)


def volume(shop: Workshop) -> Condition | None:
    name = shop.draws.one_of(("SMA", "EMA", "HIGHEST", "WMA"))
    use = shop.indicator(find(name), sources=("Volume",), may_be_longer=False)
    if use.source != "Volume":
        return None
    right: Operand = IndicatorRef(id=use.id)
    if shop.draws.chance(40) or name == "HIGHEST":
        right = Arith(op="*", args=(right, Number(value=shop.draws.one_of((0.5, 0.8, 1.2, 1.5)))))
    return _against(shop, Price(field="Volume", shift=0), right)


def percent_move(shop: Workshop) -> Condition | None:
    draws = shop.draws
    of: Operand = Price(field="Close") if draws.chance(75) else line(shop)
    change = PercentChange(of=of, bars=draws.whole(1, 12))
    if draws.chance(20):
        return _at_level(shop, Arith(op="abs", args=(change,)), 0.1, 2.0, 1)
    return _at_level(shop, change, -3.0, 3.0, 1)


def own_average(shop: Workshop) -> Condition | None:
    """An indicator against a line that is computed of it: its average, the middle of its bands, its RSI rising."""
    draws = shop.draws
    inner = draws.one_of([each for each in indicators() if each.name not in ("HIGHEST", "LOWEST", "SUPERTREND")])
    use = shop.indicator(inner)
    output = draws.one_of(inner.outputs)
    value = IndicatorRef(id=use.id, output=output.name)
    line = draws.one_of([each for each in indicators() if each.default_source and each.name != "REALISED_VOLATILITY"])
    if draws.chance(60):
        line = find(draws.one_of(("SMA", "EMA", "WMA", "BBANDS")))
    made = shop.of_another(line, use, output)
    if line.name in ("SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "BBANDS"):
        middle = draws.one_of(line.outputs)
        return _against(shop, value, IndicatorRef(id=made.id, output=middle.name, shift=draws.one_of((0, 0, 0, 2))))
    composed = IndicatorRef(id=made.id, output=draws.one_of(line.outputs).name)
    if not shop.say(("trend", composed.model_dump_json())):
        return None
    return draws.one_of((Rising, Falling))(value=composed, bars=1)


def ratio(shop: Workshop) -> Condition | None:
    return _at_level(shop, Arith(op="/", args=(Price(field="Close"), line(shop))), 0.97, 1.03, 2)


def trend(shop: Workshop) -> Condition | None:
    value = price_like(shop, now=True) if shop.draws.chance(50) else Price(field="Close")
    if not shop.say(("trend", value.model_dump_json())):
        return None
    return shop.draws.one_of((Rising, Falling))(value=value, bars=shop.draws.whole(1, 3))


def touch(shop: Workshop) -> Condition | None:
    side = shop.draws.one_of(("low", "high", "any"))
    value: Operand = price_like(shop)
    if side != "any" and shop.draws.chance(15):  # the bar makes the extreme itself
        kind, field = (Highest, "High") if side == "high" else (Lowest, "Low")
        value = kind(of=Price(field=field), bars=shop.draws.whole(2, 20), include_current=True)
    if not shop.say(("touch", value.model_dump_json())):
        return None
    return Touches(value=value, side=side)


def candle(shop: Workshop) -> Condition | None:
    pattern = shop.draws.one_of(patterns())
    if not shop.say(("candle", pattern.name)):
        return None
    words = {1: "bullish", -1: "bearish"}
    return Pattern(name=pattern.name, direction=shop.draws.one_of(("any", *(words[sign] for sign in pattern.signs))))


def weekday(shop: Workshop) -> Condition | None:
    return Weekday(days=shop.draws.some_of(WEEKDAYS[:5], 1, 4)) if shop.say("weekday") else None


def hours(shop: Workshop) -> Condition | None:
    """A session of the day; only on intraday bars, since a day's bar is stamped 00:00."""
    if shop.chart is not EURUSD or not shop.say("hours"):
        return None
    start, end = shop.draws.some_of(("00:00", "02:30", "07:00", "09:30", "13:00", "16:00", "20:00"), 2, 2)
    return Hours(start=end, end=start) if shop.draws.chance(25) else Hours(start=start, end=end)


def open_profit(shop: Workshop) -> Condition | None:
    return _at_level(shop, OpenProfitPct(), -4.0, 8.0, 1)


def held_long(shop: Workshop) -> Condition | None:
    if not shop.say("held"):
        return None
    op = shop.draws.one_of((">=", ">", "=="))
    return Compare(op=op, left=BarsSinceEntry(), right=Number(value=shop.draws.whole(2, 25)))


def close_against_entry(shop: Workshop) -> Condition | None:
    factor = Number(value=shop.draws.one_of((0.95, 0.98, 1.01, 1.03, 1.06)))
    right: Operand = Arith(op="*", args=(EntryPrice(), factor)) if shop.draws.chance(60) else EntryPrice()
    return _against(shop, Price(field="Close"), right)


ATOMS: tuple[Atom, ...] = (
    *(oscillator, oscillator, unbounded, unbounded, close_against_line, close_against_line, line_against_line),
    *(average_cross, wide_bar, volume, percent_move, own_average, ratio, trend, touch, candle, weekday, hours),
)
POSITION_ATOMS: tuple[Atom, ...] = (open_profit, held_long, close_against_entry)


def atom(shop: Workshop, *, in_exit: bool) -> Condition:
    """One condition without conditions in it, of something that the rule has not spoken of yet."""
    for _ in range(6):
        choices = POSITION_ATOMS if in_exit and shop.draws.chance(25) else ATOMS
        made = shop.draws.one_of(choices)(shop)
        if made is not None:
            return made
    bars = 1 + sum(isinstance(subject, int) for subject in shop.said)
    shop.say(bars)
    return Compare(op=">", left=Price(field="Close"), right=Price(field="Close", shift=20 + bars))


def condition(shop: Workshop, *, in_exit: bool, depth: int = 2) -> Condition:
    """A condition of at most `depth` levels above its atoms."""
    draws = shop.draws
    if depth == 0 or draws.chance(35):
        return atom(shop, in_exit=in_exit)

    def inner() -> Condition:
        return condition(shop, in_exit=in_exit, depth=depth - 1)

    kind = draws.one_of((And, And, Or, Or, Not, For, Within, Sequence))
    if kind in (And, Or):
        return kind(of=tuple(inner() for _ in range(draws.whole(2, 3))))
    if kind is Not:
        return Not(of=inner())
    if kind is Sequence:
        return Sequence(first=inner(), then=inner(), bars=draws.whole(1, 6))
    return kind(of=inner(), bars=draws.whole(1, 3) if kind is For else draws.whole(2, 8))
