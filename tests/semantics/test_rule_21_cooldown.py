"""Rule 21: entry signals on the bar in which an exit filled, and on the N bars after it, are ignored."""

import pytest
import talib

from tests.semantics.documents import (
    EURUSD,
    bars,
    compare,
    document,
    enter,
    flat,
    indicator,
    leave,
    number,
    percent,
    rsi,
    signal,
)
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Cooling(PlainStrategy):
    """1 buys, 2 closes the long, 3 sells short, 4 closes half; 9 buys and is nothing else. Stops 5 % away when `stops`."""

    cooldown = 0
    stops = False

    def next(self):
        close, code, bar = self.data.Close[-1], self.data.Volume[-1], len(self.data) - 1
        for trade in self.trades:
            if self.stops and trade.entry_bar == bar:
                trade.sl = trade.entry_price * 0.95
        full_exits = [t.exit_bar for t in self.closed_trades if t.entry_bar not in {o.entry_bar for o in self.trades}]
        cooling = bool(full_exits) and bar - max(full_exits) <= self.cooldown and self.cooldown > 0
        if code == 1 and not cooling and not self.position.is_long:
            self.position.close()
            self.buy(sl=close * 0.95 if self.stops else None)
        elif code == 3 and not cooling and not self.position.is_short:
            self.position.close()
            self.sell()
        elif code == 2 and self.position.is_long:
            self.position.close()
        elif code == 4 and self.position.is_long and len(self.trades) == 1 and not self.halved():
            self.position.close(0.5)

    def halved(self):
        return any(t.entry_bar == self.trades[0].entry_bar for t in self.closed_trades)


def cooling(bars_: int, *, stops: bool = False) -> type[PlainStrategy]:
    return type("Plain", (Cooling,), {"cooldown": bars_, "stops": stops})


def spec(cooldown: int, **sections: object) -> dict:
    return document(
        [enter(signal(1)), enter(signal(3), "short")],
        [leave(signal(2)), leave(signal(4), portion=0.5)],
        filters={"cooldown_bars": cooldown},
        **sections,
    )


def frame_of(*codes: int):
    return bars(*[flat(100 + i, code) for i, code in enumerate(codes)])


@pytest.mark.parametrize(
    ("cooldown", "second_entry"), [(0, 6), (1, 8), (2, 9), (3, 10)], ids=["none", "one bar", "two bars", "three bars"]
)
def test_the_fill_bar_and_the_n_bars_after_it_are_barred(cooldown: int, second_entry: int) -> None:
    """The exit fills on bar 5. Without a cooldown that bar's own signal is taken; N = 1 bars the bars 5 and 6, and so on."""
    frame = frame_of(0, 1, 0, 0, 2, 1, 1, 1, 1, 1, 1, 0)
    plain = plain_trades(cooling(cooldown), frame)
    assert plain.column("ExitBar") == [5]
    assert plain.open[0][0] == second_entry
    assert_same_trades(compiled_trades(spec(cooldown), frame), plain)


def test_a_stop_that_fills_inside_a_bar_bars_that_bar_too() -> None:
    frame = bars(
        flat(100), flat(100, 1), flat(100), (98, 99, 94, 96, 1), flat(96, 1), flat(96, 1), flat(96, 1), flat(96)
    )
    plain = plain_trades(cooling(2, stops=True), frame)
    assert plain.column("ExitBar") == [3]
    assert plain.open[0][0] == 7
    stopped = document([enter(signal(1))], filters={"cooldown_bars": 2}, risk={"stop_loss": percent(5)})
    assert_same_trades(compiled_trades(stopped, frame), plain)


def test_a_position_stopped_on_its_entry_bar_starts_one() -> None:
    frame = bars(flat(100), flat(100, 1), (100, 101, 94, 96, 1), flat(96, 1), flat(96, 1), flat(96), flat(96))
    plain = plain_trades(cooling(1, stops=True), frame)
    assert (plain.column("EntryBar"), plain.column("ExitBar")) == ([2], [2])
    assert plain.open[0][0] == 5
    stopped = document([enter(signal(1))], filters={"cooldown_bars": 1}, risk={"stop_loss": percent(5)})
    assert_same_trades(compiled_trades(stopped, frame), plain)


def test_a_reversal_is_an_exit_too_and_bars_the_way_back() -> None:
    """The long's exit fills with the short's entry on bar 4; buying back is barred on the bars 4, 5 and 6."""
    frame = frame_of(0, 1, 0, 3, 1, 1, 1, 1, 0, 0)
    plain = plain_trades(cooling(2), frame)
    assert plain.column("ExitBar") == [4, 8]
    assert_same_trades(compiled_trades(spec(2), frame), plain)


def test_a_partial_exit_starts_none() -> None:
    """Half is closed on bar 4. The reversal's signal on that bar is not barred; the reversal's own exit bars the next."""
    frame = frame_of(0, 1, 0, 4, 3, 1, 0, 0, 0, 0)
    plain = plain_trades(cooling(3), frame)
    assert plain.column("ExitBar") == [4, 5]
    assert plain.open[0][:1] == (5,)
    assert_same_trades(compiled_trades(spec(3), frame), plain)


def test_a_barred_signal_is_not_kept_for_later() -> None:
    frame = frame_of(0, 1, 0, 2, 0, 1, 0, 0, 0, 0)
    plain = plain_trades(cooling(2), frame)
    assert (len(plain.closed), plain.open) == (1, ())
    assert_same_trades(compiled_trades(spec(2), frame), plain)


def test_a_cooldown_on_real_bars() -> None:
    class Plain(PlainStrategy):
        def init(self):
            self.rsi = self.I(talib.RSI, self.data.Close, 14)

        def next(self):
            close, bar = self.data.Close[-1], len(self.data) - 1
            for trade in self.trades:
                if trade.entry_bar == bar:
                    trade.sl = trade.entry_price * 0.997
                    trade.tp = trade.entry_price * 1.003
            cooling = bool(self.closed_trades) and bar - self.closed_trades[-1].exit_bar <= 10
            if not self.position and self.rsi[-1] < 35 and not cooling:
                self.buy(sl=close * 0.997, tp=close * 1.003)

    plain = plain_trades(Plain, EURUSD)
    assert len(plain.closed) > 50
    assert (plain.closed.EntryBar.iloc[1:].to_numpy() - plain.closed.ExitBar.iloc[:-1].to_numpy()).min() == 12
    spec_ = document(
        [enter(compare(indicator("RSI_14"), "<", number(35)))],
        indicators=[rsi(14)],
        risk={"stop_loss": percent(0.3), "take_profit": percent(0.3)},
        filters={"cooldown_bars": 10},
        timeframe="1h",
    )
    assert_same_trades(compiled_trades(spec_, EURUSD), plain)
