"""What a built document still lacks, what its author denies in it, and the defaults it takes."""

from collections.abc import Mapping, Sequence

from Backtest.errors import Issue
from Backtest.reader.antecedents import relations
from Backtest.reader.builder import Builder
from Backtest.reader.clause import Clause
from Backtest.reader.operands import same_symbol
from Backtest.reader.scope import Json, Scope
from Backtest.reader.statement_syntax import EntrySaid, ExitSaid, FilterSaid
from Backtest.reader.syntax import Mention, PriceOf, Side, Span

_STOP_EXAMPLES = ("2 ATR(14) stop", "5% stop loss")


def missing_sentence(builder: Builder) -> str | None:
    """The author's sentence for what is missing, None when nothing is. Raises Pending when it is asked for."""
    document, desk = builder.built.document, builder.scope.desk
    if not document["entry_rules"]:
        if builder.pending_entry:
            return None
        return desk.sentence("entry", "When is a position entered?", None, ("buy when RSI(14) crosses below 30",))
    risk = document["risk"]
    if risk["stop_loss"] is None:
        if document["sizing"]["type"] == "risk":
            return desk.sentence(
                "stop", "Sizing by risk needs a stop: where is it?", None, _STOP_EXAMPLES, _STOP_EXAMPLES[0]
            )
        if _in_r(risk) and not any(question.topic == "stop" for question in desk.questions):
            return desk.sentence(
                "stop",
                "A multiple of the risk (R) needs a fixed stop: where is it?",
                None,
                _STOP_EXAMPLES,
                _STOP_EXAMPLES[0],
            )
    if not builder.pending_exit:
        for side in builder.sides:
            if not _leaves(builder, side):
                question = f"When is the {side} position closed?"
                return desk.sentence("exit", question, None, *_exit_examples(document, side))
    return None


def _in_r(risk: Json) -> bool:
    gains = [(risk[key] or {}).get("after_gain") for key in ("trailing_stop", "break_even")]
    return (risk["take_profit"] or {}).get("type") == "r" or any(gain and gain["type"] == "r" for gain in gains)


def _leaves(builder: Builder, side: Side) -> bool:
    """Whether a position of this side is ever closed; a fixed stop alone counts where the text says that it is all."""
    document, risk = builder.built.document, builder.built.document["risk"]
    if any(rule["side"] == side and rule["portion"] == 1.0 for rule in document["exit_rules"]):
        return True
    if any(rule["side"] != side and rule["order"]["type"] == "market" for rule in document["entry_rules"]):
        return True
    if any(risk[key] is not None for key in ("take_profit", "trailing_stop", "max_bars")):
        return True
    return risk["stop_loss"] is not None and "no_other_exit" in builder.notes


def _exit_examples(document: Json, side: Side) -> tuple[tuple[str, ...], str | None]:
    """Ways out, the entry's own crossing turned around first where it has just one."""
    verb = "sell" if side == "long" else "cover"
    examples = ("10% trailing stop", "hold for at most 10 bars", f"{verb} when RSI(14) crosses above 70")
    rules = [rule["when"] for rule in document["entry_rules"] if rule["side"] == side]
    crossing: Json = rules[0] if len(rules) == 1 and rules[0] is not None else {"type": ""}
    if crossing["type"] in {"cross_above", "cross_below"} and crossing["right"]["type"] != "number":
        opposite = f"{verb} on the opposite cross"
        return (opposite, *examples), opposite
    return examples, None


def contradictions(builder: Builder) -> list[Issue]:
    """What the text says and denies."""
    document, notes = builder.built.document, builder.notes
    out = []
    sides = {rule["side"] for rule in document["entry_rules"]}
    denials: Mapping[str, tuple[bool, str, str]] = {
        "long_only": ("short" in sides, "/entry_rules", "the text says long only, and enters short"),
        "short_only": ("long" in sides, "/entry_rules", "the text says short only, and enters long"),
        "both_sides": (len(sides) == 1, "/entry_rules", "the text says both directions, and enters one side only"),
        "no_stop": (document["risk"]["stop_loss"] is not None, "/risk/stop_loss", "the text says no stop, and has one"),
        "no_target": (
            document["risk"]["take_profit"] is not None,
            "/risk/take_profit",
            "the text says no target, and has one",
        ),
        "reverse_note": (len(sides) == 1, "/entry_rules", "the text says to reverse, and enters one side only"),
    }
    for note, (denied, field, message) in denials.items():
        if note in notes and denied:
            out.append(Issue(field, f"contradiction: {message}", "leave one of the two out"))
    return out


def default_assumptions(scope: Scope, builder: Builder, *, timeframe_said: bool) -> None:
    """The conventions' defaults for what the text does not say."""
    note, document = scope.ledger.note, builder.built.document
    if not timeframe_said:
        note("timeframe", "/timeframe", scope.timeframe, 10)
    if "sizing" not in builder.sections:
        note("size", "/sizing", "all", 24)
    sides = {rule["side"] for rule in document["entry_rules"]}
    if sides == {"long"} and "long_only" not in builder.notes:
        note("long only", "/entry_rules", True, 12)
    if len(sides) == 2:
        note("opposite entry", "/entry_rules", "closes and reverses", 13)
    said = document["execution"]
    for key, default in (("cash", 100_000.0), ("commission", 0.001), ("spread", 0.0), ("margin", 1.0)):
        if key not in said:
            note(key, f"/execution/{key}", default, 25)
    for indicator in document["indicators"]:
        if indicator["timeframe"] is not None:
            note("higher timeframe", "/indicators", f"completed {indicator['timeframe']} bars only", 10)
    risk = document["risk"]
    if any(risk[key] is not None and risk[key]["type"] != "price" for key in ("stop_loss", "take_profit")):
        note("stop and target", "/risk", "measured from the fill", 16)
    if risk["trailing_stop"] is not None:
        note("trailing stop", "/risk/trailing_stop", "from the highest close since entry", 18)
    if risk["break_even"] is not None or (risk["trailing_stop"] or {}).get("after_gain"):
        note("gain", "/risk", "of a close over the fill, commission aside", 18)


def instrument_of(named: list[tuple[str, Span]], symbol: str | None) -> tuple[list[str], list[tuple[str, Span]]]:
    """The instrument that is traded, and those of the text that can't be: the request beats the text."""
    distinct: list[tuple[str, Span]] = []
    for name, span in named:
        if not any(same_symbol(name, known) for known, _ in distinct):
            distinct.append((name, span))
    traded = [symbol] if symbol is not None else [name for name, _ in distinct[:1]]
    return traded, distinct[1:]


def of_another(clauses: Sequence[Clause], symbol: str | None) -> list[tuple[str, Span]]:
    """The instrument of one comparison among others that name none: "buy when A, but only while SPY is above B"."""
    said = [c.said.when for c in clauses if isinstance(c.said, EntrySaid | ExitSaid | FilterSaid) and c.said.when]
    compared = [relation for when in said for relation in relations(when)]
    naming = [one for one in compared if isinstance(one.left, PriceOf) and one.left.instrument is not None]
    others = [one for one in compared if isinstance(one.left, PriceOf | Mention) and one not in naming]
    if symbol is None or len(naming) != 1 or not others or not isinstance(naming[0].left, PriceOf):
        return []
    price = naming[0].left
    return [(price.instrument, price.span)] if price.instrument and not same_symbol(price.instrument, symbol) else []
