"""Rule 4: on one close first stops and targets are re-anchored and trailed, then exits are sent, then entries."""

from tests.semantics.documents import bars, document, enter, flat, leave, percent, signal
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


def test_an_exit_sent_on_the_entry_bar_fills_at_the_open_before_the_new_stop() -> None:
    """The stop is set on the same close as the exit is sent; were it set after, it would be processed first and fill at 95."""

    class Plain(PlainStrategy):
        def next(self):
            for trade in self.trades:
                if trade.entry_bar == len(self.data) - 1:
                    trade.sl = trade.entry_price * 0.95
            if self.position:
                if self.data.Volume[-1] == 2:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy(sl=self.data.Close[-1] * 0.95)

    frame = bars(flat(100), flat(100, 1), flat(100, 2), (98, 99, 90, 91), flat(91))
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitPrice") == [98.0]
    spec = document([enter(signal(1))], [leave(signal(2))], risk={"stop_loss": percent(5)})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_an_exit_sent_while_the_stop_trails_fills_at_the_open_before_the_moved_stop() -> None:
    class Plain(PlainStrategy):
        def next(self):
            for trade in self.trades:
                trade.sl = max(trade.sl or 0, max(self.data.Close[trade.entry_bar :]) * 0.95)
            if self.position:
                if self.data.Volume[-1] == 2:
                    self.position.close()
            elif self.data.Volume[-1] == 1:
                self.buy()

    frame = bars(flat(100), flat(100, 1), flat(100), flat(110, 2), (108, 109, 80, 81), flat(81))
    plain = plain_trades(Plain, frame)
    assert plain.column("ExitPrice") == [108.0]
    spec = document([enter(signal(1))], [leave(signal(2))], risk={"trailing_stop": percent(5)})
    assert_same_trades(compiled_trades(spec, frame), plain)


def test_an_exit_is_sent_before_the_entry_of_the_other_side() -> None:
    """Half of the account is taken of what is free after the exit, at the same open."""

    class Plain(PlainStrategy):
        def next(self):
            if self.data.Volume[-1] == 2 and self.position.is_long:
                self.position.close()
                self.sell(size=0.5)
            elif self.data.Volume[-1] == 1 and not self.position:
                self.buy(size=0.5)
            elif self.data.Volume[-1] == 3:
                self.position.close()

    frame = bars(flat(100), flat(100, 1), flat(100), flat(110, 2), flat(112), flat(105, 3), flat(104))
    plain = plain_trades(Plain, frame)
    assert [size > 0 for size in plain.column("Size")] == [True, False]
    assert plain.column("ExitBar")[0] == plain.column("EntryBar")[1] == 4
    spec = document(
        [enter(signal(1)), enter(signal(2), "short")],
        [leave(signal(2)), leave(signal(3), "short")],
        sizing={"type": "fraction", "value": 0.5},
    )
    assert_same_trades(compiled_trades(spec, frame), plain)
