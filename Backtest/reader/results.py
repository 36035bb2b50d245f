"""What is asked of the test's results, which no rule decides: "Curious about the drawdown", "Report the Sharpe"."""

import re
from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.remarks import said_before

_OPENING = (
    r"(?:(?:please|and|so|also|then|finally|just|mostly|mainly) )*"
    r"(?:(?:i'm |i am |we're |we are |i'd be |)(?:curious|interested|keen)(?: (?:about|in|to see|to know|how))?|"
    r"(?:report|show|include|print|plot|list|calculate|compute|display|output|give|tell|send)(?: me| us)?|"
    r"(?:i |we )?(?:wonder|want|would like|'d like|d like|care)(?: (?:to (?:see|know)|about))?|"
    r"i'd like to (?:see|know)|"
    r"let me (?:see|know)|what (?:is|are|was|were|would be|about)|what's|how (?:is|are|was|does|did|do|would|big is|"
    r"high is|large is|good is)|does it|did it|would it|can it)\b"
)
_RESULT = (
    r"(?:sharpe(?: ratio)?|sortino(?: ratio)?|calmar(?: ratio)?|(?:max(?:imum)? )?draw ?downs?|win rate|hit rate|"
    r"returns?|cagr|profit factor|equity curve|list of trades|trade list|number of trades|results?|performance|stats|"
    r"statistics|metrics|numbers|exposure|expectancy|(?:compare|compares|do|does|perform|hold up|"
    r"stack up)(?: it| this)? "
    r"(?:with|to|against|versus|vs|next to) (?:simply |just )?(?:buy(?:ing)? and hold(?:ing)?|the index|"
    r"the market|holding)|"
    r"(?:beat|beats) (?:buy(?:ing)? and hold(?:ing)?|the market|the index))"
)
_BESIDE = (
    r"(?:,|and|or|the|its|this|that|it|of|a|an|my|our|for|me|us|too|as well|here|please|ratio|over the years|"
    r"over time|is|are|was|were|after costs|overall|annual|yearly|total|strategy|system|run|test|backtest|"
    r"both|all|full|"
    r"with|to|against|compare|compared|look|looks|like|would be|how|what|do|does)"
)
_ASKED = re.compile(rf"{_OPENING}(?:\s*{_BESIDE}\b)*\s*{_RESULT}\b(?:\s*(?:,|{_BESIDE}\b|{_RESULT}\b))*")


def is_about_results(tokens: Sequence[Token], text: str) -> bool:
    """Whether a part of `text` asks for figures of the test, and for nothing else."""
    said = " ".join([*said_before(tokens, text), text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")])
    return _ASKED.fullmatch(said) is not None
