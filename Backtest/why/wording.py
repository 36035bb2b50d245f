"""The story of a bar, and of a trade, in sentences."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from Backtest.canonical.operand_phrases import bars_text
from Backtest.why.bar_story import BarStory, Fill, Position, RuleStory, TradeStory, WaitingOrder
from Backtest.why.verdicts import Value, Verdict

_TRUTHS = {True: "true", False: "false", None: "undefined"}
_CLOSED_BY = {
    "stop_loss": "the stop loss",
    "take_profit": "the profit target",
    "trailing_stop": "the trailing stop",
    "break_even": "the stop at the entry price",
    "max_bars": "the longest holding",
    "ruin": "the end of the account",
}


def because(verdict: Verdict) -> str:
    """What made a condition what it was: each part that decided, with its values."""
    said = [_leaf(part) for part in verdict.deciding()]
    return "; ".join([*said, *([verdict.note] if verdict.note and verdict.parts else [])])


def bar_sentences(story: BarStory) -> tuple[str, ...]:
    """A bar's story, the first sentence about what it filled, the last about what it reported."""
    return tuple(f"{text[0].upper()}{text[1:]}." for text in _bar(story))


def trade_sentences(story: TradeStory) -> tuple[str, ...]:
    """Why a trade was opened, and why it was closed."""
    return tuple(f"{text[0].upper()}{text[1:]}." for text in _trade(story))


def bar_as_json(story: BarStory) -> dict[str, Any]:
    """The story and its sentences as plain JSON."""
    return {**asdict(story), "sentences": list(bar_sentences(story))}


def trade_as_json(story: TradeStory) -> dict[str, Any]:
    """The trade's story and its sentences as plain JSON."""
    return {
        **asdict(story),
        "entry": bar_as_json(story.entry),
        "exit": bar_as_json(story.exit),
        "sentences": list(trade_sentences(story)),
    }


def _leaf(verdict: Verdict) -> str:
    ago = f" {bars_text(verdict.ago)} before" if verdict.ago > 0 else ""
    values = ", ".join(_valued(verdict.values))
    note = f"{values}; {verdict.note}" if values and verdict.note else values or verdict.note
    return f"“{verdict.text}” was {_TRUTHS[verdict.truth]}{ago}{f' ({note})' if note else ''}"


def _valued(values: tuple[Value, ...]) -> list[str]:
    """Each value in six digits; in all of them where two different ones would look the same."""
    short = [_number(each.value) for each in values]
    looks = {text: {each.value for each, shown in zip(values, short, strict=True) if shown == text} for text in short}
    return [
        f"{each.text} {each.value if len(looks[text]) > 1 else text}" for each, text in zip(values, short, strict=True)
    ]


def _number(value: float | str | None) -> str:
    if value is None:
        return "undefined"
    if isinstance(value, str):
        return value
    return f"{value:,.0f}" if abs(value) >= 100_000 else f"{value:,.6g}"


def _bar(story: BarStory) -> Iterator[str]:
    for fill in story.fills:
        yield _fill(fill)
    if not story.evaluated:
        yield f"no rule was judged on {story.time}: {story.why_not_evaluated}"
        return
    yield _state(story.position)
    for rule in story.rules:
        if rule.outcome != "not_concerned":
            yield _rule(rule)
    yield from story.protection
    if story.waiting is not None:
        yield _waiting(story.waiting, story.bar)
    for report in story.reports:
        yield report if report.startswith("the ") else f"the run reports: {report}"


def _fill(fill: Fill) -> str:
    size = f"{abs(fill.size):,} {'unit' if abs(fill.size) == 1 else 'units'}"
    what = f"{'bought' if fill.size > 0 else 'sold'} {size} at {fill.price:,.6g}"
    signal = f", ordered on the close of {fill.signal_time}" if fill.signal_time else ""
    if fill.closed_by is None:
        return f"rule {fill.rule} {what}{signal}"
    closer = _CLOSED_BY.get(fill.closed_by, f"rule {fill.closed_by}")
    return f"{closer} closed the position of {fill.rule}: {what}{signal}"


def _state(position: Position | None) -> str:
    if position is None:
        return "at the close no position was open"
    ends = [
        f"{name} {price:,.6g}"
        for name, price in (("stop", position.stop_price), ("target", position.target_price))
        if price is not None
    ]
    held = "its first close" if position.bars_held == 1 else f"its close number {position.bars_held:,}"
    detail = ", ".join([f"{position.open_profit_pct:+.2f} %", *ends, held])
    opened = f"from {position.entry_time} at {position.entry_price:,.6g} by {position.rule}"
    return f"at the close a {position.side} position of {abs(position.size):,} was open, {opened} ({detail})"


def _named(rule: RuleStory) -> str:
    said = f" “{' … '.join(words.text for words in rule.words)}”" if rule.words else ""
    return f"{_CLOSED_BY.get(rule.id, f'rule {rule.id}')}{said}"


def _rule(rule: RuleStory) -> str:
    what = _named(rule)
    match rule.outcome:
        case "acted":
            return f"{what} acted: {'; '.join(part for part in (rule.reason, _decided(rule)) if part)}"
        case "not_true":
            return f"{what} did nothing: {_decided(rule) or rule.reason}"
        case "undefined":
            return f"{what} did nothing, since it was undefined: {_decided(rule)}"
        case "barred":
            return f"{what} was true, but a filter barred it: {rule.reason}"
        case "no_order":
            return f"{what} was true, but no order was sent: {rule.reason}"
    return f"{what} was true, but did nothing: {rule.reason}"


def _decided(rule: RuleStory) -> str:
    return "" if rule.verdict is None else because(rule.verdict)


def _waiting(order: WaitingOrder, bar: int) -> str:
    if order.type == "market":
        return f"the order of {order.rule} fills at the next open, if there is one"
    good = "until it is filled or replaced" if order.last_bar is None else f"for {bars_text(order.last_bar - bar)}"
    price = "" if order.price is None else f" at {order.price:,.6g}"
    return f"the {order.type} order of {order.rule}{price} waits, good {good}"


def _trade(story: TradeStory) -> Iterator[str]:
    entry = next((rule for rule in story.entry.rules if rule.id == story.opened_by), None)
    if entry is not None:
        true = f"{_decided(entry) or 'it is true on every bar'}"
        yield f"trade {story.number} was opened by {_named(entry)}, on the close of {story.entry.time}: {true}"
    leave = next((rule for rule in story.exit.rules if rule.id == story.closed_by), None)
    if leave is not None:
        yield f"it was closed by {_named(leave)}, on the close of {story.exit.time}: {_decided(leave) or leave.reason}"
        return
    fill = next(fill for fill in story.exit.fills if fill.closed_by == story.closed_by)
    yield f"on {story.exit.time}, {_fill(fill)}"
