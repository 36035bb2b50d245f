"""What became of the open position's stop and target on a bar's close."""

from dataclasses import dataclass

from Backtest.kernel.interpreter.broker import Broker

_BECAUSE = {
    "stop_loss": "measured from the fill",
    "trailing_stop": "trailed behind the best close",
    "break_even": "moved to the entry price",
}


@dataclass(frozen=True, slots=True)
class Protection:
    """The stop and the target of the open position; None where there is none."""

    stop_price: float | None = None
    target_price: float | None = None

    @classmethod
    def of(cls, broker: Broker) -> "Protection":
        if not broker.trades:
            return cls()
        trade = broker.trades[0]
        return cls(trade.stop_price, trade.target_price)


def moved(before: Protection, after: Protection, broker: Broker) -> tuple[str, ...]:
    """What was changed at the close, and where it is from the next bar on."""
    if not broker.trades:
        return ()
    stop = broker.trades[0].stop
    told = []
    if after.stop_price != before.stop_price and after.stop_price is not None and stop is not None:
        was = "" if before.stop_price is None else f", from {before.stop_price:,.6g}"
        told.append(f"the stop is at {after.stop_price:,.6g} from the next bar on{was}: {_BECAUSE[stop.tag]}")
    if after.target_price != before.target_price and after.target_price is not None:
        was = "" if before.target_price is None else f", from {before.target_price:,.6g}"
        told.append(f"the target is at {after.target_price:,.6g} from the next bar on{was}: measured from the fill")
    return tuple(told)
