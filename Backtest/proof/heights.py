"""The same moves at another height of prices: what is a distance in price stays, what is a share of the price does not.

Averages cross, ranges are as wide and channels break where they did, but a stop may now lie below 0, and the units that
risk so much of the account may now cost just all of it.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.risk import AtrDistance, PipsDistance, PriceDistance, RiskSizing
from Backtest.canonical.spec import Spec
from Backtest.data.bars import Bars, Window
from Backtest.proof.drawing import Series
from Backtest.proof.trusted import trades_of
from Backtest.run_result import ClosedTrade, OpenTrade

_Trade = ClosedTrade | OpenTrade

_BEFORE_BARS, _AFTER_BARS = 6, 40
_BEYOND = (0.9, 0.999)
"""Prices of which a stop lies below 0, as fractions of its distance."""
_NEAR_COST = (-0.1, 0.5, 0.9, 1.1)
"""How far the value of the units is from what the account can buy, in commissions."""
_LEAST_DISTANCE = 1e-6
_NEIGHBOURS = 400
_TRIED = 40


def moved(spec: Spec, account: Account, grounds: Sequence[Series], warm_up: int) -> Iterator[Series]:
    """One series for each height that decides something: entries of the grounds, with the bars that they need."""
    if not isinstance(spec.risk.stop_loss, AtrDistance | PriceDistance | PipsDistance):
        return
    entries = [entry for ground in grounds for entry in _entries(spec, account, ground, warm_up)]
    lowest = sorted(entries, key=_Entry.room_below)[:_TRIED]
    for fraction in _BEYOND:
        at = [(entry, entry.distance * fraction - entry.highest + entry.close) for entry in lowest]
        yield from _first(spec, account, at, "a stop beyond 0", lambda trade: trade.stop_price is None)
    if isinstance(spec.sizing, RiskSizing):
        for commissions in (*_NEAR_COST, None):
            prices = [_costing(account, entry.units(spec.sizing, account), commissions) for entry in entries[:_TRIED]]
            at = [(entry, price) for entry, price in zip(entries, prices, strict=False) if price is not None]
            yield from _first(spec, account, at, "a size that costs just the account", lambda trade: True)


def _costing(account: Account, units: int, commissions: float | None) -> float | None:
    """The price at which so many units cost the account and so many commissions less; None: the account to the last
    bit, if such a price is found."""
    if units < 1:
        return None
    means, rate = account.cash / account.margin, account.commission_rate
    if commissions is not None:
        return means / units * (1 - commissions * max(rate, 0.0002))
    price = means / units / (1 + rate)
    near = (price + k * math.ulp(price) for k in range(-_NEIGHBOURS, _NEIGHBOURS))
    return next((each for each in near if units * each + units * each * rate == means), None)


class _Entry:
    """An entry on bars of its own: `distance` of its stop from the `fill`, and the close of the bar `signal`."""

    def __init__(self, frame: pd.DataFrame, signal: int, fill: float, distance: float, like: Bars) -> None:
        self.frame, self.signal, self.distance, self.like = frame, signal, distance, like
        self.close = float(frame["Close"].iloc[signal])
        self.highest = max(self.close, fill)
        self.lowest = float(frame["Low"].min())

    def room_below(self) -> float:
        """How far prices may be moved down, the less the better: what is left of the entry, in distances."""
        return (self.highest - self.lowest) / self.distance

    def units(self, sizing: RiskSizing, account: Account) -> int:
        return int(account.cash * (sizing.percent / 100) // self.distance)

    def at(self, price: float) -> Window | None:
        """The bars moved to where the signal's close is `price`; None where some would not be above 0."""
        by = price - self.close
        if self.lowest + by <= 0:
            return None
        frame = self.frame.copy()
        for name in ("Open", "High", "Low", "Close"):
            frame[name] = frame[name] + by
        row = self.signal
        for name, number in (
            ("Close", price),
            ("High", max(price, float(frame["High"].iloc[row]))),
            ("Low", min(price, float(frame["Low"].iloc[row]))),
        ):
            frame.iat[row, list(frame.columns).index(name)] = number
        return _window(frame, self.like.timeframe)


def _entries(spec: Spec, account: Account, ground: Series, warm_up: int) -> Iterator[_Entry]:
    """The entries of a ground that are made too on the bars of their own, by which their distances are told."""
    like = ground.window.bars
    for trade in trades_of(spec, ground.window, account):
        at = ground.window.first_bar + trade.entry_bar
        begin = at - 1 - warm_up - _BEFORE_BARS
        if begin < 0:
            continue
        frame, signal = like.frame.iloc[begin : at + _AFTER_BARS], at - 1 - begin
        first = _first_trade(spec, account, _window(frame, like.timeframe))
        if first is None or first.entry_bar != signal + 1:
            continue
        distance = abs(first.entry_price - (first.stop_price or first.entry_price))
        if distance > _LEAST_DISTANCE * first.entry_price:
            yield _Entry(frame, signal, first.entry_price, distance, like)


def _window(frame: pd.DataFrame, timeframe: str) -> Window:
    return Window(Bars.from_frame(frame, symbol="DRAWN", source="csv", zone="UTC", timeframe=timeframe), 0)


def _first_trade(spec: Spec, account: Account, window: Window) -> _Trade | None:
    return min(trades_of(spec, window, account), key=lambda trade: trade.entry_bar, default=None)


def _first(
    spec: Spec, account: Account, at: Sequence[tuple[_Entry, float]], name: str, is_wanted: Callable[[_Trade], bool]
) -> Iterator[Series]:
    """The first of the entries that is made as well, as the first of all and such as is wanted, where its close has
    that price."""
    for entry, price in at:
        window = entry.at(price)
        if window is None:
            continue
        first = _first_trade(spec, account, window)
        if first is not None and first.entry_bar == entry.signal + 1 and is_wanted(first):
            yield Series(name, window)
            return
