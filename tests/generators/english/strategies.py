"""Random strategies that English can say, on several charts."""

from typing import Any

from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from tests.generators.draws import Draws
from tests.generators.english.ideas import CHARTS, FAMILIES, STATES, Chart, Idea
from tests.unit.Backtest.reader.spec_forms import Doc, both, either, high, is_, low, pct, times

OPPOSITE = {"long": "short", "short": "long"}


def is_plain(state: Doc) -> bool:
    """Whether it is a comparison that "is not above" can deny: not one with a multiple."""
    return state["type"] == "compare" and isinstance(state["right"], str | int | float)


class Strategist:
    """One strategy in the making; `said` are the subjects of the rule at hand, each spoken of once."""

    def __init__(self, draws: Draws) -> None:
        self.draws = draws
        self.chart: Chart = draws.one_of(CHARTS)
        self.atr = draws.one_of((14, 14, 10, 20))
        self.filtered: set[str] = set()
        self.last_state = ""
        self.spoken_of: set[str] = set()

    def spec(self) -> Spec:
        draws = self.draws
        sides = draws.one_of((("long",), ("long",), ("long",), ("short",), ("long", "short")))
        filters = self._filters()
        waits = len(sides) == 1 and draws.chance(12)
        entries, exits = [], []
        for side in sides:
            ideas = [self._idea(set()) for _ in range(draws.one_of((1, 1, 1, 1, 2)))]
            for i, idea in enumerate(ideas):
                entries.append({"side": side, **self._entry(idea, side, waits=waits and i == 0)})
            exits += self._exits(ideas, side)
        if len(sides) == 2 and draws.chance(35):
            exits = []
        risk = self._risk(needed=not any(rule["portion"] == 1 for rule in exits) and len(sides) == 1)
        document: dict[str, Any] = {
            "instruments": [self.chart.symbol],
            "timeframe": self.chart.timeframe,
            "entry_rules": entries,
            "exit_rules": exits,
            "risk": risk,
            "sizing": self._sizing(has_stop="stop_loss" in risk),
            "execution": self._execution(),
            "filters": filters,
        }
        if f"ATR_{self.atr}" in str(risk):
            document["indicators"] = [{"id": f"ATR_{self.atr}", "name": "ATR", "params": {"timeperiod": self.atr}}]
        return parse_spec(document)

    def _idea(self, taken: set[str]) -> Idea:
        while True:
            idea = self.draws.one_of(FAMILIES)(self.draws, self.chart)
            is_daily = self.chart.timeframe == "1d"
            others = {"STOCH": "STOCHRSI", "STOCHRSI": "STOCH"}
            is_clear = others.get(idea.subject) not in self.spoken_of  # whose %D would it be?
            if is_clear and idea.subject not in taken | self.filtered and (is_daily or idea.subject != "gap"):
                self.spoken_of.add(idea.subject)
                return idea

    def _state(self, taken: set[str]) -> Doc:
        taken = taken | self.filtered
        trends = {"averages", "price/average", "slope"}
        while True:
            subject, state = self.draws.one_of(STATES)(self.draws, self.chart)
            if subject not in taken and not (taken & trends and subject in trends):
                self.last_state = subject
                return state

    def _entry(self, idea: Idea, side: str, *, waits: bool) -> Doc:
        draws = self.draws
        when = idea.rise if side == "long" else idea.fall
        kind = draws.whole(0, 19)
        if kind < 6:
            when = both(when, self._state({idea.subject}))
        elif kind == 6:
            state = self._state({idea.subject})
            when = both(when, {"type": "not", "of": state} if is_plain(state) else state)
        elif kind == 7:
            other = self._idea({idea.subject})
            when = either(when, other.rise if side == "long" else other.fall)
        elif kind == 8:
            when = either(both(when, self._state({idea.subject})), self._idea({idea.subject, "turn"}).rise)
        elif kind == 9 and not waits:
            when = self._window(when, idea)
        made: Doc = {"when": when}
        if waits:
            made["order"] = self._order(side)
        return made

    def _window(self, when: Doc, idea: Idea) -> Doc:
        draws = self.draws
        bars = draws.one_of((2, 3, 5, 10))
        if str(when.get("left", "")).endswith(("H", "D", "W")):  # bars of which chart?
            return when
        if when["type"] == "compare" and isinstance(when["left"], str) and not str(when["right"]).startswith("{"):
            return {"type": draws.one_of(("for", "within")), "of": when, "bars": bars}
        if when["type"] in ("cross_above", "cross_below"):
            other = self._state({idea.subject})
            if draws.chance(50):
                return both({"type": "within", "of": when, "bars": bars}, other)
            then = self._idea({idea.subject, "candle", "streak", "move", "gap", "averages"}).rise
            return {"type": "sequence", "first": when, "then": then, "bars": bars}
        return when

    def _order(self, side: str) -> Doc:
        draws = self.draws
        valid = draws.one_of((1, 1, 3, 5, None))
        below = draws.one_of((0.99, 0.98, 0.995)) if side == "long" else draws.one_of((1.01, 1.02))
        if draws.chance(55):
            return {"type": "limit", "price": times("Close", below), "valid_bars": valid}
        bars = draws.one_of((10, 20, 55))
        price = high(bars, now=True) if side == "long" else low(bars, now=True)
        return {"type": "stop", "price": price, "valid_bars": valid}

    def _exits(self, ideas: list[Idea], side: str) -> list[Doc]:
        draws = self.draws
        kind = draws.whole(0, 19)
        if kind < 3:
            return []
        if kind < 13:
            whens = [ideas[0].fall if side == "long" else ideas[0].rise]
        else:
            other = self._idea({idea.subject for idea in ideas})
            whens = [other.fall if side == "long" else other.rise]
        if kind in (10, 11):
            other = self._idea({idea.subject for idea in ideas})
            whens = [either(whens[0], other.fall if side == "long" else other.rise)]
        if kind == 12:
            whens.append(is_({"type": "open_profit_pct"}, ">=", draws.one_of((5, 10, 15))))
        if kind == 17:
            whens = [{"type": "weekday", "days": ["fri"]}]
        rules: list[Doc] = [{"side": side, "portion": 1.0, "when": when} for when in whens]
        if kind in (14, 15, 16) and side == "long":
            portion = draws.one_of((0.5, 0.5, 0.25))
            part = is_({"type": "open_profit_pct"}, ">=", draws.one_of((3, 5, 8)))
            rules.insert(0, {"side": side, "portion": portion, "when": part})
        return rules

    def _distance(self, scale: float) -> Doc:
        draws = self.draws
        kind = draws.whole(0, 9)
        if kind < 6:
            return pct(draws.one_of((1, 2, 3, 4, 5, 6, 8)) * scale * (0.25 if self.chart.is_intraday else 1))
        if kind < 9:
            return {
                "type": "atr",
                "indicator": f"ATR_{self.atr}",
                "multiple": draws.one_of((1, 1.5, 2, 2.5, 3)) * scale,
            }
        if self.chart.symbol == "EURUSD":
            return {"type": "pips", "value": draws.one_of((20, 30, 40, 50)) * scale}
        return {"type": "price_distance", "value": draws.one_of((2, 5, 10)) * scale}

    def _gain(self, *, has_stop: bool) -> Doc:
        kind = self.draws.whole(0, 3)
        if kind == 0 and has_stop:
            return {"type": "r", "value": self.draws.one_of((1, 1.5, 2))}
        if kind == 1:
            return {"type": "atr", "indicator": f"ATR_{self.atr}", "value": self.draws.one_of((1, 2))}
        return {"type": "percent", "value": self.draws.one_of((2, 3, 4, 5))}

    def _risk(self, *, needed: bool) -> Doc:
        draws = self.draws
        made: Doc = {}
        if draws.chance(45):
            made["stop_loss"] = self._distance(1)
        has_stop = "stop_loss" in made
        if draws.chance(30):
            made["take_profit"] = self._distance(2)
            if has_stop and draws.chance(35):
                made["take_profit"] = {"type": "r", "multiple": draws.one_of((1.5, 2, 3))}
        if draws.chance(20):
            made["trailing_stop"] = self._distance(1)
            if draws.chance(40):
                made["trailing_stop"]["after_gain"] = self._gain(has_stop=has_stop)
        if draws.chance(12) and has_stop:
            made["break_even"] = {"after_gain": self._gain(has_stop=has_stop)}
        if draws.chance(18):
            made["max_bars"] = draws.one_of((3, 5, 10, 20))
        if needed and not {"take_profit", "trailing_stop", "max_bars"} & set(made):
            made["max_bars"] = draws.one_of((5, 10, 15))
        return made

    def _sizing(self, *, has_stop: bool) -> Doc:
        draws = self.draws
        kind = draws.whole(0, 13)
        if kind < 2:
            return {"type": "fraction", "value": draws.one_of((0.1, 0.2, 0.25, 0.5, 0.9))}
        if kind == 2:
            return {"type": "units", "value": draws.one_of((10, 100, 200, 1000, 10_000))}
        if kind == 3:
            return {"type": "cash", "value": draws.one_of((5_000, 10_000, 20_000))}
        if kind in (4, 5) and has_stop:
            return {"type": "risk", "percent": draws.one_of((0.5, 1, 2))}
        if kind == 6:
            return {"type": "volatility_target", "percent": draws.one_of((10, 15, 20))}
        return {"type": "all"}

    def _execution(self) -> Doc:
        draws = self.draws
        made: Doc = {}
        if draws.chance(15):
            made["cash"] = draws.one_of((10_000, 25_000, 50_000, 1_000_000))
        if draws.chance(15):
            made["commission"] = {"type": "rate", "value": draws.one_of((0, 0.0005, 0.002))}
            if draws.chance(15) and self.chart.symbol != "EURUSD":
                made["commission"] = {"type": "per_unit", "value": 0.005}
        if draws.chance(4):
            made["spread"] = draws.one_of((0.0002, 0.001))
        if draws.chance(4):
            made["margin"] = draws.one_of((0.5, 0.1))
        return made

    def _filters(self) -> Doc:
        draws = self.draws
        made: Doc = {}
        if draws.chance(8):
            days = ("mon", "tue", "wed", "thu", "fri")
            made["weekdays"] = list(draws.some_of(days, 1, 3))
            if draws.chance(40):
                made["weekdays"] = [day for day in days if day not in made["weekdays"]] + ["sat", "sun"]
        if self.chart.is_intraday and draws.chance(25):
            made["hours"] = {
                "from": draws.one_of(("07:00", "08:00", "09:30")),
                "to": draws.one_of(("16:00", "17:00", "20:00")),
            }
        if draws.chance(10):
            made["when"] = self._state(set())
            self.filtered = {self.last_state} | (
                {"price/average", "averages"} if self.last_state in ("price/average", "slope") else set()
            )
        if draws.chance(10):
            made["cooldown_bars"] = draws.one_of((3, 5, 10))
        return made
