"""What a sentence holds that no reading may turn into a trade, and what the language has no place for."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from Backtest.reader.addressed import INSIDER, INSTRUCTION, MANIPULATION, PROMISE, banned
from Backtest.reader.lexicon import Token
from Backtest.reader.topics import unsupported

_REFUSALS = {"instruction": INSTRUCTION, "promise": PROMISE, "insider": INSIDER, "manipulation": MANIPULATION}
_PARTS = frozenset({"HALF", "THIRD", "TWO_THIRDS", "QUARTER", "REST"})


class Refusal(NamedTuple):
    """Why a sentence is no rule; `banned`: it must not be one, where others only can't."""

    reason: str
    topic: str
    banned: bool = False


def refusal(content: Sequence[Token], is_read: Callable[[], bool], is_cut: Callable[[], bool]) -> Refusal | None:
    """The refusal of a sentence, None where there is none.

    `is_read` tells whether the whole sentence is read, `is_cut` whether all of its pieces are: asked where needed.
    """
    named = next((t for t in content if t.kind == "INSTRUCTION"), None)
    named = named or next((t for t in content if t.kind == "ILLICIT"), None)
    if named is not None:
        topic = "illicit" if named.kind == "ILLICIT" else "instruction"
        return Refusal(_REFUSALS[str(named.value or topic)], topic, banned=True)
    if content and is_ahead(" ".join(token.text.lower().replace("’", "'") for token in content)):
        reason = "looks ahead: a rule sees the bars that are complete when it is judged, and none after them"
        return Refusal(reason, "look-ahead", banned=True)
    lacking = unsupported_piece(content)
    if lacking is not None and (lacking[1] != "size" or not is_read()):
        return Refusal(*lacking)
    found = _several_positions(content)
    if found is not None and not is_read():
        return found
    for found in (_two_instruments(content), _two_orders(content), _part_inside_a_bar(content)):
        if found is not None and not is_read() and (found.topic == "two waiting orders" or not is_cut()):
            return found
    return None


def unsupported_piece(words: Sequence[Token]) -> tuple[str, str] | None:
    """The reason and the topic of words that the language has no place for, None where it may have one."""
    token = next((token for token in words if token.kind == "UNSUPPORTED"), None)
    if token is not None:
        topic = str(token.value)
        return unsupported(topic, token.text), "pyramiding (adding to a position)" if topic == "pyramiding" else topic
    said = " ".join(token.text.lower().replace("’", "'") for token in words)
    added = _ADDED.search(said)
    if added is not None:
        return unsupported("pyramiding", added[0]), "pyramiding (adding to a position)"
    cap = _CAP.search(said)
    return (unsupported("a cap on the size", cap[0]), "size") if cap is not None else None


_OF_SIZE = (
    r"(?:(?:\d[\d,.]*|[a-z]+) (?:hundred |thousand )?(?:shares|units|contracts|coins)\b|"
    r"\d+(?:\.\d+)? ?(?:%|percent) (?:of|in|per|into) (?:the |my |our )*"
    r"(?:account|equity|capital|portfolio|cash|trade|position|money|balance)\b)"
)
_ADDED = re.compile(
    r"\badd(?:s|ing)? (?:(?:up to|some|a few|another|an extra|an additional|further|\d[\d,.]*|one|two|three|four|"
    r"five|ten) )+"
    r"(?:more |extra |additional |further )?(?:shares?|units?|lots?|contracts?|coins?|tranches?)\b"
)
_CAP = re.compile(
    rf"\b(?:never|no|not|nothing|don't|do not)(?: (?:buy|trade|hold|put|use|commit|risk|own|invest|buying|holding))?"
    rf"(?: any)? more than {_OF_SIZE}|"
    rf"\b(?:max|maximum|at most|up to|capped at|limited to|limit of|not exceeding|no larger than|not above)"
    rf"(?: size| position| position size)?(?: of| is|:)? {_OF_SIZE}|"
    r"\b(?:cap|limit) (?:the |my |our |each |every |any )*(?:size|positions?|position size|trade size|exposure) "
    r"(?:at|to)\b|\b(?:max|maximum|largest) (?:position|trade) size\b"
)


def told_to_machine(words: str) -> Refusal | None:
    """The refusal of words that are addressed to the machine or promise what none can, wherever they stand."""
    found = banned(words)
    return Refusal(*found, banned=True) if found is not None else None


def is_ahead(words: str) -> bool:
    """Whether a condition is about a bar that has not closed yet ("if tomorrow's close is higher")."""
    return _AHEAD.search(words) is not None


_AHEAD = re.compile(
    r"\b(?:knowing|using|based on|with|from) tomorrow's (?:prices?|close|closing price|high|low|volume|candle|bar)\b|"
    r"\b(?:buy|go long|enter|sell|exit|cover|short) at the (?:lowest price|highest price|exact low|exact high|very low|"
    r"very high|best price) of (?:the|each|every|that) (?:same )?(?:day|bar|session|week)\b|"
    r"\b(?:if|when|once|whenever|provided|because|unless|while|where)\b(?:(?!\b(?:buy|sell|short|cover|exit)\b).)*?"
    r"\btomorrow(?:'s (?:close|high|low|price|candle|bar|volume|closing price)(?: is| higher| lower| will| closes| "
    r" turns| comes| ends| exceeds| >| <| above| below| going)| (?:closes|is going to|will close|will be|ends|finishes|"
    r"is (?:up|down|higher|lower|green|red)))"
)


def _several_positions(content: Sequence[Token]) -> Refusal | None:
    """ "Up to three positions open at the same time", "even if I am already long": more than one position (rule 22)."""
    words = " ".join(token.text.lower().replace("’", "'") for token in content)
    said = _SEVERAL.search(words)
    if said is None or _DENIED.search(words[: said.start()]) is not None:
        return None
    return Refusal(unsupported("several positions at once", said[0]), "several positions at once")


_MANY = (
    r"(?:(?:[2-9]|[1-9]\d+|two|three|four|five|six|eight|ten|a dozen|several|multiple|many|a few|more than one)\b ?)"
)
_OPEN = r"(?:(?:open|concurrent|simultaneous|parallel|overlapping|separate|independent|live|active|different) )*"
_POSITIONS = r"(?:positions|position|trades|entries|longs|shorts|buys|lots|tickets)\b"
_TOGETHER = (
    r"(?:at once|at (?:the |any )?(?:same |one )?time|simultaneously|concurrently|in parallel|together|side by side|"
    r"open|running|alongside)\b"
)
_HELD = (
    r"(?:position|positions|trade|trades|one|ones|another|other|others|earlier|last|first|i|we|i'm|we're|already|"
    r"still|is|are|am|there|previous)"
)
_SEVERAL = re.compile(
    rf"(?:(?:up to|as many as|at most|max|maximum|maximum of|no more than|limit of|limited to) )?{_MANY}{_OPEN}"
    rf"{_POSITIONS}(?: \w+){{0,2}} {_TOGETHER}|"
    rf"(?:up to|as many as|at most|max|maximum|maximum of|no more than|limit of|limited to) {_MANY}{_OPEN}{_POSITIONS}|"
    rf"\b(?:multiple|several|concurrent|simultaneous|overlapping|parallel) (?:open )?{_POSITIONS}|"
    rf"\beven (?:if|when|though|while) (?:{_HELD} )*(?:open|there|long|short|in(?= ?(?:$|,|and\b)))\b(?![- ]term)|"
    r"\b(?:each|every) (?:new |further )?(?:signal|entry) (?:opens|adds|starts) (?:\w+ )?(?:new|separate|own) position|"
    r"\b(?:another|the other|second|next|last|final|remaining) (?:third|half|quarter|tranche)\b"
    r"(?=.*\b(?:when|if|at|on|below|above|once)\b)"
)
_DENIED = re.compile(
    r"\b(?:no|never|not|don't|without|avoid|avoids)\b(?: \w+){0,8} ?$|"
    r"\b(?:sell|close|exit|cover|out)\b(?:\W+\w+){0,10}\W*$"
)


def _two_instruments(content: Sequence[Token]) -> Refusal | None:
    """Prices of two instruments in one condition, which no reading has a place for."""
    named = list(dict.fromkeys(str(token.value) for token in content if token.kind == "TICKER"))
    if len(named) < 2:
        return None
    return Refusal(f"unsupported: a second instrument ({named[1]}) is not in the language", "second instrument")


def _two_orders(content: Sequence[Token]) -> Refusal | None:
    """A buy and a sell order that wait together (rule 23), in words that are not read otherwise."""
    kinds = {token.kind for token in content}
    if not (kinds & {"BUY_STOP", "BUY_LIMIT"} and kinds & {"SELL_STOP", "SELL_LIMIT"}):
        return None
    reason = "unsupported: a buy and a sell order that wait together are not in the language"
    return Refusal(reason, "two waiting orders")


def _part_inside_a_bar(content: Sequence[Token]) -> Refusal | None:
    """ "half at a 5% target, half at 10%": a part closed at a price level is not in the language (rule 22)."""
    leaves = any(token.kind in {"SELL", "EXIT", "CLOSE", "COVER", "TARGET", "REST"} for token in content)
    levels = [i for i, token in enumerate(content) if token.kind in {"PERCENT", "RMULT", "PIPS", "MONEY"}]
    parts = any(token.kind in _PARTS for token in content)
    if not parts or not leaves or not any(i and _at_a_level(content[:i]) for i in levels):
        return None
    reason = "unsupported: a part of the position closed at a price level inside the bar is not in the language"
    return Refusal(reason, "partial exit inside the bar")


def _at_a_level(before: Sequence[Token]) -> bool:
    """Whether the words before a number make it a price level: "at 5%", "at a target of 10%"."""
    nearest = [token.kind for token in before[-3:]]
    return "AT" in nearest or "TARGET" in nearest
