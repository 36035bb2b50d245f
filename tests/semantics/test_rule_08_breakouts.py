"""Rule 8: an N-bar high or low, and a Donchian band, exclude the current bar when compared with the current price."""

import talib

from tests.semantics.documents import (
    GOOG,
    bars,
    compare,
    cross_above,
    cross_below,
    document,
    enter,
    highest,
    indicator,
    leave,
    lowest,
    price,
    use,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Breakout(PlainStrategy):
    """Closes above the highest High of the 20 bars before; out on a close under the lowest Low of the 10 before."""

    def init(self):
        self.wait = self.I(lambda: self.data.High.s.rolling(20).max().shift(1))

    def next(self):
        d = self.data
        if self.position:
            if d.Close[-1] < min(d.Low[-11:-1]):
                self.position.close()
        elif d.Close[-1] > max(d.High[-21:-1]):
            self.buy()


def test_a_breakout_compares_with_the_bars_before_this_one() -> None:
    plain = plain_trades(Breakout, GOOG)
    assert len(plain.closed) > 20
    spec = document(
        [enter(compare(price(), ">", highest(price("High"), 20, include_current=False)))],
        [leave(compare(price(), "<", lowest(price("Low"), 10, include_current=False)))],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_donchian_band_for_a_breakout_is_that_of_the_bar_before() -> None:
    plain = plain_trades(Breakout, GOOG)
    spec = document(
        [enter(compare(price(), ">", indicator("DONCHIAN_20", "upper", 1)))],
        [leave(compare(price(), "<", indicator("DONCHIAN_10", "lower", 1)))],
        indicators=[
            use("DONCHIAN_20", "DONCHIAN", timeperiod=20),
            use("DONCHIAN_10", "DONCHIAN", timeperiod=10),
        ],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_breaking_out_is_the_event_against_the_bands_of_both_bars() -> None:
    """`breaks above the 15-bar high`: the close before was not above its own 15-bar high."""

    class Plain(PlainStrategy):
        def next(self):
            d = self.data
            if len(d) < 17:
                return
            if self.position:
                if d.Close[-2] >= min(d.Low[-17:-2]) and d.Close[-1] < min(d.Low[-16:-1]):
                    self.position.close()
            elif d.Close[-2] <= max(d.High[-17:-2]) and d.Close[-1] > max(d.High[-16:-1]):
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 20
    spec = document(
        [enter(cross_above(price(), highest(price("High"), 15, include_current=False)))],
        [leave(cross_below(price(), lowest(price("Low"), 15, include_current=False)))],
    )
    assert_same_trades(compiled_trades(spec, GOOG), plain)


def test_a_window_with_this_bar_is_another_one() -> None:
    """Close >= the highest Close of 5 bars with this one: a close at the top; no breakout with > could ever be true."""

    class Plain(PlainStrategy):
        def init(self):
            self.top = self.I(talib.MAX, self.data.Close, 5)

        def next(self):
            if self.position:
                self.position.close()
            elif self.data.Close[-1] >= max(self.data.Close[-5:]):
                self.buy()

    plain = plain_trades(Plain, GOOG)
    assert len(plain.closed) > 100
    top = highest(price(), 5, include_current=True)
    spec = document([enter(compare(price(), ">=", top))], risk={"max_bars": 1})
    assert_same_trades(compiled_trades(spec, GOOG), plain)
    never = document([enter(compare(price(), ">", top))], risk={"max_bars": 1})
    assert compiled_trades(never, GOOG).closed.empty


def test_equal_to_the_high_is_no_breakout() -> None:
    class Plain(PlainStrategy):
        def next(self):
            d = self.data
            if len(d) < 5:
                return
            if self.position:
                self.position.close()
            elif d.Close[-1] > max(d.High[-4:-1]):
                self.buy()

    frame = bars(
        (10, 12, 9, 10),
        (10, 11, 9, 10),
        (10, 11, 9, 10),
        (10, 11, 9, 10),
        (10, 11, 9, 11),  # at the 3-bar high
        (10, 11, 9, 10),
        (11, 11.5, 9, 11.25),  # above it
        (11, 11.5, 9, 10),
        (11, 11.5, 9, 10),
    )
    plain = plain_trades(Plain, frame)
    assert plain.column("EntryBar") == [7]
    spec = document(
        [enter(compare(price(), ">", highest(price("High"), 3, include_current=False)))], risk={"max_bars": 1}
    )
    assert_same_trades(compiled_trades(spec, frame), plain)
