"""A sentence that is not read as a whole: what of its pieces can be read, and what each of the others is."""

from collections.abc import Sequence
from typing import Any

from Backtest.reader.denials import is_denial
from Backtest.reader.lexicon import Token
from Backtest.reader.lines import (
    span_of,
)
from Backtest.reader.loose_changes import loose_change
from Backtest.reader.loose_settings import loose_setting
from Backtest.reader.meanings import meanings
from Backtest.reader.pieces import Piece, is_told, pieces, stripped
from Backtest.reader.record import Record
from Backtest.reader.refusals import unsupported_piece
from Backtest.reader.reminders import is_reminder
from Backtest.reader.statement_syntax import (
    ContextSaid,
    Statement,
)
from Backtest.reader.syntax import (
    Span,
)
from Backtest.reader.vague import with_or_else


def refused_in_part(record: Record, content: Sequence[Token]) -> Sequence[Piece]:
    """The pieces of a sentence where some hold what the language has no word for, and others are read."""
    cut = pieces(with_or_else(content), record.text)
    told = any(not isinstance(one, ContextSaid) for *_, said in cut for one in said)
    refused = any(unsupported_piece(content[begin:end]) for begin, end, said in cut if not said)
    return cut if told and refused else ()


def recover(record: Record, content: Sequence[Token], cut: Sequence[Piece] = ()) -> None:
    """Reads the pieces between separators that can be read, and keeps the others as unresolved."""
    read: list[tuple[Statement, Span]] = []
    content = with_or_else(content)
    for begin, end, said in cut or pieces(content, record.text):
        piece = stripped(content[begin:end])
        refused = unsupported_piece(piece) if not said else None
        titled = not (begin or read or said) and bool(piece) and record.is_headed(piece)
        if refused is not None and not is_denial(piece):
            record.leave(piece, content[begin:end], *refused)
        elif titled or (piece and not said and is_told(content, begin, end, record.text)):
            record.tell(content[begin:end])
        elif not piece or is_reminder(record.text[slice(*span_of(piece))]):
            record.use(content[begin:end])
        elif not said and record.is_before_rules(read) and (named := meanings(piece, "declaration")):
            record.use(content[begin:end])
            read += [(one, span_of(piece)) for one in named[0]]
        elif not said and (loose := loose_setting(piece, record.text) or _changed(record, piece)):
            record.use(content[begin:end])
            read += [(one, span_of(piece)) for one in loose]
        elif said:
            record.use(content[begin:end])
            read += [(one, one.span if one.span != (0, 0) else span_of(piece)) for one in said]
        else:
            record.leave_rules(piece, content[begin:end], read)
    record.add(read, content)


def _changed(record: Record, piece: Sequence[Token]) -> tuple[Any, ...]:
    """What a piece of a later sentence changes."""
    return loose_change(piece, record.text) if record.edits else ()
