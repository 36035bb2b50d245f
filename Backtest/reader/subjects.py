"""What a sentence that is not read is about: a tool of analysis, the state of a market, or something else.

"RSI was invented by Wilder" tells of a tool; "RSI looks tired" and "the chart is tidy" tell of a state, which may be
what a trade waits for, however plain its words are.
"""

import re
from collections.abc import Sequence

from Backtest.reader.everyday import without_everyday
from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import markets, persons

TOOLS = frozenset({"IND", "OUT", "MA", "CHANNEL", "L_INDICATORS", "CROSSNAME"})
_FINITE = frozenset("is are was were has had have does did do could would might may will can 'd 'll".split())
_RELATIVE = frozenset("that which who whom whose what whatever where wherever when how to than".split())
_DEMANDS = frozenset({"must", "should", "has", "have", "needs", "need", "ought", "shall"})
_ABSTRACT = re.compile(r"[a-z]{3,}(?:ity|ness|ism|ology|ience)")
_AUTHORS = frozenset({"i", "we", "i've", "we've"})
_FURTHEST_VERB = 6
_FURTHEST_SUBJECT = 5
_TOLD_OF_TOOLS = re.compile(
    r"\b(?:no introduction|(?:under|over)rated|overlooked|misunderstood|famous|popular|well[- ]known|beloved|"
    r"(?:was|were|been|is|are) (?:first )?(?:invented|developed|created|introduced|named|devised|conceived|coined|"
    r"popularised|popularized|discovered|published|described|taught|explained|covered)|inventor|brainchild|"
    r"favou?rites?|all the rage|youtube|"
    r"easy on the eye|bread and butter|workhorses?|classics?|evergreens?|old[- ]timers?|veterans?|household names?|"
    r"technicians|chartists|novices|newbies|beginners|newcomers|textbooks?|reputation|cult|fans?|"
    r"(?:easy|simple|hard|difficult|fun|pleasant) to (?:read|understand|explain|learn|use|love|grasp|code|"
    r"compute|draw)|"
    r"(?:scary|intimidating|daunting|complicated|pretty|beautiful|ugly|mysterious|confusing|exotic|old|ancient|"
    r"elegant|clever|neat|cute|magical|simple|straightforward)"
    r"(?: (?:at first|at first sight|at first glance|on (?:a|any|the|every) chart|"
    r"to (?:newcomers|beginners|many|most)))|"
    r"(?:many|most|lots of|plenty of|some|few) (?:people|traders|folks|authors|books|readers))\b"
)


def is_statement(words: Sequence[str]) -> bool:
    """ "Simplicity pays off", "Old habits die hard", "A child could do it": somebody or something that is, or does.

    An order ("shun biotech") has no subject before its verb.
    """
    if not words:
        return False
    if words[1:2] in (["me"], ["us"]):
        return True  # "Roast me"
    if len(words) > 1 and _ABSTRACT.fullmatch(words[0]):
        return True
    for word in words[1:_FURTHEST_VERB]:
        if word in _FINITE:
            return True
        if word in _RELATIVE:
            return False
    return words[0] in persons() and len(words) > 1


def is_of_market(words: Sequence[str]) -> bool:
    """Whether a sentence begins with what a trade may wait for: a chart, its price, who buys and sells."""
    return any(word in markets() for word in words[:_FURTHEST_SUBJECT]) and not (_AUTHORS | persons()) & {*words}


def is_demand(token: Token) -> bool:
    """ "It has to be proven": a verb of state that asks for it."""
    return token.kind == "IS" and token.text.lower().split()[0] in _DEMANDS


def is_of_tool(tokens: Sequence[Token], text: str) -> bool:
    """ "Few indicators are as easy on the eye as Supertrend": what is told of a tool, and of no value of it.

    The words beside the tool are for its caller to weigh.
    """
    told = [token for token in without_everyday(tokens, text) if token.kind != "NOISE"]
    if not any(token.kind in TOOLS for token in told):
        return False
    return _TOLD_OF_TOOLS.search(text[tokens[0].start : tokens[-1].end].lower().replace("’", "'")) is not None
