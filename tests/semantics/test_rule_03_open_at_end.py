"""Rule 3: a position open after the last bar stays open, is valued at the last close and is not counted as a trade."""

import pytest

from tests.semantics.documents import GOOG, bars, document, enter, flat, leave, signal
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class HoldsForever(PlainStrategy):
    def next(self):
        if not self.position:
            self.buy()


def test_a_position_never_closed_is_no_trade() -> None:
    plain = plain_trades(HoldsForever, GOOG)
    assert (len(plain.closed), len(plain.open)) == (0, 1)
    assert_same_trades(compiled_trades(document([enter(None)]), GOOG), plain)


def test_it_is_valued_at_the_last_close_in_the_equity() -> None:
    opened, last = GOOG.Open.iloc[2], GOOG.Close.iloc[-1]
    units = 100_000 // (opened * 1.001)
    by_hand = 100_000 - units * opened * 0.001 + units * (last - opened)
    assert compiled_trades(document([enter(None)]), GOOG).final_equity == pytest.approx(by_hand, rel=1e-12)


class OnSignals(PlainStrategy):
    def next(self):
        if self.position:
            if self.data.Volume[-1] == 2:
                self.position.close()
        elif self.data.Volume[-1] == 1:
            self.buy()


def test_a_signal_on_the_last_bar_fills_nothing() -> None:
    spec = document([enter(signal(1))], [leave(signal(2))])
    exit_too_late = bars(flat(10), flat(10, 1), flat(11), flat(12, 2))
    plain = plain_trades(OnSignals, exit_too_late)
    assert (len(plain.closed), plain.open) == (0, ((2, 9081, 11.0),))
    assert_same_trades(compiled_trades(spec, exit_too_late), plain)

    entry_too_late = bars(flat(10), flat(10), flat(11), flat(12, 1))
    plain = plain_trades(OnSignals, entry_too_late)
    assert (len(plain.closed), plain.open) == (0, ())
    assert_same_trades(compiled_trades(spec, entry_too_late), plain)
