"""Rule 19: of stop and target inside one bar the stop fills first; a gap through either fills at the open."""

import pytest

from tests.semantics.documents import bars, document, enter, flat, percent, signal
from tests.semantics.parity import PlainStrategy, assert_same_trades, compiled_trades, plain_trades


class Bracket(PlainStrategy):
    """1 buys, 2 sells short, each with a stop and a target 5 % away."""

    def next(self):
        close, code = self.data.Close[-1], self.data.Volume[-1]
        for trade in self.trades:
            if trade.entry_bar == len(self.data) - 1:
                side = 1 if trade.is_long else -1
                trade.sl = trade.entry_price * (1 - side * 0.05)
                trade.tp = trade.entry_price * (1 + side * 0.05)
        if not self.position and code == 1:
            self.buy(sl=close * 0.95, tp=close * 1.05)
        elif not self.position and code == 2:
            self.sell(sl=close * 1.05, tp=close * 0.95)


SPEC = document(
    [enter(signal(1)), enter(signal(2), "short")], risk={"stop_loss": percent(5), "take_profit": percent(5)}
)
LONG, SHORT = (flat(100), flat(100, 1), flat(100)), (flat(100), flat(100, 2), flat(100))
WIDE, UP, DOWN = (100, 110, 90, 100), (108, 109, 107, 108), (92, 93, 91, 92)
CASES = {
    "long, both in the bar: the stop": ((*LONG, WIDE, flat(100)), 3, 95.0),
    "short, both in the bar: the stop": ((*SHORT, WIDE, flat(100)), 3, 105.0),
    "long, both in the entry bar: the stop": ((*LONG[:2], WIDE, flat(100)), 2, 95.0),
    "short, both in the entry bar: the stop": ((*SHORT[:2], WIDE, flat(100)), 2, 105.0),
    "long, gap through the stop": ((*LONG, DOWN, flat(92)), 3, 92.0),
    "long, gap through the target": ((*LONG, UP, flat(108)), 3, 108.0),
    "short, gap through the stop": ((*SHORT, UP, flat(108)), 3, 108.0),
    "short, gap through the target": ((*SHORT, DOWN, flat(92)), 3, 92.0),
    "long, a gap over the target into a bar that reaches the stop: the stop": (
        (*LONG, (108, 109, 94, 95), flat(95)),
        3,
        95.0,
    ),
    "long, the stop alone, touched exactly": ((*LONG, (99, 100, 95, 97), flat(97)), 3, 95.0),
    "long, the target alone, touched exactly": ((*LONG, (101, 105, 100, 103), flat(103)), 3, 105.0),
}


@pytest.mark.parametrize("case", CASES)
def test_where_the_position_is_left(case: str) -> None:
    rows, exit_bar, exit_price = CASES[case]
    frame = bars(*rows)
    plain = plain_trades(Bracket, frame)
    assert (plain.column("ExitBar"), plain.column("ExitPrice")) == ([exit_bar], [pytest.approx(exit_price)])
    assert_same_trades(compiled_trades(SPEC, frame), plain)
