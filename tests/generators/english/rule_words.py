"""Entries and exits as sentences, in the verbs of one author."""

from collections.abc import Sequence

from Backtest.canonical.conditions import And, Compare, Condition, CrossAbove, CrossBelow, Or, Weekday
from Backtest.canonical.operands import IndicatorRef, Number
from Backtest.canonical.rules import EntryRule, ExitRule, LimitOrder, MarketOrder, Side, StopOrder
from tests.generators.english.condition_words import condition_words
from tests.generators.english.risk_words import is_short_only, is_two_sided, limit_distance
from tests.generators.english.voice import Voice

ENTER = {
    "long": ("buy", "buy", "get long", "open a long", "take a long position", "go long", "enter long"),
    "short": ("go short", "short", "get short", "open a short", "take a short position", "sell short", "enter short"),
}
FORMAL = {
    "long": ("enter a long position", "open a long position"),
    "short": ("enter a short position", "open a short position"),
}
LEAVE = ("exit", "exit the trade", "bail out", "flatten", "close the position", "get out", "close the trade")
CONJUNCTIONS = ("every time", "the moment", "when", "when", "if", "whenever", "once", "as soon as")


def enter_words(voice: Voice, side: Side, *, is_formal: bool = False) -> str:
    voice.relies_on(12)
    return voice.pick(*(FORMAL if is_formal else ENTER)[side])


def leave_words(voice: Voice, rule: ExitRule, *, is_rest: bool) -> str:
    """ "sell", "cover", "close half of the position", of a text with both sides "exit longs"."""
    voice.relies_on(12)
    if rule.portion < 1:
        voice.relies_on(22)
        part = "half" if rule.portion == 0.5 else voice.percent(rule.portion * 100)
        if is_two_sided(voice.spec):
            return f"close {part} of the {rule.side}{voice.pick('', ' position')}"
        whole = voice.pick(" of the position", "") if part == "half" else " of the position"
        return f"{voice.pick('sell', 'close')} {part}{whole}"
    if is_two_sided(voice.spec):
        sides = {
            "long": ("exit longs", "close the long", "exit the long"),
            "short": ("cover", "cover shorts", "exit shorts"),
        }
        return voice.pick(*sides[rule.side])
    if is_rest:
        return voice.pick("sell the rest", "close the rest", "exit the rest")
    if is_short_only(voice.spec):
        return voice.pick("cover", "cover", "buy to cover", *LEAVE)
    return voice.pick("sell", "sell", *LEAVE)


def order_words(voice: Voice, rule: EntryRule) -> str:
    """ "place a buy limit 1% below the close, good for 3 bars": what stands in the place of the verb."""
    order = rule.order
    assert not isinstance(order, MarketOrder)
    voice.relies_on(23)
    kind = "limit" if isinstance(order, LimitOrder) else "stop"
    verb = {"long": "buy", "short": "sell short"}[rule.side]
    where = limit_distance(voice, order.price)
    at = "at " if isinstance(order, StopOrder) else voice.pick("", "at ")
    return f"place a {verb} {kind} {at}{where}"


def validity_words(voice: Voice, rule: EntryRule) -> str:
    if isinstance(rule.order, MarketOrder) or rule.order.valid_bars == 1:
        return ""
    if rule.order.valid_bars is None:
        return voice.pick(", good till cancelled", ", good till canceled")
    return f", good for {voice.bars(rule.order.valid_bars)}"


def entry_sentence(
    voice: Voice, rule: EntryRule, conjunctions: Sequence[str] = CONJUNCTIONS, *, is_formal: bool = False
) -> str:
    """One sentence without its stop, small letters first."""
    assert rule.when is not None
    when = condition_words(voice, rule.when)
    if not isinstance(rule.order, MarketOrder):
        if voice.chance(50):
            return f"{voice.pick('when', 'if')} {when}, {order_words(voice, rule)}{validity_words(voice, rule)}"
        return f"{order_words(voice, rule)} when {when}{validity_words(voice, rule)}"
    verb = enter_words(voice, rule.side, is_formal=is_formal)
    if when.startswith(("there is a ", "there is an ")) and is_single(rule.when) and voice.chance(60):
        return f"{verb} on {when.removeprefix('there is ')}"
    if " closes above " in when and isinstance(rule.when, Compare) and voice.chance(30):
        return f"{verb} on a close above {when.split(' closes above ', 1)[1]}"
    return f"{verb} {voice.pick(*conjunctions)} {when}"


def is_single(node: Condition) -> bool:
    return not isinstance(node, And | Or)


def exit_condition(voice: Voice, rule: ExitRule) -> str:
    """The condition of an exit; what the only entry spoke of is "it" at times."""
    when, entries = rule.when, voice.spec.entry_rules
    said = (Compare, CrossAbove, CrossBelow)
    entry = entries[0].when
    if voice.spec.filters.when is not None:  # "it" might be what the filter speaks of
        return condition_words(voice, when)
    if len(entries) > 1 or not isinstance(when, said) or not isinstance(entry, said) or not voice.chance(30):
        return condition_words(voice, when)
    if not isinstance(when.left, IndicatorRef) or when.left != entry.left:
        return condition_words(voice, when)
    if is_opposite(voice, rule) and voice.chance(60):
        voice.relies_on(5)
        back = voice.pick("", "back ")
        return f"it crosses {back}{voice.pick('below', 'under') if isinstance(when, CrossBelow) else voice.pick('above', 'over')}"
    voice.it = when.left
    words = condition_words(voice, when)
    voice.it = None
    return words


def exit_sentence(
    voice: Voice,
    rule: ExitRule,
    conjunctions: Sequence[str] = ("when", "when", "if", "once", "as soon as"),
    *,
    is_rest: bool = False,
) -> str:
    verb = leave_words(voice, rule, is_rest=is_rest)
    if isinstance(rule.when, Weekday):
        voice.relies_on(11)
        return f"{verb} {voice.pick('on Friday', 'on Fridays', 'every Friday')}"
    if is_opposite(voice, rule) and voice.chance(20) and not is_rest:
        return f"{verb} on the opposite cross"
    when = exit_condition(voice, rule)
    if when.startswith(("there is a ", "there is an ")) and is_single(rule.when) and voice.chance(60):
        return f"{verb} on {when.removeprefix('there is ')}"
    return f"{verb} {voice.pick(*conjunctions)} {when}"


def is_opposite(voice: Voice, rule: ExitRule) -> bool:
    """Whether the exit is the entry's cross the other way."""
    if len(voice.spec.entry_rules) != 1:
        return False
    entry, leave = voice.spec.entry_rules[0].when, rule.when
    if isinstance(entry, CrossAbove) and isinstance(leave, CrossBelow):
        pass
    elif not (isinstance(entry, CrossBelow) and isinstance(leave, CrossAbove)):
        return False
    return entry.left == leave.left and entry.right == leave.right and not isinstance(entry.right, Number)
