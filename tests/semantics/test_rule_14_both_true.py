"""Rule 14: what happens when an entry and an exit, or the entries of both sides, are true on one bar."""

import pytest

from tests.semantics.documents import arith, bars, document, enter, flat, leave, limit, number, price, signal
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades

# codes: 1 buy, 2 close the long, 3 sell short, 4 close the short; 12: 1 and 2 both; 13: 1 and 3 both; 23, 34, 123 alike
BUY, CLOSE_LONG, SHORT, CLOSE_SHORT = (
    signal(1, 12, 13, 123),
    signal(2, 12, 23, 123),
    signal(3, 13, 23, 34, 123),
    signal(4, 34),
)
SPEC = document([enter(BUY), enter(SHORT, "short")], [leave(CLOSE_LONG), leave(CLOSE_SHORT, "short")])


class Plain(PlainStrategy):
    def next(self):
        code = self.data.Volume[-1]
        buy, close_long = code in (1, 12, 13, 123), code in (2, 12, 23, 123)
        short, close_short = code in (3, 13, 23, 34, 123), code in (4, 34)
        if self.position.is_long:
            if short:
                self.position.close()
                self.sell()
            elif close_long:
                self.position.close()
        elif self.position.is_short:
            if buy:
                self.position.close()
                self.buy()
            elif close_short:
                self.position.close()
        elif buy:
            self.buy()
        elif short:
            self.sell()


CASES = {
    "in a position the exit of its side is taken, and not entered again": ((0, 1, 0, 12, 0, 0), [(2, 4, 1)], None),
    "flat the entry is taken, though its exit is true": ((0, 12, 0, 2, 0), [(2, 4, 1)], None),
    "flat a short is taken, though its exit is true": ((0, 34, 0, 4, 0), [(2, 4, -1)], None),
    "an exit of the long and an entry of the short reverse": ((0, 1, 0, 23, 0), [(2, 4, 1)], -1),
    "in a short its exit and its entry: the exit": ((0, 3, 0, 34, 0, 0), [(2, 4, -1)], None),
    "flat with entries of both sides: the long": ((0, 13, 0, 2, 0), [(2, 4, 1)], None),
    "in a long with entries of both sides: the other side reverses": ((0, 1, 0, 13, 0), [(2, 4, 1)], -1),
    "in a short with entries of both sides: the other side reverses": ((0, 3, 0, 13, 0), [(2, 4, -1)], 1),
    "in a long with all of it true: reversed": ((0, 1, 0, 123, 0), [(2, 4, 1)], -1),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_taken(case: str) -> None:
    codes, closed, left_open = CASES[case]
    frame = bars(*[flat(100 + i, code) for i, code in enumerate(codes)])
    plain = plain_trades(Plain, frame)
    sides = [1 if size > 0 else -1 for size in plain.column("Size")]
    assert list(zip(plain.column("EntryBar"), plain.column("ExitBar"), sides, strict=True)) == closed
    assert [1 if units > 0 else -1 for _, units, _ in plain.open] == ([left_open] if left_open else [])
    assert_same_trades(compiled_trades(SPEC, frame), plain)


@pytest.mark.parametrize("first", ["long", "short"])
def test_flat_with_entries_of_both_sides_the_long_is_taken_in_whatever_order_they_stand(first: str) -> None:
    frame = bars(*[flat(100 + i, code) for i, code in enumerate((0, 13, 0, 2, 0))])
    plain = plain_trades(Plain, frame)
    assert plain.column("Size")[0] > 0
    entries = [enter(BUY), enter(SHORT, "short")]
    spec = document(entries if first == "long" else entries[::-1], [leave(CLOSE_LONG), leave(CLOSE_SHORT, "short")])
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_flat_a_waiting_long_is_taken_before_a_short_at_the_market() -> None:
    """Expected: the long of rule 14 whatever its order; the short's signal is then none that could cancel it (rule 23)."""

    class WaitsFirst(PlainStrategy):
        def next(self):
            if not self.position and self.data.Volume[-1] == 13:
                self.buy(limit=self.data.Close[-1] - 5)

    frame = bars(flat(100), flat(100, 13), flat(100), (100, 101, 94, 97), flat(97))
    plain = plain_trades(WaitsFirst, frame)
    assert plain.open[0][0] == 3
    at = limit(arith("-", price(), number(5)), None)
    spec = document([enter(SHORT, "short"), enter(BUY, "long", at)])
    assert_same_trades(compiled_trades(spec, frame), plain)
