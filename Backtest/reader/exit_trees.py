"""Exits out of parse trees."""

from dataclasses import dataclass, replace

from Backtest.reader.condition_trees import SAID, about_price, conditions, together
from Backtest.reader.entry_trees import check_clause
from Backtest.reader.label_trees import label_side, owned_lead
from Backtest.reader.lexicon import Token
from Backtest.reader.move_trees import Percent
from Backtest.reader.operand_trees import operand
from Backtest.reader.operands import AVERAGES
from Backtest.reader.statement_syntax import (
    BreakEvenSaid,
    EntrySaid,
    ExitSaid,
    HoldSaid,
    ListSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.statement_trees import EntryAct, Fraction, Held, flat, lead_of
from Backtest.reader.syntax import (
    NOWHERE,
    All,
    AnyOf,
    Distance,
    It,
    Literally,
    Mention,
    Otherwise,
    PercentMove,
    PriceOf,
    ProfitSaid,
    Relation,
    Said,
    Span,
)
from Backtest.reader.time_trees import After
from Backtest.reader.trees import Misread, Parts, reads


@dataclass(frozen=True, slots=True)
class ExitAct:
    verb: str
    portion: float | None
    span: Span = NOWHERE
    of_position: bool = False
    words: str = ""
    takes_profit: bool = False


@reads("portion")
def _portion(parts: Parts) -> Fraction:
    fraction = parts.one(Fraction)
    percent = parts.value("PERCENT")
    if percent is not None and not 0 < percent <= 100:
        raise Misread("a portion up to 100 %")
    return fraction or Fraction(1.0 if percent is None else percent / 100)


HELD_NOUNS = ("longs", "shorts")

_VERBS = tuple("SELL EXIT CLOSE COVER PLACE LEAVE CLOSED TARGET L_EXIT L_LONG_EXIT L_SHORT_EXIT".split())


@reads("exit_act", "exit_act0")
def _exit_act(parts: Parts) -> ExitAct:
    token = parts.tokens(
        "SELL", "EXIT", "CLOSE", "COVER", "PLACE", "LEAVE", "CLOSED", "TARGET", "L_EXIT", "L_LONG_EXIT", "L_SHORT_EXIT"
    )[0]
    verb = {"SELL": "sell", "COVER": "cover"}.get(token.kind, "exit")
    if token.kind == "SELL" and parts.has("SHORT"):
        raise Misread("a short sale closes nothing")
    words = {word for one in (token, *parts.tokens("POSITION")) for word in one.text.lower().split()}
    is_short = parts.has("SHORT", "L_SHORT_EXIT") or bool(words & {"short", "shorts"})
    is_long = parts.has("LONG") or bool(words & {"long", "longs"})
    if is_short and is_long:
        if parts.tokens("LONG", "SHORT")[-1].text.lower() not in HELD_NOUNS and not parts.has("POSITION", "TRADE"):
            raise Misread("one side closed and the other opened")
        verb = "exit"
    elif is_short:
        verb = "cover"
    elif is_long:
        verb = "sell"
    fraction = parts.one(Fraction)
    portion = fraction.value if fraction and fraction.value < 1 else None
    return ExitAct(
        verb, portion, parts.span, parts.has("POSITION", "TRADE"), token.text.lower(), token.kind == "TARGET"
    )


@reads("exit_more")
def _exit_more(parts: Parts) -> object:
    held = parts.one(Held)
    if held is not None:
        if parts.has("AND") and not held.latest:
            raise Misread("and after a while")
        return held
    if parts.has("AND"):
        raise Misread("a second exit joined by and")
    return together(conditions(parts))


@reads("at_number")
def _at_number(parts: Parts) -> Relation:
    """ "Sell at 70": what was spoken of comes to that value."""
    level = Literally(parts.value("NUMBER") or 0.0, span=parts.span)
    return Relation(It(parts.span), "level", level, parts.span)


@reads("profit_moved", "lead_gain")
def _gained(parts: Parts) -> ProfitSaid:
    """ "Once up 4%, sell": so much is the open profit."""
    said = parts.one(ProfitSaid)
    if said is not None:
        return said
    percent = parts.all(Percent)[0]
    return ProfitSaid("up" if parts.has("UP") else "down", percent.value, percent.strict, span=parts.span)


@reads("gained_on_close")
def _gained_on_close(parts: Parts) -> ProfitSaid:
    """ "Half off at +5% (rule on the close)": no level inside the bar."""
    said = parts.one(ProfitSaid)
    percent = parts.all(Percent)
    return said if said is not None else ProfitSaid("up", percent[0].value, percent[0].strict, span=parts.span)


@reads("exit_ways")
def _exit_ways(parts: Parts) -> tuple[Statement, ...]:
    """ "Exit: 5% trailing stop or 10 days": any of these."""
    label = parts.all(ListSaid)[0]
    verb = {"long": "sell", "short": "cover", None: "exit"}[label.side]
    ways = [item for item in parts.items if not isinstance(item, Token | ListSaid) and item != "or"]
    if all(isinstance(way, SAID) for way in ways):
        raise Misread("a list of conditions")
    said = tuple(way for way in ways if isinstance(way, SAID))
    out: list[Statement] = []
    if said:
        out.append(ExitSaid(verb, said[0] if len(said) == 1 else AnyOf(said), span=parts.span))
    out += [way for way in ways if isinstance(way, StopSaid | TargetSaid | TrailSaid | BreakEvenSaid)]
    out += [HoldSaid(way.period, parts.span, verb) for way in ways if isinstance(way, Held)]
    if len({type(one) for one in out}) != len(out):
        raise Misread("two of a kind")
    return tuple(out)


@reads("exit_way", "only_way")
def _exit_way(parts: Parts) -> object:
    return next(item for item in parts.items if not isinstance(item, Token))


@reads("exit_joint")
def _exit_joint(parts: Parts) -> str:
    return "or"


@reads("exit_level")
def _exit_level(parts: Parts) -> StopSaid | TargetSaid | TrailSaid:
    said: tuple[StopSaid | TargetSaid | TrailSaid, ...] = parts.all(StopSaid, TargetSaid, TrailSaid)
    if not said:
        raise Misread("an exit at a level")
    return said[0]


@reads("exit_cond", "exit_terse", "exit_at")
def _exit_cond(parts: Parts) -> Said:
    """A condition of an exit with what must hold beside it ("... while RSI is above 70")."""
    return about_price(together(conditions(parts)))


@reads("exit_first")
def _exit_first(parts: Parts) -> object:
    held = parts.one(Held)
    return held if held is not None else together(conditions(parts))


def exit_of(parts: Parts, verb: str, portion: float | None) -> tuple[Statement, ...]:
    """An exit rule, and a time exit beside it where one is said. A part of the position can't wait for a time."""
    said, held = conditions(parts), parts.all(Held)
    if len(held) > 1 or (held and portion is not None):
        raise Misread("two time exits")
    out: list[Statement] = []
    if said:
        out.append(ExitSaid(verb, said[0] if len(said) == 1 else AnyOf(said), portion=portion, span=parts.span))
    out += parts.all(StopSaid, TargetSaid, TrailSaid, BreakEvenSaid)
    if held:
        out.append(HoldSaid(held[0].period, parts.span, verb))
    return tuple(out)


@reads("guarded")
def _guarded(parts: Parts) -> Said:
    return together(conditions(parts))


@reads("exit")
def _exit(parts: Parts) -> tuple[Statement, ...]:
    act = parts.all(ExitAct)[0]
    if act.takes_profit and any(one.span[0] <= act.span[1] + 1 for one in parts.all(ProfitSaid)):
        raise Misread("a level inside the bar, which is a target")
    if parts.all(After):
        if conditions(parts):
            raise Misread("an exit after something else")
        parts = replace(parts, items=tuple(one.of if isinstance(one, After) else one for one in parts.items))
    leads = _before_act(parts)
    if leads and len(conditions(parts)) > len(leads):
        raise Misread("conditions before and after an exit")
    if len(leads) > 1:  # "when A, as long as B, sell"
        others = tuple(one for one in parts.items if not isinstance(one, SAID))
        parts = replace(parts, items=(All(leads), *others))
    lead = lead_of(parts, act, act.span)
    said = tuple(_of_the_position(one, act) for one in exit_of(parts, act.verb, act.portion))
    return tuple(replace(one, lead=lead) if isinstance(one, ExitSaid) else one for one in said)


def _of_the_position(one: Statement, act: ExitAct) -> Statement:
    """ "close a quarter of the position once it is up 5%": it is the position, and so much is its profit."""
    if not isinstance(one, ExitSaid) or not act.of_position or not isinstance(one.when, PercentMove):
        return one
    move = one.when
    if move.period is not None or not isinstance(move.value, It):
        return one
    return replace(one, when=ProfitSaid(move.direction, move.percent, move.strict, span=move.span))


@reads("reversal")
def _reversal(parts: Parts) -> tuple[Statement, ...]:
    """ "When it turns red I sell and go short": both at once, which a reversal is (rule 13)."""
    leaving, entering = parts.all(ExitAct)[0], parts.all(EntryAct)[0]
    when = together(conditions(parts))
    if entering.words in HELD_NOUNS or entering.of_position:
        raise Misread("both sides closed")
    wanted = {"sell": "short", "cover": "long"}.get(leaving.verb, entering.side)
    if leaving.portion is not None or entering.side is None or wanted != entering.side:
        raise Misread("one side closed and the other opened")
    verb = "sell" if entering.side == "short" else "cover"
    return (
        ExitSaid(verb, when, span=parts.span),
        EntrySaid(entering.side, when, size=entering.size, context=entering.context, span=parts.span),
    )


def _before_act(parts: Parts) -> tuple[Said, ...]:
    position = next(i for i, item in enumerate(parts.items) if isinstance(item, ExitAct))
    return tuple(item for item in parts.items[:position] if isinstance(item, SAID))


@reads("rest")
def _rest(parts: Parts) -> tuple[Statement, ...]:
    act = parts.one(ExitAct)
    verb = act.verb if act else "rest"
    return tuple(
        replace(s, verb=verb) if isinstance(s, ExitSaid) else s
        for s in exit_of(parts, verb, 0.0 if not parts.all(Held) else None)
    )


@reads("exit_risk")
def _exit_risk(parts: Parts) -> tuple[Statement, ...]:
    act = parts.all(ExitAct)[0]
    if act.portion is not None:
        raise Misread("a part closed inside the bar")
    return flat(tuple(HoldSaid(one.period, span=parts.span) if isinstance(one, Held) else one for one in parts.items))


@reads("leaves_by")
def _leaves_by(parts: Parts) -> tuple[Statement, ...]:
    """ "a 12% trailing stop takes me out"."""
    return flat(parts.items)


@dataclass(frozen=True, slots=True)
class Move:
    """ "+5%" or "-3%": so far from the entry."""

    percent: float


@reads("move")
def _move(parts: Parts) -> Move:
    token = parts.tokens("PERCENT")[0]
    signed = token.text.lstrip()[:1] in {"+", "-", "−", "–"}
    value = parts.value("PERCENT") or 0.0
    if not signed or (value < 0 and parts.has("PROFIT", "MOVE_UP", "IN_PROFIT")):
        raise Misread("up or down")
    return Move(value)


@reads("exit_moves")
def _exit_moves(parts: Parts) -> tuple[Statement, ...]:
    """ "Out at +5%, or -3%, or after eight bars": a target, a stop and a time."""
    act = parts.all(ExitAct)[0]
    moves = parts.all(Move)
    if act.portion is not None:
        raise Misread("a part closed inside the bar")
    if len({move.percent > 0 for move in moves}) != len(moves):
        raise Misread("two moves the same way")
    held = tuple(HoldSaid(one.period, parts.span, act.verb) for one in parts.all(Held))
    return (*(_of_move(move, act, parts.span) for move in moves), *held)


@reads("exit_at_gain")
def _exit_at_gain(parts: Parts) -> TargetSaid:
    """ "At 5% profit I close the trade"."""
    gain = parts.one(Distance)
    if gain is None or parts.all(ExitAct)[0].portion is not None:
        raise Misread("a part closed inside the bar")
    return TargetSaid(gain, span=parts.span)


def _of_move(move: Move, act: ExitAct, span: Span) -> Statement:
    distance = Distance("percent", abs(move.percent), span=span)
    if (move.percent > 0) == (act.verb != "cover"):
        return TargetSaid(distance, span=span)
    return StopSaid(distance, span=span)


@reads("stop_on_close")
def _stop_on_close(parts: Parts) -> ExitSaid:
    """A stop that only looks at closes is an exit rule: out once the open loss is that large."""
    stop = parts.all(StopSaid)[0]
    if stop.distance is None or stop.distance.kind != "percent" or stop.direction is not None:
        raise Misread("a loss in percent is wanted")
    return ExitSaid("exit", ProfitSaid("down", stop.distance.value, span=parts.span), span=parts.span)


@reads("stop_and_target")
def _stop_and_target(parts: Parts) -> tuple[Statement, ...]:
    return flat(parts.items)


@reads("exit_otherwise")
def _exit_otherwise(parts: Parts) -> ExitSaid:
    act = parts.all(ExitAct)[0]
    if act.portion is not None:
        raise Misread("a part of the position")
    return ExitSaid(act.verb, Otherwise(parts.span), span=parts.span)


@reads("exit_only")
def _exit_only(parts: Parts) -> ExitSaid:
    """ "Sell only if ...": an exit where it is the only one."""
    act = parts.all(ExitAct)[0]
    return ExitSaid(act.verb, together(conditions(parts)), portion=act.portion, span=parts.span, only=True)


@reads("hold_until")
def _hold_until(parts: Parts) -> ExitSaid:
    return ExitSaid("exit", together(conditions(parts)), span=parts.span)


@reads("exit_closed")
def _exit_closed(parts: Parts) -> tuple[Statement, ...]:
    """ "... and closed when the line crossed below", "... and ends with a death cross": the position before."""
    if parts.has("CLOSES") and parts.tokens("CLOSES")[0].text.lower() not in {"closed", "ends", "ended"}:
        raise Misread("a bar closes")
    return exit_of(parts, "exit", None)


@reads("exit_and")
def _exit_and(parts: Parts) -> tuple[Statement, ...]:
    """ "The histogram turns negative and I'm out": what is joined to the condition is a sentence of its own."""
    act = parts.all(ExitAct)[0]
    check_clause(act.words)
    return exit_of(parts, act.verb, act.portion)


@reads("hold_while")
def _hold_while(parts: Parts) -> tuple[Statement, ...]:
    """ "Hold the stock as long as A": in while A holds, out when it does not, where no other exit is said."""
    when = together(conditions(parts))
    leaving = ExitSaid("exit", Otherwise(parts.span), span=parts.span, only=True)
    return EntrySaid(None, when, span=parts.span), leaving


@reads("hold_until_either")
def _hold_until_either(parts: Parts) -> tuple[Statement, ...]:
    """ "Hold until RSI is above 70 or 20 bars have gone by"."""
    return exit_of(parts, "exit", None)


@reads("at_line")
def _at_line(parts: Parts) -> Relation:
    """ "Sell at the 10-day low": once a close is beyond it, or when it is touched, which is asked."""
    line = operand(parts)
    if isinstance(line, Mention) and line.name not in AVERAGES and line.output not in {"upper", "middle", "lower"}:
        raise Misread("no line that a price comes to")
    return Relation(PriceOf("Close", span=parts.span), "at", line, parts.span)


@reads("labelled_exit", "terse_exit", "labelled_close")
def _labelled_exit(parts: Parts) -> tuple[Statement, ...]:
    label = parts.one(ListSaid)
    side = label.side if label is not None else label_side(parts)
    said, lead = exit_of(parts, {"long": "sell", "short": "cover", None: "exit"}[side], None), owned_lead(parts)
    return tuple(replace(one, lead=lead) if isinstance(one, ExitSaid) else one for one in said)
