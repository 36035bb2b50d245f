import ast
import keyword

from hypothesis import given
from hypothesis import strategies as st

from Backtest.codegen.source_text import LONGEST_LINE, Names, class_name, comment, folded, number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_reads_back_as_itself(value: float) -> None:
    assert float(ast.literal_eval(number(value))) == value


@given(st.text())
def test_a_comment_holds_any_text_without_letting_it_become_code(text: str) -> None:
    source = "\n".join(comment(text)) + "\n"
    assert ast.parse(source).body == []
    assert all(line.isprintable() for line in comment(text))


@given(st.text())
def test_a_class_name_is_always_a_name_that_may_be_defined(title: str) -> None:
    name = class_name(title)
    assert name.isidentifier()
    assert name.isascii()
    assert not keyword.iskeyword(name)


def test_a_class_name_is_made_of_the_words_of_the_title() -> None:
    assert class_name("RSI reversal, 5% stop") == "RsiReversal5Stop"


def test_a_class_name_never_shadows_what_the_file_uses() -> None:
    assert class_name("Strategy") == "StrategyStrategy"
    assert class_name("none") == "NoneStrategy"


def test_names_are_handed_out_once_and_never_those_of_backtesting() -> None:
    names = Names()
    assert [names.claim(wanted) for wanted in ("RSI_14", "RSI_14", "data", "class", "2x")] == [
        "RSI_14",
        "RSI_14_2",
        "data_2",
        "class_",
        "n2x",
    ]


def test_a_wide_call_is_folded_to_one_argument_a_line() -> None:
    line = f'        x = self.I(f, {"a" * 50}, {"b" * 40}, name="c, d")'
    rows = folded(line)
    assert rows[0] == "        x = self.I("
    assert rows[-2:] == ['            name="c, d",', "        )"]
    assert ast.dump(ast.parse("\n".join(rows).strip())) == ast.dump(ast.parse(line.strip()))


def test_a_line_that_fits_or_ends_in_no_call_stays_as_it_is() -> None:
    wide = "x = (" + " and ".join(["a"] * LONGEST_LINE) + ")"
    assert folded("f(a, b)") == ["f(a, b)"]
    assert folded(wide) == [wide]
