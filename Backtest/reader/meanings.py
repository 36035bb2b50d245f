"""What a sentence can mean: the distinct meanings of its parses."""

from collections.abc import Iterable, Sequence

from Backtest.reader import (
    candle_trees,
    change_trees,
    condition_trees,
    date_trees,
    edit_calendar_trees,
    edit_trees,
    entry_trees,
    exchange_trees,
    exit_trees,
    extreme_trees,
    formula_trees,
    frame_trees,
    grammar,
    hold_trees,
    label_trees,
    line_trees,
    measure_trees,
    move_trees,
    operand_trees,
    predicate_trees,
    risk_setting_trees,
    risk_side_trees,
    risk_trees,
    role_line_trees,
    section_trees,
    settings_trees,
    statement_trees,
    streak_trees,
    swap_trees,
    time_trees,
)
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.lines import content_of
from Backtest.reader.statement_syntax import BareCondition, FilterSaid, Statement
from Backtest.reader.trees import Known, statements

READERS = (
    candle_trees,
    operand_trees,
    condition_trees,
    predicate_trees,
    extreme_trees,
    formula_trees,
    risk_setting_trees,
    risk_side_trees,
    risk_trees,
    statement_trees,
    entry_trees,
    exit_trees,
    frame_trees,
    hold_trees,
    label_trees,
    line_trees,
    measure_trees,
    move_trees,
    role_line_trees,
    section_trees,
    settings_trees,
    date_trees,
    edit_calendar_trees,
    edit_trees,
    exchange_trees,
    swap_trees,
    streak_trees,
    change_trees,
    time_trees,
)  # importing them registers their rules


def meanings(content: Sequence[Token], start: grammar.Start) -> tuple[tuple[Statement, ...], ...]:
    """The distinct meanings of the parses of `content`."""
    return distinct(grammar.parse(content, start))


def distinct(trees: Iterable[grammar.Tree]) -> tuple[tuple[Statement, ...], ...]:
    """The meanings of these trees, each once; a tree that means nothing has none."""
    parses, known = tuple(trees), Known()
    found = (statements(tree, known) for tree in parses)
    return tuple(dict.fromkeys(said for said in found if said is not None))


def read_condition(text: str) -> BareCondition | None:
    """A condition alone ("RSI drops below 30"), None when the text is not one and nothing else."""
    said = meanings(content_of([t for t in tokenize(text) if t.kind not in {"DOT", "NEWLINE"}]), "item")
    return said[0][0] if len(said) == 1 and isinstance(said[0][0], BareCondition) else None


def required(said: tuple[tuple[Statement, ...], ...]) -> tuple[tuple[Statement, ...], ...]:
    """ "Price must be above the 200-day SMA" alone is a condition of every entry."""
    return tuple(
        tuple(
            FilterSaid(one.when, span=one.span, setup=True) if isinstance(one, BareCondition) else one
            for one in statements
        )
        for statements in said
    )
