"""A text cut into sentences, headings and list items, each read on its own; what can't be read keeps its place."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from Backtest.reader.announcements import is_announcement
from Backtest.reader.asides import with_asides
from Backtest.reader.clause import LARGEST_RISK, Clause, Cut
from Backtest.reader.denials import is_denial
from Backtest.reader.edit_frames import framed
from Backtest.reader.focus import in_focus
from Backtest.reader.for_all import ForAll, length_for_all, lengths_settled
from Backtest.reader.headings import is_heading, named_list, with_session_named
from Backtest.reader.inline_lists import awaits_conditions, listed_in_line, side_in_line, with_act
from Backtest.reader.label_words import is_made_of, with_label_words
from Backtest.reader.leads import chained, disputed
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.lines import (
    LABEL_LEVEL,
    Line,
    content_of,
    is_verb_alone,
    line_of,
    lines_of,
    sentences_of,
    with_hours,
    with_labels,
    with_trigger,
    without_bold,
)
from Backtest.reader.meanings import meanings
from Backtest.reader.named_conditions import with_conditions
from Backtest.reader.names import with_names
from Backtest.reader.narratives import is_narrative
from Backtest.reader.pieces import Piece, by_action, is_told, pieces, stripped
from Backtest.reader.programs import in_words, with_crossings
from Backtest.reader.reading import Unresolved
from Backtest.reader.refusals import refusal, told_to_machine, unsupported_piece
from Backtest.reader.remarks import (
    is_about_text,
    is_always_in,
    is_look_at_chart,
    is_of_instrument,
    is_remark,
    is_request,
    is_routine,
    is_slogan,
)
from Backtest.reader.reminders import is_reminder
from Backtest.reader.results import is_about_results
from Backtest.reader.side_openings import opens_side
from Backtest.reader.sides import Unsided, check_verb, elided_exit, is_repeated, side_of_heading, under_side
from Backtest.reader.statement_syntax import (
    BareCondition,
    ContextSaid,
    EntrySaid,
    ExitSaid,
    FilterSaid,
    IndicatorsSaid,
    ListSaid,
    NoteSaid,
    SizeSaid,
    Statement,
)
from Backtest.reader.statement_trees import STATEMENTS, instrument
from Backtest.reader.suggestions import why_not_read
from Backtest.reader.syntax import (
    Mention,
    Side,
    Span,
)
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
from Backtest.reader.topics import likely_topic, topic_of
from Backtest.reader.units import with_units
from Backtest.reader.vague import is_loss_in_money, is_of_size, with_or_else


def cut(text: str, *, offset: int = 0, edits: bool = False) -> Cut:
    """The clauses of `text` in order, counted from `offset`; with `edits`, changes of an earlier text too."""
    found = Cut()
    plain, calls = in_words(without_bold(text))
    told = with_asides(with_crossings(tokenize(plain), plain), plain)
    tokens = [replace(t, start=t.start + offset, end=t.end + offset) for t in told]
    for token in tokens:
        if token.kind == "NOISE":
            found.noise.append((token.start, token.end))
        if token.corrected is not None:
            found.corrections.append(((token.start, token.end), token.text, token.corrected))
    tokens, conditions = with_conditions(tokens, " " * offset + plain)
    tokens, lines = with_names(tokens)
    found.used[:] = [*((a + offset, b + offset) for a, b in calls), *conditions, *lines]
    cutter = _Cutter(" " * offset + text, found, edits=edits)
    cutter.read([line_of(line) for line in lines_of(tokens)])
    cutter.settle_lengths()
    return found


class _Cutter:
    def __init__(self, text: str, found: Cut, *, edits: bool) -> None:
        self.text = text
        self.edits = edits
        self.found = found
        self.under: ListSaid | None = None
        self.side: Side | None = None  # of the section that a heading such as "Short" opens
        self.side_level = LABEL_LEVEL
        self.side_has_items = False
        self.side_in_line = False  # whether it is that of a label within the line at hand
        self.in_risk = False  # whether the heading above speaks of risk
        self.listed = False  # whether the line at hand is an item of a list
        self.lengths: list[tuple[ForAll, Sequence[Token]]] = []  # said of every indicator at once

    def read(self, lines: list[Line]) -> None:
        lines = self._with_next_lines(lines)
        i = 0
        while i < len(lines):
            line = lines[i]
            following = lines[i + 1] if i + 1 < len(lines) else None
            heading = self._heading(line, following)
            if heading is not None:
                heading = self._section(line, heading)
                self.in_risk = line.tokens[0].text.lower().startswith("risk")
                self.under = heading if heading.role != "rules" else None
                self._use(line.tokens)
                i += 1
                continue
            self.listed = line.bullet
            i += self._join(lines, i)

    def _heading(self, line: Line, following: Line | None) -> ListSaid | None:
        """What the items below are for: a `#` line, or a label alone on its line."""
        tokens = content_of(line.tokens)
        if not tokens or line.bullet:
            return None
        ends = tokens[-1].kind == "COLON"
        labelled = following is not None and not ends and self._is_label(line, following)
        if not line.heading and not ends and not labelled and not (following is not None and following.bullet):
            return None
        said = meanings(tokens, "heading") or self._behind_title(tokens)
        if len(said) == 1 and len(said[0]) == 1 and isinstance(said[0][0], ListSaid):
            return said[0][0]
        if not said and following is not None and following.bullet and (named := named_list(tokens, self.text)):
            return named
        if line.heading and is_title(tokens) and not self.found.clauses and not ABANDONED & {*words_of(tokens)}:
            return ListSaid("rules")
        return None

    def _is_label(self, line: Line, following: Line) -> bool:
        """ "Entry criteria" alone on its line, above lines that are read by themselves."""
        alone = len(line.tokens) == 1 and line.tokens[0].kind in {"L_ENTRY", "L_EXIT", "L_RISK", "L_FILTER"}
        return alone and self._reads(following.tokens)

    def _behind_title(self, tokens: Sequence[Token]) -> tuple[tuple[Statement, ...], ...]:
        """ "Gap and go, buy when all of these are true:": the heading behind a name."""
        marks = [i for i, token in enumerate(tokens[:-1]) if token.kind in {"COMMA", "DASH", "COLON"}]
        if not marks or not (is_title(tokens[: marks[-1]]) or self._is_headed(tokens[: marks[-1]])):
            return ()
        return meanings(tokens[marks[-1] + 1 :], "heading")

    def _section(self, line: Line, heading: ListSaid) -> ListSaid:
        """Opens or ends the section of one side; the headings below one take its side."""
        named = side_of_heading(self.text[slice(*_span(content_of(line.tokens)))])
        if named is not None:
            self.side, self.side_level, self.side_has_items = named, line.level, False
        elif heading.side is not None or (line.level <= self.side_level and (line.heading or self.side_has_items)):
            self.side = None
        elif self.side is not None and heading.role in {"entry", "exit"}:
            return replace(heading, side=self.side)
        return heading

    def _join(self, lines: list[Line], i: int) -> int:
        """Reads the line at `i`, with the lines that go on with its sentence; answers how many lines."""
        tokens, taken = list(lines[i].tokens), 1
        while (
            i + taken < len(lines)
            and not lines[i + taken].bullet
            and not lines[i + taken].heading
            and not self._reads(tokens)
            and (taken < 4)
            and self._reads([*tokens, *lines[i + taken].tokens])
        ):
            tokens += lines[i + taken].tokens
            taken += 1
        if not lines[i].bullet and self.under is not None and not self._is_item(tokens):
            self.under = None
        if not lines[i].bullet and self.side_has_items and self.side_level == LABEL_LEVEL:
            self.side = None
        self.side_has_items |= lines[i].bullet and self.under is not None and self.under.side is not None
        sentences = self._with_lists(sentences_of(tokens))
        self.listed |= any(awaits_conditions(one, self.text) for one in sentences[1:])
        for before, sentence in zip([*sentences[:1], *sentences], sentences, strict=False):
            if self.side_in_line and self.text[before[-1].end : sentence[0].start].strip() != ";":
                self.side, self.side_in_line = None, False
            begin = len(self.found.clauses)
            if not self._is_banned(sentence):
                self._sentence(sentence)
            self.found.clauses[begin:] = self._settled(self.found.clauses[begin:], self.found.clauses[:begin][-1:])
        if self.side_in_line:
            self.side, self.side_in_line = None, False
        return taken

    def _with_lists(self, sentences: Sequence[list[Token]]) -> list[list[Token]]:
        """ "Entry: RSI(14) < 45; close above SMA(50)": what stands after a semicolon is one more condition."""
        out: list[list[Token]] = []
        for sentence in sentences:
            told = bool(out) and (sentence[0].kind == "THEREUPON" or self._awaits(out[-1], sentence))
            if told and (joined := self._with_action(out[-1], sentence)):
                out[-1] = joined
                continue
            if out and (followed := self._with_next_step(out[-1], sentence)):
                out[-1] = followed
                continue
            mark = self.text[out[-1][-1].end : sentence[0].start].strip() if out else ""
            joint = Token("AND", mark, out[-1][-1].end, sentence[0].start) if mark == ";" else None
            if joint and listed_in_line(
                content_of([*out[-1], one := replace(joint, kind="COMMA"), *sentence]), self.text
            ):
                out[-1] = [*out[-1], one, *sentence]
                continue
            if joint and not meanings(content_of(sentence), "sentence") and self._reads([*out[-1], joint, *sentence]):
                out[-1] = [*out[-1], joint, *sentence]
            else:
                out.append(sentence)
        return out

    def _with_next_step(self, first: list[Token], step: list[Token]) -> list[Token] | None:
        """ "First RSI drops below 35. Then, if MACD crosses above its signal within 8 bars, buy." as one sentence."""
        if step[0].kind != "THEN" or meanings(content_of(first), "sentence"):
            return None
        joined = [*first, Token("COMMA", "", first[-1].end, first[-1].end), *step]
        return joined if self._reads(joined) else None

    def _with_next_lines(self, lines: Sequence[Line]) -> list[Line]:
        """ "Step 1: A" and, on the next line, "Step 2: within 8 bars B, buy" as one."""
        out: list[Line] = []
        for line in lines:
            after = out[-1] if out and out[-1].bullet and line.bullet and line.tokens else None
            joined = self._with_next_step(list(after.tokens), list(line.tokens)) if after is not None else None
            if joined is None:
                out.append(line)
            else:
                out[-1] = replace(line, tokens=tuple(joined))
        return out

    def _awaits(self, setup: list[Token], action: Sequence[Token]) -> bool:
        """Whether a sentence is a condition alone, and the next one what is done then."""
        return is_verb_alone(action) and not meanings(content_of(setup), "sentence")

    def _with_action(self, setup: list[Token], action: list[Token]) -> list[Token] | None:
        """ "RSI is below 30. That's when I buy." as one sentence, without the label ("My setup:") before it."""
        action = [token for token in action if token.kind != "COMMA"]
        colon = next((i for i, token in enumerate(setup) if token.kind == "COLON"), -1)
        for begin in (0, colon + 1):
            joined = [*setup[begin:], *action]
            if self._reads(joined):
                self._use(setup[:begin])
                return joined
        return None

    def _settled(self, clauses: Sequence[Clause], before: Sequence[Clause]) -> list[Clause]:
        """The clauses of one sentence with the verbs and sides that are said before them; the others are unresolved."""
        out: list[Clause] = []
        leaving: str | None = None
        for clause in clauses:
            said, words = clause.said, self.text[slice(*clause.span)]
            try:
                if isinstance(said, STATEMENTS):
                    if any(isinstance(one.said, ExitSaid) for one in before) and clause is clauses[0]:
                        check_verb(said, words, self.text[slice(*before[0].span)])
                    said = elided_exit(said, words, leaving) if leaving is not None else said
                    said = under_side(said, self.side) if self.side is not None else said
                    if (
                        self.in_risk
                        and isinstance(said, SizeSaid)
                        and said.kind == "fraction"
                        and said.value <= LARGEST_RISK
                    ):
                        raise Unsided("it is not clear whether this is the size of a position or the risk of a trade")
                    if is_repeated(said, words):
                        raise Unsided("unsupported: a partial exit happens once per position, not each time")
            except Unsided as unsided:
                self.found.unresolved.append(Unresolved(words, clause.span, str(unsided), topic_of((clause.said,))))
                continue
            leaving = words if isinstance(said, ExitSaid) else leaving
            out.append(replace(clause, said=said, side=self.side))
        return out

    def _is_item(self, tokens: Sequence[Token]) -> bool:
        return any(meanings(content_of(sentence), "item") for sentence in sentences_of(tokens))

    def _reads(self, tokens: Sequence[Token]) -> bool:
        return all(meanings(content_of(s), "sentence") or meanings(content_of(s), "item") for s in sentences_of(tokens))

    # ------------------------------------------------------------------------------------------ one sentence

    def _is_banned(self, tokens: Sequence[Token]) -> bool:
        """Whether a sentence is addressed to the machine, or to the law, whatever a rule would make of its words."""
        found = told_to_machine(self.text[slice(*_span(tokens))])
        if found is not None:
            self.found.refused.append(self._unresolved(tokens, found.reason, found.topic))
        return found is not None

    def _sentence(self, tokens: Sequence[Token]) -> None:
        self.found.sentences += 1
        tokens = self._with_own_labels(tokens)
        marked = with_trigger(self._without_otherwise(tokens))
        self.found.noise += [(one.start, one.end) for one in marked[:1] if one.kind == "NOISE"]
        labelled = with_labels(with_hours(content_of(marked)))
        content = with_units(labelled)
        counted = {one.start for one in content}
        self._use([token for token in labelled if token.start not in counted])
        content = self._after_opening(content)
        if is_reminder(self.text[slice(*_span(tokens))]):
            self._use(tokens)
            return
        hours = with_session_named(content, self.text) if not self.found.clauses else None
        if hours is not None and is_heading(hours, self.text):
            self._tell(tokens)
            return
        if self._refuse(content) or self._is_of_all_lengths(content) or self._is_named_after(content):
            return
        if self._take_rules(tokens, content):
            return
        if not self._names_change(content) and (
            is_opinion(tokens) or is_talk(tokens) or self._is_titled(content) or is_narration(tokens, self.text)
        ):
            self._tell(tokens)
            return
        begun = not self.found.clauses or self._is_before_rules(())
        if self._take_named(content, begun=begun):
            return
        if self._is_remark(tokens) or self._is_headed(tokens) or is_made_of(content, self.text):
            self._tell(tokens)
            return
        colon = next((i for i, token in enumerate(content) if token.kind == "COLON"), None)
        if colon == 1 and content[0].kind == "L_RULES" and (is_title(content[2:]) or self._is_headed(content[2:])):
            self.found.noise.append(_span(content))
            return
        if colon and (
            (
                is_title(without_context(content[:colon]))
                and not says_when(content[:colon], self.text[content[colon].end :])
            )
            or is_narration(content[:colon], self.text)
            or self._is_headed(content[:colon])
            or self._is_remark(content[:colon])
            or (begun and self._take_focus(content[:colon]))
        ):
            self._tell(content[: colon + 1])
            rest = content[colon + 1 :]
            if not rest:
                return
            read = self._read(rest)
            if read is not None:
                self._take(read, rest)
                return
            content = rest
        if self.edits and self._take_change(content):
            return
        if self._take_title(content):
            return
        self._recover(content)

    def _take_reminded(self, content: Sequence[Token]) -> bool:
        """Reads a sentence without the reminder behind its last comma: "A, otherwise I sit on my hands"."""
        last = max((i for i, token in enumerate(content) if token.kind == "COMMA"), default=0)
        tail = content[last + 1 :]
        if not last or not tail or not is_reminder(self.text[slice(*_span(tail))]):
            return False
        self._use(content[last:])
        self._sentence(content[:last])
        return True

    def _take_asked(self, content: Sequence[Token]) -> bool:
        """ "Anyone tried this on the EURUSD 1 hour?": the instrument and the chart that a question names."""
        if not content or self.text[content[-1].end :].lstrip()[:1] != "?" or not self._is_before_rules(()):
            return False
        at = next((i for i, token in enumerate(content) if token.kind in {"ON", "FOR"} and i), None)
        if at is None or not is_remark(content[:at], self.text):
            return False
        chart = named(content[at + 1 :], self.text)
        if chart is None or not chart.said or not all(isinstance(one, ContextSaid) for one in chart.said):
            return False
        self._use(content[at:])
        self.found.noise.append(_span(content[:at]))
        self._add([(one, one.span) for one in chart.said], content)
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
        self._tell(content[: marks[0] + 1])
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
            self.found.clauses.append(Clause(said, _span(item), self.found.sentences, head))
        acted = with_act(tokens, self.text, self.found.clauses) if not listed else None
        if acted is not None:
            self.found.clauses[:] = acted
        if listed or acted is not None:
            self._use(content)
        return bool(listed) or acted is not None

    def _take_side(self, side: Side, content: Sequence[Token], rules: Sequence[Token]) -> bool:
        """ "Longs: enter when ...; exit when ...": the side of this line's rules until the next label."""
        if self.side is not None and not self.side_in_line:
            return False
        self.side, self.side_in_line = side, True
        self._use(content[:2])
        self._sentence(rules)
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
        self._use([*beside.left_out, *beside.rules[:1]])
        if beside.rules:
            self._sentence(beside.rules[1:])
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
        exits = self.under is not None and self.under.role == "exit"
        if exits and labelled[0].kind in {"L_SETUP", "L_ENTRY"} and tokens[0].kind != labelled[0].kind:
            return tokens
        empty = [one for one in labelled if one.kind == "NOISE"]
        self.found.noise += [(one.start, one.end) for one in empty[:1]]
        return labelled

    def _is_named_after(self, content: Sequence[Token]) -> bool:
        """ "Bearish engulfing short.", before a rule of that pattern and side that says it all."""
        if not self._is_before_rules(()) or not is_named_after(content, self.text):
            return False
        self.found.noise.append(_span(content))
        return True

    def _is_of_all_lengths(self, tokens: Sequence[Token]) -> bool:
        content = content_of(tokens)
        span = _span(content) if content else (0, 0)
        said = None if self.edits else length_for_all(self.text[slice(*span)], span, self.found.sentences)
        if said is not None:
            self.lengths.append((said, content))
        return said is not None

    def settle_lengths(self) -> None:
        """Gives "all 14 periods" to the indicators that have no length of their own."""
        for said, content in self.lengths:
            clause = lengths_settled(said, self.found.clauses) if len(self.lengths) == 1 else None
            if clause is None:
                self.found.unresolved.append(self._unresolved(content, "of which indicators is this length", "clause"))
            else:
                self._use(content)
                self.found.clauses.append(clause)

    def _take_title(self, content: Sequence[Token]) -> bool:
        """Reads a name before the rules, with what it says of them, and what stands behind its colon."""
        if self.edits or self.found.unresolved or not self._is_before_rules(()):
            return False
        colon = next((i for i, token in enumerate(content) if token.kind == "COLON"), len(content))
        title = named(content[:colon], self.text)
        if title is None:
            return False
        self._use(content[: colon + 1]) if title.said else self.found.noise.append(_span(content[: colon + 1]))
        self._add([(one, one.span if one.span != (0, 0) else _span(content)) for one in title.said], content)
        if content[colon + 1 :]:
            self._sentence(content[colon + 1 :])
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
            self._tell(content[a:b])
        self._use([token for token in content if token.kind in _SIGNS])
        self._take(read, rest)
        return True

    def _is_remark(self, tokens: Sequence[Token]) -> bool:
        tells = (
            is_remark,
            is_request,
            is_narrative,
            is_slogan,
            is_routine,
            is_look_at_chart,
            is_about_text,
            is_of_instrument,
            is_always_in,
            is_announcement,
            is_thesis,
        )
        content = content_of(tokens)
        return bool(content) and any(told(content, self.text) for told in tells)

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
        if tokens[0].kind != "OTHERWISE" or len(tokens) < 3 or not isinstance(last, FilterSaid):
            return tokens
        taken = 2 if tokens[1].kind == "COMMA" else 1
        self._use(tokens[:taken])
        return tokens[taken:]

    def _is_before_rules(self, read: Sequence[tuple[Statement, Span]]) -> bool:
        said = [*(one for one, _ in read), *(clause.said for clause in self.found.clauses)]
        return not self.edits and all(isinstance(one, ContextSaid | NoteSaid | IndicatorsSaid) for one in said)

    def _is_headed(self, tokens: Sequence[Token]) -> bool:
        """Whether words before the first rule are a title that no table lists."""
        content = content_of(tokens)
        if not content or says_when(content, self.text[content[-1].end :]):
            return False
        return self._is_before_rules(()) and is_heading(content, self.text)

    def _tell(self, tokens: Sequence[Token]) -> None:
        """Words of narration are noise; an instrument or a chart that they name is the one of the strategy."""
        if _trend_of_chart(content_of(tokens)):
            reason = "how the trend of that chart is told"
            self.found.unresolved.append(self._unresolved(content_of(tokens), reason, "timeframe"))
            return
        self.found.noise.append(_span(tokens))
        charts = [token for token in tokens if token.kind == "TF"]
        if len(charts) > 1:  # "weekly levels on the daily chart"
            charts = [a for a, b in pairwise(content_of(tokens)) if a.kind == "TF" and b.kind in {"CHART", "UNIT"}]
        for token in tokens:
            if token.kind == "TICKER" or token in charts:
                span = (token.start, token.end)
                said = instrument(token) if token.kind == "TICKER" else ContextSaid("timeframe", str(token.value), span)
                self.found.clauses.append(Clause(said, span, self.found.sentences))
        channels = [token for token in tokens if token.kind == "CHANNEL"]
        if len(channels) == 1:  # "Bollinger breakout": whose bands the rules speak of
            span = (channels[0].start, channels[0].end)
            named = IndicatorsSaid((Mention(str(channels[0].value), span=span),), span)
            self.found.clauses.append(Clause(named, span, self.found.sentences))

    def _refuse(self, content: Sequence[Token]) -> bool:
        """Whether the sentence is no rule, whatever else it says."""
        if is_denial(content) or (content and self._is_beside(content)):
            self._tell(content)
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
        if not found.banned and (cut := self._refused_in_part(content)):
            self._recover(content, cut)
            return True
        kept = self.found.refused if found.banned else self.found.unresolved
        kept.append(self._unresolved(content, found.reason, found.topic))
        return True

    def _refused_in_part(self, content: Sequence[Token]) -> Sequence[Piece]:
        """The pieces of a sentence where some hold what the language has no word for, and others are read."""
        cut = pieces(with_or_else(content), self.text)
        told = any(not isinstance(one, ContextSaid) for *_, said in cut for one in said)
        refused = any(unsupported_piece(content[begin:end]) for begin, end, said in cut if not said)
        return cut if told and refused else ()

    def _read(self, content: Sequence[Token]) -> tuple[tuple[Statement, ...], ...] | None:
        """The meanings of a sentence; in a list, a bare condition is one too."""
        said = meanings(content, "sentence")
        if self.edits and any(isinstance(one, IndicatorsSaid) for statements in said for one in statements):
            said = ()  # "use the 20-day EMA" names an indicator before the rules, and changes one after them
        if not said and self.under is None and any(token.text.lower() in _REQUIRED for token in content):
            said = _required(meanings(content, "item"))
        if not said and (self.under is not None or self.listed or any(token.kind == "ARROW" for token in content[:1])):
            said = meanings([t for t in content if t.kind != "ARROW"], "item")
        if not said and self.edits:
            told = framed(content, self.text)
            said = meanings(told, "sentence") if told != list(content) else ()
            said = said or meanings(told, "edit") or meanings(told, "swap")
        if not said and self._follows_setup() and is_verb_alone(content):
            said = meanings(content, "item")
        return tuple(one for one in said if not chained(one, content)) or said or None

    def _follows_setup(self) -> bool:
        """Whether what was said last is a condition that its verb may follow on."""
        last = self.found.clauses[-1].said if self.found.clauses else None
        return isinstance(last, BareCondition) or (isinstance(last, FilterSaid) and last.setup)

    def _take(self, said: tuple[tuple[Statement, ...], ...], content: Sequence[Token]) -> None:
        if len(said) > 1:
            self.found.unresolved.append(
                self._unresolved(content, "ambiguous: it can be read in more than one way", topic_of(said[0]))
            )
            return
        self._use(content)
        self._add([(one, one.span if one.span != (0, 0) else _span(content)) for one in said[0]], content)

    def _add(self, said: Sequence[tuple[Statement, Span]], content: Sequence[Token]) -> None:
        """The statements of one sentence as clauses; those with conditions that may be another's are unresolved."""
        before = self.found.clauses[-1].said if self.found.clauses else None
        last = before if isinstance(before, STATEMENTS) else None
        unsure = [id(one) for one in disputed([one for one, _ in said], content, last, self.text)]
        for one, span in said:
            if id(one) in unsure:
                reason = "ambiguous: the conditions before its verb may belong to the rule before"
                self.found.unresolved.append(Unresolved(self.text[slice(*span)], span, reason, topic_of((one,))))
            else:
                self.found.clauses.append(Clause(one, span, self.found.sentences, self.under))

    def _recover(self, content: Sequence[Token], cut: Sequence[Piece] = ()) -> None:
        """Reads the pieces between separators that can be read, and keeps the others as unresolved."""
        read: list[tuple[Statement, Span]] = []
        content = with_or_else(content)
        for begin, end, said in cut or pieces(content, self.text):
            piece = stripped(content[begin:end])
            refused = unsupported_piece(piece) if not said else None
            titled = not (begin or read or said) and bool(piece) and self._is_headed(piece)
            if refused is not None and not is_denial(piece):
                self._leave(piece, content[begin:end], *refused)
            elif titled or (piece and not said and is_told(content, begin, end, self.text)):
                self._tell(content[begin:end])
            elif not piece or is_reminder(self.text[slice(*_span(piece))]):
                self._use(content[begin:end])
            elif not said and self._is_before_rules(read) and (named := meanings(piece, "declaration")):
                self._use(content[begin:end])
                read += [(one, _span(piece)) for one in named[0]]
            elif said:
                self._use(content[begin:end])
                read += [(one, one.span if one.span != (0, 0) else _span(piece)) for one in said]
            else:
                self._leave_rules(piece, content[begin:end], read)
        self._add(read, content)

    def _leave_rules(
        self, piece: Sequence[Token], cut: Sequence[Token], read: Sequence[tuple[Statement, Span]]
    ) -> None:
        """Keeps what is not read, each rule of it for itself."""
        rules = by_action(piece)
        for rule in rules:
            topic = likely_topic(rule)
            if topic == "clause" and is_of_size(rule):
                topic = "size"
            elif topic == "clause" and is_loss_in_money(rule):
                topic = "stop"
            elif topic == "clause" and read and isinstance(read[-1][0], EntrySaid | ExitSaid):  # "... or 25"
                topic = topic_of((read[-1][0],))
            self._leave(rule, rule, why_not_read(rule), topic)
        kept = {token.start for rule in rules for token in rule}
        self._use([token for token in cut if token.start not in kept])

    def _leave(self, piece: Sequence[Token], cut: Sequence[Token], reason: str, topic: str) -> None:
        """Keeps a piece as unresolved; the signs around it are used."""
        self.found.unresolved.append(self._unresolved(piece, reason, topic))
        start, stop = _span(piece)
        self._use([token for token in cut if token.end <= start or token.start >= stop])

    def _use(self, tokens: Sequence[Token]) -> None:
        self.found.used += [(token.start, token.end) for token in tokens]

    def _unresolved(self, tokens: Sequence[Token], reason: str, topic: str) -> Unresolved:
        start, end = _span(tokens)
        return Unresolved(self.text[start:end], (start, end), reason, topic)


def _trend_of_chart(content: Sequence[Token]) -> bool:
    """ "Trade with the weekly trend:" speaks of a condition, and not of the chart that is traded."""
    words = [token for token in content if token.kind not in {"COLON", "COMMA"}]
    return (
        len(words) > 2
        and words[-1].kind == "TREND"
        and words[-2].kind == "TF"
        and words[-3].kind in {"WITH", "IN", "BY", "TO", "ON"}
    )


_SIGNS = frozenset({"COMMA", "DASH", "COLON"})
_LINES = frozenset({"MA", "IND", "OUT", "CHANNEL", "CANDLE"})
_REQUIRED = frozenset({"must be", "has to be", "should be", "must have been", "has to have been"})


def _required(said: tuple[tuple[Statement, ...], ...]) -> tuple[tuple[Statement, ...], ...]:
    """ "Price must be above the 200-day SMA" alone is a condition of every entry."""
    return tuple(
        tuple(
            FilterSaid(one.when, span=one.span, setup=True) if isinstance(one, BareCondition) else one
            for one in statements
        )
        for statements in said
    )


_KINDS = (["strategy"], ["system"], ["setup"], ["approach"], ["method"], ["idea"])


def _span(tokens: Sequence[Token]) -> Span:
    return tokens[0].start, tokens[-1].end
