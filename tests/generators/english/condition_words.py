"""What is true on a bar, as a trader says it: "RSI(14) drops below 30", "price has been above the 50-day SMA for 3 bars"."""

from typing import Literal

from Backtest.canonical.conditions import (
    And,
    Between,
    Compare,
    Condition,
    CrossAbove,
    CrossBelow,
    Falling,
    For,
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
    Highest,
    IndicatorRef,
    Lowest,
    Number,
    OpenProfitPct,
    Operand,
    PercentChange,
    Price,
)
from Backtest.canonical.spec import IndicatorUse
from tests.generators.english.operand_words import operand_words
from tests.generators.english.voice import Voice, digits

Tense = Literal["now", "past", "perfect"]

RISES = (
    ("crosses above", "crossed above"),
    ("rises above", "rose above"),
    ("climbs above", "climbed above"),
    ("goes above", "went above"),
    ("moves above", "moved above"),
    ("pushes above", "pushed above"),
    ("crosses over", "crossed over"),
    ("gets back above", "got back above"),
    ("breaks above", "broke above"),
    ("goes over", "went over"),
    ("climbs over", "climbed over"),
    ("comes back above", "came back above"),
    ("crosses up through", "crossed up through"),
)
FALLS = (
    ("crosses below", "crossed below"),
    ("drops below", "dropped below"),
    ("falls below", "fell below"),
    ("goes below", "went below"),
    ("dips below", "dipped below"),
    ("slips below", "slipped below"),
    ("crosses under", "crossed under"),
    ("falls under", "fell under"),
    ("breaks below", "broke below"),
    ("goes under", "went under"),
    ("dips under", "dipped under"),
    ("slips under", "slipped under"),
    ("drops under", "dropped under"),
    ("gets back below", "got back below"),
    ("comes back below", "came back below"),
)
ARE = {"now": "is", "past": "was", "perfect": "has been"}
COMPARISONS = {
    ">": ("above", "above", "over", "greater than", "higher than", "more than"),
    "<": ("below", "below", "under", "less than", "lower than", "beneath"),
    ">=": ("at least", "at or above", "no less than", "no lower than", "greater than or equal to"),
    "<=": ("at most", "at or below", "no more than", "no higher than", "less than or equal to"),
}
EXTREMES = {
    "RSI": (30, 70),
    "CCI": (-100, 100),
    "MFI": (20, 80),
    "WILLR": (-80, -20),
    "STOCH": (20, 80),
}
PATTERNS = {
    ("CDLENGULFING", "bullish"): ("bullish engulfing candle", "bullish engulfing pattern", "bullish engulfing"),
    ("CDLENGULFING", "bearish"): ("bearish engulfing candle", "bearish engulfing pattern", "bearish engulfing"),
    ("CDLHAMMER", "bullish"): ("hammer", "hammer candle"),
    ("CDLSHOOTINGSTAR", "bearish"): ("shooting star", "shooting star candle"),
    ("CDLMORNINGSTAR", "bullish"): ("morning star", "morning star pattern"),
    ("CDLEVENINGSTAR", "bearish"): ("evening star", "evening star pattern"),
}
DAYS = {"mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday"}


def condition_words(voice: Voice, node: Condition, tense: Tense = "now") -> str:
    match node:
        case And():
            return and_words(voice, node)
        case Or():
            voice.relies_on(15)
            parts = [
                and_words(voice, part, is_bare=True) if isinstance(part, And) else condition_words(voice, part)
                for part in node.of
            ]
            if len(parts) == 2 and voice.chance(15) and not any(isinstance(part, And) for part in node.of):
                return f"either {' or '.join(parts)}"
            return " or ".join(parts)
        case Not(of=Compare() as inner) if not isinstance(inner.right, Arith):
            return comparison_words(voice, inner, "now", negated=True)
        case Compare():
            return comparison_words(voice, node, tense)
        case CrossAbove() | CrossBelow():
            return cross_words(voice, node, tense)
        case Between():
            voice.relies_on(6)
            low, high = operand_words(voice, node.low), operand_words(voice, node.high)
            return f"{operand_words(voice, node.value)} {ARE[tense]} between {low} and {high}"
        case Rising() | Falling():
            return slope_words(voice, node)
        case Touches():
            voice.relies_on(6)
            return f"{voice.pick('price', 'the price')} {voice.pick('touches', 'hits', 'reaches')} {operand_words(voice, node.value)}"
        case Pattern():
            voice.relies_on(26)
            name = voice.pick(*PATTERNS[node.name, node.direction])
            return f"there is {article(name)} {name}"
        case Weekday():
            voice.relies_on(11)
            return f"it is {' or '.join(DAYS[day] for day in node.days)}"
        case For() | Within() | Sequence():
            return window_words(voice, node)
    raise ValueError(f"no English for {node!r}")


def article(name: str) -> str:
    return "an" if name[0] in "aeio" else "a"


def and_words(voice: Voice, node: And, *, is_bare: bool = False) -> str:
    """`is_bare`: joined by "and" alone, beside an "or" that any other word might draw to it."""
    if (value := turning(node)) is not None:
        voice.relies_on(5)
        return f"{operand_words(voice, value[0])} turns {value[1]}"
    *others, last = node.of
    first = " and ".join(condition_words(voice, part) for part in others)
    if isinstance(last, Not) and len(node.of) == 2 and not is_bare:
        if isinstance(last.of, Compare) and not isinstance(last.of.right, Arith) and voice.chance(40):
            return f"{first} and {condition_words(voice, last)}"
        return f"{first} unless {condition_words(voice, last.of)}"
    if is_level(last) and len(node.of) == 2 and not voice.symbols and not is_bare:
        voice.relies_on(6)
        joint = voice.pick(" and ", " and ", " while ", " as long as ", " provided ", ", but only if ", ", only if ")
        return first + joint + condition_words(voice, last)
    return f"{first} and {condition_words(voice, last)}"


def turning(node: And) -> tuple[Operand, str] | None:
    """What turns and where to, when the conjunction is rule 5's turn."""
    match node.of:
        case (Rising(value=value, bars=1), Compare(op="<=", left=IndicatorRef(shift=1))):
            return value, "up"
        case (Falling(value=value, bars=1), Compare(op=">=", left=IndicatorRef(shift=1))):
            return value, "down"
    return None


def is_level(node: Condition) -> bool:
    return isinstance(node, Compare | Between) or (isinstance(node, Not) and isinstance(node.of, Compare))


def indicator_of(voice: Voice, node: Operand) -> IndicatorUse | None:
    return voice.spec.indicator(node.id) if isinstance(node, IndicatorRef) else None


def is_close(node: Operand) -> bool:
    return isinstance(node, Price) and node.field == "Close" and node.shift == 0


def cross_words(voice: Voice, node: CrossAbove | CrossBelow, tense: Tense) -> str:
    voice.relies_on(5)
    is_up = isinstance(node, CrossAbove)
    use = indicator_of(voice, node.left)
    if use is not None and use.name == "SUPERTREND":
        states = ("bullish", "up", "green") if is_up else ("bearish", "down", "red")
        verbs = ("turns", "flips") if tense == "now" else ("turned", "flipped")
        return f"{operand_words(voice, node.left)} {voice.pick(*verbs)} {voice.pick(*states)}"
    if use is not None and isinstance(node.right, Number) and tense == "now":
        extreme = extreme_event(voice, use, node)
        if extreme is not None:
            return extreme
    if tense == "now" and (named := named_cross(voice, node, is_up=is_up)) is not None and voice.chance(30):
        return named
    verbs = voice.draws.one_of(RISES if is_up else FALLS)
    verb = verbs[0] if tense == "now" else verbs[1]
    if (
        is_close(node.left)
        and tense == "now"
        and isinstance(node.right, Highest | Lowest | Number)
        and voice.chance(60)
    ):
        verb = f"breaks {'above' if is_up else 'below'}"
    left = operand_words(voice, node.left)
    if isinstance(node.right, Number):
        return f"{left} {verb} {level_words(voice, node.left, node.right)}"
    if tense == "now" and not voice.symbols and voice.chance(6):
        right = operand_words(voice, node.right)
        return f"{left} crosses {right} {'from below' if is_up else 'from above'}"
    return f"{left} {verb} {operand_words(voice, node.right)}"


def level_words(voice: Voice, of: Operand, level: Number) -> str:
    """The number that something is compared with: dollars for a price, percent for a rate of change."""
    use = indicator_of(voice, of)
    if is_close(of) and voice.chart.symbol != "EURUSD":
        return f"${digits(level.value)}"
    if use is not None and use.name == "ROC" and voice.chance(50):
        return f"{digits(level.value)}%"
    if level.value == 0 and not voice.symbols and voice.chance(50):
        return "zero"
    return digits(level.value)


def extreme_event(voice: Voice, use: IndicatorUse, node: CrossAbove | CrossBelow) -> str | None:
    """Events of oscillators and of the MACD's lines, with words of their own."""
    is_up = isinstance(node, CrossAbove)
    words = operand_words(voice, node.left)
    if use.name == "MACD" and voice.chance(40):
        return f"{words} turns {'positive' if is_up else 'negative'}"
    assert isinstance(node.right, Number)
    low, high = EXTREMES.get(use.name, (None, None))
    if voice.chance(70) or node.right.value not in (low, high):
        return None
    voice.relies_on(26)
    is_high = node.right.value == high
    state = "overbought" if is_high else "oversold"
    return f"{words} {voice.pick('goes', 'becomes', 'turns') if is_up == is_high else 'leaves'} {state}"


def named_cross(voice: Voice, node: CrossAbove | CrossBelow, *, is_up: bool) -> str | None:
    """A golden or death cross of the 50 and 200 SMA, and the MACD's crossover."""
    left, right = indicator_of(voice, node.left), indicator_of(voice, node.right)
    if left is None or right is None:
        return None
    if left is right and left.name == "MACD" and left.params.get("fastperiod", 12) == 12 and voice.is_only(left):
        return f"there is a {'bullish' if is_up else 'bearish'} MACD {voice.pick('crossover', 'cross')}"
    periods = [use.params.get("timeperiod") for use in (left, right)]
    if left.name == right.name == "SMA" and periods == [50, 200] and left.timeframe is right.timeframe is None:
        voice.relies_on(26)
        return f"there is a {'golden' if is_up else 'death'} cross"
    return None


def comparison_words(voice: Voice, node: Compare, tense: Tense, *, negated: bool = False) -> str:
    voice.relies_on(6)
    match node.left, node.right:
        case PercentChange() as move, Number() as size:
            return move_words(voice, move, node.op, size.value)
        case OpenProfitPct(), Number() as size:
            return profit_words(voice, size.value)
        case value, Arith(op="*", args=(of, Number() as factor)):
            return distance_words(voice, value, node.op, of, factor.value, tense)
    left = operand_words(voice, node.left)
    right = operand_words(voice, node.right)
    if isinstance(node.right, Number):
        right = level_words(voice, node.left, node.right)
        use = indicator_of(voice, node.left)
        low, high = EXTREMES.get(use.name, (None, None)) if use is not None else (None, None)
        if voice.chance(30) and (node.op, node.right.value) in (("<", low), (">", high)):
            voice.relies_on(26)
            return f"{left} {ARE[tense]}{' not' * negated} {'oversold' if node.op == '<' else 'overbought'}"
        if use is not None and use.name == "MACD" and node.op in "<>" and voice.chance(50):
            return f"{left} {ARE[tense]}{' not' * negated} {'positive' if node.op == '>' else 'negative'}"
    if not negated and tense == "now" and reached(node, indicator_of(voice, node.left)) and voice.chance(20):
        return f"{left} {voice.pick('reaches', 'hits', 'touches')} {right}"
    if voice.symbols and tense == "now" and not negated:
        return f"{left} {node.op} {right}"
    if tense == "now" and not negated and is_close(node.left) and node.op in "<>" and voice.chance(40):
        return f"{left} closes {'above' if node.op == '>' else 'below'} {right}".replace(
            "the close closes", "price closes"
        ).replace("close closes", "price closes")
    return f"{left} {ARE[tense]}{' not' * negated} {voice.pick(*COMPARISONS[node.op])} {right}"


def reached(node: Compare, use: IndicatorUse | None) -> bool:
    """Whether it is an oscillator at or beyond a value, away from its middle: what "reaches" says of one."""
    if use is None or use.name not in EXTREMES or not isinstance(node.right, Number):
        return False
    middle = sum(EXTREMES[use.name]) / 2
    return node.right.value != middle and node.op == (">=" if node.right.value > middle else "<=")


def move_words(voice: Voice, move: PercentChange, op: str, size: float) -> str:
    ups, downs = (
        ("rises", "gains", "is up", "has risen", "climbs"),
        ("drops", "falls", "is down", "has fallen", "loses"),
    )
    verb = voice.pick(*(ups if size > 0 else downs))
    least = "more than " if op in "<>" else voice.pick("", "", "at least ")
    span = f"{voice.pick('over', 'in', 'over the last', 'in the past', 'within')} {voice.bars(move.bars)}"
    if move.bars == 1:
        span = voice.pick("in a day", "in one day") if voice.chart.timeframe == "1d" else "in one bar"
    return f"{voice.pick('price', 'the price')} {verb} {least}{voice.percent(abs(size))} {span}"


def profit_words(voice: Voice, size: float) -> str:
    voice.relies_on(17)
    is_gain = size > 0
    part = voice.percent(abs(size))
    gain = f"{voice.pick('the trade', 'the position')} is {'up' if is_gain else 'down'} {part}"
    if any(rule.side == "short" for rule in voice.spec.entry_rules):
        return gain
    place = f"{part} {'above' if is_gain else 'below'} {voice.pick('entry', 'the entry price')}"
    return voice.pick(gain, f"{voice.pick('price', 'the close')} is {place}")


def distance_words(voice: Voice, left: Operand, op: str, of: Operand, factor: float, tense: Tense) -> str:
    """A line or yesterday's close times a factor: a gap, a distance from an average, a multiple of average volume."""
    is_up, is_strict = ">" in op, "=" not in op
    part = voice.percent(round(abs(factor - 1) * 100, 6))
    if isinstance(left, Price) and left.field == "Open":
        if voice.chance(50):
            return f"{voice.pick('price', 'the price')} gaps {'up' if is_up else 'down'} by at least {part}"
        opens = voice.pick("the stock opens", "price opens")
        return f"{opens} at least {part} {'above' if is_up else 'below'} the previous close"
    if isinstance(left, Price) and left.field == "Volume":
        least = voice.pick("more than", "above") if is_strict else "at least"
        times = "twice" if factor == 2 and voice.chance(60) else f"{digits(factor)} {voice.pick('times', 'x')}"
        return f"volume {ARE[tense]} {least} {times} {operand_words(voice, of)}"
    least = "more than" if is_strict else "at least"
    return f"{operand_words(voice, left)} {ARE[tense]} {least} {part} {'above' if is_up else 'below'} {operand_words(voice, of)}"


def slope_words(voice: Voice, node: Rising | Falling) -> str:
    voice.relies_on(7)
    is_up = isinstance(node, Rising)
    if not is_close(node.value):
        line = operand_words(voice, node.value)
        way = "rising" if is_up else "falling"
        if node.bars == 1:
            return f"{line} is {way}"
        return f"{line} {voice.pick('is', 'has been')} {way} for {voice.bars(node.bars)}"
    bars = voice.bars(node.bars)
    number, _, unit = bars.partition(" ")
    return voice.pick(
        f"price {'rises' if is_up else 'falls'} for {bars}{voice.pick('', ' in a row')}",
        f"price has {'risen' if is_up else 'fallen'} for {number} {voice.pick('straight', 'consecutive')} {unit}",
        f"{voice.pick('price', 'the close')} is {'higher' if is_up else 'lower'} {bars} in a row",
        f"price closes {'higher' if is_up else 'lower'} {bars} in a row",
        f"there are {number} consecutive {'higher' if is_up else 'lower'} closes",
    )


def window_words(voice: Voice, node: For | Within | Sequence) -> str:
    voice.relies_on(7)
    if isinstance(node, Sequence):
        first, then = condition_words(voice, node.first), condition_words(voice, node.then)
        if voice.chance(25):
            return f"{then} within {voice.bars(node.bars)} after {first}"
        return f"{first}{voice.pick(', then ', ' and then ', ', and then ')}{then} within {voice.bars(node.bars)}"
    if isinstance(node, For):
        number, _, unit = voice.bars(node.bars).partition(" ")
        ways = (f"for {number} {unit}", f"for the last {number} {unit}", f"for {number} {unit} in a row")
        last = voice.pick(*ways, f"for {number} consecutive {unit}", f"on each of the last {number} {unit}")
        return f"{condition_words(voice, node.of, 'perfect')} {last}"
    span = f"{voice.pick('within', 'within', 'in', 'at some point in')} the {voice.pick('last', 'past')} {voice.bars(node.bars)}"
    return f"{condition_words(voice, node.of, voice.draws.one_of(('past', 'past', 'perfect')) if is_level(node.of) else 'past')} {span}"
