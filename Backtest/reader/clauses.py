"""A text cut into sentences, headings and list items, each read on its own; what can't be read keeps its place."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from Backtest.reader import (
    condition_trees,
    edit_trees,
    grammar,
    operand_trees,
    predicate_trees,
    risk_trees,
    section_trees,
    statement_trees,
)
from Backtest.reader.edit_trees import Change
from Backtest.reader.lexicon import Token, tokenize
from Backtest.reader.reading import Unresolved
from Backtest.reader.sides import Unsided, check_verb, elided_exit, is_repeated, side_of_heading, under_side
from Backtest.reader.statement_trees import STATEMENTS
from Backtest.reader.syntax import (
    BareCondition,
    ExitSaid,
    ListSaid,
    Side,
    Span,
    Statement,
)
from Backtest.reader.titles import is_opinion, is_title, words_of
from Backtest.reader.topics import likely_topic, topic_of
from Backtest.reader.trees import Misread, statements

READERS = (
    operand_trees,
    condition_trees,
    predicate_trees,
    risk_trees,
    statement_trees,
    section_trees,
    edit_trees,
)  # importing them registers their rules
_SPLITS = frozenset({"COMMA", "AND", "OR", "COLON", "DASH", "THEN", "WITH", "WHILE"})
_MOST_SPLITS = 14
_LABEL_LEVEL = 9  # a label alone on its line stands below every `#`


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement with the sentence it stands in (`sentence` counts them), the list and the side's heading above."""

    said: Statement | Change
    span: Span
    sentence: int
    under: ListSaid | None = None
    side: Side | None = None


@dataclass
class Cut:
    """A text in pieces. `ambiguous` are sentences with several readings of different meaning."""

    clauses: list[Clause] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    noise: list[Span] = field(default_factory=list)
    used: list[Span] = field(default_factory=list)
    refused: list[Unresolved] = field(default_factory=list)
    corrections: list[tuple[Span, str, str]] = field(default_factory=list)
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class _Line:
    tokens: tuple[Token, ...]
    bullet: bool
    heading: bool
    level: int = _LABEL_LEVEL


def cut(text: str, *, offset: int = 0, edits: bool = False) -> Cut:
    """The clauses of `text` in order, counted from `offset`; with `edits`, changes of an earlier text too."""
    found = Cut()
    tokens = [replace(t, start=t.start + offset, end=t.end + offset) for t in tokenize(_without_bold(text))]
    for token in tokens:
        if token.kind == "NOISE":
            found.noise.append((token.start, token.end))
        if token.corrected is not None:
            found.corrections.append(((token.start, token.end), token.text, token.corrected))
    _Cutter(" " * offset + text, found, edits=edits).read([_line(line) for line in _lines(tokens)])
    return found


def _without_bold(text: str) -> str:
    """The text with a bold line ("**Entry**") made a label and other bold marks spaces, every letter in its place."""
    labels = re.sub(r"(?m)^([ \t]*)\*\*([^*\n]*[^*\n: ])\*\*[ \t]*$", r"\1  \2: ", text)
    return labels.replace("**", "  ")


def _lines(tokens: Sequence[Token]) -> list[list[Token]]:
    lines: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "NEWLINE":
            lines.append([])
        else:
            lines[-1].append(token)
    return [line for line in lines if line]


def _line(tokens: list[Token]) -> _Line:
    """Takes the marker off a list item or heading."""
    kinds = [token.kind for token in tokens[:3]]
    texts = [token.text for token in tokens[:2]]
    if kinds[0] == "HASH":
        body = [token for token in tokens if token.kind != "HASH"]
        return _Line(tuple(body), bullet=False, heading=True, level=len(tokens) - len(body))
    if texts[0] == "*" or kinds[0] == "DASH":
        return _Line(tuple(tokens[1:]), bullet=True, heading=False)
    if kinds[0] == "NUMBER" and kinds[1:2] in (["DOT"], ["RPAR"]) and tokens[0].end == tokens[1].start:
        return _Line(tuple(tokens[2:]), bullet=True, heading=False)
    if kinds == ["LPAR", "NUMBER", "RPAR"]:
        return _Line(tuple(tokens[3:]), bullet=True, heading=False)
    return _Line(tuple(tokens), bullet=False, heading=False)


def _sentences(tokens: Sequence[Token]) -> list[list[Token]]:
    out: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "DOT":
            out.append([])
        else:
            out[-1].append(token)
    return [sentence for sentence in out if any(token.kind != "NOISE" for token in sentence)]


def _content(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind != "NOISE"]


class _Cutter:
    def __init__(self, text: str, found: Cut, *, edits: bool) -> None:
        self.text = text
        self.edits = edits
        self.found = found
        self.under: ListSaid | None = None
        self.side: Side | None = None  # of the section that a heading such as "Short" opens
        self.side_level = _LABEL_LEVEL
        self.side_has_items = False

    def read(self, lines: list[_Line]) -> None:
        i = 0
        while i < len(lines):
            line = lines[i]
            following = lines[i + 1] if i + 1 < len(lines) else None
            heading = self._heading(line, following)
            if heading is not None:
                heading = self._section(line, heading)
                self.under = heading if heading.role != "rules" else None
                self._use(line.tokens)
                i += 1
                continue
            i += self._join(lines, i)

    def _heading(self, line: _Line, following: _Line | None) -> ListSaid | None:
        """What the items below are for: a `#` line, or a label alone on its line."""
        tokens = _content(line.tokens)
        if not tokens or line.bullet:
            return None
        ends = tokens[-1].kind == "COLON"
        if not line.heading and not ends and not (following is not None and following.bullet):
            return None
        said = _meanings(tokens, "heading")
        if len(said) == 1 and len(said[0]) == 1 and isinstance(said[0][0], ListSaid):
            return said[0][0]
        if line.heading and is_title(tokens) and not self.found.clauses and not _ABANDONED & {*words_of(tokens)}:
            return ListSaid("rules")
        return None

    def _section(self, line: _Line, heading: ListSaid) -> ListSaid:
        """Opens or ends the section of one side; the headings below one take its side."""
        named = side_of_heading(self.text[slice(*_span(_content(line.tokens)))])
        if named is not None:
            self.side, self.side_level, self.side_has_items = named, line.level, False
        elif heading.side is not None or (line.level <= self.side_level and (line.heading or self.side_has_items)):
            self.side = None
        elif self.side is not None and heading.role in {"entry", "exit"}:
            return replace(heading, side=self.side)
        return heading

    def _join(self, lines: list[_Line], i: int) -> int:
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
        if not lines[i].bullet and self.side_has_items and self.side_level == _LABEL_LEVEL:
            self.side = None
        self.side_has_items |= lines[i].bullet and self.under is not None and self.under.side is not None
        for sentence in _sentences(tokens):
            begin = len(self.found.clauses)
            self._sentence(sentence)
            self.found.clauses[begin:] = self._settled(self.found.clauses[begin:], self.found.clauses[:begin][-1:])
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
                    said = under_side(said, self.side) if self.side is not None else said
                    if is_repeated(said, words):
                        raise Unsided("unsupported: a partial exit happens once per position, not each time")
            except Unsided as unsided:
                self.found.unresolved.append(Unresolved(words, clause.span, str(unsided), topic_of((clause.said,))))
                continue
            leaving = words if isinstance(said, ExitSaid) else leaving
            out.append(replace(clause, said=said, side=self.side))
        return out

    def _is_item(self, tokens: Sequence[Token]) -> bool:
        return any(_meanings(_content(sentence), "item") for sentence in _sentences(tokens))

    def _reads(self, tokens: Sequence[Token]) -> bool:
        return all(_meanings(_content(s), "sentence") or _meanings(_content(s), "item") for s in _sentences(tokens))

    # ------------------------------------------------------------------------------------------ one sentence

    def _sentence(self, tokens: Sequence[Token]) -> None:
        self.found.sentences += 1
        content = _content(tokens)
        if self._refuse(content):
            return
        read = self._read(content)
        if read is not None:
            self._take(read, content)
            return
        if is_opinion(tokens) or (is_title(content) and words_of(content)[-1] in _KINDS and not self.found.clauses):
            self.found.noise.append(_span(tokens))
            return
        colon = next((i for i, token in enumerate(content) if token.kind == "COLON"), None)
        if colon is not None and is_title(content[:colon]):
            self.found.noise.append(_span(content[: colon + 1]))
            rest = content[colon + 1 :]
            if not rest:
                return
            read = self._read(rest)
            if read is not None:
                self._take(read, rest)
                return
            content = rest
        self._recover(content)

    def _refuse(self, content: Sequence[Token]) -> bool:
        """Whether the sentence holds words that no reading may turn into a trade."""
        for kind, topic, reason in (
            ("INSTRUCTION", "instruction", "instruction: not a trading rule"),
            ("ILLICIT", "illicit", "not a trading rule: no strategy can promise that"),
        ):
            if any(token.kind == kind for token in content):
                self.found.refused.append(self._unresolved(content, reason, topic))
                return True
        token = next((t for t in content if t.kind == "UNSUPPORTED"), None)
        if token is None:
            return self._part_inside_a_bar(content)
        topic = str(token.value)
        topic = "pyramiding (adding to a position)" if topic == "pyramiding" else topic
        self.found.unresolved.append(
            self._unresolved(content, f"unsupported: {topic} is not in the language ({token.text!r})", topic)
        )
        return True

    def _part_inside_a_bar(self, content: Sequence[Token]) -> bool:
        """ "half at a 5% target, half at 10%": a part closed at a price level is not in the language (rule 22)."""
        if not any(token.kind in _PARTS for token in content) or self._read(content) is not None:
            return False
        leaves = any(token.kind in {"SELL", "EXIT", "CLOSE", "COVER", "TARGET", "REST"} for token in content)
        levels = [i for i, token in enumerate(content) if token.kind in {"PERCENT", "RMULT", "PIPS", "MONEY"}]
        if not leaves or not any(i and _at_a_level(content[:i]) for i in levels):
            return False
        reason = "unsupported: a part of the position closed at a price level inside the bar is not in the language"
        self.found.unresolved.append(self._unresolved(content, reason, "partial exit inside the bar"))
        return True

    def _read(self, content: Sequence[Token]) -> tuple[tuple[Statement, ...], ...] | None:
        """The meanings of a sentence; in a list, a bare condition is one too."""
        said = _meanings(content, "sentence")
        if not said and self.under is not None:
            said = _meanings(content, "item")
        if not said and self.edits:
            said = _meanings(content, "edit")
        return said or None

    def _take(self, said: tuple[tuple[Statement, ...], ...], content: Sequence[Token]) -> None:
        if len(said) > 1:
            self.found.unresolved.append(
                self._unresolved(content, "ambiguous: it can be read in more than one way", topic_of(said[0]))
            )
            return
        self._use(content)
        for statement in said[0]:
            span = statement.span if statement.span != (0, 0) else _span(content)
            self.found.clauses.append(Clause(statement, span, self.found.sentences, self.under))

    def _recover(self, content: Sequence[Token]) -> None:
        """Reads the pieces between separators that can be read, and keeps the others as unresolved."""
        for begin, end, said in self._pieces(content):
            piece = _stripped(content[begin:end])
            if not piece:
                self._use(content[begin:end])
            elif said:
                self._use(content[begin:end])
                self.found.clauses += [
                    Clause(s, s.span if s.span != (0, 0) else _span(piece), self.found.sentences, self.under)
                    for s in said
                ]
            else:
                self.found.unresolved.append(self._unresolved(piece, "not understood", likely_topic(piece)))
                self._use([token for token in content[begin:end] if token not in piece])

    def _pieces(self, content: Sequence[Token]) -> list[tuple[int, int, tuple[Statement, ...]]]:
        """The cut that leaves the fewest tokens unread, the fewest pieces among those."""
        marks = [0, *(i for i, token in enumerate(content) if i and token.kind in _SPLITS), len(content)]
        if len(marks) > _MOST_SPLITS:
            return [(0, len(content), ())]
        best: dict[int, tuple[int, int, list[tuple[int, int, tuple[Statement, ...]]]]] = {0: (0, 0, [])}
        for end in marks[1:]:
            for begin in (mark for mark in marks if mark < end):
                piece = _stripped(content[begin:end])
                said = _meanings(piece, "sentence") if piece else ()
                read = said[0] if len(said) == 1 else ()
                lost, pieces, before = best[begin]
                cost = (lost + (0 if read or not piece else len(piece)), pieces + 1)
                if end not in best or cost < best[end][:2]:
                    best[end] = (*cost, [*before, (begin, end, read)])
        return _merged(best[len(content)][2])

    def _use(self, tokens: Sequence[Token]) -> None:
        self.found.used += [(token.start, token.end) for token in tokens]

    def _unresolved(self, tokens: Sequence[Token], reason: str, topic: str) -> Unresolved:
        start, end = _span(tokens)
        return Unresolved(self.text[start:end], (start, end), reason, topic)


_KINDS = frozenset({"strategy", "system", "setup", "approach"})
_ABANDONED = frozenset({"old", "previous", "example", "examples", "original", "former", "rejected", "unused"})
_PARTS = frozenset({"HALF", "THIRD", "TWO_THIRDS", "QUARTER", "REST"})


def _at_a_level(before: Sequence[Token]) -> bool:
    """Whether the words before a number make it a price level: "at 5%", "at a target of 10%"."""
    nearest = [token.kind for token in before[-3:]]
    return "AT" in nearest or "TARGET" in nearest


def _merged(
    pieces: list[tuple[int, int, tuple[Statement, ...]]],
) -> list[tuple[int, int, tuple[Statement, ...]]]:
    """Neighbouring unread pieces are one."""
    out: list[tuple[int, int, tuple[Statement, ...]]] = []
    for begin, end, said in pieces:
        if out and not said and not out[-1][2]:
            out[-1] = (out[-1][0], end, ())
        else:
            out.append((begin, end, said))
    return out


def _meanings(content: Sequence[Token], start: grammar.Start) -> tuple[tuple[Statement, ...], ...]:
    """The distinct meanings of the parses of `content`."""
    found: dict[tuple[Statement, ...], None] = {}
    for tree in grammar.parse(content, start):
        try:
            found.setdefault(statements(tree))
        except Misread:
            continue
    return tuple(found)


def read_condition(text: str) -> BareCondition | None:
    """A condition alone ("RSI drops below 30"), None when the text is not one and nothing else."""
    said = _meanings(_content([t for t in tokenize(text) if t.kind not in {"DOT", "NEWLINE"}]), "item")
    return said[0][0] if len(said) == 1 and isinstance(said[0][0], BareCondition) else None


def _span(tokens: Sequence[Token]) -> Span:
    return tokens[0].start, tokens[-1].end


def _stripped(tokens: Sequence[Token]) -> Sequence[Token]:
    begin, end = 0, len(tokens)
    while begin < end and tokens[begin].kind in {"COMMA", "AND", "OR", "COLON", "DASH", "THEN"}:
        begin += 1
    while end > begin and tokens[end - 1].kind in {"COMMA", "AND", "OR", "COLON", "DASH", "THEN"}:
        end -= 1
    return tokens[begin:end]
