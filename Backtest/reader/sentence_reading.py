"""One sentence read: as rules, as what is said before them, as talk, or as far as its pieces can be read."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from Backtest.reader.account_words import with_account
from Backtest.reader.clause import Clause
from Backtest.reader.denials import is_denial
from Backtest.reader.edit_frames import framed
from Backtest.reader.edit_reasons import without_reasons
from Backtest.reader.focus import in_focus
from Backtest.reader.for_all import ForAll, length_for_all
from Backtest.reader.headings import is_heading, with_session_named
from Backtest.reader.inline_lists import listed_in_line, side_in_line, with_act
from Backtest.reader.label_words import is_made_of, with_label_words
from Backtest.reader.leads import chained, shares_a_place
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import (
    content_of,
    is_verb_alone,
    span_of,
    with_hours,
    with_labels,
    with_trigger,
)
from Backtest.reader.loose_changes import loose_change
from Backtest.reader.loose_gains import loose_gain
from Backtest.reader.loose_rules import loose_rules
from Backtest.reader.loose_settings import loose_setting
from Backtest.reader.meanings import meanings, required
from Backtest.reader.pieces import is_told, pieces
from Backtest.reader.record import Record
from Backtest.reader.recovery import recover, refused_in_part
from Backtest.reader.refusals import refusal
from Backtest.reader.remarks import (
    is_remark,
)
from Backtest.reader.reminders import is_reminder
from Backtest.reader.results import is_about_results
from Backtest.reader.rule_frames import framed_chart, framed_rules, is_numbered
from Backtest.reader.side_openings import opens_side
from Backtest.reader.statement_syntax import (
    BareCondition,
    ContextSaid,
    FilterSaid,
    IndicatorsSaid,
    ListSaid,
    Statement,
    StopSaid,
    TargetSaid,
    TrailSaid,
)
from Backtest.reader.syntax import (
    Side,
)
from Backtest.reader.telling import tells_of_else
from Backtest.reader.theses import is_thesis
from Backtest.reader.title_parts import is_named_after, named, says_when
from Backtest.reader.title_settings import Beside, with_settings_beside
from Backtest.reader.titles import (
    ABANDONED,
    is_name,
    is_narration,
    is_opinion,
    is_talk,
    is_title,
    without_context,
    words_of,
)
from Backtest.reader.topics import topic_of
from Backtest.reader.units import with_units

_BEFORE_OTHERWISE = FilterSaid | StopSaid | TargetSaid | TrailSaid
_SIGNS = frozenset({"COMMA", "DASH", "COLON"})
_LINES = frozenset({"MA", "IND", "OUT", "CHANNEL", "CANDLE"})
_REQUIRED = frozenset({"must be", "has to be", "should be", "must have been", "has to have been"})


_KINDS = (["strategy"], ["system"], ["setup"], ["approach"], ["method"], ["idea"])


class SentenceReader:
    """Reads the sentences of a text, one after the other, into its record."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.text, self.found, self.edits = record.text, record.found, record.edits
        self.lengths: list[tuple[ForAll, Sequence[Token]]] = []  # said of every indicator at once

    def read(self, tokens: Sequence[Token]) -> None:
        self.found.sentences += 1
        tokens = self._with_own_labels(tokens)
        marked = with_trigger(self._without_otherwise(tokens))
        self.found.noise += [(one.start, one.end) for one in marked[:1] if one.kind == "NOISE"]
        labelled = with_labels(with_hours(content_of(marked)))
        content = with_units(labelled)
        counted = {one.start for one in content}
        self.record.use([token for token in labelled if token.start not in counted])
        content = self._after_opening(content)
        if is_reminder(self.text[slice(*span_of(tokens))]):
            self.record.use(tokens)
            return
        hours = with_session_named(content, self.text) if not self.found.clauses else None
        if hours is not None and is_heading(hours, self.text):
            self.record.tell(tokens)
            return
        if self._refuse(content) or self._is_of_all_lengths(content) or self._is_named_after(content):
            return
        if self._take_rules(tokens, content):
            return
        if not self._names_change(content) and (
            is_opinion(tokens) or is_talk(tokens) or self._is_titled(content) or is_narration(tokens, self.text)
        ):
            self.record.tell(tokens)
            return
        begun = not self.found.clauses or self.record.is_before_rules(())
        if self._take_named(content, begun=begun):
            return
        if tells_of_else(tokens, self.text) or self.record.is_headed(tokens) or is_made_of(content, self.text):
            self.record.tell(tokens)
            return
        left = self._behind_colon(content, begun=begun)
        if left:
            self._take_rest(left)

    def _take_rest(self, content: Sequence[Token]) -> None:
        """Reads a change, a title or a loose wording, and at last what of the pieces can be read."""
        if self.edits and (self._take_change(content) or self._take_reasoned(content)):
            return
        if self._take_title(content) or self._take_loose(content):
            return
        recover(self.record, content)

    def _behind_colon(self, content: Sequence[Token], *, begun: bool) -> Sequence[Token]:
        """What is still to be read of a sentence whose words before a colon may say nothing."""
        colon = next((i for i, token in enumerate(content) if token.kind == "COLON"), None)
        if not colon:
            return content
        led, rest = content[:colon], content[colon + 1 :]
        if colon == 1 and led[0].kind == "L_RULES" and (is_title(rest) or self.record.is_headed(rest)):
            self.found.noise.append(span_of(content))
            return ()
        if not self._is_empty_lead(led, self.text[content[colon].end :], begun=begun):
            return content
        self.record.tell(content[: colon + 1])
        read = self._read(rest) if rest else None
        if read is None:
            return rest
        self._take(read, rest)
        return ()

    def _is_empty_lead(self, led: Sequence[Token], after: str, *, begun: bool) -> bool:
        """Whether words before a colon are a title, talk, a number, or what all is about."""
        return (
            (is_title(without_context(led)) and not says_when(led, after))
            or is_narration(led, self.text)
            or self.record.is_headed(led)
            or tells_of_else(led, self.text)
            or (begun and not self.edits and is_numbered(led, self.text))
            or (begun and self._take_focus(led))
        )

    def _take_loose(self, content: Sequence[Token]) -> bool:
        """Reads what the grammar knows in no shape: a setting, or rules, in any words around them."""
        readers = (loose_setting, loose_gain, framed_rules, framed_chart, loose_rules)
        loose = next((said for reader in readers if (said := reader(content, self.text))), ())
        if loose:
            self._take((loose,), content)
        return bool(loose)

    def _take_reminded(self, content: Sequence[Token]) -> bool:
        """Reads a sentence without the reminder behind its last comma: "A, otherwise I sit on my hands"."""
        last = max((i for i, token in enumerate(content) if token.kind == "COMMA"), default=0)
        tail = content[last + 1 :]
        if not last or not tail or not is_reminder(self.text[slice(*span_of(tail))]):
            return False
        self.record.use(content[last:])
        self.read(content[:last])
        return True

    def _take_asked(self, content: Sequence[Token]) -> bool:
        """ "Anyone tried this on the EURUSD 1 hour?": the instrument and the chart that a question names."""
        if not content or self.text[content[-1].end :].lstrip()[:1] != "?" or not self.record.is_before_rules(()):
            return False
        at = next((i for i, token in enumerate(content) if token.kind in {"ON", "FOR"} and i), None)
        if at is None or not is_remark(content[:at], self.text):
            return False
        chart = named(content[at + 1 :], self.text)
        if chart is None or not chart.said or not all(isinstance(one, ContextSaid) for one in chart.said):
            return False
        self.record.use(content[at:])
        self.found.noise.append(span_of(content[:at]))
        self.record.add([(one, one.span) for one in chart.said], content)
        return True

    def _take_subject(self, content: Sequence[Token]) -> bool:
        """What a sentence before the rules names: indicators, what all is about, an instrument and its chart."""
        return self._take_declared(content, content) or self._take_focus(content) or self._take_asked(content)

    def _after_opening(self, content: list[Token]) -> list[Token]:
        """ "Now the short side too: short when ...", in a later turn: the rules without what opens them."""
        marks = [i for i, token in enumerate(content) if token.kind in _SIGNS]
        if not self.edits or not marks or not marks[0]:
            return content
        opening, rules = content[: marks[0]], content[marks[0] + 1 :]
        if not opens_side(opening, rules, self.text):
            return content
        self.record.tell(content[: marks[0] + 1])
        return rules

    def _take_rules(self, tokens: Sequence[Token], content: Sequence[Token]) -> bool:
        """Reads a sentence that the grammar knows, and one that is a list or says what a list before it is for."""
        read = self._read(content)
        labelled = read is not None and any(isinstance(one, ListSaid) for one in read[0])
        if (read is None or labelled) and self._take_listed(tokens, content):
            return True
        if read is not None:
            self._take(read, content)
        return read is not None

    def _take_listed(self, tokens: Sequence[Token], content: Sequence[Token]) -> bool:
        """Reads a list in one sentence, and what is done when the conditions said before are so."""
        side, rules = side_in_line(content)
        if side is not None:
            return self._take_side(side, content, rules)
        listed = listed_in_line(content, self.text)
        for said, item, head in listed:
            self.found.clauses.append(Clause(said, span_of(item), self.found.sentences, head))
        acted = with_act(tokens, self.text, self.found.clauses) if not listed else None
        if acted is not None:
            self.found.clauses[:] = acted
        if listed or acted is not None:
            self.record.use(content)
        return bool(listed) or acted is not None

    def _take_side(self, side: Side, content: Sequence[Token], rules: Sequence[Token]) -> bool:
        """ "Longs: enter when ...; exit when ...": the side of this line's rules until the next label."""
        if self.record.side is not None and not self.record.side_in_line:
            return False
        self.record.side, self.record.side_in_line = side, True
        self.record.use(content[:2])
        self.read(rules)
        return True

    def _take_named(self, content: Sequence[Token], *, begun: bool) -> bool:
        """Reads a sentence that names indicators and gives no rule."""
        if self._take_settings(content, begun=begun) or self._take_reminded(content):
            return True
        return begun and self._take_subject(content)

    def _take_settings(self, content: Sequence[Token], *, begun: bool) -> bool:
        """Reads a name whose settings stand apart, and the settings of an indicator in a sentence after the rules.

        That the numbers are its settings shows where a rule speaks of it.
        """
        beside = with_settings_beside(content) or (None if begun else Beside(list(content), [], []))
        if self.edits or beside is None or (beside.rules and not begun):
            return False
        begin = len(self.found.clauses)
        read = meanings(beside.tokens, "sentence") if begun else ()
        if len(read) == 1:
            self._take(read, beside.tokens)
        elif not self._take_declared(beside.tokens, beside.tokens) and not self._take_title(beside.tokens):
            return False
        told = self.found.clauses[begin:]
        self.found.clauses[begin:] = [
            replace(one, said=replace(one.said, promised=True)) if isinstance(one.said, IndicatorsSaid) else one
            for one in told
        ]
        self.record.use([*beside.left_out, *beside.rules[:1]])
        if beside.rules:
            self.read(beside.rules[1:])
        return True

    def _take_focus(self, content: Sequence[Token]) -> bool:
        """ "Only one thing matters here, the 100-day SMA": what the rules are all about."""
        told = in_focus(content, self.text)
        return bool(told) and self._take_declared(told, content)

    def _take_declared(self, named: Sequence[Token], content: Sequence[Token]) -> bool:
        """The indicators that a sentence before the rules names."""
        declared = meanings(named, "declaration")
        if declared:
            self._take(declared, content)
        return bool(declared)

    def _is_beside(self, content: Sequence[Token]) -> bool:
        """Whether a sentence is a thought about markets, or asks for results of the first text."""
        return not self.edits and (is_about_results(content, self.text) or is_thesis(content, self.text))

    def _with_own_labels(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """A label in the author's words; in a section of exits it is theirs, and no entry's."""
        labelled = with_label_words(tokens, self.text)
        exits = self.record.under is not None and self.record.under.role == "exit"
        if exits and labelled[0].kind in {"L_SETUP", "L_ENTRY"} and tokens[0].kind != labelled[0].kind:
            return tokens
        empty = [one for one in labelled if one.kind == "NOISE"]
        self.found.noise += [(one.start, one.end) for one in empty[:1]]
        return labelled

    def _is_named_after(self, content: Sequence[Token]) -> bool:
        """ "Bearish engulfing short.", before a rule of that pattern and side that says it all."""
        if not self.record.is_before_rules(()) or not is_named_after(content, self.text):
            return False
        self.found.noise.append(span_of(content))
        return True

    def _is_of_all_lengths(self, tokens: Sequence[Token]) -> bool:
        content = content_of(tokens)
        span = span_of(content) if content else (0, 0)
        said = None if self.edits else length_for_all(self.text[slice(*span)], span, self.found.sentences)
        if said is not None:
            self.lengths.append((said, content))
        return said is not None

    def _take_title(self, content: Sequence[Token]) -> bool:
        """Reads a name before the rules, with what it says of them, and what stands behind its colon."""
        if self.edits or self.found.unresolved or not self.record.is_before_rules(()):
            return False
        colon = next((i for i, token in enumerate(content) if token.kind == "COLON"), len(content))
        title = named(content[:colon], self.text)
        if title is None:
            return False
        self.record.use(content[: colon + 1]) if title.said else self.found.noise.append(span_of(content[: colon + 1]))
        self.record.add([(one, one.span if one.span != (0, 0) else span_of(content)) for one in title.said], content)
        if content[colon + 1 :]:
            self.read(content[colon + 1 :])
        return True

    def _take_change(self, content: Sequence[Token]) -> bool:
        """Reads "make the stop 3%, I get nervous": a change with words around it that tell of something else."""
        marks = [0, *(i + 1 for i, token in enumerate(content) if token.kind in _SIGNS), len(content) + 1]
        spans = [(a, b - 1) for a, b in pairwise(marks) if b - 1 > a]
        told = [span for span in spans if is_told(content, *span, self.text)]
        rest = [token for a, b in spans if (a, b) not in told for token in content[a : b + 1]]
        while rest and rest[-1].kind in _SIGNS:
            rest.pop()
        read = self._read(rest) if told and rest else None
        if read is None:
            return False
        for a, b in told:
            self.record.tell(content[a:b])
        self.record.use([token for token in content if token.kind in _SIGNS])
        self._take(read, rest)
        return True

    def _take_reasoned(self, content: Sequence[Token]) -> bool:
        """Reads "use 55 and 20 days like the slow turtles": a change, without why it is made."""
        kept, told = without_reasons(content, self.text)
        read = self._read(kept) if kept and told else None
        if read is None and kept:
            loose = loose_setting(kept, self.text) or loose_change(kept, self.text)
            read = (loose,) if loose else None
        others = self.text[: content[0].start] + self.text[content[-1].end :]
        if read is None and not (told and (kept or re.search(r"\w{3}", others))):
            return False  # nothing is told that could be done, or only why
        if told:
            self.record.tell(told)
        if read is not None:
            self._take(read, kept)
        elif kept:
            recover(self.record, kept)
        return True

    def _names_change(self, content: Sequence[Token]) -> bool:
        """ "Simple moving averages please": a later turn that names a line wants it, where a first one has a title."""
        return self.edits and any(token.kind in _LINES for token in content)

    def _is_titled(self, content: Sequence[Token]) -> bool:
        """Whether a sentence before the first rule is the name of the strategy."""
        content = without_context(content)
        if content and says_when(content, self.text[content[-1].end :]):
            return False
        if self.found.clauses or not is_title(content) or ABANDONED & {*words_of(content)}:
            return False
        return words_of(content)[-1:] in _KINDS or is_name(content)

    def _without_otherwise(self, tokens: Sequence[Token]) -> Sequence[Token]:
        """ "No trades on Mondays. Otherwise buy when ...": when the filter lets it."""
        last = self.found.clauses[-1].said if self.found.clauses else None
        if tokens[0].kind != "OTHERWISE" or len(tokens) < 3 or not isinstance(last, _BEFORE_OTHERWISE):
            return tokens
        taken = 2 if tokens[1].kind == "COMMA" else 1
        self.record.use(tokens[:taken])
        return tokens[taken:]

    def _refuse(self, content: Sequence[Token]) -> bool:
        """Whether the sentence is no rule, whatever else it says."""
        if is_denial(content) or (content and self._is_beside(content)):
            self.record.tell(content)
            return True
        found = refusal(
            content,
            lambda: self._read(content) is not None,
            lambda: all(said for *_, said in pieces(content, self.text)),
        )
        if found is None:
            return False
        if found.topic == "discretion" and not re.search(r"\d", self.text):
            # a text without any figure is asked about as a whole
            found = found._replace(reason=f"it is not said how that is seen; {found.reason.partition('nearest: ')[2]}")
        if not found.banned and (cut := refused_in_part(self.record, content)):
            recover(self.record, content, cut)
            return True
        kept = self.found.refused if found.banned else self.found.unresolved
        kept.append(self.record.unresolved(content, found.reason, found.topic))
        return True

    def _read(self, content: Sequence[Token]) -> tuple[tuple[Statement, ...], ...] | None:
        """The meanings of a sentence; in a list, a bare condition is one too."""
        said = meanings(content, "sentence")
        if self.edits and any(isinstance(one, IndicatorsSaid) for statements in said for one in statements):
            said = ()  # "use the 20-day EMA" names an indicator before the rules, and changes one after them
        if not said and self.record.under is None and any(token.text.lower() in _REQUIRED for token in content):
            said = required(meanings(content, "item"))
        if not said and (
            self.record.under is not None or self.record.listed or any(token.kind == "ARROW" for token in content[:1])
        ):
            said = meanings([t for t in content if t.kind != "ARROW"], "item")
        if not said and self.edits:
            told = framed(content, self.text)
            said = meanings(told, "sentence") if told != list(content) else ()
            said = said or meanings(told, "edit") or meanings(told, "swap")
        if not said and len(content) > 1 and content[0].kind == "WAIT":  # "Look for a hammer. Buy it."
            said = meanings(content[1:], "item")
            said = said if all(isinstance(one, BareCondition) for statements in said for one in statements) else ()
        if not said and self._follows_setup() and is_verb_alone(content):
            said = meanings(content, "item")
        return tuple(one for one in said if not chained(one, content)) or said or None

    def _follows_setup(self) -> bool:
        """Whether what was said last is a condition that its verb may follow on."""
        last = self.found.clauses[-1].said if self.found.clauses else None
        return isinstance(last, BareCondition) or (isinstance(last, FilterSaid) and last.setup)

    def _take(self, said: tuple[tuple[Statement, ...], ...], content: Sequence[Token]) -> None:
        said = with_account(said)
        if shares_a_place(content):
            reason = "ambiguous: whether both patterns, or only the last, are meant at that line"
            self.found.unresolved.append(self.record.unresolved(content, reason, topic_of(said[0])))
            return
        if len(said) > 1:
            self.found.unresolved.append(
                self.record.unresolved(content, "ambiguous: it can be read in more than one way", topic_of(said[0]))
            )
            return
        self.record.use(content)
        self.record.add([(one, one.span if one.span != (0, 0) else span_of(content)) for one in said[0]], content)
