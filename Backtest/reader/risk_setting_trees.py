"""Stops and trails by the settings of their ATR, out of parse trees: "ATR-based stop, multiplier 3, length 14"."""

from dataclasses import dataclass, replace

from Backtest.reader.operand_trees import period_of
from Backtest.reader.statement_syntax import StopSaid, TrailSaid
from Backtest.reader.syntax import Distance, Mention, Period
from Backtest.reader.trees import Misread, Parts, reads


@dataclass(frozen=True, slots=True)
class AtrSetting:
    """One of the settings, or all of them at once."""

    multiple: float | None = None
    length: Period | None = None
    atr: Mention | None = None


@reads("atr_multiple")
def _atr_multiple(parts: Parts) -> AtrSetting:
    return AtrSetting(multiple=parts.value("NUMBER", "TIMES"))


@reads("atr_length")
def _atr_length(parts: Parts) -> AtrSetting:
    number, period = parts.value("NUMBER"), period_of(parts.token("PERIOD"))
    if number is not None and period is not None and period.count != 1:  # "a period of 14"
        raise Misread("two lengths")
    return AtrSetting(length=period if number is None else Period(number, "bar"))


@reads("atr_parenthesis")
def _atr_parenthesis(parts: Parts) -> AtrSetting:
    """ "(ATR 14, 3x)"."""
    setting, atr = parts.all(AtrSetting)[0], parts.all(Mention)[0]
    if setting.atr is not None:
        raise Misread("two averages of the range")
    return replace(setting, atr=atr)


@reads("atr_distance")
def _atr_distance(parts: Parts) -> AtrSetting:
    distance = parts.all(Distance)[0]
    if distance.kind != "atr":
        raise Misread("no multiple of the ATR")
    return AtrSetting(distance.value, None, distance.atr)


def _one(values: list[object], what: str) -> None:
    if len(values) > 1:
        raise Misread(f"two {what}")


def _distance(parts: Parts) -> Distance:
    """So many ATR, of that length: each is said once."""
    settings = parts.all(AtrSetting)
    multiples = [one.multiple for one in settings if one.multiple is not None]
    named = [*parts.all(Mention), *(one.atr for one in settings if one.atr is not None)]
    if not named and _is_chandelier(parts):
        named = [Mention("ATR", span=parts.span)]
    told = [one for one in named if one.numbers or one.period is not None]
    lengths = [one.length for one in settings if one.length is not None]
    _one([*multiples], "multiples")
    _one([*told, *lengths], "lengths")
    if not multiples or not named or multiples[0] <= 0:
        raise Misread("how many ATR")
    atr = told[0] if told else named[0]
    return Distance("atr", multiples[0], replace(atr, period=lengths[0]) if lengths else atr, parts.span)


def _is_chandelier(parts: Parts) -> bool:
    """Whether a trailing stop is named a chandelier exit, which hangs so many ATR below."""
    return any(token.value == "chandelier" for token in parts.tokens("TRAILING_STOP"))


@reads("chandelier")
def _chandelier(parts: Parts) -> TrailSaid:
    """ "Chandelier exit (22, 3)": the length of its ATR, and how many of them."""
    length, multiple = (
        float(token.value) for token in parts.tokens("NUMBER", "TIMES") if isinstance(token.value, float)
    )
    if not _is_chandelier(parts) or not 0 < multiple < length:
        raise Misread("a length, and a multiple")
    return TrailSaid(Distance("atr", multiple, Mention("ATR", numbers=(length,), span=parts.span)), span=parts.span)


@reads("stop_of_settings")
def _stop_of_settings(parts: Parts) -> StopSaid:
    return StopSaid(_distance(parts), span=parts.span)


@reads("trail_of_settings")
def _trail_of_settings(parts: Parts) -> TrailSaid:
    return TrailSaid(_distance(parts), span=parts.span)


@reads("stop_based")
def _stop_based(parts: Parts) -> StopSaid:
    """ "Stop based on 2 ATR"."""
    distance = parts.all(Distance)[0]
    if distance.kind != "atr":
        raise Misread("no multiple of the ATR")
    return StopSaid(distance, span=parts.span)
