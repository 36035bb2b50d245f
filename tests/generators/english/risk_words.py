"""Stops, targets, sizes and the account: each as a sentence and, for those who write fragments, as a few words."""

from collections.abc import Sequence

from Backtest.canonical import risk
from Backtest.canonical.operands import Arith, Number, Operand
from Backtest.canonical.rules import Filters
from Backtest.canonical.spec import Spec
from tests.generators.english.condition_words import DAYS, condition_words
from tests.generators.english.operand_words import is_default, operand_words
from tests.generators.english.voice import Voice, digits

Distance = risk.PercentDistance | risk.AtrDistance | risk.PriceDistance | risk.PipsDistance
CLOCKS = {
    "08:00": "8am",
    "09:30": "9:30am",
    "16:00": "4pm",
    "17:00": "5pm",
    "20:00": "8pm",
    "07:00": "7am",
    "13:00": "1pm",
}


def atr_words(voice: Voice, indicator: str, multiple: float) -> str:
    voice.relies_on(17)
    use = voice.spec.indicator(indicator)
    name = "ATR" if is_default(use) and voice.is_only(use) and voice.chance(60) else f"ATR({use.params['timeperiod']})"
    times = voice.pick("", "x ", "times ") if name != "ATR" or multiple != 1 else ""
    return f"{digits(multiple)} {times}{name}"


def distance_words(voice: Voice, node: Distance) -> str:
    match node:
        case risk.AtrDistance():
            return atr_words(voice, node.indicator, node.multiple)
        case risk.PriceDistance():
            voice.relies_on(17)
            return f"${digits(node.value)}"
        case risk.PipsDistance():
            voice.relies_on(17)
            return f"{digits(node.value)} pips"
    voice.relies_on(16)
    return voice.percent(node.value)


def level_words(voice: Voice, node: risk.StopLoss | risk.TakeProfit) -> str:
    """A stop or a target after its label."""
    if isinstance(node, risk.RMultiple):
        voice.relies_on(17)
        return f"{digits(node.multiple)}R"
    assert not isinstance(node, risk.PriceLevel)
    return distance_words(voice, node)


def is_short_only(spec: Spec) -> bool:
    return all(rule.side == "short" for rule in spec.entry_rules)


def is_two_sided(spec: Spec) -> bool:
    return len({rule.side for rule in spec.entry_rules}) == 2


def is_money(node: risk.StopLoss | risk.TakeProfit) -> bool:
    """Whether "at" it would be a price: rule 17 settles "a $5 stop" alone."""
    return isinstance(node, risk.PriceDistance)


def fragment(distance: str) -> str:
    """The distance before a noun: "40 pip stop"."""
    return distance.replace(" pips", " pip")


def stop_words(voice: Voice, node: risk.StopLoss, *, brief: bool) -> str:
    assert not isinstance(node, risk.PriceLevel)
    distance = distance_words(voice, node)
    if brief:
        ways = [f"{fragment(distance)} stop"]
        ways += [] if is_money(node) else [f"SL {distance}", f"stop {distance}", f"stop loss {distance}"]
        return voice.pick(*ways)
    noun = f"a {fragment(distance)} stop"
    ways = [f"protect every trade with {noun}", f"use {noun} loss", f"place {noun}", f"use a stop loss of {distance}"]
    if not is_money(node):
        ways += [f"set the stop loss at {distance}", f"my stop is {distance}", f"cut losses at {distance}"]
    if not is_two_sided(voice.spec):
        beyond = "above" if is_short_only(voice.spec) else "below"
        ways += [f"place the stop {distance} {beyond} {voice.pick('entry', 'the entry', 'the entry price')}"]
        ways += [f"the stop loss is {distance} {beyond} the entry price"]
    return voice.pick(*ways)


def target_words(voice: Voice, node: risk.TakeProfit, *, brief: bool) -> str:
    assert not isinstance(node, risk.PriceLevel)
    if isinstance(node, risk.RMultiple):
        voice.relies_on(17)
        multiple = digits(node.multiple)
        short = (f"target {multiple}R", f"take profit at {multiple}R")
        longer = (f"use a {multiple}:1 reward to risk ratio", f"the profit target is {multiple}R", *short)
        return voice.pick(*(short if brief else longer))
    distance = distance_words(voice, node)
    if brief:
        ways = [f"{fragment(distance)} target"]
        ways += [] if is_money(node) else [f"TP {distance}", f"target {distance}", f"take profit {distance}"]
        return voice.pick(*ways)
    ways = [
        f"{verb} a {fragment(distance)} {noun}" for verb, noun in (("set", "profit target"), ("use", "take profit"))
    ]
    ways.append(f"use a profit target of {distance}")
    if not is_money(node):
        ways += [f"take profits at {distance}", f"my target is {distance}", f"take profit at {distance}"]
    if not is_two_sided(voice.spec):
        beyond = "below" if is_short_only(voice.spec) else "above"
        ways.append(f"place the target {distance} {beyond} {voice.pick('entry', 'the entry', 'the entry price')}")
    return voice.pick(*ways)


def gain_words(voice: Voice, node: risk.Gain) -> str:
    voice.relies_on(18)
    match node:
        case risk.RGain():
            return f"{digits(node.value)}R"
        case risk.AtrGain():
            return atr_words(voice, node.indicator, node.value)
    return voice.percent(node.value)


def trail_words(voice: Voice, node: risk.TrailingStop, *, brief: bool) -> str:
    voice.relies_on(18)
    distance = distance_words(voice, node)
    noun = f"{fragment(distance)} trailing stop"
    if node.after_gain is None:
        if brief:
            return voice.pick(noun, f"trailing stop {distance}", f"trail {distance}")
        return voice.pick(f"use a {noun}", f"use a trailing stop of {distance}", f"trail the stop by {distance}")
    gain = gain_words(voice, node.after_gain)
    if brief:
        return voice.pick(f"{noun} after a {gain} gain", f"after a {gain} gain trail by {distance}")
    return voice.pick(
        f"after a {gain} gain trail by {distance}",
        f"use a {noun} that starts after a {gain} gain",
        f"trail by {distance} after a {gain} gain",
        f"once the trade is up {gain}, trail by {distance}",
    )


def break_even_words(voice: Voice, node: risk.BreakEven, *, brief: bool) -> str:
    gain = gain_words(voice, node.after_gain)
    if brief:
        return voice.pick(f"break-even after {gain}", f"breakeven at {gain}", f"break-even after a {gain} gain")
    return voice.pick(
        f"move the stop to {voice.pick('break-even', 'breakeven', 'break even')} after a {gain} gain",
        f"once the trade is up {gain}, move the stop to {voice.pick('break-even', 'breakeven', 'the entry price')}",
        f"after a {gain} gain move the stop to break-even",
        f"bring the stop to break-even once the trade is {gain} in profit",
        f"when the position is up {gain}, the stop goes to breakeven",
    )


def longest_hold_words(voice: Voice, number: int, *, brief: bool) -> str:
    voice.relies_on(20)
    bars = voice.bars(number)
    if brief:
        return voice.pick(f"max hold {bars}", f"time stop {bars}", f"exit after {bars}")
    return voice.pick(
        f"hold for at most {bars}",
        f"exit after {bars} at the latest",
        f"close the trade after {bars}",
        f"hold no longer than {bars}",
        f"hold for a maximum of {bars}",
        f"get out after {bars}",
        f"never hold for more than {bars}",
    )


def cooldown_words(voice: Voice, number: int, *, brief: bool) -> str:
    voice.relies_on(21)
    bars = voice.bars(number)
    if brief:
        return f"cooldown {bars}"
    return voice.pick(
        f"wait {bars} after each exit before a new entry",
        f"after every exit use a cooldown of {bars}",
        f"no re-entry for {bars} after an exit",
        f"use a cooldown of {bars}",
        f"after an exit wait {bars} before entering again",
        f"sit out {bars} after every exit",
        f"stay flat for {bars} after each exit",
    )


def sizing_words(voice: Voice, node: risk.Sizing, *, brief: bool) -> str:
    voice.relies_on(24)
    match node:
        case risk.FractionSizing():
            ways = fraction_ways(voice, node.value, brief=brief)
        case risk.UnitsSizing():
            things = "units" if voice.chart.symbol == "EURUSD" else voice.pick("shares", "shares", "units")
            units = f"{f'{node.value:,}' if voice.chance(50) else node.value} {things}"
            ways = [f"{units} per trade", f"size {units}"]
            if not brief:
                ways = [
                    f"position size: {units}",
                    f"size is {units}",
                    f"trade {units} each time",
                    f"use {units} per trade",
                ]
        case risk.CashSizing():
            money = f"${int(node.value):,}" if voice.chance(60) else f"${digits(node.value / 1000)}k"
            ways = [f"{money} per trade"]
            if not brief:
                ways = [f"allocate {money} to each trade", f"each position is {money}", f"invest {money} per trade"]
                ways.append(f"put {money} into every trade")
        case risk.RiskSizing():
            part = voice.percent(node.percent)
            ways = [f"risk {part} per trade", f"{part} risk per trade"]
            if not brief:
                ways = [f"risk {part} of {whole}" for whole in ("equity per trade", "my capital on every trade")]
                ways.append(f"risk {part} of the account on each trade")
        case risk.VolatilityTargetSizing():
            target = f"volatility target {'' if brief else 'of '}{voice.percent(node.percent)}"
            ways = [target if brief else f"use a {target}"]
        case _:
            ways = ["all in", "full size"] if brief else ["use the whole account for each trade", "invest all my cash"]
    return voice.pick(*ways)


def fraction_ways(voice: Voice, value: float, *, brief: bool) -> list[str]:
    part = voice.percent(round(value * 100, 6))
    if brief:
        return [f"size {part} of equity", f"{part} of equity per trade"]
    ways = [f"use {part} of equity per trade", f"invest {part} of the account in each trade"]
    ways += [f"put {part} of equity into every trade", f"position size: {part} of equity"]
    ways += [f"each trade gets {part} of the account"]
    named = {0.25: "use a quarter of the account for each trade", 0.5: "commit half of the equity to each trade"}
    return [*ways, named[value]] if value in named else ways


def commission_words(voice: Voice, node: risk.Commission) -> str:
    if isinstance(node, risk.PerUnitCommission):
        return f"a commission of ${digits(node.value)} per share"
    if isinstance(node, risk.FixedPlusRateCommission):
        return f"a commission of ${digits(node.fixed)} plus {digits(round(node.rate * 100, 8))}% per order"
    if node.value == 0:
        return voice.pick("no commission", "zero commission")
    part, points = f"{digits(round(node.value * 100, 8))}%", f"{digits(round(node.value * 10_000, 8))} bps"
    return voice.pick(
        f"{part} commission",
        f"{points} commission",
        f"a commission of {part}",
        f"{part} commission per side",
        f"commissions of {points}",
    )


def account_words(voice: Voice, node: risk.Execution) -> list[str]:
    """Sentences for what differs from the default account, none where nothing does."""
    voice.relies_on(25)
    default = risk.Execution()
    is_long = node.cash >= 1_000_000 or voice.chance(50)
    money = f"${int(node.cash):,}" if is_long else f"${digits(node.cash / 1000)}k"
    has_cash, has_commission = node.cash != default.cash, node.commission != default.commission
    made: list[str] = []
    if has_cash and has_commission:
        made.append(f"start with {money} and {commission_words(voice, node.commission)}")
    elif has_cash:
        made.append(
            voice.pick(
                f"start with {money}",
                f"starting capital {money}",
                f"the account is {money}",
                f"my account has {money}",
                f"initial capital is {money}",
            )
        )
    elif has_commission:
        made.append(f"{voice.pick('use', 'assume')} {commission_words(voice, node.commission)}")
    if node.spread != default.spread:
        made.append(f"{voice.pick('use', 'assume')} a spread of {digits(round(node.spread * 100, 8))}%")
    if node.margin != default.margin:
        made.append(f"use {digits(round(1 / node.margin, 6))}x leverage")
    return made


def clock(voice: Voice, time: str) -> str:
    return CLOCKS.get(time, time) if voice.chance(30) else time


def filter_words(voice: Voice, node: Filters) -> list[str]:
    made: list[str] = []
    if node.weekdays is not None:
        made.append(weekday_words(voice, node.weekdays))
    if node.hours is not None:
        start, end = clock(voice, node.hours.start), clock(voice, node.hours.end)
        between = f"between {start} and {end}"
        ways = (f"only trade {between}", f"only enter {between}", f"entries {between} only")
        made.append(voice.pick(*ways, f"trade only from {start} to {end}", f"no entries outside {start} to {end}"))
    if node.when is not None:
        verb, joint = voice.pick("trade", "enter", "take trades"), voice.pick("when", "if", "while")
        made.append(f"only {verb} {joint} {condition_words(voice, node.when)}")
    if made:
        voice.relies_on(11)
    return made


def weekday_words(voice: Voice, allowed: Sequence[str]) -> str:
    """The days to enter on; where the weekend is among them, the days not to."""
    is_off = "sat" in allowed
    days = [f"{name}s" for day, name in DAYS.items() if (day in allowed) != is_off]
    named = " and ".join(part for part in (", ".join(days[:-1]), days[-1]) if part)
    ways: tuple[str, ...]
    if is_off:
        ways = (
            "no new entries on {}",
            "never enter on {}",
            "don't enter on {}",
            "skip {}",
            "no trades on {}",
            "avoid {}",
        )
    else:
        ways = ("only trade on {}", "enter on {} only", "only enter on {}", "{} only", "entries only on {}")
    return voice.pick(*ways).format(named)


def limit_distance(voice: Voice, price: Operand) -> str:
    """ "1% below the close", "the 20-day high": where a waiting order stands."""
    if isinstance(price, Arith) and isinstance(price.args[1], Number):
        factor = price.args[1].value
        part = voice.percent(round(abs(factor - 1) * 100, 6))
        return f"{part} {'below' if factor < 1 else 'above'} the close"
    return operand_words(voice, price)
