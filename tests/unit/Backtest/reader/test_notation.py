"""A grammar in Lark's notation, written out: by hand, by drawn grammars beside Lark, and the grammar of the reader."""

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from Backtest.reader import grammar as reader_grammar
from Backtest.reader.notation import Definition, definitions


def written(text: str, start: str = "a") -> dict[str, list[str]]:
    """Each symbol with its ways, as text; an alias behind an arrow."""
    return {
        name: [" ".join(way.symbols) + (f" -> {way.alias}" if way.alias else "") for way in definition.ways]
        for name, definition in definitions(text, [start]).items()
    }


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ("X Y", ["X Y"]),
        ("X | Y", ["X", "Y"]),
        ("X? Y", ["X Y", "Y"]),
        ("(X | Y) Z", ["X Z", "Y Z"]),
        ("(X | Y)? (Z | X)", ["X Z", "X X", "Y Z", "Y X", "Z", "X"]),
        ("X (Y Z)?", ["X Y Z", "X"]),
        ("X X? | X", ["X X", "X"]),
        ("X // Y\n | Z", ["X", "Z"]),
        ("X Y? -> named\n | Z", ["X Y -> named", "X -> named", "Z"]),
        ("X+", ["__repeated_0"]),
        ("X* Y", ["__repeated_0 Y", "Y"]),
    ],
)
def test_a_definition_is_written_out(body: str, ways: list[str]) -> None:
    assert written(f"a: {body}\n")["a"] == ways


def test_a_repetition_is_a_symbol_that_repeats_on_its_right() -> None:
    assert written("a: (X | Y)+ Z (X | Y)*\n")["__repeated_0"] == ["X", "Y", "X __repeated_0", "Y __repeated_0"]


def test_only_what_the_starts_lead_to_is_there() -> None:
    assert set(written("a: X b\nb: Y\nc: Z\n")) == {"a", "b"}


def test_a_question_mark_before_the_name_lets_one_child_stand_alone() -> None:
    found = definitions("?a: b\nb: X\n", ["a"])
    assert [(name, definition.keeps_one) for name, definition in found.items()] == [("a", False), ("b", True)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: X b\n", "b is not defined"),
        ("a: X\na: Y\n", "a is defined twice"),
        ("a: (X\n", "a: can't be read after '\\( X'"),
        ("a: X | \n", "a: can't be read after"),
        ("a: X [Y]\n", "a: can't be read after"),
        ("a: X Y -> one | X Y? -> other\n", "a: X Y is written under two names"),
    ],
)
def test_what_is_not_of_the_notation_is_refused_with_its_place(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        definitions(text, ["a"])


TERMINALS = ("X", "Y", "Z", "W")
Ways = set[tuple[tuple[str, ...], str | None]]


def parts() -> st.SearchStrategy[str]:
    leaves = st.sampled_from((*TERMINALS, "b", "c"))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda some: f"({' '.join(some)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda some: f"({' | '.join(some)})"),
            inner.map(lambda one: f"({one})?" if one.endswith(("?", "*", "+")) else f"{one}?"),
        ),
        max_leaves=8,
    )


def by_lark(text: str, starts: list[str]) -> dict[str, list[tuple[tuple[str, ...], str | None, bool]]]:
    """Lark's rules: their symbols, their alias, and whether a single child may stand alone."""
    declared = f"{text}\n%declare {' '.join(sorted({*TERMINALS, *reader_grammar.terminals()}))}\n"
    loaded = lark.Lark(declared, parser=None, lexer="dynamic", start=starts, maybe_placeholders=False)
    rules: dict[str, list[tuple[tuple[str, ...], str | None, bool]]] = {}
    for rule in loaded.grammar.compile(starts, "*")[1]:
        symbols = tuple(str(symbol.name) for symbol in rule.expansion)
        rules.setdefault(str(rule.origin.name), []).append((symbols, rule.alias, bool(rule.options.expand1)))
    return rules


def laid_beside(found: dict[str, Definition]) -> dict[str, list[tuple[tuple[str, ...], str | None, bool]]]:
    return {
        name: [(way.symbols, way.alias, not definition.keeps_one) for way in definition.ways]
        for name, definition in found.items()
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(parts(), min_size=1, max_size=4), st.booleans())
def test_drawn_definitions_are_written_out_as_lark_does(sequence: list[str], collapses: bool) -> None:
    text = f"{'?' * collapses}a: W {' '.join(sequence)}\nb: X | Y Z?\nc: Y\n"
    assert laid_beside(definitions(text, ["a"])) == by_lark(text, ["a"])


def test_the_readers_grammar_is_written_out_as_lark_does() -> None:
    """Repetitions have other names there and repeat on the left: the rules without them are compared in their order."""
    text = (reader_grammar.Path(reader_grammar.__file__).parent / "grammar.lark").read_text(encoding="utf-8")
    starts = list(reader_grammar.STARTS)
    theirs, ours = by_lark(text, starts), laid_beside(definitions(text, starts))

    def without_repetition(ways: list) -> list:
        return [
            (tuple("..." if symbol.startswith("__") else symbol for symbol in symbols), alias, stands_alone)
            for symbols, alias, stands_alone in ways
        ]

    named = {name for name in theirs if not name.startswith("__")}
    assert {name for name in ours if not name.startswith("__")} == named
    assert [name for name in named if without_repetition(ours[name]) != without_repetition(theirs[name])] == []
