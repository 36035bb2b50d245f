"""What a trader watches: pairs of opposite conditions, and states that only filter, in the input forms of the language."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.generators.draws import Draws
from tests.unit.Backtest.reader.spec_forms import Doc, ago, both, change, down, high, is_, low, times, up

AVERAGES = ("SMA", "SMA", "SMA", "EMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA")
HIGHER = {"1h": ("4H", "1D"), "4h": ("1D", "1W"), "15m": ("1H", "4H"), "1d": ("1W",), "1w": ()}


@dataclass(frozen=True, slots=True)
class Chart:
    """Where a strategy trades; `prices` are round levels that a text may name, `unit` a distance in price."""

    symbol: str
    timeframe: str
    prices: tuple[float, ...]
    unit: float

    @property
    def is_intraday(self) -> bool:
        return self.timeframe not in ("1d", "1w")


CHARTS = (
    Chart("GOOG", "1d", (250, 300, 350, 400), 1.0),
    Chart("GOOG", "1d", (250, 300, 350, 400), 1.0),
    Chart("SPY", "1w", (300, 350, 400), 1.0),
    Chart("EURUSD", "1h", (1.05, 1.1, 1.2), 0.001),
    Chart("EURUSD", "4h", (1.05, 1.1, 1.2), 0.001),
    Chart("AAPL", "15m", (150, 200), 0.5),
)


@dataclass(frozen=True, slots=True)
class Idea:
    """Two opposite conditions on one thing: `rise` is true as it goes up, `fall` as it goes down."""

    subject: str
    rise: Doc
    fall: Doc


Family = Callable[[Draws, Chart], Idea]
StateFamily = Callable[[Draws, Chart], tuple[str, Doc]]

OSCILLATORS: dict[str, tuple[tuple[str, ...], tuple[float, ...], tuple[float, ...]]] = {
    "RSI": (("RSI_14", "RSI_14", "RSI_2", "RSI_7", "RSI_21"), (20, 25, 30, 30, 35, 40), (60, 65, 70, 70, 75, 80)),
    "CCI": (("CCI_20", "CCI_14", "CCI_50"), (-200, -150, -100), (100, 150, 200)),
    "MFI": (("MFI_14", "MFI_10"), (10, 20, 25), (75, 80, 90)),
    "WILLR": (("WILLR_14", "WILLR_10"), (-95, -90, -80), (-20, -10, -5)),
    "STOCH": (("STOCH_K_14_3_3", "STOCH_K_5_3_3"), (10, 20, 25), (75, 80, 90)),
    "STOCHRSI": (("STOCHRSI_K_14_14_3_3",), (10, 20), (80, 90)),
    "ROC": (("ROC_10", "ROC_20", "ROC_5"), (-5, -3, -2, 0), (0.5, 2, 3, 5)),
    "MOM": (("MOM_10", "MOM_20"), (0,), (0,)),
    "ZSCORE": (("ZSCORE_20", "ZSCORE_50"), (-2.5, -2, -1.5), (0, 1, 1.5, 2)),
}


def average(draws: Draws, chart: Chart, *, may_be_higher: bool = True) -> str:
    """A moving average's column, at times of a higher timeframe."""
    name = draws.one_of(AVERAGES)
    bars = draws.one_of((5, 8, 10, 20, 30, 34, 50, 100, 200))
    higher = HIGHER[chart.timeframe]
    if may_be_higher and name in ("SMA", "EMA") and higher and draws.chance(20):
        return f"{name}_{bars}_{draws.one_of(higher)}"
    return f"{name}_{bars}"


def oscillator(draws: Draws, chart: Chart) -> Idea:
    name = draws.one_of(("RSI", "RSI", "RSI", "RSI", *OSCILLATORS))
    columns, lows, highs = OSCILLATORS[name]
    column, below, above = draws.one_of(columns), draws.one_of(lows), draws.one_of(highs)
    if name == "RSI" and HIGHER[chart.timeframe] and draws.chance(10):
        column = f"{column}_{draws.one_of(HIGHER[chart.timeframe])}"
    kind = draws.whole(0, 3)
    if name == "MOM":
        return Idea(name, up(column, 0), down(column, 0))
    if kind == 0:
        return Idea(name, up(column, above), down(column, below))
    if kind == 1:
        return Idea(name, up(column, below), down(column, above))
    if kind == 2:
        return Idea(name, is_(column, ">=", above), is_(column, "<=", below))
    return Idea(name, is_(column, ">", above), is_(column, "<", below))


def price_and_average(draws: Draws, chart: Chart) -> Idea:
    line = average(draws, chart)
    if draws.chance(50):
        return Idea("price/average", up("Close", line), down("Close", line))
    return Idea("price/average", is_("Close", ">", line), is_("Close", "<", line))


def far_from_average(draws: Draws, chart: Chart) -> Idea:
    line = f"{draws.one_of(('SMA', 'EMA'))}_{draws.one_of((10, 20, 50))}"
    part = draws.one_of((0.02, 0.03, 0.05, 0.1))
    op = draws.one_of((">=", ">"))
    above = is_("Close", op, times(line, round(1 + part, 2)))
    return Idea("price/average", above, is_("Close", op.replace(">", "<"), times(line, round(1 - part, 2))))


def two_averages(draws: Draws, chart: Chart) -> Idea:
    fast, slow = draws.one_of(((5, 20), (8, 21), (9, 21), (10, 30), (20, 50), (50, 100), (50, 200), (50, 200)))
    name = draws.one_of(AVERAGES)
    left, right = f"{name}_{fast}", f"{name}_{slow}"
    if draws.chance(65):
        return Idea("averages", up(left, right), down(left, right))
    return Idea("averages", is_(left, ">", right), is_(left, "<", right))


def macd(draws: Draws, chart: Chart) -> Idea:
    numbers = draws.one_of(("12_26_9", "12_26_9", "12_26_9", "8_17_9", "5_35_5"))
    kind = draws.whole(0, 3)
    if kind == 0:
        line, other = f"MACD_{numbers}", f"MACD_SIGNAL_{numbers}"
        return Idea("MACD", is_(line, ">", other), is_(line, "<", other))
    if kind == 1:
        line = f"MACD_{draws.one_of(('HIST_', ''))}{numbers}"
        return Idea("MACD", up(line, 0), down(line, 0))
    return Idea("MACD", *(made(f"MACD_{numbers}", f"MACD_SIGNAL_{numbers}") for made in (up, down)))


def channel(draws: Draws, chart: Chart) -> Idea:
    """Bollinger, Keltner and Donchian bands."""
    name, numbers = draws.one_of(
        (("BB", "20_2"), ("BB", "20_2"), ("BB", "20_2p5"), ("BB", "50_2"), ("KELTNER", "20_2"))
    )
    upper, lower, middle = (f"{name}_{part}_{numbers}" for part in ("UPPER", "LOWER", "MIDDLE"))
    kind = draws.whole(0, 4)
    if kind == 0:
        return Idea(
            name,
            {"type": "touches", "value": upper, "side": "high"},
            {"type": "touches", "value": lower, "side": "low"},
        )
    if kind == 1:
        return Idea(name, is_("Close", ">", upper), is_("Close", "<", lower))
    if kind == 2:
        return Idea(name, up("Close", middle), down("Close", lower))
    if kind == 3:
        return Idea(name, is_("Close", ">", middle), is_("Close", "<", lower))
    return Idea(name, up("Close", upper), down("Close", lower))


def breakout(draws: Draws, chart: Chart) -> Idea:
    long, short = draws.one_of((10, 20, 50, 55)), draws.one_of((5, 10, 20))
    if draws.chance(25):
        upper, lower = (
            {"type": "indicator", "id": f"DONCHIAN_{part}_{long}", "shift": 1} for part in ("UPPER", "LOWER")
        )
        return Idea("extreme", up("Close", upper), down("Close", lower))
    if draws.chance(60):
        return Idea("extreme", up("Close", high(long)), down("Close", low(short)))
    return Idea("extreme", is_("Close", ">", high(long)), is_("Close", "<", low(short)))


def trend_lines(draws: Draws, chart: Chart) -> Idea:
    """Supertrend, parabolic SAR, Ichimoku, Aroon and the directional lines."""
    pairs = (
        ("SUPERTREND", "SUPERTREND_DIRECTION_10_3", 0),
        ("SUPERTREND", "SUPERTREND_DIRECTION_7_2", 0),
        ("PSAR", "Close", "PSAR_0p02_0p2"),
        ("ICHIMOKU", "ICHIMOKU_CONVERSION_9_26_52", "ICHIMOKU_BASE_9_26_52"),
        ("AROON", "AROON_UP_25", "AROON_DOWN_25"),
        ("AROON", "AROON_UP_14", "AROON_DOWN_14"),
        ("DI", "PLUS_DI_14", "MINUS_DI_14"),
    )
    subject, left, right = draws.one_of(pairs)
    if subject != "SUPERTREND" and draws.chance(30):
        return Idea(subject, is_(left, ">", right), is_(left, "<", right))
    return Idea(subject, up(left, right), down(left, right))


def cloud(draws: Draws, chart: Chart) -> Idea:
    spans = ["ICHIMOKU_SPAN_A_9_26_52", "ICHIMOKU_SPAN_B_9_26_52"]
    top, bottom = ({"type": "arith", "op": op, "args": spans} for op in ("max", "min"))
    return Idea("ICHIMOKU", is_("Close", ">", top), is_("Close", "<", bottom))


def stochastic_cross(draws: Draws, chart: Chart) -> Idea:
    numbers = draws.one_of(("14_3_3", "5_3_3"))
    return Idea("STOCH", *(made(f"STOCH_K_{numbers}", f"STOCH_D_{numbers}") for made in (up, down)))


def percent_move(draws: Draws, chart: Chart) -> Idea:
    bars, size = draws.one_of((1, 1, 3, 5, 10)), draws.one_of((2, 3, 4, 5))
    if draws.chance(30):
        return Idea("move", is_(change(bars), ">", size), is_(change(bars), "<", -size))
    return Idea("move", is_(change(bars), ">=", size), is_(change(bars), "<=", -size))


def gap(draws: Draws, chart: Chart) -> Idea:
    size = draws.one_of((0.01, 0.02, 0.03))
    up_gap = is_("Open", ">=", times(ago("Close"), round(1 + size, 2)))
    return Idea("gap", up_gap, is_("Open", "<=", times(ago("Close"), round(1 - size, 2))))


def previous_bar(draws: Draws, chart: Chart) -> Idea:
    above: object = ago("High")
    below: object = ago("Low")
    if chart.is_intraday:
        above, below = ({"type": "previous", "period": "day", "field": field} for field in ("High", "Low"))
    if draws.chance(50):
        return Idea("previous", up("Close", above), down("Close", below))
    return Idea("previous", is_("Close", ">", above), is_("Close", "<", below))


def streak(draws: Draws, chart: Chart) -> Idea:
    bars = draws.one_of((2, 3, 3, 4, 5))
    rise, fall = ({"type": kind, "value": "Close", "bars": bars} for kind in ("rising", "falling"))
    return Idea("streak", rise, fall)


def turn(draws: Draws, chart: Chart) -> Idea:
    """An average that turns: rule 5's three bars."""
    name = f"{draws.one_of(('SMA', 'EMA'))}_{draws.one_of((10, 20, 50))}"
    before, earlier = ({"type": "indicator", "id": name, "shift": bars} for bars in (1, 2))
    rise = both({"type": "rising", "value": name, "bars": 1}, is_(before, "<=", earlier))
    return Idea("averages", rise, both({"type": "falling", "value": name, "bars": 1}, is_(before, ">=", earlier)))


def price_level(draws: Draws, chart: Chart) -> Idea:
    level = draws.one_of(chart.prices)
    return Idea("level", up("Close", level), down("Close", level))


def candle(draws: Draws, chart: Chart) -> Idea:
    bullish, bearish = draws.one_of(
        (("CDLENGULFING", "CDLENGULFING"), ("CDLHAMMER", "CDLSHOOTINGSTAR"), ("CDLMORNINGSTAR", "CDLEVENINGSTAR"))
    )
    return Idea(
        "candle",
        {"type": "pattern", "name": bullish, "direction": "bullish"},
        {"type": "pattern", "name": bearish, "direction": "bearish"},
    )


FAMILIES: tuple[Family, ...] = (
    *(oscillator, oscillator, oscillator, price_and_average, price_and_average, two_averages, two_averages, macd),
    *(far_from_average, channel, channel, breakout, breakout, trend_lines, cloud, stochastic_cross, percent_move, gap),
    *(previous_bar, streak, turn, price_level, candle),
)


def trend_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    line = average(draws, chart)
    return "price/average", is_("Close", draws.one_of((">", "<")), line)


def strength_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    return "ADX", is_(
        draws.one_of(("ADX_14", "ADX_14", "ADX_20")), draws.one_of((">", "<", ">=")), draws.one_of((20, 25))
    )


def volume_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    line = f"SMA_{draws.one_of((10, 20, 50))}_VOLUME"
    if draws.chance(60):
        return "volume", is_("Volume", draws.one_of((">", ">", "<")), line)
    return "volume", is_("Volume", draws.one_of((">=", ">")), times(line, draws.one_of((1.2, 1.5, 2))))


def own_average_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    """An indicator beside the average of its own values."""
    column = draws.one_of(("RSI_14", "RSI_7", "ATR_14", "ADX_14", "CCI_20", "MFI_14"))
    name = draws.one_of(("SMA", "SMA", "EMA"))
    line = {"name": name, "timeperiod": draws.one_of((5, 10, 20, 50)), "source": column}
    return column.split("_")[0], is_(column, draws.one_of((">", "<", ">=")), line)


def between_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    column, least, most = draws.one_of(
        (("RSI_14", 40, 60), ("RSI_14", 30, 50), ("ADX_14", 15, 30), ("CCI_20", -50, 50))
    )
    return column.split("_")[0], {"type": "between", "value": column, "low": least, "high": most}


def slope_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    name = f"{draws.one_of(('SMA', 'EMA'))}_{draws.one_of((20, 50, 100, 200))}"
    return "slope", {"type": draws.one_of(("rising", "falling")), "value": name, "bars": draws.one_of((1, 1, 3, 5))}


def oscillator_state(draws: Draws, chart: Chart) -> tuple[str, Doc]:
    column, level = draws.one_of((("RSI_14", 50), ("RSI_14", 60), ("MFI_14", 50), ("CCI_20", 0)))
    return column.split("_")[0], is_(column, draws.one_of((">", "<", ">=", "<=")), level)


STATES: tuple[StateFamily, ...] = (
    *(
        trend_state,
        trend_state,
        strength_state,
        volume_state,
        own_average_state,
        between_state,
        slope_state,
        oscillator_state,
    ),
)
