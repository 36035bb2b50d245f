"""Questions and their answers ("Q: When do you sell? A: When RSI is above 70"): the question is the answer's label."""

import re

from Backtest.reader.syntax import Span

_PAIR = re.compile(
    r"(?ims)(?:^|(?<=[.!?\s]))(?P<asks>(?:q|question)\s*\d*\s*[:.)\-–]\s*(?P<question>[^?\n]{1,160}\?)\s*"
    r"(?P<answers>(?:a|answer)\s*\d*\s*[:.)\-–])(?:\s+(?:yes|yep|sure|of course)\b,?(?=\s+[^.\n]{0,20}\d))?)"
    r"(?:\s+(?P<none>never|no|none|nope)(?=\s*(?:[.!\n]|$)))?(?=\s|[.!]|$)"
)
_PLAIN = re.compile(  # "When do I buy? When ...", with no mark of who asks
    r"(?im)(?:^|(?<=[.!?\n] ))(?P<asks>(?P<question>(?:and )?(?:when|how|where|what makes me|what makes us) "
    r"(?:(?:do|does|should|will|would|can) )?(?:(?:i|we|you|one|it|the (?:system|strategy|bot)) )?"
    r"(?:buy|sell|enter|exit|get in|get out|go long|go short|close|short|leave|cover|take profits?)\b[^?\n]{0,24}\?))"
    r"(?=[ \n]+\S)"
)
_LABELS: tuple[tuple[str, str], ...] = (
    (r"\b(?:risk|risked|lose)\b", "Risk:"),
    (r"\btrailing\b|\btrail\b", "Trail:"),
    (r"\b(?:stop|stops|stop loss|wrong|protect)\b", "Stop:"),
    (r"\b(?:target|take profit|take profits|profit)\b", "Target:"),
    (r"\b(?:short|go short|sell short)\b", "Short entry:"),
    (r"\b(?:how long|how many (?:bars|days)|time limit|holding)\b", "Time stop:"),
    (r"\b(?:sell|get out|exit|out|leave|close|cover)\b", "Exit:"),
    (r"\b(?:buy|get in|go in|enter|entry|go long|long|in|trigger)\b", "Entry:"),
    (r"\b(?:how much|how big|size|position|stake)\b", "Size:"),
    (r"\b(?:market|instrument|symbol|what do you trade|which stock|which pair)\b", "Market:"),
    (r"\b(?:timeframe|time frame|chart)\b", "Timeframe:"),
    (r"\b(?:filter|conditions?|trend)\b", "Filter:"),
)
_DENIED: tuple[tuple[str, str], ...] = (
    (r"\b(?:short|shorts|shorting|sell short)\b", "No shorts"),
    (r"\b(?:stop|stops|stop loss)\b", "No stop"),
    (r"\b(?:target|take profit|take profits)\b", "No target"),
)
_ALONE = re.compile(r"(?i)\s*(?:i |we |you |just |simply )*(?:buy|sell|short|go long|go short|exit|cover)\b")
_AGREES = re.compile(r"(?i)\s*(?:yes|no|sure|right|correct|exactly|always|never|of course|absolutely)\b(?![ ,]*\d)")


def with_answers(plain: str) -> tuple[str, list[Span]]:
    """The text with each question made the label of its answer, every letter in its place, and where they stood.

    An answer that is a sentence of its own ("Buy when ...") needs no label.
    """
    asked: list[Span] = []

    def labelled(pair: re.Match[str]) -> str:
        if pair.groupdict().get("none") is not None:
            denied = next((said for found, said in _DENIED if re.search(found, pair["question"].lower())), None)
            if denied is None or re.search(r"\d", pair["question"]):
                return pair[0]
            asked.append(pair.span())
            return denied.ljust(len(pair[0]))
        if re.search(r"\d", pair["question"]) or _AGREES.match(plain, pair.end()):
            return pair[0]  # the question says a part of the rule
        label = next((said for found, said in _LABELS if re.search(found, pair["question"].lower())), "")
        if not label or _ALONE.match(plain, pair.end()):
            label = ""
        if len(label) > len(pair["asks"]):
            return pair[0]
        asked.append(pair.span("asks"))
        return label.ljust(len(pair["asks"]))

    return _PLAIN.sub(labelled, _PAIR.sub(labelled, plain)), asked
