"""What stands beside the rules: protection, size, account, filters, and conventions that are said although they hold anyway."""

from Backtest.canonical.rules import MarketOrder
from tests.generators.english import risk_words as risk
from tests.generators.english.voice import Voice


def protection(voice: Voice, *, brief: bool) -> list[str]:
    """Stop, target, trail, break-even and the longest hold."""
    node = voice.spec.risk
    made: list[str] = []
    if node.stop_loss is not None:
        made.append(risk.stop_words(voice, node.stop_loss, brief=brief))
    if node.take_profit is not None:
        made.append(risk.target_words(voice, node.take_profit, brief=brief))
    if node.stop_loss is not None and node.take_profit is not None:
        voice.relies_on(19)
    if node.trailing_stop is not None:
        made.append(risk.trail_words(voice, node.trailing_stop, brief=brief))
    if node.break_even is not None:
        made.append(risk.break_even_words(voice, node.break_even, brief=brief))
    if node.max_bars is not None:
        made.append(risk.longest_hold_words(voice, node.max_bars, brief=brief))
    return made


def surroundings(voice: Voice, *, brief: bool) -> list[str]:
    """Size, account, filters and cooldown: what may be said before or after the rules."""
    spec = voice.spec
    made: list[str] = []
    if spec.sizing.type != "all" or voice.chance(8):
        made.append(risk.sizing_words(voice, spec.sizing, brief=brief))
    made += risk.account_words(voice, spec.execution)
    made += risk.filter_words(voice, spec.filters)
    if spec.filters.cooldown_bars:
        made.append(risk.cooldown_words(voice, spec.filters.cooldown_bars, brief=brief))
    if not brief and voice.chance(6):
        made.append(reminder(voice))
    if not risk.is_two_sided(spec) and voice.chance(10):
        voice.relies_on(12)
        ways = (
            ("short only", "shorts only", "no longs")
            if risk.is_short_only(spec)
            else ("long only", "no shorts", "longs only")
        )
        made.append(voice.pick(*ways))
    return made


REMINDERS: dict[int, tuple[str, ...]] = {
    1: (
        "orders are filled on the next bar's open",
        "signals are computed at the close and executed at the next open",
        "signals are taken on the close and filled at the next open",
        "enter at the next bar's open",
    ),
    3: (
        "any trade still open on the last bar is left open",
        "a trade that is still open at the end stays open",
        "leave the last trade open at the end",
    ),
    13: ("one position at a time", "only one position at a time"),
    16: ("the stop is measured from the fill price",),
    19: (
        "when both the stop and the target are hit on the same bar, the stop wins",
        "if stop and target are both hit in one bar, the stop comes first",
    ),
}


def reminder(voice: Voice) -> str:
    """A convention that holds anyway, said all the same."""
    node = voice.spec.risk
    held = {1, 3, 13} | ({16} if node.stop_loss else set()) | ({19} if node.stop_loss and node.take_profit else set())
    if not all(isinstance(rule.order, MarketOrder) for rule in voice.spec.entry_rules):
        held -= {1}
    rule = voice.draws.one_of(sorted(held))
    voice.relies_on(rule)
    return voice.pick(*REMINDERS[rule])
