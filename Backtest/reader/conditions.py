"""Conditions as said to canonical conditions, by the conventions' reading of events, levels and states."""

from dataclasses import replace

from Backtest.indicators.indicator_registry import find
from Backtest.reader.antecedents import Story
from Backtest.reader.earlier import condition_earlier, operand_earlier
from Backtest.reader.operands import Operands, arith, number, price, shifted
from Backtest.reader.pronouns import Clarify, Pronouns
from Backtest.reader.scales import MIDDLES, PRICE_LIKE, check_scales, is_fraction
from Backtest.reader.scope import Json, Scope, Unread
from Backtest.reader.syntax import (
    All,
    AnyOf,
    Before,
    BodySaid,
    CandleSaid,
    Earlier,
    Extreme,
    Following,
    Formula,
    GapSaid,
    InHours,
    Lasting,
    Lately,
    Literally,
    Mention,
    NotSaid,
    OnDays,
    OperandSaid,
    PercentMove,
    Period,
    PriceOf,
    ProfitSaid,
    Range,
    Relation,
    Restated,
    Said,
    Shifted,
    Side,
    Slope,
    Span,
    State,
)

LEVELS = {"RSI": (30, 70), "STOCH": (20, 80), "MFI": (20, 80), "WILLR": (-80, -20), "CCI": (-100, 100)}


class Conditions:
    """Resolves the conditions of one rule. `role`: entry, exit or filter, of `side` (None: both).

    `clarify` reads a condition given as an answer.
    """

    def __init__(self, scope: Scope, story: Story, role: str, side: Side | None, clarify: Clarify) -> None:
        self.scope = scope
        self.story = story
        self.role = role
        self.side = side
        self.pronouns = Pronouns(scope, story, role, side, clarify)
        self.operands = Operands(scope)

    def resolve(self, said: Said) -> Json:
        """The canonical condition; the story is told what was said, by name, for the sentences that follow."""
        plain = self.pronouns.plain(said)
        self.story.tell(self.role, self.side, plain)
        return self._node(plain)

    # ------------------------------------------------------------------------------------------------- nodes

    def _node(self, said: Said) -> Json:
        match said:
            case All(of):
                return self._all(of)
            case AnyOf(of):
                return {"type": "or", "of": [node for one in of for node in self._parts("or", one)]}
            case NotSaid(of):
                return {"type": "not", "of": self._node(of)}
            case Relation():
                return self._relation(said)
            case Range(value, low, high) if value is not None:
                ends = (self.operands.resolve(low), self.operands.resolve(high))
                if isinstance(value, PriceOf) and value.chart not in {None, self.scope.timeframe}:
                    raise Unread(f"a {value.chart} price between two lines", said.span, "timeframe")
                return {
                    "type": "between",
                    "value": self._value(value),
                    "low": ends[0],
                    "high": ends[1],
                    "inclusive": True,
                }
            case Slope():
                return self._slope(said)
            case State():
                return self._state(said)
            case PercentMove():
                return self._move(said)
            case GapSaid():
                return self._gap(said)
            case Restated(of, again, span):
                node = self._node(of)
                if self._node(again) != node:
                    raise Unread("what is said once more in parentheses is something else", span)
                return node
            case _:
                return self._simple(said)

    def _all(self, of: tuple[Said, ...]) -> Json:
        """All of these; a candlestick of the bar before is the first of a sequence of two bars (rule 7)."""
        before = [one for one in of if isinstance(one, Earlier) and isinstance(one.of, CandleSaid)]
        rest = tuple(one for one in of if one not in before)
        if len(before) == 1 and rest and self._is_of_the_bar_before(before[0]):
            then = self._node(All(rest) if len(rest) > 1 else rest[0])
            return {"type": "sequence", "first": self._node(before[0].of), "then": then, "bars": 1}
        return {"type": "and", "of": [node for one in of for node in self._parts("and", one)]}

    def _is_of_the_bar_before(self, said: Earlier) -> bool:
        ago = said.ago
        return ago is not None and self.scope.is_of_the_chart(ago) and self.scope.bars(ago, said.span) == 1

    def _parts(self, kind: str, said: Said) -> list[Json]:
        node = self._node(said)
        return list(node["of"]) if node["type"] == kind else [node]

    def _simple(self, said: Said) -> Json:
        match said:
            case CandleSaid("INSIDE" | "OUTSIDE" as name):
                if said.direction == "day" and self.scope.timeframe != "1d":
                    raise Unread(f"a day beside the day before on the {self.scope.timeframe} chart", said.span, "bars")
                return self._beside_the_bar_before(inside=name == "INSIDE")
            case CandleSaid(name, way):
                self.scope.ledger.note("candlestick", "/entry_rules", f"{name} {way}", 26)
                return {"type": "pattern", "name": name, "direction": way}
            case BodySaid(way):
                return _compare(">" if way == "up" else "<", price("Close"), price("Open"))
            case Lasting(of, period, span):
                return {"type": "for", "of": self._lasting(of, span), "bars": self.scope.bars(period, span)}
            case Lately(of, period, span):
                return {"type": "within", "of": self._lasting(of, span), "bars": self.scope.bars(period, span)}
            case Following(first, then, period, span):
                if period is None:
                    bars = self.scope.desk.number(
                        "bars", "Within how many bars must the second follow the first?", span, (3, 5, 10)
                    )
                else:
                    bars = self.scope.bars(period, span)
                return {"type": "sequence", "first": self._node(first), "then": self._node(then), "bars": bars}
            case Earlier():
                return self._earlier(said)
            case OnDays(days):
                return {"type": "weekday", "days": list(days)}
            case InHours(start, end):
                return {"type": "hours", "from": start, "to": end}
            case ProfitSaid():
                return self._profit(said)
            case _:
                raise Unread("not understood", getattr(said, "span", (0, 0)))

    def _beside_the_bar_before(self, *, inside: bool) -> Json:
        """A bar whose range is inside that of the bar before, or reaches beyond it at both ends."""
        ops = ("<", ">") if inside else (">", "<")
        means = "its high is below and its low above" if inside else "its high is above and its low below"
        topic = "inside bar" if inside else "outside bar"
        self.scope.ledger.note(topic, f"/{self.role}_rules", f"{means} those of the bar before", None)
        of = [_compare(op, price(column), price(column, 1)) for op, column in zip(ops, ("High", "Low"), strict=True)]
        return {"type": "and", "of": of}

    def _earlier(self, said: Earlier) -> Json:
        of, ago, span = said.of, said.ago, said.span
        if ago is not None:
            if not self.scope.is_of_the_chart(ago):
                raise Unread(f"{ago.count:g} {ago.unit}s ago on the {self.scope.timeframe} chart", span, "bars")
            if isinstance(of, Relation) and isinstance(of.right, Before | Shifted):
                raise Unread("so long before that day, or before this one", span, "bars")
            return condition_earlier(self._node(of), self.scope.bars(ago, span), span)
        if isinstance(of, Relation) and isinstance(of.left, Before | Shifted):
            return self._was(of, of.left, span)
        offered = {"now": "on this bar", "before": "on the bar before"}
        when = self.scope.desk.choice("bars", "When was that?", span, offered, "now")
        return self._node(of) if when == "now" else condition_earlier(self._node(of), 1, span)

    def _was(self, said: Relation, left: Before | Shifted, span: Span) -> Json:
        """ "yesterday's close was above the average": above what it was then, or what it is now."""
        node = self._node(said)
        if isinstance(said.right, Literally):
            return node
        ago = Period(left.count, left.unit or "bar") if isinstance(left, Before) else left.ago
        if not self.scope.is_of_the_chart(ago) or node["type"] != "compare":
            raise Unread("above what it was then, or what it is now", span, "bars")
        offered = {"then": "against its value then", "now": "against its value now"}
        if self.scope.desk.choice("bars", "Against which value?", span, offered, "then") == "now":
            return node
        return {**node, "right": operand_earlier(node["right"], self.scope.bars(ago, span), span)}

    def _lasting(self, said: Said, span: Span) -> Json:
        """A condition that is looked for on several bars: on the chart's, or on those of its indicator."""
        node = self._node(said)
        if node["type"] in {"compare", "between"}:
            self._of_the_chart(node["left" if node["type"] == "compare" else "value"], span)
        return node

    def _of_the_chart(self, operand: Json, span: Span) -> None:
        """Bar against bar is clear of the chart's own bars only: a daily average moves once a day on any chart."""
        use = self.scope.declared.uses.get(operand.get("id", ""))
        if use is not None and use["timeframe"] is not None:
            chart = self.scope.timeframe
            raise Unread(f"of the {use['timeframe']} bars or of the {chart} bars of the chart", span, "rising")

    def _value(self, said: OperandSaid) -> Json:
        return self.operands.resolve(said)

    def _relation(self, said: Relation) -> Json:
        left, right = said.left, said.right
        if left is None or right is None:
            raise Unread("a comparison of two things", said.span)
        if any(
            isinstance(one, Mention) and one.name == "ICHIMOKU" and one.output in {"cloud", "lagging"}
            for one in (left, right)
        ):
            return _comparison(said.op, *self._ichimoku(left, said))
        check_scales(left, right, said.span)
        if isinstance(left, PriceOf) and isinstance(right, Literally) and not right.unit:
            self.operands.check_instrument(left)
        if isinstance(right, Mention) and right.trails and right.chart != self.scope.timeframe:
            if isinstance(left, Mention) and left.chart is None:
                left = replace(left, chart=right.chart)
            elif isinstance(left, PriceOf) and (said.closes or "cross" in said.op or said.op == "touch"):
                reason = f"of the {right.chart} bars or of those of the {self.scope.timeframe} chart"
                raise Unread(reason, said.span, "timeframe")
        if said.op == "touch":
            return self._touch(said, left, right)
        if isinstance(right, Literally) and right.unit == "%" and is_fraction(left):
            right = replace(right, value=right.value / 100)
        right = self._outer(right, said)
        current = isinstance(left, PriceOf)
        left_node = self.operands.resolve(left, against_price=isinstance(right, PriceOf))
        right_node = self.operands.resolve(right, against_price=current)
        if isinstance(left, PriceOf) and left.chart not in {None, self.scope.timeframe}:
            self._of_one_chart(left, right_node, said)
        if isinstance(left, PriceOf) and left.column == "Volume":
            self._volume_of_the_chart(right_node, said.span)
        return _comparison(said.op, left_node, right_node)

    def _of_one_chart(self, left: PriceOf, operand: Json, said: Relation) -> None:
        """ "The daily close is above the 50-day average": a close of longer bars beside a line of them, or a number."""
        uses = self.scope.declared.uses
        for one in (operand, *operand.get("args", ())):
            if one["type"] != "number" and (one.get("id") not in uses or uses[one["id"]]["timeframe"] != left.chart):
                reason = f"a {left.chart} close beside what is of the {self.scope.timeframe} chart"
                raise Unread(reason, said.span, "timeframe")

    def _volume_of_the_chart(self, operand: Json, span: Span) -> None:
        """The volume of an hour says nothing beside the average volume of a day."""
        uses = self.scope.declared.uses
        for one in (operand, *operand.get("args", ())):
            if one.get("id") in uses and uses[one["id"]]["timeframe"] is not None:
                reason = (
                    f"the volume of a {self.scope.timeframe} bar against that of {uses[one['id']]['timeframe']} bars"
                )
                raise Unread(reason, span, "volume")

    def _outer(self, right: OperandSaid, said: Relation) -> OperandSaid:
        """ "above the Keltner channel" is above its upper line, "below" below the lower."""
        if isinstance(right, Mention) and right.name in {"BBANDS", "KELTNER", "DONCHIAN"} and right.output == "":
            return replace(right, output="upper" if said.op in {">", ">=", "cross_above"} else "lower")
        return right

    def _ichimoku(self, left: OperandSaid, said: Relation) -> tuple[Json, Json]:
        """The cloud's far edge, or the close 26 bars ago for the lagging line (rule 26)."""
        right = said.right
        if isinstance(left, Mention) and left.output == "lagging" and isinstance(right, PriceOf | Before):
            params, _ = self.operands.parameters(find("ICHIMOKU"), left)
            bars = int(params["base_period"])
            if isinstance(right, Before) and (right.column, right.unit, right.count) != ("Close", "bar", bars):
                raise Unread("what the lagging line is compared with", said.span)
            return price("Close"), price("Close", bars)
        if (
            not isinstance(right, Mention)
            or right.output != "cloud"
            or said.op not in {"<", ">", "cross_above", "cross_below"}
        ):
            raise Unread("what is compared with the cloud", said.span)
        edges = tuple(self.operands.mention(replace(right, output=edge)) for edge in ("span_a", "span_b"))
        op = "max" if said.op in {">", "cross_above"} else "min"
        return self.operands.resolve(left), arith(op, *edges)

    def _touch(self, said: Relation, left: OperandSaid, right: OperandSaid) -> Json:
        """Rule 6: a price touches a line inside the bar; an oscillator is at or beyond a number, from its middle."""
        if isinstance(left, PriceOf) and left.column == "Close":
            match right:
                case Mention(output="lower") | Extreme(kind="low") | Before(column="Low"):
                    side = "low"
                case Mention(output="upper") | Extreme(kind="high") | Before(column="High"):
                    side = "high"
                case _:
                    side = "any"
            return {"type": "touches", "value": self.operands.resolve(right, against_price=True), "side": side}
        if isinstance(left, PriceOf) and left.column in {"Low", "High"} and not isinstance(right, Literally):
            value, op = self.operands.resolve(right, against_price=True), "<=" if left.column == "Low" else ">="
            return _compare(op, price(left.column), value)
        if (
            isinstance(left, Mention)
            and isinstance(right, Literally)
            and left.name in MIDDLES
            and right.value != MIDDLES[left.name]
        ):
            op = ">=" if right.value > MIDDLES[left.name] else "<="
            return _compare(op, self.operands.resolve(left), number(right.value))
        raise Unread("a touch of what", said.span)

    def _slope(self, said: Slope) -> Json:
        value = said.value or PriceOf("Close")
        if isinstance(value, Mention) and value.name in {"SUPERTREND", "PSAR"} and said.turns:
            state = "bullish" if said.direction == "up" else "bearish"
            return self._state(State(value, state, "enter", said.span))
        node = self._value(value)
        self._of_the_chart(node, said.span)
        kind = "rising" if said.direction == "up" else "falling"
        if said.turns:
            op = "<=" if said.direction == "up" else ">="
            before = _compare(op, shifted(node, 1, said.span), shifted(node, 2, said.span))
            return {"type": "and", "of": [{"type": kind, "value": node, "bars": 1}, before]}
        if isinstance(value, PriceOf) and said.period is not None and not self.scope.is_of_the_chart(said.period):
            raise Unread(f"a streak of {said.period.unit}s on the {self.scope.timeframe} chart", said.span, "bars")
        if said.period is None:
            self.scope.ledger.note(kind, "/entry_rules" if self.role == "entry" else "/exit_rules", "1 bar", 6)
        bars = 1 if said.period is None else self.scope.bars(said.period, said.span)
        return {"type": kind, "value": node, "bars": bars}

    def _state(self, said: State) -> Json:
        value = said.value
        if isinstance(value, Formula) and said.state in {"positive", "negative"}:
            above = (said.state == "positive") == (said.change != "leave")
            op = (">" if above else "<") if said.change == "is" else f"cross_{'above' if above else 'below'}"
            return _comparison(op, self._value(value), number(0))
        if not isinstance(value, Mention):
            raise Unread(f"{said.state} is said of an indicator", said.span)
        if said.state in {"oversold", "overbought"}:
            return self._extreme_state(said, value)
        if said.state in {"positive", "negative"} and value.name in PRICE_LIKE:
            raise Unread(f"{said.state} has no agreed meaning for {value.name or 'an average'}", said.span)
        if said.state in {"positive", "negative"}:
            left, right, up = self._value(value), number(0), said.state == "positive"
        else:
            left, right = self._trend_lines(value, said)
            up = said.state == "bullish"
        if said.change == "is":
            return _compare(">" if up else "<", left, right)
        entered = said.change == "enter"
        return _comparison("cross_above" if up == entered else "cross_below", left, right)

    def _extreme_state(self, said: State, value: Mention) -> Json:
        named = replace(value, name="STOCH") if value.name == "%" else value
        if named.name not in LEVELS:
            raise Unread(f"{said.state} is at no agreed level of {named.name or 'it'}", said.span)
        low = said.state == "oversold"
        level = LEVELS[named.name][0 if low else 1]
        self.scope.ledger.note(f"{named.name} {said.state}", f"/{self.role}_rules", level, 26)
        node = self._value(value)
        if said.change == "is":
            return _compare("<" if low else ">", node, number(level))
        entered = said.change == "enter"
        return _comparison("cross_below" if low == entered else "cross_above", node, number(level))

    def _trend_lines(self, value: Mention, said: State) -> tuple[Json, Json]:
        """The two lines whose order makes an indicator bullish."""
        if value.name == "SUPERTREND":
            return self.operands.mention(replace(value, output="direction")), number(0)
        if value.name == "PSAR":
            return price("Close"), self.operands.mention(value)
        if value.name == "ICHIMOKU" and value.output == "cloud":
            first, second = (self.operands.mention(replace(value, output=edge)) for edge in ("span_a", "span_b"))
            return first, second
        if value.name == "MACD" and value.output == "hist":
            return self.operands.mention(value), number(0)
        if value.name == "MACD" and value.output == "":
            return self.operands.mention(value), self.operands.mention(replace(value, output="signal"))
        raise Unread(f"{said.state} has no agreed meaning for {value.name or 'it'}", said.span)

    def _move(self, said: PercentMove) -> Json:
        value = said.value or PriceOf("Close")
        if not isinstance(value, PriceOf):
            raise Unread("a change in percent is said of a price", said.span)
        if value.chart not in {None, self.scope.timeframe}:
            raise Unread(
                f"a change of a {value.chart} price on the {self.scope.timeframe} chart", said.span, "timeframe"
            )
        if said.period is None:
            likely = 1 if self.role == "entry" else None  # in an exit it may be the position that gains
            bars = self.scope.desk.number("period", "A change over how many bars?", said.span, (1, 5, 10), likely)
        else:
            bars = self.scope.bars(said.period, said.span, "period")
        up = said.direction == "up"
        op = (">" if up else "<") + ("" if said.strict else "=")
        change = {"type": "percent_change", "of": self._value(value), "bars": bars}
        self.scope.ledger.note("percent move", f"/{self.role}_rules", "close against the close before", 6)
        return _compare(op, change, number(said.percent if up else -said.percent))

    def _gap(self, said: GapSaid) -> Json:
        up = said.direction == "up"
        op = ">" if up else "<"
        if said.beyond is not None:
            base = self.operands.resolve(said.beyond, against_price=True)
            return _compare(op, price("Open"), base) if said.percent is None else self._gapped(said, base)
        if said.percent is None:
            edge = "High" if up else "Low"
            offered = {
                "close": "the open is beyond the previous close",
                "edge": f"the open is beyond the previous {edge.lower()}",
            }
            way = self.scope.desk.choice(self.role, "What is a gap?", said.span, offered)
            return _compare(op, price("Open"), price("Close" if way == "close" else edge, 1))
        return self._gapped(said, price("Close", 1))

    def _gapped(self, said: GapSaid, base: Json) -> Json:
        if said.percent is None:
            raise AssertionError("a gap without a size")
        sign = 1 if said.direction == "up" else -1
        op = (">" if sign > 0 else "<") + ("" if said.strict else "=")
        return _compare(op, price("Open"), arith("*", base, number(round(1 + sign * said.percent / 100, 12))))

    def _profit(self, said: ProfitSaid) -> Json:
        if self.role != "exit":
            raise Unread("a profit belongs to an exit", said.span)
        winning = (said.direction == "up") == (not said.of_price or self.side != "short")
        op = (">" if winning else "<") + ("" if said.strict else "=")
        return _compare(op, {"type": "open_profit_pct"}, number(said.percent if winning else -said.percent))


def _compare(op: str, left: Json, right: Json) -> Json:
    return {"type": "compare", "op": op, "left": left, "right": right}


def _comparison(op: str, left: Json, right: Json) -> Json:
    if op in {"cross_above", "cross_below"}:
        return {"type": op, "left": left, "right": right}
    return _compare(op, left, right)
