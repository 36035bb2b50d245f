"""What a text's rules are all about ("Only one thing matters here, the 100-day SMA"): the indicator that "it" means."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token

_BEFORE = re.compile(
    r"(?i)(?:only |just )?(?:one thing|a single thing|one line|one indicator|one number|a single line) (?:that )?"
    r"(?:matters|counts|decides|rules)(?: here| for me| to me)?[,:]?|"
    r"(?:(?:i|we) )?(?:(?:only|just|always|simply|mainly) )*(?:keep (?:an eye|my eyes?|both eyes) on|watch|look at|"
    r"follow|track|care about|pay attention to|work with|rely on)|"
    r"(?:everything|it all|the whole (?:thing|strategy|system|idea)|all of this|this one) (?:revolves|turns|hinges|"
    r"rests|comes down|boils down|depends) ?(?:around|on|to)?|"
    r"at the heart of (?:it|this|it all|the system|the strategy)(?: all)? (?:is|sits|lies|stands)|"
    r"the only (?:indicator|line|thing|tool)(?: (?:i|we) (?:use|need|watch|follow)| here| on the chart| that matters)?"
    r"(?: is|:)?"
)
_AFTER = re.compile(
    r"(?i) ?(?:decides|rules|drives|governs|determines|settles|runs) (?:everything|it all|all of it|the show|the day)|"
    r" ?is (?:(?:all|everything|the one thing|the only thing|the only line|the only indicator) (?:that )?"
    r"(?:(?:i|we) (?:watch|look at|use|need|follow|care about)|matters|counts)|"
    r"(?:the|my|our) (?:only |one |main )?(?:line in the sand|compass|guide|anchor|reference|yardstick|indicator|"
    r"indicator here|north star|reference line|key line|dividing line|watershed)|everything|king|what matters|"
    r"what counts|where it all happens)(?: here)?"
)


def in_focus(tokens: Sequence[Token], text: str) -> list[Token]:
    """The tokens of what a sentence of `text` says all is about, none where it says no such thing."""
    before, end = _BEFORE.match(text, tokens[0].start), tokens[-1].end
    if before is None:
        line = text.rfind("\n", 0, tokens[0].start) + 1
        led = re.split(r"[.;:!?]", text[line : tokens[0].start])[-1].strip()
        before = _BEFORE.fullmatch(led) if led else None
        if before is not None:
            return list(tokens)
    if before is not None and before.end() < end:
        return [token for token in tokens if token.start >= before.end() and token.kind not in {"COMMA", "COLON"}]
    left = [
        i for i, token in enumerate(tokens) if i and (one := _AFTER.match(text, token.start - 1)) and one.end() == end
    ]
    return list(tokens[: left[0]]) if left else []
