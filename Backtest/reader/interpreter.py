"""One reading: the turns cut to clauses, the clauses changed and built, what is open gathered up."""

import re
from collections.abc import Sequence
from dataclasses import replace

from Backtest.canonical.document import to_document
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Assumption, Spec
from Backtest.errors import Issue, SpecInvalid, TextRefused
from Backtest.reader.builder import Builder
from Backtest.reader.clause import Clause, Cut
from Backtest.reader.clauses import cut
from Backtest.reader.completeness import (
    contradictions,
    default_assumptions,
    instrument_of,
    missing_sentence,
    of_another,
)
from Backtest.reader.edit_recent import of_the_turn_before
from Backtest.reader.edit_syntax import Change, NewLength
from Backtest.reader.edits import applied, changed
from Backtest.reader.impossible import FIELDS
from Backtest.reader.lone_sells import told_sells
from Backtest.reader.meanings import read_condition
from Backtest.reader.no_strategy import is_no_strategy
from Backtest.reader.operands import same_symbol
from Backtest.reader.questions import Desk, Pending
from Backtest.reader.reading import Found, Reading, ReadingContext, Status, Unresolved
from Backtest.reader.scope import Json, Scope, Unread, mentions
from Backtest.reader.statement_syntax import ContextSaid, EntrySaid, FilterSaid
from Backtest.reader.suggestions import reworded
from Backtest.reader.syntax import (
    NOWHERE,
    PriceOf,
    Said,
    Span,
)
from Backtest.reader.tokens import atoms
from Backtest.reader.undo import taken_back
from Backtest.timeframes import DEFAULT_TIMEFRAME, TIMEFRAMES, longer_than

LONGEST_TEXT = 20_000
_MOST_ANSWERS = 8
_COMMA = re.compile(r"\d,\d")
_ADDED = re.compile(
    r"^\s*and\b|\b(?:add|include|also|as well|too|in addition|additionally|now the (?:short|long) side)\b",
    re.IGNORECASE,
)
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
_BARE = re.compile(r"[A-Za-z] +\d+(?:\.\d+)?$")
_WHOLE = frozenset({"entry", "exit", "stop", "clause", "instruction", "illicit"})


def check_text(text: object) -> None:
    """Raises TextRefused for a text that is empty, too long or no text."""
    if not isinstance(text, str):
        raise TextRefused(f"a strategy is told in text, not as {type(text).__name__}", [Issue("/text", "not a text")])
    if not text.strip():
        raise TextRefused(
            "the text is empty", [Issue("/text", "the text is empty", "say when to buy and when to sell")]
        )
    if len(text) > LONGEST_TEXT:
        message = f"the text has {len(text)} characters, more than {LONGEST_TEXT}"
        raise TextRefused(message, [Issue("/text", message, "leave out what says nothing of the trade")])
    if any(ord(c) < 32 and c not in "\n\r\t" for c in text) or any(0xD800 <= ord(c) <= 0xDFFF for c in text):
        raise TextRefused(
            "the text holds control characters", [Issue("/text", "control characters", "send plain text")]
        )


class Interpreter:
    """Reads the turns of one strategy, once."""

    def __init__(self, turns: Sequence[str], context: ReadingContext, desk: Desk) -> None:
        self.turns = turns
        self.text = "\n".join(turns)
        self.context = context
        self.desk = desk
        self.found = Cut()
        self.unresolved: list[Unresolved] = []
        self.errors: list[Issue] = []

    def read(self) -> Reading:
        clauses = self._clauses()
        where = self._where(clauses)
        builder = self._build(clauses, where)
        scope = builder.scope
        self.unresolved += builder.built.unresolved
        self._unread_questions(builder.built.unresolved)
        if not clauses and is_no_strategy(self.text):
            message = "not a trading rule at all: nothing in it says when to buy or to sell"
            self.errors.append(Issue("/text", message, "say when to buy and when to sell"))
        self.errors += [
            Issue(FIELDS.get(one.topic, "/text"), one.reason, f"change or leave out: {one.text[:120]!r}")
            for one in self.unresolved
            if one.impossible
        ]
        if not self.unresolved:  # what was not read may be what would resolve it
            self.errors += contradictions(builder)
        for refused in self.found.refused:
            self.errors.append(Issue("/text", refused.reason, f"leave out: {refused.text[:120]!r}"))
        if self.context.symbol is not None:
            for name in where.instruments:
                if not same_symbol(name, self.context.symbol):
                    scope.ledger.note(
                        "instrument", "/instruments/0", f"{self.context.symbol}, where the text says {name}", None
                    )
        default_assumptions(scope, builder, timeframe_said=where.timeframe is not None)
        for span, said, right in self.found.corrections:
            scope.ledger.note("spelling", f"/text/{span[0]}", f"{said} = {right}", None)
        document = self._document(builder)
        return self._result(self._spec(document), document, where, scope)

    # ------------------------------------------------------------------------------------------ text and clauses

    def _clauses(self) -> list[Clause]:
        """The clauses of the first turn, changed by the others but those that were taken back."""
        clauses: list[Clause] = []
        offset = 0
        since = 0
        left_out = taken_back(self.turns)
        for i, turn in enumerate(self.turns):
            if i in left_out:
                self.found.noise += [(one.start + offset, one.end + offset) for one in atoms(turn) if one.text != "\n"]
                offset += len(turn) + 1
                continue
            found = cut(self._decimals(turn, offset), offset=offset, edits=i > 0)
            self._gather(found)
            told = self._repaired(found)
            clauses = self._changed(clauses, told, since) if i else told
            since = offset
            offset += len(turn) + 1
        return clauses

    def _gather(self, found: Cut) -> None:
        sentences = self.found.sentences
        found.clauses = [replace(clause, sentence=clause.sentence + sentences) for clause in found.clauses]
        for part in ("used", "noise", "refused", "corrections"):
            getattr(self.found, part).extend(getattr(found, part))
        self.found.sentences += found.sentences

    def _changed(self, clauses: list[Clause], told: list[Clause], since: int) -> list[Clause]:
        for clause in told:
            try:
                clauses = (
                    self._applied(clauses, self._bare(clause.said), clause, since)
                    if isinstance(clause.said, Change)
                    else changed(clauses, clause, self.desk, added=self._is_added(clause))
                )
            except Pending:
                continue
            except Unread as unread:
                start, end = clause.span
                one = Unresolved(self.text[start:end], clause.span, unread.reason, "edit")
                self.unresolved.append(one)
                self._unread_questions([one])
        return clauses

    def _applied(self, clauses: list[Clause], said: Change, clause: Clause, since: int) -> list[Clause]:
        return of_the_turn_before(clauses, said, since, lambda of: applied(of, said, clause, self.desk))

    def _bare(self, said: Change) -> Change:
        """A new length that is only a number behind a name ("ADX 25", no "ADX(25)" and no "25-period ADX")."""
        if not isinstance(said, NewLength) or said.named or len(said.numbers) != 1:
            return said
        return replace(said, bare=_BARE.search(self.text[slice(*said.span)]) is not None)

    def _is_added(self, clause: Clause) -> bool:
        """Whether "also" or the like stands before the clause or at its end, in its sentence."""
        start, end = clause.span
        if isinstance(clause.said, FilterSaid) and _ONLY.search(self.text[start:end]):
            return False  # "add a 5% stop and only trade on Fridays"
        before = re.split(r"[.;!?\n]", self.text[:start])[-1]
        after = re.split(r"[.;!?,\n]", self.text[end:])[0]
        action = re.split(r"\b(?:when|if|once|whenever)\b", self.text[start:end], flags=re.IGNORECASE)[0]
        return _ADDED.search(f"{before} {action} | {after}") is not None

    def _decimals(self, turn: str, offset: int) -> str:
        """The text with a decimal comma ("0,5%") made a point where the author says that it is one."""
        text = turn
        for atom in atoms(turn) if _COMMA.search(turn) else ():
            if atom.kind == "decimal_comma":
                point = atom.text.replace(",", ".")
                try:
                    question = f"Is {atom.text!r} the number {point}? A comma is no decimal point in English."
                    self.desk.choice(
                        "number", question, (atom.start + offset, atom.end + offset), {point: point}, point
                    )
                except Pending:
                    continue
                text = text[: atom.start] + point + text[atom.end :]
        return text

    def _repaired(self, found: Cut) -> list[Clause]:
        """The clauses, with those that the answers put in the place of what was not understood."""
        clauses = list(found.clauses)
        self.unresolved += found.refused
        for one in found.unresolved:
            if one.unsupported or one.impossible:
                self.unresolved.append(one)
                continue
            try:
                answer = self._ask_again(one)
            except Pending:
                self.unresolved.append(one)
                continue
            if answer != "ignore":
                clauses += self._said_anew(answer, one.span)
        return sorted(clauses, key=lambda clause: clause.span[0])  # a removal stays before what it makes room for

    def _ask_again(self, one: Unresolved) -> str:
        question = f"{one.text!r} was not read ({one.reason}). Say it in other words, or leave it out."
        meant = reworded(one.text)
        examples = (meant, "ignore") if meant is not None else ("ignore",)
        return self.desk.sentence(one.topic, question, one.span, examples)

    def _said_anew(self, answer: str, span: Span | None) -> list[Clause]:
        """The clauses of a sentence given as an answer; they take the place of `span` in the text."""
        told = cut(answer)
        if told.unresolved or told.refused or not told.clauses:
            message = f"{answer!r} was not understood"
            raise TextRefused(message, [Issue("/answers", message, "say it as one plain rule")])
        self.found.sentences += told.sentences
        return [replace(c, span=span or NOWHERE, sentence=self.found.sentences) for c in told.clauses]

    # ------------------------------------------------------------------------------------------ where and when

    def _where(self, clauses: list[Clause]) -> Found:
        """What the text says of the instrument, the timeframe and the dates."""
        said = [(c.said, c.span) for c in clauses if isinstance(c.said, ContextSaid)]
        said += [(one, c.span) for c in clauses if isinstance(c.said, EntrySaid) for one in c.said.context]
        named = [(one.value, one.span) for one, _ in said if one.kind == "instrument"]
        apart = tuple(name for name, _ in named)
        named += [(p.instrument, p.span) for c in clauses for p in _prices(c.said) if p.instrument]
        instruments, others = instrument_of(named, self.context.symbol)
        if not apart and not others:
            others = of_another(clauses, self.context.symbol)
        for name, span in others:
            reason = f"unsupported: a second instrument ({name}) is not in the language"
            self.unresolved.append(Unresolved(self.text[span[0] : span[1]], span, reason, "second instrument"))
        for span in (span for one, span in said if one.kind == "till_today"):
            reason = "unsupported: a window up to today is not in the language; nearest: 'from 2015 on'"
            self.unresolved.append(Unresolved(self.text[span[0] : span[1]], span, reason, "window"))
        frames = list(dict.fromkeys(one.value for one, _ in said if one.kind == "timeframe"))
        timeframe = self._one_of_frames(frames or self._shortest(clauses))
        dates = {one.kind: one.value for one, _ in said if one.kind in {"start", "end"}}
        spoken = tuple(name for name, _ in named)
        return Found(
            tuple(dict.fromkeys(spoken)) or tuple(instruments),
            timeframe,
            dates.get("start"),
            dates.get("end"),
            apart,
        )

    def _shortest(self, clauses: list[Clause]) -> list[str]:
        """The chart that the text's indicators need where it names none: of bars shorter than the default's."""
        if self.context.timeframe is not None:
            return []
        charts = {m.chart for clause in clauses for m in mentions(clause.said) if m.chart is not None}
        shorter = [chart for chart in charts if longer_than(DEFAULT_TIMEFRAME, chart)]
        return [min(shorter, key=lambda chart: TIMEFRAMES[chart])] if shorter else []

    def _one_of_frames(self, frames: list[str]) -> str | None:
        if len(frames) < 2 or self.context.timeframe is not None:
            return frames[0] if frames else None
        try:
            return self.desk.choice("timeframe", "On which chart is the strategy traded?", None, {f: f for f in frames})
        except Pending:
            return frames[0]

    # ------------------------------------------------------------------------------------------------- build

    def _build(self, clauses: list[Clause], where: Found) -> Builder:
        """The builder after the author's sentences for what was missing are in."""
        extra: list[Clause] = []
        unsure = any(one.unsupported or one.impossible or one.topic in _WHOLE for one in self.unresolved)
        for _ in range(_MOST_ANSWERS):
            every = [*clauses, *extra]
            symbol = self.context.symbol or (where.instruments[0] if where.instruments else None)
            traded = (self.context.symbol, *where.named) if self.context.symbol is not None else where.named
            timeframe = self.context.timeframe or where.timeframe or DEFAULT_TIMEFRAME
            spoken = tuple(m for clause in every for m in mentions(clause.said))
            scope = Scope(timeframe, symbol, self.desk, spoken, named=traded)
            builder = Builder(self.text, scope, every, condition_of)
            builder.build()
            if unsure:
                return builder  # what was not read may well be what is missing
            try:
                if told := told_sells(clauses, builder):
                    clauses = told
                    continue
                sentence = missing_sentence(builder)
            except Pending:
                return builder
            if sentence is None:
                return builder
            extra += self._said_anew(sentence, None)
        raise TextRefused(
            "the answers leave the same questions open", [Issue("/answers", "nothing is settled by them")]
        )

    def _unread_questions(self, unresolved: list[Unresolved]) -> None:
        for one in unresolved:
            if not (one.unsupported or one.impossible):
                try:
                    self._ask_again(one)
                except Pending:
                    continue

    def _document(self, builder: Builder) -> Json:
        scope = builder.scope
        document = dict(builder.built.document)
        execution = dict(document["execution"])
        if self.context.cash is not None:
            execution["cash"] = float(self.context.cash)
        if self.context.commission_rate is not None:
            execution["commission"] = {"type": "rate", "value": float(self.context.commission_rate)}
        place = {use["id"]: i for i, use in enumerate(document["indicators"])}
        for entry in scope.ledger.entries:
            parts = entry["path"].split("/")
            if parts[1:2] == ["indicators"] and len(parts) > 2:
                entry["path"] = "/".join(["", "indicators", str(place.get(parts[2], 0)), *parts[3:]])
        return {
            "schema_version": 1,
            "strategy_name": strategy_name(document),
            "description": self.text.strip(),
            "instruments": [scope.symbol] if scope.symbol else [],
            "timeframe": scope.timeframe,
            **document,
            "execution": execution,
            "provenance": {
                "source": "text" if len(self.turns) == 1 else "edit",
                "text": self.text,
                "url": None,
                "spans": [{"path": path, "start": span[0], "end": span[1]} for path, span in builder.built.spans],
            },
            "assumptions": scope.ledger.entries,
        }

    def _spec(self, document: Json) -> Spec | None:
        """The spec where it can be built. What can never be meant is an error even while something else is open."""
        if not document["entry_rules"]:
            return None
        open_ends = bool(self.desk.questions or self.unresolved)
        try:
            spec = parse_spec(document)
        except SpecInvalid as invalid:
            self.errors += invalid.issues
            return None
        issues = lint(spec)
        self.errors += [
            issue for issue in issues if not open_ends or issue.field.startswith(("/entry_rules/", "/indicators/"))
        ]
        return None if issues else spec

    def _result(self, spec: Spec | None, document: Json, where: Found, scope: Scope) -> Reading:
        status: Status
        if self.errors:
            status = "rejected"
        elif any(one.unsupported for one in self.unresolved):
            status = "unsupported"
        elif self.desk.questions or self.unresolved or spec is None:
            status = "needs_clarification"
        else:
            status = "complete"
        whole = spec if status == "complete" else None
        return Reading(
            status=status,
            text=self.text,
            spec=whole,
            draft=to_document(spec) if spec is not None else document,
            questions=self.desk.questions,
            unresolved=tuple(sorted(self.unresolved, key=lambda one: one.span)),
            errors=tuple(self.errors),
            assumptions=whole.assumptions
            if whole
            else tuple(Assumption.model_validate(e) for e in scope.ledger.entries),
            used=tuple(self.found.used),
            noise=tuple(sorted(self.found.noise)),
            found=where,
        )


def strategy_name(document: Json) -> str:
    """A short name out of what the entries look at: "RSI 14", "SMA 50 / SMA 100", "Price rules"."""
    entered = repr(document["entry_rules"])
    ids = [use["id"] for use in document["indicators"] if repr(use["id"]) in entered]
    names = [" ".join(identifier.split("_")) for identifier in ids[:3]]
    return " / ".join(names)[:120] or "Price rules"


def condition_of(sentence: str) -> Said:
    """The condition that a sentence given as an answer says. Raises TextRefused where it is none."""
    said = read_condition(sentence)
    if said is None:
        message = f"{sentence!r} was not understood"
        raise TextRefused(message, [Issue("/answers", message, "give a condition, for example 'RSI(14) is below 30'")])
    return said.when


def _prices(said: object) -> list[PriceOf]:
    from dataclasses import fields, is_dataclass

    if isinstance(said, PriceOf):
        return [said]
    if isinstance(said, tuple):
        return [price for item in said for price in _prices(item)]
    if is_dataclass(said):
        return [price for part in fields(said) for price in _prices(getattr(said, part.name))]
    return []
