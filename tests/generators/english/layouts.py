"""Whole texts: the same strategy as prose, as fragments, as a list, as a chat message or as a question."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from Backtest.canonical.conditions import And, Condition, Or
from Backtest.canonical.rules import ExitRule, MarketOrder
from Backtest.canonical.spec import Spec
from tests.generators.draws import Draws
from tests.generators.english import risk_words as risk
from tests.generators.english.condition_words import condition_words, turning
from tests.generators.english.ideas import Chart
from tests.generators.english.rule_words import enter_words, entry_sentence, exit_sentence, leave_words
from tests.generators.english.strategies import Strategist
from tests.generators.english.surroundings import protection, surroundings
from tests.generators.english.voice import Voice

CHART_NAMES = {"1d": "daily", "1w": "weekly", "1h": "hourly", "4h": "4-hour", "15m": "15-minute"}


@dataclass(frozen=True, slots=True)
class Told:
    """`spec` as `text`. `rules`: relied on; `window`: the first and the last day that the text names.

    `chart_is_said`: the text names its chart, else the reader must be told.
    """

    text: str
    spec: Spec
    style: str
    chart_is_said: bool
    window: tuple[str | None, str | None]
    rules: Counter[int]

    @property
    def symbol(self) -> str | None:
        """What the reader must be told beside the text."""
        return None if self.chart_is_said else self.spec.instruments[0]

    @property
    def timeframe(self) -> str | None:
        """What the reader must be told beside the text."""
        return None if self.chart_is_said else self.spec.timeframe


Layout = Callable[[Voice], str]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def sentences(parts: list[str]) -> str:
    return " ".join(f"{capital(part)}." for part in parts)


def rules_said(voice: Voice, *, is_formal: bool = False) -> list[str]:
    """The entries and the exits, a sentence each."""
    entries, exits = voice.spec.entry_rules, voice.spec.exit_rules
    note_sides(voice)
    said = [entry_sentence(voice, rule, is_formal=is_formal) for rule in entries]
    has_part = any(rule.portion < 1 for rule in exits)
    return said + [exit_sentence(voice, rule, is_rest=has_part and rule.portion == 1) for rule in exits]


def note_sides(voice: Voice) -> None:
    entries = voice.spec.entry_rules
    voice.relies_on(1)
    if risk.is_two_sided(voice.spec):
        voice.relies_on(13, 14)
    if len(entries) > len({rule.side for rule in entries}):
        voice.relies_on(15)


def plain(voice: Voice) -> str:
    around = surroundings(voice, brief=False)
    before = [part for part in around if voice.chance(35)]
    after = [part for part in around if part not in before]
    said = rules_said(voice)
    if len(said) == 2 and voice.chance(40):
        said = (
            [said[0] + voice.pick(", ", " and ", "; ") + said[1]]
            if " or " not in said[0] and "," not in said[0]
            else said
        )
    return sentences([*before, *said, *protection(voice, brief=voice.chance(30)), *after])


def formal(voice: Voice) -> str:
    return sentences(
        [*rules_said(voice, is_formal=True), *protection(voice, brief=False), *surroundings(voice, brief=False)]
    )


def condition_first(voice: Voice) -> str:
    note_sides(voice)
    made: list[str] = []
    for rule in voice.spec.entry_rules:
        if isinstance(rule.order, MarketOrder):
            assert rule.when is not None
            made.append(
                f"{voice.pick('when', 'if')} {condition_words(voice, rule.when)}, {enter_words(voice, rule.side)}"
            )
        else:
            made.append(entry_sentence(voice, rule))
    has_part = any(rule.portion < 1 for rule in voice.spec.exit_rules)
    for leave in voice.spec.exit_rules:
        verb = leave_words(voice, leave, is_rest=has_part and leave.portion == 1)
        if leave.when.type == "weekday":
            made.append(exit_sentence(voice, leave))
        else:
            made.append(f"{voice.pick('when', 'if')} {condition_words(voice, leave.when)}, {verb}")
    return sentences([*made, *protection(voice, brief=False), *surroundings(voice, brief=False)])


def chatty(voice: Voice) -> str:
    openings = (
        "ok so ",
        "Been thinking about this one. ",
        "Quick one for you: ",
        "hey, can you test this: ",
        "Here's the plan. ",
        "I've been playing with this idea. ",
        "Hi! ",
        "So here's my idea. ",
        "",
    )
    closings = (
        " Cheers.",
        " Let me know what you think.",
        " Thanks!",
        " That's it.",
        " That's all.",
        " What do you think?",
        "",
    )
    said: list[str] = []
    for part in rules_said(voice):
        said.append(
            part
            if part.startswith(("when ", "if ", "place "))
            else voice.pick("I ", "I want to ", "I'd ", "I'll ") + part
        )
    around = [*protection(voice, brief=False), *surroundings(voice, brief=False)]
    return voice.pick(*openings) + sentences([*said, *around]) + voice.pick(*closings)


def question(voice: Voice) -> str:
    said = rules_said(voice)
    opening = voice.pick(
        "How does it perform if I ",
        "What would happen if I ",
        "What happens if I ",
        "What if I ",
        "Can you backtest this for me? I ",
        "How would it do if I ",
    )
    first, *others = said
    if first.startswith(("when ", "if ")) or "for me" in opening:
        text = f"Can you backtest this for me? {capital(first)}. {sentences(others)}".strip()
    elif len(others) == 1 and ", " not in first:
        text = f"{opening}{first} and {others[0]}?"
    else:
        text = f"{opening}{first}? {sentences(others)}".strip()
    return f"{text} {sentences([*protection(voice, brief=False), *surroundings(voice, brief=False)])}".strip()


def numbered(voice: Voice) -> str:
    lines = [*rules_said(voice), *protection(voice, brief=False), *surroundings(voice, brief=False)]
    mark = voice.pick(".", ")")
    end = voice.pick(".", "")
    return "\n".join(f"{i}{mark} {capital(line)}{end}" for i, line in enumerate(lines, 1))


def parts_of(node: Condition, kind: type[And] | type[Or]) -> list[Condition]:
    if isinstance(node, kind) and not (isinstance(node, And) and turning(node)):
        return list(node.of)
    return [node]


def bulleted(voice: Voice) -> str:
    """Headings with lists: of an entry's conditions all, of an exit's any."""
    spec = voice.spec
    note_sides(voice)
    simple = len(spec.entry_rules) == 1 and isinstance(spec.entry_rules[0].order, MarketOrder)
    full = [rule for rule in spec.exit_rules if rule.portion == 1 and rule.when.type != "weekday"]
    simple = simple and not risk.is_short_only(spec) and len(full) == len(spec.exit_rules) <= 1
    hashes, bullet = voice.pick("## ", "### ", "# "), voice.pick("- ", "* ", "• ")
    blocks: list[tuple[str, list[str]]] = []
    if simple:
        voice.relies_on(15)
        entry = spec.entry_rules[0].when
        assert entry is not None
        whens = parts_of(entry, And)
        blocks.append(("Entry", [condition_words(voice, part) for part in whens]))
        if full:
            blocks.append(("Exit", [condition_words(voice, part) for part in parts_of(full[0].when, Or)]))
    else:
        said = rules_said(voice)
        count = len(spec.entry_rules)
        blocks += [("Entry", said[:count]), ("Exit", said[count:])]
    blocks.append((voice.pick("Risk", "Risk management"), protection(voice, brief=voice.chance(50))))
    blocks.append((voice.pick("Other", "Notes", "Account", "Setup"), surroundings(voice, brief=False)))
    return "\n\n".join(
        f"{hashes}{heading}\n" + "\n".join(f"{bullet}{capital(line) if voice.chance(60) else line}" for line in lines)
        for heading, lines in blocks
        if lines
    )


def labelled(voice: Voice) -> str:
    spec = voice.spec
    note_sides(voice)
    if len(spec.entry_rules) > 1 or not isinstance(spec.entry_rules[0].order, MarketOrder) or risk.is_short_only(spec):
        return terse(voice)
    entry = spec.entry_rules[0].when
    assert entry is not None
    parts = [f"{voice.pick('Entry', 'Entry', 'Buy', 'Long')}: {condition_words(voice, entry)}"]
    for rule in spec.exit_rules:
        if rule.portion < 1 or len(spec.exit_rules) > 1 or rule.when.type == "weekday":
            parts.append(
                capital(
                    exit_sentence(
                        voice, rule, is_rest=any(r.portion < 1 for r in spec.exit_rules) and rule.portion == 1
                    )
                )
            )
        else:
            parts.append(f"Exit: {condition_words(voice, rule.when)}")
    parts += labelled_protection(voice)
    parts += [capital(part) for part in surroundings(voice, brief=False)]
    joint = voice.pick(". ", "\n")
    return joint.join(parts) + ("." if joint == ". " else "")


def labelled_protection(voice: Voice) -> list[str]:
    node = voice.spec.risk
    parts: list[str] = []
    if node.stop_loss is not None and risk.is_money(node.stop_loss):
        parts.append(capital(risk.stop_words(voice, node.stop_loss, brief=True)))
    elif node.stop_loss is not None:
        parts.append(f"{voice.pick('Stop', 'Stop loss', 'SL')}: {risk.level_words(voice, node.stop_loss)}")
    if node.take_profit is not None and risk.is_money(node.take_profit):
        parts.append(capital(risk.target_words(voice, node.take_profit, brief=True)))
    elif node.take_profit is not None:
        parts.append(f"{voice.pick('Target', 'Take profit', 'TP')}: {risk.level_words(voice, node.take_profit)}")
    rest = [
        node.trailing_stop and risk.trail_words(voice, node.trailing_stop, brief=True),
        node.break_even and risk.break_even_words(voice, node.break_even, brief=True),
        node.max_bars and risk.longest_hold_words(voice, node.max_bars, brief=True),
    ]
    return [*parts, *(capital(part) for part in rest if part)]


def terse(voice: Voice) -> str:
    """Symbols and arrows: "RSI(14) < 30 -> long; RSI(14) > 70 -> exit; SL 5%"."""
    note_sides(voice)
    arrow = (
        voice.pick(" -> ", " => ", ": ")
        if all(isinstance(rule.order, MarketOrder) for rule in voice.spec.entry_rules)
        else ""
    )
    parts: list[str] = []
    for rule in voice.spec.entry_rules:
        assert rule.when is not None
        if not arrow or arrow == ": ":
            parts.append(entry_sentence(voice, rule, ("when", "if")))
        else:
            verb = voice.pick("long", "buy", "go long") if rule.side == "long" else voice.pick("short", "go short")
            parts.append(f"{condition_words(voice, rule.when)}{arrow}{verb}")
    has_part = any(rule.portion < 1 for rule in voice.spec.exit_rules)
    for leave in voice.spec.exit_rules:
        is_rest = has_part and leave.portion == 1
        if not arrow or arrow == ": " or leave.when.type == "weekday" or has_part:
            parts.append(exit_sentence(voice, leave, ("when", "if"), is_rest=is_rest))
        else:
            parts.append(f"{condition_words(voice, leave.when)}{arrow}{short_leave(voice, leave)}")
    parts += [*protection(voice, brief=True), *surroundings(voice, brief=True)]
    joint = voice.pick("; ", ". ", "\n")
    return joint.join(capital(part) if joint == ". " else part for part in parts)


def short_leave(voice: Voice, rule: ExitRule) -> str:
    voice.relies_on(12)
    if risk.is_two_sided(voice.spec):
        return voice.pick("exit long", "close long") if rule.side == "long" else voice.pick("cover", "exit short")
    return voice.pick("cover", "exit") if rule.side == "short" else voice.pick("sell", "exit", "close", "flat")


def shorthand(voice: Voice) -> str:
    """A chat message in small letters, clauses joined by commas."""
    said = [*rules_said(voice), *protection(voice, brief=True), *surroundings(voice, brief=True)]
    joints = (", ", ". ", "\n") if len(voice.spec.entry_rules) == 1 else (". ", "\n")
    return voice.pick(*joints).join(said).lower()


STYLES: dict[str, Layout] = {
    "plain": plain,
    "formal": formal,
    "condition first": condition_first,
    "chatty": chatty,
    "question": question,
    "numbered": numbered,
    "bulleted": bulleted,
    "labelled": labelled,
    "terse": terse,
    "shorthand": shorthand,
}
SYMBOLIC = ("terse", "shorthand", "labelled")


def chart_words(voice: Voice, style: str) -> str:
    chart, name = voice.chart, CHART_NAMES[voice.chart.timeframe]
    if style in ("terse", "shorthand"):
        return f"{chart.symbol} {chart.timeframe}" + voice.pick(": ", "\n", ". ")
    return voice.pick(
        f"{chart.symbol}, {name} chart. ",
        f"Symbol: {chart.symbol}. Timeframe: {name}. ",
        f"{capital(name)} {chart.symbol}. ",
        f"This is for {chart.symbol} on the {name} chart. ",
    )


WINDOWS = (
    ("2009-01-01", "2012-12-31", ("from 2009-01-01 to 2012-12-31", "between 1 January 2009 and 31 December 2012")),
    ("2010-01-01", "2014-12-31", ("from 2010 to 2014",)),
    ("2011-03-01", None, ("since March 2011", "from 2011-03-01 onwards")),
)


def with_window(voice: Voice, text: str, style: str) -> tuple[str, tuple[str | None, str | None]]:
    """At times with the days to test it on."""
    if not voice.chance(5):
        return text, (None, None)
    voice.relies_on(2)
    start, end, ways = voice.draws.one_of(WINDOWS)
    said = voice.pick(*ways)
    said = voice.pick(f"test it {said}", f"backtest {said}", said)
    if style == "shorthand":
        return f"{text}\n{said.lower()}", (start, end)
    joint = "\n" if "\n" in text else " " if text.endswith((".", "!", "?")) else ". "
    return f"{text}{joint}{capital(said)}.", (start, end)


TALK_BEFORE = (
    "Long time lurker, first post. ",
    "My uncle taught me this one. ",
    "Thanks for having me here. ",
    "I've been doing this for years. ",
)
TALK_AFTER = (" Not financial advice.", " Hope this helps.", " Curious what you guys think.", " Cheers from Melbourne.")


def with_talk(voice: Voice, text: str) -> str:
    """At times among words that say nothing of the trade."""
    before = voice.draws.one_of(TALK_BEFORE) if voice.chance(10) else ""
    after = voice.draws.one_of(TALK_AFTER) if voice.chance(10) and text.endswith((".", "!", "?")) else ""
    return before + text + after


def told(draws: Draws, style: str) -> Told:
    """A random strategy in the words of one author of that style."""
    strategist = Strategist(draws)
    spec = strategist.spec()
    chart: Chart = strategist.chart
    wordy = draws.one_of((0, 0, 0, 60)) if style not in SYMBOLIC else 0
    voice = Voice(
        draws,
        spec,
        chart,
        symbols=style in ("terse", "shorthand") or (style == "labelled" and draws.chance(50)),
        wordy=wordy,
    )
    text = STYLES[style](voice)
    says_chart = draws.chance(30)
    if says_chart:
        voice.relies_on(10)
        text = chart_words(voice, style) + "\n" * (style in ("numbered", "bulleted")) + text
    text, window = with_window(voice, text, style)
    if style == "chatty":
        text = with_talk(voice, text)
    return Told(text, spec, style, says_chart, window, voice.rules)


def seeded(style: str, seed: int) -> Told:
    """The strategy and the words of that style and number, the same each time."""
    dice = Random(f"{style}{seed}")  # noqa: S311 - no secret
    return told(Draws(lambda strategy, label=None: dice), style)
