"""Lists that stand in a sentence, or before the sentence that says what they are for.

"Exit if any of these happens: RSI above 70, close below SMA(50)." "RSI below 30. Close above SMA(200). When both are
true, buy."
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from Backtest.reader.clause import Clause
from Backtest.reader.headings import named_list
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import content_of
from Backtest.reader.meanings import meanings
from Backtest.reader.statement_syntax import BareCondition, FilterSaid, ListSaid, Statement
from Backtest.reader.syntax import All, Said, Side

_SIDES: Mapping[str, Side] = {
    "LONG": "long",
    "L_LONG_ENTRY": "long",
    "LONG_ONLY": "long",
    "SHORT": "short",
    "L_SHORT_ENTRY": "short",
    "SHORT_ONLY": "short",
}
_ACTS = frozenset("BUY SELL SHORT LONG ENTER EXIT COVER CLOSE L_EXIT".split())
_ROLES = frozenset({"entry", "exit"})
_TRUE = (
    r"(?:(?:are|is|hold|holds|have been|has been|get|gets|become|becomes|must be)? ?(?:all |both )?(?:true|met|"
    r"satisfied|fulfilled|in place|there|the case|ticked|valid|given)|holds?(?: true)?|happens?|occurs?|lines? up|"
    r"agree|come together|apply|applies)"
    r"(?: (?:at once|together|at the same time|on the same (?:bar|day|candle)))?"
)
_THEM = (
    r"(?:(?: of)? (?:these|them|those|the above|which|the two|the three|my)|"
    r" (?:conditions?|rules|criteria|points|boxes|signals?|things))*"
)
_WHEN = re.compile(
    rf"(?i)(?:when|whenever|if|once|as soon as|only when) (?P<which>both|all(?: (?:two|three|four|five))?|these|they|"
    rf"those|either(?: one)?|any(?: one)?|at least one|one){_THEM} {_TRUE}(?=[\s,.;:!)]|$)"
)
_SO = re.compile(  # of what was said last, however many conditions that are
    r"(?i)(?:if so|in that case|(?:when|once|if) (?:that|this|it) (?:happens|occurs|is so|is the case|comes true)|"
    r"on such (?:a )?(?:day|bar|days|bars)|there(?= (?:we|i)\b)|(?:when|once|if|as soon as) (?:the |that |this )?"
    r"(?:pattern|setup|signal|condition) (?:completes|is complete|is completed|appears|is met|is true|is there|"
    r"shows(?: up)?|triggers|occurs))(?=[\s,.;:!)]|$)"
)
_COUNTS = {"both": 2, "two": 2, "either": 2, "three": 3, "four": 4, "five": 5}
_EITHER = ("either", "any", "at least one", "one")


def listed_in_line(content: Sequence[Token], text: str) -> list[tuple[Statement, Sequence[Token], ListSaid]]:
    """The items behind a heading that says how they are joined, in its own sentence; none where one is not read."""
    colon = next((i for i, one in enumerate(content) if one.kind == "COLON"), None)
    head = (_heading(content[:colon]) or named_list(content[:colon], text)) if colon else None
    if colon is None or head is None or head.joined is None:
        return []
    marks = {"COMMA", "AND"} if head.joined == "and" else {"COMMA", "OR"}
    items: list[list[Token]] = [[]]
    for token in content[colon + 1 :]:
        if token.kind in marks:
            items.append([])
        else:
            items[-1].append(token)
    said = [(meanings(item, "item"), item) for item in items if item]
    if len(said) < 2 or not all(len(one) == 1 and len(one[0]) == 1 for one, _ in said):
        return []
    return [(one[0][0], item, head) for one, item in said]


def side_in_line(content: Sequence[Token]) -> tuple[Side | None, Sequence[Token]]:
    """ "Longs: enter when ..., exit when ...": the side of the rules behind the label, and these rules."""
    kinds = [one.kind for one in content[:3]]
    if kinds[1:2] != ["COLON"] or kinds[0] not in _SIDES or kinds[2:] == []:
        return None, content
    acts = any(one.kind in _ACTS for one in content[2:])
    return (_SIDES[kinds[0]], content[2:]) if acts else (None, content)


def _heading(content: Sequence[Token]) -> ListSaid | None:
    said = meanings(content, "heading")
    if len(said) != 1 or len(said[0]) != 1:
        return None
    head = said[0][0]
    return head if isinstance(head, ListSaid) and head.role in _ROLES else None


def awaits_conditions(tokens: Sequence[Token], text: str) -> bool:
    """Whether a sentence says what is done when the conditions before it are so."""
    begin, end = tokens[0].start, tokens[-1].end
    return any(one.search(text, begin, end) is not None for one in (_WHEN, _SO))


def with_act(tokens: Sequence[Token], text: str, clauses: Sequence[Clause]) -> list[Clause] | None:
    """The last of `clauses` as the items of what "when both are true, buy" says; None where it says no such thing."""
    begin, end = tokens[0].start, tokens[-1].end
    when = _WHEN.search(text, begin, end) or _SO.search(text, begin, end)
    if when is None:
        return None
    act = [one for one in content_of(tokens) if not when.start() <= one.start < when.end()]
    if any(begin < one.start < when.start() for one in act) and any(one.start >= when.end() for one in act):
        return None
    head = _heading([one for one in act if one.kind not in {"COMMA", "COLON", "THEN", "DASH", "ARROW"}])
    if head is None or head.joined is not None:
        return None
    which = (when.groupdict().get("which") or "").lower()
    joined = "or" if which and which.startswith(_EITHER) else "and"
    items = _last_conditions(clauses)
    count = sum(len(_parts(one)) for one in items) if joined == "and" else len(items)
    if count < (2 if which else 1) or count != next((n for word, n in _COUNTS.items() if word in which), count):
        return None
    head = replace(head, joined=joined, span=(begin, end))
    return [*clauses[: len(clauses) - len(items)], *(replace(one, under=head) for one in items)]


def _last_conditions(clauses: Sequence[Clause]) -> list[Clause]:
    """The conditions without a verb that were said last, one after another."""
    out: list[Clause] = []
    for clause in reversed(clauses):
        said = clause.said
        if isinstance(said, FilterSaid) and said.setup and said.side is None:
            said = BareCondition(said.when, span=said.span)
        if not isinstance(said, BareCondition) or clause.under is not None:
            break
        out.insert(0, replace(clause, said=said))
    return out


def _parts(clause: Clause) -> tuple[Said, ...]:
    when = clause.said.when if isinstance(clause.said, BareCondition) else None
    return when.of if isinstance(when, All) else (when,) if when is not None else ()
