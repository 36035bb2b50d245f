"""What a text was cut into so far, and where the reading of it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from Backtest.reader.clause import Clause, Cut
from Backtest.reader.headings import is_heading
from Backtest.reader.leads import disputed
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import (
    LABEL_LEVEL,
    content_of,
    span_of,
)
from Backtest.reader.pieces import by_action
from Backtest.reader.reading import Unresolved
from Backtest.reader.statement_syntax import (
    ContextSaid,
    EntrySaid,
    ExitSaid,
    IndicatorsSaid,
    ListSaid,
    NoteSaid,
    Statement,
)
from Backtest.reader.statement_trees import STATEMENTS, instrument
from Backtest.reader.suggestions import why_not_read
from Backtest.reader.syntax import (
    Mention,
    Side,
    Span,
)
from Backtest.reader.title_parts import says_when
from Backtest.reader.topics import likely_topic, topic_of
from Backtest.reader.vague import is_loss_in_money, is_of_size


@dataclass
class Record:
    """The parts that were found; `side` and `under` are of the heading or label above the line at hand."""

    text: str
    found: Cut
    edits: bool
    under: ListSaid | None = None
    side: Side | None = None
    side_level: int = LABEL_LEVEL
    side_has_items: bool = False
    side_in_line: bool = False
    """Whether the side is that of a label within the line at hand."""
    in_risk: bool = False
    """Whether the heading above speaks of risk."""
    listed: bool = False
    """Whether the line at hand is an item of a list."""

    def tell(self, tokens: Sequence[Token]) -> None:
        """Words of narration are noise; an instrument or a chart that they name is the one of the strategy."""
        if _trend_of_chart(content_of(tokens)):
            reason = "how the trend of that chart is told"
            self.found.unresolved.append(self.unresolved(content_of(tokens), reason, "timeframe"))
            return
        self.found.noise.append(span_of(tokens))
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

    def add(self, said: Sequence[tuple[Statement, Span]], content: Sequence[Token]) -> None:
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

    def leave_rules(self, piece: Sequence[Token], cut: Sequence[Token], read: Sequence[tuple[Statement, Span]]) -> None:
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
            self.leave(rule, rule, why_not_read(rule), topic)
        kept = {token.start for rule in rules for token in rule}
        self.use([token for token in cut if token.start not in kept])

    def leave(self, piece: Sequence[Token], cut: Sequence[Token], reason: str, topic: str) -> None:
        """Keeps a piece as unresolved; the signs around it are used."""
        self.found.unresolved.append(self.unresolved(piece, reason, topic))
        start, stop = span_of(piece)
        self.use([token for token in cut if token.end <= start or token.start >= stop])

    def use(self, tokens: Sequence[Token]) -> None:
        self.found.used += [(token.start, token.end) for token in tokens]

    def unresolved(self, tokens: Sequence[Token], reason: str, topic: str) -> Unresolved:
        start, end = span_of(tokens)
        return Unresolved(self.text[start:end], (start, end), reason, topic)

    def is_before_rules(self, read: Sequence[tuple[Statement, Span]]) -> bool:
        said = [*(one for one, _ in read), *(clause.said for clause in self.found.clauses)]
        return not self.edits and all(isinstance(one, ContextSaid | NoteSaid | IndicatorsSaid) for one in said)

    def is_headed(self, tokens: Sequence[Token]) -> bool:
        """Whether words before the first rule are a title that no table lists."""
        content = content_of(tokens)
        if not content or says_when(content, self.text[content[-1].end :]):
            return False
        return self.is_before_rules(()) and is_heading(content, self.text)


def _trend_of_chart(content: Sequence[Token]) -> bool:
    """ "Trade with the weekly trend:" speaks of a condition, and not of the chart that is traded."""
    words = [token for token in content if token.kind not in {"COLON", "COMMA"}]
    return (
        len(words) > 2
        and words[-1].kind == "TREND"
        and words[-2].kind == "TF"
        and words[-3].kind in {"WITH", "IN", "BY", "TO", "ON"}
    )
