"""A strategy told in several turns: a text, and the sentences that change it."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from Backtest.reader.interpreter import Interpreter, check_text
from Backtest.reader.questions import Desk
from Backtest.reader.reading import Reading, ReadingContext


def read_turns(
    turns: Sequence[str],
    *,
    context: ReadingContext | None = None,
    answers: Mapping[str, JsonValue] | None = None,
    accept_defaults: bool = False,
) -> Reading:
    """As `read_text`, for a text and the sentences that change it, one turn each ("add a 5% stop").

    The reading's text is that of all turns, joined by line ends; spans count in it.
    """
    for turn in turns or [""]:
        check_text(turn)
    check_text("\n".join(turns))
    desk = Desk(answers or {}, accept_defaults=accept_defaults)
    reading = Interpreter(turns, context or ReadingContext(), desk).read()
    desk.check_all_used()
    return reading
