"""Series made for one spec: the awkward ones that any spec meets, and those on which its rivals trade otherwise.

Every condition's truth flips alone, and every rule fires, on a series that tells a spec from its rivals: what lacks the
condition or the rule is one of them.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import pandas as pd

from Backtest.account import Account
from Backtest.canonical.conditions import Hours
from Backtest.canonical.operands import Number
from Backtest.canonical.rules import Session
from Backtest.canonical.spec import Spec
from Backtest.canonical.walk import walk
from Backtest.data.bars import Window
from Backtest.errors import AlgoAgentError
from Backtest.kernel.execution import Execution
from Backtest.kernel.interpreter.chart import Chart
from Backtest.kernel.interpreter.conditions import Reader
from Backtest.kernel.interpreter.warm_up import first_bars
from Backtest.kernel.kernel import run_spec
from Backtest.proof.calendars import holes, longer_charts
from Backtest.proof.comparison import first_difference
from Backtest.proof.drawing import Scale, Series, bars_of, mixed, plain, resting, scale_of, to_and_fro, whipsaws
from Backtest.proof.heights import moved
from Backtest.proof.levels import fixed_distances, shadowed, spread_for
from Backtest.proof.rivals import Rival, rivals
from Backtest.proof.ties import Tie, between, is_of_tie, tied
from Backtest.proof.trusted import execute, trades_of
from Backtest.timeframes import TIMEFRAMES, is_intraday

SHORT_BARS, USUAL_BARS, LONG_BARS = 60, 240, 700
REST_BARS = 700
"""After so many bars without a move averages stand where prices do, to the last bit or nearly, and ranges at 0."""
_MOST_WARM_UP_BARS = 3000
_FRUITLESS_TIES, _RIVALS_BETWEEN = 12, 3
_WHIPSAWS = 2
_SETTLED_BARS = 4
"""After the warm-up: as many bars as what a rule looks back may be misread by, and more."""


@dataclass(frozen=True)
class Effort:
    """How far the search goes.

    `drawn` series are run by the kernel, and `ties` bars of a comparison tried for a tie; so many of either kind are
    kept, each of which costs a run of the code. `shadows` are series around stops and targets. A rival has to differ on
    `times_told` series; of so many `whipsaws` those are kept on which one differs that differed on no other.
    """

    drawn: int = 60
    ties: int = 45
    kept: int = 30
    kept_ties: int = 8
    shadows: int = 3
    times_told: int = 3
    whipsaws: int = 14


@dataclass(frozen=True)
class Adversary:
    """The series for a spec, and how telling they are: `open_rivals` names the misunderstandings that none of them
    would show, some of which are none, since they trade alike on any series."""

    series: tuple[Series, ...]
    rivals: int
    open_rivals: tuple[str, ...] = ()


def adversary(spec: Spec, like: Window, account: Account, *, seed: int = 0, effort: Effort | None = None) -> Adversary:
    """Series on the scale of the user's bars (`like`), the same ones for the same arguments.

    Raises IndicatorInvalid as the registry does.
    """
    search = _Search(spec, like, account, seed, effort or Effort())
    total = len(search.left)
    search.keep(*search.awkward(), *search.shadows())
    for series in search.drawn():
        if not search.left or len(search.kept) >= search.effort.kept:
            break
        search.keep_if_telling(series)
    search.keep(*search.heights())
    search.look_for_ties()
    search.try_whipsaws()
    never = tuple(said for said, _ in search.left if not search.told[said])
    return Adversary(tuple(search.kept), total, never)


@dataclass
class _Search:
    spec: Spec
    like: Window
    account: Account
    seed: int
    effort: Effort
    kept: list[Series] = field(default_factory=list)
    left: list[Rival] = field(init=False)
    told: Counter[str] = field(default_factory=Counter)
    fruitless: Counter[str] = field(default_factory=Counter)
    holes: set[tuple[str, str]] = field(default_factory=set)
    tried: list[Series] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.longer = longer_charts(self.spec) if is_intraday(self.spec.timeframe) else {}
        self.left = list(rivals(self.spec))
        usual = scale_of(self.like)
        spread = spread_for(self.spec, usual.price)
        self.scale = usual.spread_by(spread) if spread < 1 else usual
        self.warm_up = self._warm_up_bars()

    # series

    def awkward(self) -> Iterator[Series]:
        """What any spec meets: hardly any bars, no movement, prices of all sizes, a start in the middle."""
        scale, begins = self.scale, self.warm_up
        yield self._series("a single bar", mixed(self._text("one"), 1, scale), scale)
        yield self._series("two bars", mixed(self._text("two"), 2, scale), scale)
        yield self._series("the first bar that counts is the last", mixed(self._text("end"), begins + 2, scale), scale)
        yield self._series("prices that stand still", plain(self._text("still"), begins + 30, scale, "still"), scale)
        yield self._series("still, and then moves", resting(self._text("stirs"), 0, begins * 2 + 10, scale), scale)
        rested = resting(self._text("rests"), begins + 30, REST_BARS, scale)
        yield self._series("moves that come to rest", rested, scale)
        rested = resting(self._text("sets back"), begins + 30, REST_BARS, scale, set_back=8)
        yield self._series("set-backs that come to rest", rested, scale)
        dear, cheap = scale.at(self.account.cash / 3.5), scale.at(self.account.cash / 3e6)
        for around in (scale, cheap):
            vast = plain(self._text("vast"), begins + USUAL_BARS // 2, around.spread_by(1.0), "vast")
            yield self._series("bars wider than their prices", vast, around)
        yield from (self._whipsaws(k) for k in range(_WHIPSAWS))
        for k in range(2):
            short = mixed(self._text(f"short {k}"), max(2, begins - 1 - k), scale)
            yield self._series(f"too short for the slowest indicator {k + 1}", short, scale)
        yield self._series("huge prices", mixed(self._text("dear"), begins + SHORT_BARS * 2, dear), dear)
        yield self._series("tiny prices", mixed(self._text("cheap"), begins + SHORT_BARS * 2, cheap), cheap)
        for price in (1.0, *fixed_distances(self.spec)):
            around = scale.at(price)
            name = f"prices around {price:.6g}"
            yield self._series(name, to_and_fro(self._text(name), begins + USUAL_BARS // 2, around), around)
        late = bars_of(mixed(self._text("late"), begins + USUAL_BARS, scale), scale)
        yield Series("a start in the middle", Window(late, begins + USUAL_BARS // 3))

    def _whipsaws(self, number: int) -> Series:
        frame = whipsaws(self._text(f"whipsaws {number}"), self.warm_up + USUAL_BARS, self.scale)
        return self._series(f"whipsaws {number + 1}", frame, self.scale)

    def shadows(self) -> Iterator[Series]:
        """Bars around the levels that protect a position, where something does."""
        risk = self.spec.risk
        if any(part is not None for part in (risk.stop_loss, risk.take_profit, risk.trailing_stop, risk.break_even)):
            goals = any(getattr(part, "after_gain", None) is not None for part in (risk.trailing_stop, risk.break_even))
            for k in range(self.effort.shadows + 2 * goals):
                frame = self._busiest(f"shadow {k}", self.warm_up + USUAL_BARS * 2 // 3)
                begin, seed = self.warm_up, self._text(f"levels {k}")
                frame = shadowed(self.spec, self.account, frame, self.scale, begin=begin, seed=seed)
                yield self._series(f"bars around stop and target {k + 1}", frame, self.scale)

    def _busiest(self, name: str, bars: int) -> pd.DataFrame:
        """Of some drawn series the one on which most trades are opened."""
        frames = [mixed(self._text(f"{name} {k}"), bars, self.scale) for k in range(8)]
        return max(frames, key=lambda frame: self._entries(Window(bars_of(frame, self.scale), 0)))

    def _entries(self, window: Window) -> int:
        return len(trades_of(self.spec, window, self.account))

    def heights(self) -> Iterator[Series]:
        """Prices so low that a stop lies below 0, and such that a size costs just the account."""
        bars = self.warm_up * 2 + USUAL_BARS
        frames = [plain(self._text(f"wide {k}"), bars, self.scale, "wide") for k in range(2)]
        frames += [to_and_fro(self._text(f"fro {k}"), bars, self.scale) for k in range(2)]
        grounds = [self._series("wide bars", frame, self.scale) for frame in frames]
        yield from moved(self.spec, self.account, [*grounds, *self.kept], self.warm_up)

    def drawn(self) -> Iterator[Series]:
        """Mixtures of all manners, on the scale of the data and around the prices that the spec speaks of: those that
        it trades on most come first."""
        scales = list(self._scales())
        made = []
        for number in range(self.effort.drawn):
            scale = scales[number % len(scales)]
            bars = self.warm_up + (USUAL_BARS if number < self.effort.drawn // 3 else LONG_BARS)
            frame = mixed(self._text(f"mixed {number}"), bars, scale)
            series = self._series(f"drawn series {number + 1}", frame, scale)
            made.append((-self._entries(series.window) / bars, number, series))
        self.tried = [series for *_, series in sorted(made, key=lambda each: each[:2])]
        yield from self.tried

    def _scales(self) -> Iterator[Scale]:
        yield self.scale
        if self.scale.spread < 1:
            yield self.scale.spread_by(1.0)
            yield self.scale.spread_by(self.scale.spread / 6)  # moves that both protections outlive for long
        minutes = {minute % _step_minutes(self.spec.timeframe) for minute in _minutes(self.spec)} - {0}
        if any(indicator.timeframe for indicator in self.spec.indicators):
            minutes.add(_step_minutes(self.spec.timeframe) - 1)  # a bucket's end shows by the bar that just reaches it
        for minute in sorted(minutes):
            yield replace(self.scale, minute=minute)
        yield self.scale.at(self.account.cash / 40)
        price = self.scale.price
        spoken = {node.value for _, node in walk(self.spec) if isinstance(node, Number)}
        yield from (self.scale.at(value) for value in sorted(spoken) if price / 20 < value < price * 20)

    def _series(self, name: str, frame: pd.DataFrame, scale: Scale) -> Series:
        return Series(name, Window(bars_of(frame, scale), 0))

    def _text(self, name: str) -> str:
        return f"{self.seed} {name}"

    def _warm_up_bars(self) -> int:
        """Bars before the first that counts on a drawn series: those of the longest indicator."""
        count = 400
        while True:
            frame = mixed(self._text("warm up"), count, self.scale)
            begins = list(first_bars(Chart(self.spec, frame)).values())
            known = [bar for bar in begins if bar is not None]
            if len(known) == len(begins):
                return max(known, default=0) + 1
            if count >= _MOST_WARM_UP_BARS:
                return max(known, default=0) + 1
            count *= 2

    # rivals

    def keep(self, *several: Series) -> None:
        """Series that are run whoever they tell apart."""
        for series in several:
            self._keep(series, self._told_by(series))

    def keep_if_telling(self, series: Series) -> None:
        found = self._told_by(series)
        if found:
            self._keep(series, found)

    def _keep(self, series: Series, found: Sequence[str]) -> None:
        """What a series tells counts only once it is one of the proof's.

        A rival is done with when it differs on several: what only the first bar that counts gives away says little of
        a fault in the rule itself.
        """
        self.kept.append(series)
        self.told.update(found)
        self.left = [rival for rival in self.left if self.told[rival[0]] < self.effort.times_told]

    def _told_by(self, series: Series) -> list[str]:
        """The rivals that are still to be told from the spec and differ on this series.

        They have to differ on a bar on which all that either reads has had values for long enough: a rival that only
        begins to trade a bar later than the spec is not told by what it takes otherwise.
        """
        expected = execute(self.spec, series.window, self.account)
        settled = self.warm_up + _SETTLED_BARS - series.window.first_bar
        return [said for said, rival in self.left if self._parting(rival, expected, series.window) >= settled]

    def _parting(self, rival: Spec, expected: Execution, window: Window) -> float:
        """The bar of the window on which the rival trades otherwise first; below all where it never does."""
        try:
            run = run_spec(rival, window, self.account)
        except (AlgoAgentError, KeyError):  # a rival need not be a sound spec
            return -math.inf
        difference = first_difference(expected, run, window)
        return -math.inf if difference is None else difference.bar

    def look_for_ties(self) -> None:
        """Series on which both sides of a comparison are equal to the last bit, for the rivals that need it."""
        for grounds in (self._grounds(), self._busy_grounds()):
            for tie in tied(self.spec, self.account, grounds, self._is_wanted, limit=self.effort.ties):
                if len(self.kept) >= self.effort.kept + self.effort.kept_ties:
                    return
                found = self._told_by(tie.series)
                if any(not self.told[said] for said in found):
                    self._keep(tie.series, found)
                    self.fruitless[tie.pointer] = 0
                else:
                    self.fruitless[tie.pointer] += 1
                self._look_between(tie)
                self._look_for_holes(tie)

    def _look_between(self, tie: Tie) -> None:
        """What is nearly the tie, for misreadings of one of its sides that would see it beyond."""
        sides = tuple(f"{tie.pointer}/{side}" for side in ("left", "right"))
        left = [rival for rival in self.left if rival[0].startswith(sides) and not self.told[rival[0]]]
        for said, rival in left[:_RIVALS_BETWEEN]:
            for series in between(tie, rival):
                found = self._told_by(series)
                if said in found and not self.told[said]:
                    self._keep(series, found)

    def _look_for_holes(self, tie: Tie) -> None:
        """The tie before holes in which a longer bar ends, one of a kind for a comparison, where they decide."""
        longer = self.longer.get(tie.pointer)
        for hole in holes(self.spec, tie, longer) if longer else ():
            if (tie.pointer, hole.kind) in self.holes:
                continue
            here, complete = (self._entry_bars(window) for window in (hole.series.window, hole.complete))
            if here != complete:
                self.holes.add((tie.pointer, hole.kind))
                self._keep(hole.series, self._told_by(hole.series))

    def _entry_bars(self, window: Window) -> list[int]:
        return [trade.entry_bar for trade in trades_of(self.spec, window, self.account)]

    def try_whipsaws(self) -> None:
        """More of them for what nothing has told yet, and a series with the signals of an exit and of an entry on one
        bar: whether a position that is left is entered again there is said by no rule."""
        self.left = [rival for rival in self.left if not self.told[rival[0]]]
        more = [self._whipsaws(number) for number in range(_WHIPSAWS, self.effort.whipsaws)]
        for series in more:
            found = [said for said in self._told_by(series) if not self.told[said]]
            if found:
                self._keep(series, found)
        if not any(self._signals_both(series.window) for series in self.kept):
            both = (series for series in (*more, *self.tried) if self._signals_both(series.window))
            self.kept.extend(islice(both, 1))

    def _signals_both(self, window: Window) -> bool:
        """Whether a position is closed, by a rule or for its age, by the signal of a bar on which an entry holds."""
        reader = Reader(Chart(self.spec, window.bars.frame), None)
        exits = {"max_bars", *(rule.id for rule in self.spec.exit_rules)}
        bars = [
            trade.exit_bar - 1 for trade in execute(self.spec, window, self.account).trades if trade.closed_by in exits
        ]
        entries = [rule.when for rule in self.spec.entry_rules if rule.when is not None]
        return any(reader.truth(when, window.first_bar + bar) is True for bar in bars for when in entries)

    def _is_wanted(self, pointer: str) -> bool:
        """Whether a rival of that very comparison or of its operands is left: where both sides are equal each small
        misreading of one of them decides, if on that bar it is one at all."""
        left = [said for said, _ in self.left if not self.told[said]]
        if any(is_of_tie(said, pointer) for said in left):
            return True
        near = any(said.startswith((f"{pointer}: ", f"{pointer}/")) for said in left)
        near = near or (pointer in self.longer and len(self.holes) < 2 * len(self.longer))
        return near and self.fruitless[pointer] < _FRUITLESS_TIES

    def _busy_grounds(self) -> Sequence[Series]:
        """Grounds with a position on most bars of all that are tried: what decides an exit needs one."""
        if not any(is_of_tie(said, said.split(": ")[0]) and not self.told[said] for said, _ in self.left):
            return ()
        bars = self.warm_up + USUAL_BARS
        drawn = [self._series(f"{k}", mixed(self._text(f"busy {k}"), bars, self.scale), self.scale) for k in range(40)]
        return sorted(drawn, key=lambda series: -self._bars_held(series.window))[:3]

    def _bars_held(self, window: Window) -> int:
        run = execute(self.spec, window, self.account)
        return sum(trade.exit_bar - trade.entry_bar for trade in run.trades)

    def _grounds(self) -> Sequence[Series]:
        bars = self.warm_up + USUAL_BARS
        return [self._series(f"{k}", mixed(self._text(f"ground {k}"), bars, self.scale), self.scale) for k in range(3)]


def _minutes(spec: Spec) -> set[int]:
    """The clock times that a spec speaks of, in minutes of the day."""
    sessions = [node for _, node in walk(spec) if isinstance(node, Hours | Session)]
    times = [time for session in sessions for time in (session.start, session.end)]
    return {int(time[:2]) * 60 + int(time[3:]) for time in times}


def _step_minutes(timeframe: str) -> int:
    return TIMEFRAMES[timeframe] // 60 if is_intraday(timeframe) else 1
