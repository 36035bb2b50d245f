"""What indicators, prices and levels are called."""

from Backtest.canonical.operands import Arith, Highest, IndicatorRef, Lowest, Number, Operand, Previous, Price
from Backtest.canonical.spec import IndicatorUse
from Backtest.indicators.indicator_registry import column_name, find, output_of
from tests.generators.english.voice import Voice, digits

NAMES: dict[str, tuple[str, ...]] = {
    "SMA": ("SMA", "SMA", "simple moving average"),
    "EMA": ("EMA", "EMA", "exponential moving average"),
    "WMA": ("WMA", "weighted moving average"),
    "DEMA": ("DEMA", "double exponential moving average"),
    "TEMA": ("TEMA", "triple exponential moving average"),
    "KAMA": ("KAMA", "Kaufman adaptive moving average"),
    "VAMA": ("VAMA",),
    "RSI": ("RSI", "RSI", "RSI", "relative strength index"),
    "CCI": ("CCI", "CCI", "commodity channel index"),
    "MFI": ("MFI", "MFI", "money flow index"),
    "WILLR": ("Williams %R",),
    "ROC": ("ROC", "ROC", "rate of change"),
    "MOM": ("momentum",),
    "ADX": ("ADX", "ADX", "average directional index"),
    "ATR": ("ATR", "average true range"),
    "ZSCORE": ("z-score",),
}
CHARTS = {"1d": "daily", "1w": "weekly", "4h": "4-hour", "1h": "hourly"}
PERIOD_UNITS = {"1d": "day", "1w": "week"}


def operand_words(voice: Voice, node: Operand) -> str:
    if node is voice.it:
        return "it"
    match node:
        case Number():
            return digits(node.value)
        case Price():
            return price_words(voice, node)
        case Highest() | Lowest():
            return extreme_words(voice, node)
        case Previous():
            voice.relies_on(9)
            day = voice.pick("yesterday's", "the previous day's", "the prior day's")
            return f"{day} {node.field.lower()}"
        case IndicatorRef():
            return indicator_words(voice, node)
        case Arith(op="max" | "min"):
            voice.relies_on(26)
            return voice.the(voice.pick("Ichimoku cloud", "cloud", "kumo"))
    raise ValueError(f"no English for {node!r}")


def price_words(voice: Voice, node: Price) -> str:
    if node.shift:
        before = ("yesterday's", "the previous day's") if voice.chart.timeframe == "1d" else ("the previous bar's",)
        return f"{voice.pick(*before)} {node.field.lower()}"
    if node.field != "Close":
        return (
            voice.pick("volume", "the volume") if node.field == "Volume" and not voice.symbols else node.field.lower()
        )
    voice.relies_on(9)
    if voice.symbols:
        return voice.pick("price", "close")
    return voice.pick("price", "price", "the price", "the close")


def extreme_words(voice: Voice, node: Highest | Lowest) -> str:
    voice.relies_on(8)
    short, long = ("high", "highest high") if isinstance(node, Highest) else ("low", "lowest low")
    if voice.symbols or voice.chance(60):
        unit = voice.unit().replace("period", "bar")
        return voice.pick("", "the ", "the ", "its ") * (not voice.symbols) + f"{voice.whole(node.bars)}-{unit} {short}"
    bars = voice.bars(node.bars)
    return f"the {long} of the {voice.pick('last', 'past', 'previous')} {bars}"


def indicator_words(voice: Voice, node: IndicatorRef) -> str:
    use = voice.spec.indicator(node.id)
    is_column = not node.shift and use.name != "SUPERTREND" and not isinstance(use.source, IndicatorRef)
    if is_column and voice.chance(5):
        voice.relies_on(27)
        return column_of(use, node.output)
    if use.source == "Volume":
        return volume_average(voice, use)
    if isinstance(use.source, IndicatorRef):
        return own_average(voice, use, use.source)
    if use.name in NAMES:
        return timed_words(voice, use)
    return multiple_words(voice, use, output_of(find(use.name), node.output).name)


def column_of(use: IndicatorUse, output: str | None) -> str:
    indicator = find(use.name)
    named = output_of(indicator, output).name
    assert not isinstance(use.source, IndicatorRef), "no column's name says it"
    return column_name(indicator, numbers_of(use), named, source=use.source, timeframe=use.timeframe)


def numbers_of(use: IndicatorUse) -> dict[str, int | float]:
    return {name: value for name, value in use.params.items() if isinstance(value, int | float)}


def volume_average(voice: Voice, use: IndicatorUse) -> str:
    voice.relies_on(9)
    bars = int(numbers_of(use)["timeperiod"])
    if voice.symbols and voice.chance(50):
        return f"SMA(volume, {bars})"
    return f"{voice.pick('its', 'the')} {voice.whole(bars)}-{voice.unit()} {voice.pick('average', 'moving average', 'SMA')}"


def own_average(voice: Voice, use: IndicatorUse, of: IndicatorRef) -> str:
    """The average of an indicator: beside it "its 10-day average", and in symbols written out."""
    bars = int(numbers_of(use)["timeperiod"])
    if voice.symbols:
        return f"{use.name}({indicator_words(voice, of)}, {bars})"
    names = ("average", "moving average", "SMA") if use.name == "SMA" else (use.name,)
    line = f"{voice.whole(bars)}-{voice.unit()} {voice.pick(*names)}"
    return voice.pick(f"its {line}", f"its own {line}", f"the {line} of {indicator_words(voice, of)}")


def is_default(use: IndicatorUse) -> bool:
    """Whether its numbers are those of rule 26."""
    defaults = {each.name: each.default for each in find(use.name).parameters if not each.required}
    return bool(defaults) and all(defaults.get(name) == value for name, value in numbers_of(use).items())


def timed_words(voice: Voice, use: IndicatorUse) -> str:
    """An indicator with one period: "the 20-day SMA", "RSI(14)", and of another timeframe "the daily RSI(14)"."""
    bars = int(numbers_of(use)["timeperiod"])
    is_average = find(use.name).parameters[0].required and use.name != "ZSCORE"
    name = voice.pick(*NAMES[use.name])
    if voice.symbols:
        name = NAMES[use.name][0]
    if use.timeframe is not None:
        return higher_words(voice, use, name, bars, is_average=is_average)
    if is_default(use) and voice.is_only(use) and voice.chance(40):
        voice.relies_on(26)
        return name if name.isupper() or name in ("momentum", "Williams %R") else f"the {name}"
    if use.name == "SMA" and not voice.symbols and voice.is_only_average(bars) and voice.chance(25):
        voice.relies_on(26)
        name = voice.pick("moving average", "moving average", "average", "MA")
    plain = f"{voice.whole(bars)}-{voice.unit()} {name}"
    if is_average and name.isupper() and not voice.chance(50):
        return voice.pick(f"{name}({bars})", voice.the(f"{bars} {name}"), f"{name} {bars}", f"{name}{bars}")
    if is_average:
        return voice.the(plain)
    return voice.pick(f"{name}({bars})", f"{name}({bars})", voice.the(plain))


def higher_words(voice: Voice, use: IndicatorUse, name: str, bars: int, *, is_average: bool) -> str:
    """Of a longer timeframe than the chart's."""
    voice.relies_on(10)
    timeframe = str(use.timeframe)
    unit, chart = PERIOD_UNITS.get(timeframe), CHARTS[timeframe]
    ways = [f"the {bars}-period {name} of the {chart} chart"]
    if name.isupper():
        ways.append(f"the {chart} {name}({bars})")
    if unit is not None and is_average:
        ways += [f"the {voice.whole(bars)}-{unit} {name}"] * 2
    return voice.pick(*ways)


def numbers_words(voice: Voice, use: IndicatorUse) -> str:
    """The numbers of an indicator in parentheses, left out where they are the defaults and nothing else is meant."""
    if is_default(use) and voice.is_only(use) and voice.chance(55):
        voice.relies_on(26)
        return ""
    shown = [value for name, value in numbers_of(use).items() if not (use.name == "KELTNER" and name == "atr_period")]
    space = voice.pick("", " ")
    return f"({f',{space}'.join(digits(value) for value in shown)})"


def multiple_words(voice: Voice, use: IndicatorUse, output: str | None) -> str:
    """An output of an indicator that has several, or more numbers than one."""
    numbers = numbers_words(voice, use)
    spaced = f" {numbers}" if numbers else ""
    if use.name in ("BBANDS", "KELTNER", "DONCHIAN"):
        return band_words(voice, use.name, str(output), spaced)
    ways = several_words(voice, numbers, spaced).get((use.name, output))
    if ways is None:
        raise ValueError(f"no English for {use.name} {output}")
    if use.name in ("PSAR", "ICHIMOKU"):
        voice.relies_on(26)
    return voice.pick(*ways)


def band_words(voice: Voice, name: str, output: str, spaced: str) -> str:
    rules = {"KELTNER": (26,), "DONCHIAN": (8,)}
    voice.relies_on(*rules.get(name, ()))
    kinds = {"BBANDS": ("Bollinger band", "Bollinger Band"), "KELTNER": ("Keltner channel", "Keltner band")}
    kind = voice.pick(*kinds.get(name, ("Donchian channel", "Donchian band")))
    return voice.the(f"{output} {kind}{spaced}")


def several_words(voice: Voice, numbers: str, spaced: str) -> dict[tuple[str, str | None], tuple[str, ...]]:
    """What the outputs of indicators are called, the numbers in parentheses where they belong."""
    the = voice.the
    signal = ("signal",) if voice.symbols else ("its signal line", "the signal line")
    is_alone = all(use.name != "STOCHRSI" for use in voice.spec.indicators)
    bare = (f"%K{numbers}",) if is_alone else ()  # else nobody knows whose line it is
    slow = ("%D",) if voice.symbols and is_alone else ("%D", "its %D") if is_alone else ("its %D",)
    return {
        ("MACD", "macd"): (f"MACD{numbers}", the(f"MACD{numbers}"), the(f"MACD line{spaced}")),
        ("MACD", "hist"): (the(f"MACD histogram{spaced}"), f"MACD histogram{spaced}"),
        ("MACD", "signal"): signal,
        ("STOCH", "k"): (f"stochastic %K{spaced}", f"the stochastic %K{spaced}", *bare),
        ("STOCH", "d"): slow,
        ("STOCHRSI", "d"): slow,
        ("STOCHRSI", "k"): (f"the stochastic RSI %K{spaced}", f"StochRSI %K{spaced}"),
        ("SUPERTREND", "direction"): (f"Supertrend{numbers}", the(f"Supertrend{spaced}")),
        ("PSAR", None): (the("parabolic SAR"), the("PSAR")),
        ("ICHIMOKU", "conversion"): (the("conversion line"), the("Tenkan"), the("Tenkan-sen")),
        ("ICHIMOKU", "base"): (the("base line"), the("Kijun"), the("Kijun-sen")),
        ("AROON", "up"): (f"Aroon up{spaced}",),
        ("AROON", "down"): (f"Aroon down{spaced}",),
        ("PLUS_DI", None): (f"+DI{numbers}",),
        ("MINUS_DI", None): (f"-DI{numbers}",),
    }
