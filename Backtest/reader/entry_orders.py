"""An order in a sentence of its own: how the entry before it is made, or an entry of its own."""

import re
from collections.abc import Sequence

from Backtest.reader.questions import Desk
from Backtest.reader.scope import Json, Unread
from Backtest.reader.syntax import Span

_ENTERS = re.compile(r"(?i)^\W*(?:i |we |always )?(?:use|enter|work|get in|go in)\b|\bentr(?:y|ies)\b")


def is_way_in(words: str, before: Sequence[Json], span: Span, desk: Desk) -> bool:
    """Whether an order without a condition ("Use a limit order 1% below the close.") is that of the entry before.

    `before`: the entries of its side. Asks where the order may be an entry of its own, on every bar; raises Unread
    where there are several.
    """
    if len(before) > 1 or before[0]["order"]["type"] != "market":
        raise Unread("which entry this order is for", span)
    if _ENTERS.search(words):
        return True
    offered = {"entry": "the entry before is made by it", "own": "it is an entry of its own, on every bar"}
    return desk.choice("order", "What is this order for?", span, offered) == "entry"
