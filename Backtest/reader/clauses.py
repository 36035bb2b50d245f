"""A text cut into sentences, headings and list items, each read on its own; what can't be read keeps its place."""

from collections.abc import Sequence
from dataclasses import replace

from Backtest.reader.asides import with_asides
from Backtest.reader.clause import LARGEST_RISK, Clause, Cut
from Backtest.reader.for_all import lengths_settled
from Backtest.reader.headings import named_list
from Backtest.reader.inline_lists import awaits_conditions
from Backtest.reader.interviews import with_answers
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.lines import (
    LABEL_LEVEL,
    Line,
    content_of,
    line_of,
    lines_of,
    sentences_of,
    span_of,
)
from Backtest.reader.marks import without_marks
from Backtest.reader.meanings import meanings
from Backtest.reader.named_conditions import with_conditions
from Backtest.reader.names import with_names
from Backtest.reader.programs import in_words, with_crossings
from Backtest.reader.reading import Unresolved
from Backtest.reader.record import Record
from Backtest.reader.refusals import told_to_machine
from Backtest.reader.restatements import without_restatements
from Backtest.reader.rewordings import reworded
from Backtest.reader.scenarios import with_given, with_held
from Backtest.reader.sentence_joints import is_item, reads, with_lists, with_next_lines
from Backtest.reader.sentence_reading import SentenceReader
from Backtest.reader.sides import (
    Unsided,
    check_verb,
    elided_exit,
    is_repeated,
    narrowed,
    side_of_heading,
    under_side,
)
from Backtest.reader.statement_syntax import (
    ExitSaid,
    ListSaid,
    SizeSaid,
    Statement,
)
from Backtest.reader.statement_trees import STATEMENTS
from Backtest.reader.syntax import Span
from Backtest.reader.teachings import without_teachings
from Backtest.reader.titles import (
    ABANDONED,
    is_title,
    words_of,
)
from Backtest.reader.topics import topic_of


def cut(text: str, *, offset: int = 0, edits: bool = False) -> Cut:
    """The clauses of `text` in order, counted from `offset`; with `edits`, changes of an earlier text too."""
    found = Cut()
    said, turns = reworded(text)
    plain, asked = with_answers(laid_out := without_marks(said))
    plain, given = with_given(plain)
    plain, held = with_held(plain)
    plain, calls = in_words(plain)
    told = with_asides(with_crossings(tokenize(plain), plain), plain)
    tokens = [replace(t, start=t.start + offset, end=t.end + offset) for t in told]
    for token in tokens:
        if token.kind == "NOISE":
            found.noise.append((token.start, token.end))
        if token.corrected is not None:
            found.corrections.append(((token.start, token.end), token.text, token.corrected))
    tokens, conditions = with_conditions(tokens, " " * offset + plain)
    tokens, lines = with_names(tokens)
    found.noise += [(i + offset, i + 1 + offset) for i, c in enumerate(text) if c.isalnum() and laid_out[i].isspace()]
    found.used[:] = [
        *((a + offset, b + offset) for a, b in (*calls, *asked, *given, *held, *turns)),
        *conditions,
        *lines,
    ]
    record = Record(" " * offset + said, found, edits)
    sentences = SentenceReader(record)
    _Cutter(record, sentences).read([line_of(line) for line in lines_of(tokens)])
    _settle_lengths(sentences)
    if not edits:
        without_restatements(found, record.text)
        without_teachings(found, record.text)
    for kept in (found.unresolved, found.refused):
        kept[:] = [replace(one, text=_written(text, one.span, offset)) for one in kept]
    return found


def _written(text: str, span: Span, offset: int) -> str:
    """The words of a span as their author wrote them."""
    return text[span[0] - offset : span[1] - offset]


class _Cutter:
    """Lines under their headings, and what of them is one sentence."""

    def __init__(self, record: Record, sentences: SentenceReader) -> None:
        self.record = record
        self.sentences = sentences
        self.text, self.found = record.text, record.found

    def read(self, lines: list[Line]) -> None:
        lines = with_next_lines(lines)
        i = 0
        while i < len(lines):
            line = lines[i]
            following = lines[i + 1] if i + 1 < len(lines) else None
            heading = self._heading(line, following)
            if heading is not None:
                heading = self._section(line, heading)
                self.record.in_risk = line.tokens[0].text.lower().startswith("risk")
                self.record.under = heading if heading.role != "rules" else None
                self.record.use(line.tokens)
                i += 1
                continue
            self.record.listed = line.bullet
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
        return alone and reads(following.tokens)

    def _behind_title(self, tokens: Sequence[Token]) -> tuple[tuple[Statement, ...], ...]:
        """ "Gap and go, buy when all of these are true:": the heading behind a name."""
        marks = [i for i, token in enumerate(tokens[:-1]) if token.kind in {"COMMA", "DASH", "COLON"}]
        if not marks or not (is_title(tokens[: marks[-1]]) or self.record.is_headed(tokens[: marks[-1]])):
            return ()
        return meanings(tokens[marks[-1] + 1 :], "heading")

    def _section(self, line: Line, heading: ListSaid) -> ListSaid:
        """Opens or ends the section of one side; the headings below one take its side."""
        named = side_of_heading(self.text[slice(*span_of(content_of(line.tokens)))])
        if named is not None:
            self.record.side, self.record.side_level, self.record.side_has_items = named, line.level, False
        elif heading.side is not None or (
            line.level <= self.record.side_level and (line.heading or self.record.side_has_items)
        ):
            self.record.side = None
        elif self.record.side is not None and heading.role in {"entry", "exit"}:
            return replace(heading, side=self.record.side)
        return heading

    def _ends_section(self, line: Line) -> bool:
        return line.level <= self.record.side_level and (line.heading or self.record.side_has_items)

    def _join(self, lines: list[Line], i: int) -> int:
        """Reads the line at `i`, with the lines that go on with its sentence; answers how many lines."""
        tokens, taken = list(lines[i].tokens), 1
        while (
            i + taken < len(lines)
            and not lines[i + taken].bullet
            and not lines[i + taken].heading
            and not reads(tokens)
            and (taken < 4)
            and reads([*tokens, *lines[i + taken].tokens])
        ):
            tokens += lines[i + taken].tokens
            taken += 1
        if not lines[i].bullet and self.record.under is not None and not is_item(tokens):
            self.record.under = None
        if not lines[i].bullet and self.record.side_has_items and self.record.side_level == LABEL_LEVEL:
            self.record.side = None
        self.record.side_has_items |= (
            lines[i].bullet and self.record.under is not None and self.record.under.side is not None
        )
        sentences = with_lists(sentences_of(tokens), self.text, self.record.use)
        self.record.listed |= any(awaits_conditions(one, self.text) for one in sentences[1:])
        for before, sentence in zip([*sentences[:1], *sentences], sentences, strict=False):
            if self.record.side_in_line and self.text[before[-1].end : sentence[0].start].strip() != ";":
                self.record.side, self.record.side_in_line = None, False
            begin = len(self.found.clauses)
            if not self._is_banned(sentence):
                self.sentences.read(sentence)
            self.found.clauses[begin:] = self._settled(self.found.clauses[begin:], self.found.clauses[:begin][-1:])
        if self.record.side_in_line:
            self.record.side, self.record.side_in_line = None, False
        return taken

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
                    earlier = self.found.clauses[: len(self.found.clauses) - len(clauses)]
                    said = narrowed(said, [one.said for one in out], [one.said for one in earlier])
                    said = under_side(said, self.record.side) if self.record.side is not None else said
                    if (
                        self.record.in_risk
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
            out.append(replace(clause, said=said, side=self.record.side))
        return out

    def _is_banned(self, tokens: Sequence[Token]) -> bool:
        """Whether a sentence is addressed to the machine, or to the law, whatever a rule would make of its words."""
        found = told_to_machine(self.text[slice(*span_of(tokens))])
        if found is not None:
            self.found.refused.append(self.record.unresolved(tokens, found.reason, found.topic))
        return found is not None


def _settle_lengths(sentences: SentenceReader) -> None:
    """Gives "all 14 periods" to the indicators that have no length of their own."""
    record = sentences.record
    for said, content in sentences.lengths:
        clause = lengths_settled(said, record.found.clauses) if len(sentences.lengths) == 1 else None
        if clause is None:
            record.found.unresolved.append(record.unresolved(content, "of which indicators is this length", "clause"))
        else:
            record.use(content)
            record.found.clauses.append(clause)
