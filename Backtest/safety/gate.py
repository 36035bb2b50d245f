"""The source gate: a file is bounded text in UTF-8 and parses, or it goes no further."""

import re
from collections.abc import Iterator
from itertools import islice

from Backtest.safety.findings import ScanFinding
from Backtest.safety.rules import RULES
from Backtest.safety.source_tree import SourceTree, source_tree
from Backtest.syntax_trees import parse_source

MAX_SOURCE_BYTES = 64 * 1024
MAX_LINE_CHARACTERS = 24_000
MAX_TREE_DEPTH = 150

_BOM = "\ufeff"
_CODING_LINE = re.compile(r"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROLS = r"\x00-\x08\x0b\x0e-\x1f\x7f-\x9f"  # Unicode's category Cc without tab, form feed and the ends of lines
_BIDI_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_HIDDEN = re.compile(f"[{_CONTROLS}{_BIDI_CONTROLS}{_BOM}]")


class SourceRefused(Exception):
    """The file is not taken as it is; carries the finding that says why."""

    def __init__(self, finding: ScanFinding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def lines_of(text: str) -> list[str]:
    """The lines as Python counts them: other separators, such as U+2028, end none."""
    return _LINE_END.split(text)


def source_text(source: bytes | str) -> str:
    """The text of a file without its byte order mark; raises SourceRefused when it is too large or no clean UTF-8."""
    try:
        data = source.encode("utf-8") if isinstance(source, str) else source
        if len(data) > MAX_SOURCE_BYTES:
            raise _refused("source-size", 1, 1, f"{len(data)} bytes, {MAX_SOURCE_BYTES} are allowed")
        text = data.decode("utf-8").removeprefix(_BOM)
    except UnicodeEncodeError as error:
        line, column = _position(error.object, error.start)
        raise _refused("source-encoding", line, column, "a lone surrogate") from None
    except UnicodeDecodeError as error:
        line, column = _position(error.object[: error.start].decode("utf-8"), error.start)
        raise _refused("source-encoding", line, column, f"byte {error.object[error.start]:#04x}") from None
    _check_lines(text)
    return text


def hidden_characters(text: str, most: int) -> list[ScanFinding]:
    """The invisible characters that could make code look like something else, the first `most` of them; the text can
    be scanned all the same."""
    return list(islice(_hidden_characters(text), most))


def _hidden_characters(text: str) -> Iterator[ScanFinding]:
    for number, line in enumerate(lines_of(text), start=1):
        for found in _HIDDEN.finditer(line):
            yield _refused("source-character", number, found.start() + 1, f"U+{ord(found[0]):04X}").finding


def syntax_tree(text: str) -> SourceTree:
    """The syntax tree of a gated text; raises SourceRefused when it doesn't parse or is nested too deeply."""
    try:
        module = parse_source(text, "strategy.py")
    except SyntaxError as error:
        column = max(1, error.offset or 1)
        raise _refused("syntax", error.lineno or 1, column, error.msg) from None
    except (RecursionError, MemoryError):
        raise _refused("source-nesting", 1, 1, "the parser gave up") from None
    except ValueError as error:
        raise _refused("syntax", 1, 1, str(error)) from None
    tree = source_tree(module, MAX_TREE_DEPTH)
    if tree.depth > MAX_TREE_DEPTH:
        line = getattr(tree.deepest, "lineno", 1)
        raise _refused("source-nesting", line, 1, f"more than {MAX_TREE_DEPTH} levels")
    return tree


def _refused(rule_id: str, line: int, column: int, detail: str) -> SourceRefused:
    rule = RULES[rule_id]
    return SourceRefused(ScanFinding(line, column, rule.id, f"{rule.title}: {detail}.", rule.instead))


def _position(text: str, offset: int) -> tuple[int, int]:
    before = lines_of(text[:offset])
    return len(before), len(before[-1]) + 1


def _check_lines(text: str) -> None:
    for number, line in enumerate(lines_of(text), start=1):
        declared = _CODING_LINE.match(line) if number <= 2 else None
        if declared and declared[1].lower().replace("_", "-") not in ("utf-8", "utf8"):
            raise _refused("source-coding-line", number, 1, declared[1])
        if len(line) > MAX_LINE_CHARACTERS:
            detail = f"{len(line)} characters, {MAX_LINE_CHARACTERS} are allowed"
            raise _refused("source-line-length", number, 1, detail)
