"""Whose the conditions between two verbs are: those of the verb they clearly belong to, else nobody's."""

from itertools import product

import pytest

from Backtest.canonical.spec import Spec
from Backtest.reader.reader import read_text
from Backtest.reader.reading import ReadingContext
from tests.unit.Backtest.reader.spec_forms import Doc, both, is_, spec

GOOG = ReadingContext(symbol="GOOG", timeframe="1d")
RSI, CCI, ADX, MFI = "rsi is below 30", "cci is above 0", "adx is above 20", "mfi is above 80"
IS_RSI, IS_CCI = is_("RSI_14", "<", 30), is_("CCI_20", ">", 0)
IS_ADX, IS_MFI = is_("ADX_14", ">", 20), is_("MFI_14", ">", 80)
SIDES = [("buy", "enter short", "cover"), ("short", "go long", "sell")]
JOINS = [", ", "; ", " and ", ", and ", "\n", ", then ", " or "]
EXIT = ". {close} when willr is below -80"


def entries(spec: Spec) -> frozenset[tuple[str, str]]:
    return frozenset((rule.side, repr(rule.when)) for rule in spec.entry_rules)


def outcome(text: str) -> frozenset[tuple[str, str]] | str:
    """The side and condition of each entry of a text, or "asks"."""
    reading = read_text(text, context=GOOG)
    return "asks" if reading.spec is None else entries(reading.spec)


def rules(first: str, one: Doc, other: Doc) -> frozenset[tuple[str, str]]:
    """The entries of a spec that goes one way on `one` and the other way on `other`."""
    return entries(spec(one, short=other) if first == "buy" else spec(other, short=one))


@pytest.mark.parametrize(("first", "second", "close"), SIDES)
@pytest.mark.parametrize("join", JOINS)
def test_conditions_after_each_verb_are_its_own(first, second, close, join):
    for words, one in ((RSI, IS_RSI), (f"{RSI} and {CCI}", both(IS_RSI, IS_CCI))):
        for when in ("when", "on"):
            text = f"{first} when {words}{join}{second} {when} {MFI}{EXIT.format(close=close)}"
            assert outcome(text) in {rules(first, one, IS_MFI), "asks"}, text
    plain = f"{first} when {RSI} and {CCI}{join}{second} when {MFI}{EXIT.format(close=close)}"
    assert outcome(plain) == rules(first, both(IS_RSI, IS_CCI), IS_MFI)


@pytest.mark.parametrize(("first", "second", "close"), SIDES)
def test_conditions_joined_by_and_stay_with_the_verb_before(first, second, close):
    text = f"{first} when {RSI} and {CCI}, {second} on a hammer, after a 4% gain trail by 1%, wednesdays only"
    drafted = read_text(text, context=GOOG).draft["entry_rules"]
    assert [len(rule["when"].get("of", [1])) for rule in drafted] == [2, 1]


@pytest.mark.parametrize(("first", "second", "close"), SIDES)
@pytest.mark.parametrize("opening", ["", "only if ", "if ", "with "])
@pytest.mark.parametrize("comma", ["", ","])
def test_a_condition_between_two_verbs_with_conditions_is_never_given_to_the_second(
    first, second, close, opening, comma
):
    wrong = {rules(first, one, both(IS_ADX, IS_MFI)) for one in (IS_RSI, both(IS_RSI, IS_CCI))}
    heads = [f"when {RSI}", f"when {RSI} and {CCI}", f"when {RSI}, {CCI}"]
    for head, join in product(heads, [", ", " and ", ", and ", ", then ", " or ", "\nand "]):
        text = f"{first} {head}{join}{opening}{ADX}{comma} {second} when {MFI}{EXIT.format(close=close)}"
        assert outcome(text) not in wrong, text


@pytest.mark.parametrize(("first", "second", "close"), SIDES)
@pytest.mark.parametrize("between", [" and {}", " or {}", ", {}", " and {}, {}", ", {} and {}"])
@pytest.mark.parametrize("parted", [", ", "\n"])
def test_a_verb_alone_after_a_comma_takes_nothing_from_the_chain_before_it(first, second, close, between, parted):
    chain = between.format(CCI, ADX)
    text = f"{first} when {RSI}{chain}{parted}{second}{EXIT.format(close=close)}"
    assert outcome(text) == "asks"


@pytest.mark.parametrize(("first", "second", "close"), SIDES)
@pytest.mark.parametrize(
    "text",
    [
        "when {RSI}, {first}, when {MFI}, {second}",
        "{RSI} -> {first}, {MFI} -> {second}",
        "{first} when {RSI}, and when {MFI}, {second}",
        "{first} when {RSI}; when {MFI}, {second}",
        "when {RSI}, {first}\nwhen {MFI}, {second}",
        "{first} when {RSI}. And when {MFI}, {second}",
    ],
)
def test_conditions_before_each_verb_are_its_own(first, second, close, text):
    said = text.format(first=first, second=second, RSI=RSI, MFI=MFI) + EXIT.format(close=close)
    assert outcome(said) == rules(first, IS_RSI, IS_MFI)


@pytest.mark.parametrize("join", JOINS)
def test_of_three_entries_none_takes_the_conditions_of_another(join):
    text = join.join([f"buy when {RSI} and {CCI}", f"enter short on {MFI}", f"buy when {ADX}"])
    wanted = entries(spec(both(IS_RSI, IS_CCI), short=IS_MFI)) | entries(spec(IS_ADX))
    assert outcome(text + EXIT.format(close="cover")) in {wanted, "asks"}


def test_an_exit_takes_no_condition_out_of_the_entry_before_it():
    assert outcome(f"buy when {RSI} and {CCI}, sell") == "asks"
    assert outcome(f"buy when {RSI} or {CCI}, sell") == "asks"
    assert outcome(f"buy when {RSI}, if {ADX}, sell when {MFI}") == "asks"
