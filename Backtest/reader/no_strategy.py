"""Texts that ask for something else than a test of rules: a poem, the weather, what a word means."""

import re

from Backtest.reader.lexicon import tokenize

_ASKED = re.compile(
    r"(?i)\s*(?:(?:hi|hey|hello|please|ok|okay|so|and|there|dear \w+|pls|chat|assistant|bot)[ ,!.]+)*"
    r"(?:(?:can|could|would|will) (?:you|u|someone|anyone|somebody)|write|tell me|give me|sing|translate|"
    r"explain|define|recommend|draw|what|what['’]?s|who|whose|where|why|"
    r"how (?:is|are|do|does|did|was|can|old|far|big|long)|"
    r"do you|are you|is it|i (?:want|need|would like|['’]d like) a)\b"
)
_EXPLAINED = re.compile(
    r"(?i)\W*(?:please )?(?:(?:can|could) you )?(?:explain|define|what (?:is|are|does|do)|what['’]s)\b"
)
_INDICATORS = frozenset({"IND", "OUT", "MA", "CHANNEL", "ATR"})
_OF_TRADING = frozenset(
    "BUY SELL ENTER EXIT COVER CLOSE_POSITION STOP TARGET TRAIL TRAILING_STOP WHEN ONLYWHEN WHILE CROSS CROSSNAME "
    "PERCENT MONEY PIPS BPS RISKV SIZE SHARES HOLD HOLD_MAX L_ENTRY L_EXIT ENTRY RUN L_RULES ABOVE BELOW OVER GT LT GE "
    "LE EACH_TIME BREAK TRADE TICKER COMMISSION LEVERAGE SETUP OVERSOLD OVERBOUGHT CANDLE POSITION UNSUPPORTED".split()
)
_OF_RULES = re.compile(
    r"(?i)\b(?:strateg\w*|systems?|rules?|back-?tests?|tests?|tested|trades?|trading|simulat\w*|signals?|setups?|algo\w*|"
    r"bots?|robots?|scripts?|code|program|invest\w*|portfolios?|positions?|orders?|profit\w*|money)\b"
)


def is_no_strategy(text: str) -> bool:
    """Whether a text asks for something in which nothing is bought or sold; "short" may be how long a poem is."""
    if _ASKED.match(text) is None or _OF_RULES.search(text) or re.search(r"\d", text):
        return False
    tokens = [token for token in tokenize(text) if token.kind not in {"NOISE", "DOT", "NEWLINE"}]
    for i, token in enumerate(tokens):
        if token.kind in {"SHORT", "LONG"}:
            following = tokens[i + 1].kind if i + 1 < len(tokens) else ""
            if following != "UNKNOWN" or token.text.lower() not in {"short", "long"} or i == 0:
                return False
        elif token.kind in _OF_TRADING or (token.kind in _INDICATORS and not _EXPLAINED.match(text)):
            return False
    return True
