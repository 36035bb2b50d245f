"""What may be compared with what: prices with prices, percentages with percentages; the middles of oscillators."""

from Backtest.reader.operands import AVERAGES
from Backtest.reader.scope import Unread
from Backtest.reader.syntax import (
    Apart,
    Before,
    Extreme,
    Formula,
    Literally,
    Mention,
    OperandSaid,
    PriceOf,
    Scaled,
    Shifted,
    Span,
)

PRICE_LIKE = AVERAGES | {"PSAR", "VWAP", "SUPERTREND", "BBANDS", "KELTNER", "DONCHIAN", "CHANNEL", "ICHIMOKU"}
MIDDLES = {
    "RSI": 50.0,
    "%": 50.0,
    "STOCH": 50.0,
    "STOCHRSI": 50.0,
    "MFI": 50.0,
    "WILLR": -50.0,
    "CCI": 0.0,
    "MACD": 0.0,
    "ROC": 0.0,
    "MOM": 0.0,
    "ZSCORE": 0.0,
}
_FRACTIONS = frozenset({"percent_b", "bandwidth"})
_RANGES = frozenset({"ATR", "STDDEV", "TRANGE", "MOM"})
_PERCENTAGES = frozenset({"RSI", "STOCH", "STOCHRSI", "%", "MFI", "ADX", "PLUS_DI", "MINUS_DI", "AROON"})
_IN_PERCENT = _PERCENTAGES | {"ROC"}


def scale(said: OperandSaid) -> str | None:
    """What an operand measures: "price", "volume", "range" (of price), "percentage", an indicator; a number None."""
    match said:
        case PriceOf(column="Volume") | Mention(column="Volume") | Before(column="Volume"):
            return "volume"
        case Extreme(of=(Mention() | PriceOf()) as line):
            return scale(line)
        case PriceOf() | Before() | Extreme():
            return "price"
        case Mention(of=Mention() as averaged):
            return scale(averaged)
        case Mention(name="BBANDS", output="percent_b" | "bandwidth"):
            return f"BBANDS {said.output}"
        case Mention(name=name):
            if name in PRICE_LIKE:
                return "price"
            return "range" if name in _RANGES else "percentage" if name in _PERCENTAGES else name
        case Scaled(of=base) | Shifted(of=base) | Apart(base=base):
            return scale(base)
        case _:
            return None


def is_fraction(said: OperandSaid) -> bool:
    """Whether 20 % of it is written 0.2."""
    match said:
        case Formula(op="/") | Mention(name="REALISED_VOLATILITY") | Mention(output="percent_b" | "bandwidth"):
            return True
        case _:
            return False


def check_scales(left: OperandSaid, right: OperandSaid, span: Span) -> None:
    """Raises Unread for a comparison of things without a common scale, such as an RSI with an average of prices."""
    if isinstance(right, Literally) and right.unit == "%":
        if is_fraction(left) or (isinstance(left, Mention) and left.name in _IN_PERCENT):
            return
        raise Unread("percent of what", span)
    of_bands = isinstance(left, Mention) and left.output in _FRACTIONS
    if of_bands and isinstance(right, Literally) and abs(right.value) > 2:
        raise Unread("is that in percent, or is 1 the whole", span)
    if isinstance(left, Mention) and scale(left) == "price" and isinstance(right, Literally) and right.value <= 0:
        raise Unread("a price is always above 0", span)
    scales = {scale(left), scale(right)} - {None}
    change = any(isinstance(one, Mention) and one.name == "MOM" for one in (left, right))
    if len(scales) < 2 or (scales == {"price", "range"} and not change):  # "it loses momentum" compares no price
        return
    if isinstance(left, Mention) and isinstance(right, Mention) and right.name in AVERAGES:
        reason = f"an average of prices beside {left.name}: say 'its average' where that of {left.name} is meant"
        raise Unread(reason, span, "average of an indicator")
    raise Unread("what is compared has no scale in common", span)
