"""Each closed trade says what closed it, by the spec's own terms; the kernel and the interpreter say the same."""

from dataclasses import replace

import pytest

from Backtest.account import Account
from Backtest.canonical.parse import parse_spec
from Backtest.data.bars import Bars, Window
from Backtest.errors import KernelUnsupported
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter import interpret
from Backtest.kernel.kernel import run_spec
from tests.semantics.documents import bars, compare, document, enter, flat, leave, number, percent, signal

EXECUTIONS = {"kernel": run_spec, "interpreter": interpret}
FREE = Account(cash=10_000, commission_rate=0.0)
IN, OUT, OTHER, HALF = signal(1), signal(9), signal(2), signal(3)
OPENED = (flat(100), flat(100, 1), flat(100))
HELD = {"type": "bars_since_entry"}


def run(execution: str, spec: dict, *rows: tuple[float, ...], account: Account = FREE) -> Execution:
    series = Bars.from_frame(bars(*rows), symbol="X", source="csv", zone="UTC", timeframe="1d")
    return EXECUTIONS[execution](parse_spec(spec), Window(series, 0), account)


def closers(execution: str, spec: dict, *rows: tuple[float, ...], account: Account = FREE) -> list[str | None]:
    return [trade.closed_by for trade in run(execution, spec, *rows, account=account).trades]


CLOSED = {
    "exit_1": (document([enter(IN)], [leave(OUT)]), (*OPENED, flat(100, 9), flat(100))),
    "the second of two exit rules": (
        document([enter(IN)], [leave(OTHER), leave(OUT)]),
        (*OPENED, flat(100, 9), flat(100)),
    ),
    "stop_loss": (document([enter(IN)], risk={"stop_loss": percent(5)}), (*OPENED, flat(94))),
    "take_profit": (document([enter(IN)], risk={"take_profit": percent(5)}), (*OPENED, flat(106))),
    "trailing_stop": (
        document([enter(IN)], risk={"stop_loss": percent(9), "trailing_stop": percent(5)}),
        (*OPENED, flat(104), flat(98)),
    ),
    "break_even": (
        document([enter(IN)], risk={"stop_loss": percent(9), "break_even": {"after_gain": percent(3)}}),
        (*OPENED, flat(104), flat(99)),
    ),
    "max_bars": (document([enter(IN)], risk={"max_bars": 2}), (*OPENED, flat(100), flat(100))),
    "the opposite entry rule": (
        document([enter(IN), enter(OTHER, "short")], [leave(OUT)]),
        (*OPENED, flat(100, 2), flat(100)),
    ),
}
NAMES = {"the second of two exit rules": "exit_2", "the opposite entry rule": "entry_2"}


@pytest.mark.parametrize("execution", EXECUTIONS)
@pytest.mark.parametrize("closer", CLOSED)
def test_a_trade_is_closed_by(closer: str, execution: str) -> None:
    spec, rows = CLOSED[closer]
    assert closers(execution, spec, *rows) == [NAMES.get(closer, closer)]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_part_is_closed_by_its_rule_and_the_rest_by_another(execution: str) -> None:
    spec = document([enter(IN)], [leave(HALF, portion=0.5), leave(HALF, portion=0.25), leave(OUT)])
    found = closers(execution, spec, *OPENED, flat(100, 3), flat(100, 9), flat(100))
    assert found == ["exit_1", "exit_2", "exit_3"]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_used_up_account_is_closed_by_ruin(execution: str) -> None:
    leveraged = Account(cash=10_000, commission_rate=0.0, margin=0.1)
    spec = document([enter(IN)], [leave(OUT)])
    assert closers(execution, spec, *OPENED, flat(80), flat(80), account=leveraged) == ["ruin"]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_full_exit_is_named_before_the_bar_count_that_ends_on_the_same_close(execution: str) -> None:
    spec = document([enter(IN)], [leave(compare(HELD, ">=", number(2)))], risk={"max_bars": 2})
    assert closers(execution, spec, *OPENED, flat(100), flat(100)) == ["exit_1"]


@pytest.mark.parametrize("execution", EXECUTIONS)
def test_a_stop_that_a_trail_only_meets_is_still_the_fixed_one(execution: str) -> None:
    spec = document([enter(IN)], risk={"stop_loss": percent(5), "trailing_stop": percent(5)})
    assert closers(execution, spec, *OPENED, flat(94)) == ["stop_loss"]


def test_two_trades_are_equal_whatever_closed_them() -> None:
    spec, rows = CLOSED["exit_1"]
    trade = run("kernel", spec, *rows).trades[0]
    assert trade == replace(trade, closed_by=None)


def test_more_units_than_a_float_can_count_are_refused_by_name() -> None:
    price = 1e-12
    rows = [(price, price, price, price, code) for code in (0, 1, 0, 9, 0)]
    with pytest.raises(KernelUnsupported, match="9,007,199,254,740,992 units") as refusal:
        run("kernel", document([enter(IN)], [leave(OUT)]), *rows)
    assert refusal.value.issues[0].suggestion
