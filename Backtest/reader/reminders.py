"""Sentences that only say a convention of docs/conventions.md, which holds whether it is said or not."""

import re

_UNSPOKEN = frozenset({"a", "an", "the", "all", "always", "my", "your", "our", "please", "both"})

_NEXT_OPEN = (  # rule 1: evaluated on the close, filled at the next open
    r"(?:(?:signals?|rules|conditions) (?:are|is) "
    r"(?:computed|evaluated|taken|generated|checked|calculated|read) (?:on|at) (?:bar |each |every |daily )*close"
    r"(?: of (?:each |every )?bar)? and )?(?:(?:orders|trades|entries|positions|they) )?(?:are )?"
    r"(?:executed|filled|entered|placed|fill|execute|enter|trade) (?:on|at) (?:open of )?next "
    r"(?:(?:bar|day|session)(?:'s)?(?: open)?|open)"
)

_NO_REPAINT = (
    r"(?:(?:it|this|script|indicator|strategy|system) )?(?:no repaint(?:ing|s)?|non repainting|does not repaint|"
    r"doesn't repaint|never repaints|repaints never)"
)
_ON_CLOSE = (
    r"(?:(?:signals?|rules|alerts|crosses|conditions) (?:are|is|get) (?:only )?(?:taken )?|"
    r"(?:signals?|entries|rules|alerts|crosses|conditions) (?:are|is|get) (?:only )?"
    r"(?:confirmed|computed|evaluated|generated|checked|calculated|read|valid) )(?:on|at) (?:bar |candle |"
    r"daily )?close"
    r"(?: of (?:each |every )?(?:bar|candle|day))?"
)
_GO_IN = (
    r"(?:orders|order|trades|entries|entry|exits|they) (?:go|goes|get sent|are sent|is sent|are put|get put|go out)"
    r"(?: in)? (?:on|at) next (?:(?:bar|day|session)(?:'s)? )?open"
)
_FINE = (
    r"(?:entries|entry|exits|fills?|orders|buying|selling|execution|getting filled)(?: and exits)? (?:on|at) next "
    r"(?:(?:bar|day|session)(?:'s)? )?open (?:is|are) (?:fine|ok|okay|good|good enough)"
)
_AS_IT_IS = (rf"{_NO_REPAINT}(?: {_ON_CLOSE})?", _ON_CLOSE, _FINE, _GO_IN)

_TRADE = r"(?:(?:any|last|every|each|remaining) )*(?:open )?(?:trade|position)s?"
_AT_THE_END = (
    r"(?:at|on|by|after) (?:very )?(?:(?:last|final) (?:bar|candle)|end)"
    r"(?: of (?:test|backtest|data|run|history|sample))?"
)
_STILL_OPEN = r"(?:(?:(?:that|which) (?:is|are) )?(?:still )?open )?"
_STAYS_OPEN = r"(?:(?:is|are) (?:left|kept)|stays?|remains?) (?:open|unclosed)"
_LEFT_OPEN = (  # rule 3
    rf"{_TRADE} {_STILL_OPEN}{_AT_THE_END} {_STAYS_OPEN}",
    rf"{_TRADE} {_STAYS_OPEN} {_AT_THE_END}",
    rf"(?:leave|keep) {_TRADE} {_STILL_OPEN}(?:open )?{_AT_THE_END}(?: open)?",
    rf"(?:don't|do not|never) (?:close|exit) {_TRADE} {_STILL_OPEN}{_AT_THE_END}",
)

_LEVEL = r"(?:stop(?: loss)?|target|take profit|profit target)(?:s|es)?"
_LEVELS = rf"{_LEVEL}(?: and {_LEVEL})?"
_FILL = r"(?:from|off) (?:actual )?(?:fill|entry)(?: price)?"
_MEASURED = r"(?:measured|calculated|counted|computed|taken|reckoned|set)"
_FROM_THE_FILL = (  # rule 16
    rf"{_LEVELS} (?:is|are) (?:{_MEASURED} )?{_FILL}",
    rf"(?:measure|calculate|count|compute|take|reckon) {_LEVELS} {_FILL}",
)

_HIT = r"(?:(?:is|are|get) )?(?:hit|touched|reached|triggered)"
_PAIR = rf"(?:(?:{_LEVEL} and {_LEVEL}|they|levels) )?"
_ONE_BAR = r"(?: (?:on|in|inside|within|during) (?:same|one|single) (?:bar|candle))?"
_BOTH_HIT = rf"(?:when|if|where|whenever) {_PAIR}(?:are )?{_HIT}{_ONE_BAR}"
_STOP_FIRST = (
    r"stop(?: loss)? (?:wins|(?:comes|counts|fills|goes|is) first|"
    r"is (?:taken|filled|executed|counted|assumed) first|has priority|takes precedence|before target)"
)
_STOP_WINS = (rf"{_BOTH_HIT} {_STOP_FIRST}", rf"{_STOP_FIRST} {_BOTH_HIT}")  # rule 19

_UNTOLD = (
    r"(?:commissions?|costs?|fees|trading costs|slippage|settings|other settings|everything else|rest|all else|"
    r"anything else|whatever i left out|whatever i did not mention|anything i forgot|anything not mentioned|"
    r"size|sizing)"
)
_AS_EVER = (  # rules 24 to 26
    rf"{_UNTOLD}(?: and {_UNTOLD})? (?:(?:is|are|as|stays?|left|kept|at|remains?|on|to|should be|can be|by) )*"
    r"(?:usual|its defaults?|their defaults?|defaults?|default values?|default settings|standard|normal|untouched)",
    r"(?:default|defaults|standard|usual) (?:costs?|commissions?|fees|settings|values|for rest|for everything else|"
    r"otherwise|everywhere else)(?: (?:is|are) (?:fine|ok|okay|good|good enough))?",
)
_IDLE = (
    r"(?:in between|(?:in )?between (?:signals|trades|them)|rest of time|when there(?: is|'s) no signal|without signal|"
    r"with no signal|while there is no signal)(?: (?:i|we|account|money|capital|system|strategy))? "
    r"(?:(?:simply|just) )?(?:sits?|stays?|am|are|is|waits?|do|does|remains?)(?: safely)? ?(?:in cash|flat|out|"
    r"nothing|on sidelines|aside|out of market|uninvested|put)?"
)

_NOT_MORE = (  # than what is said
    r"(?:and )?(?:never more|never less|not (?:cent|penny|dollar|share) more|no more(?:,? (?:and )?no less)?)"
)
_HELD = r"(?:still |already |currently )*(?:hold|holding|own|owning|have|in|long|invested)(?: on to)?"
_NO_SECOND = (  # rule 13
    r"(?:(?:and|but|so|of course|obviously|naturally|needless to say) )*(?:i|we) (?:do not|don't|never|won't|will not|"
    r"would not|wouldn't) (?:buy|enter|add|go long|get in|buy more|open another|open new|take another|take new)"
    r"(?: (?:again|more|another|one|trade|position))* (?:while|when|if|as long as) (?:i|we|i'm|we're|i am|we are)"
    rf"(?: am| are)? {_HELD}(?: (?:it|thing|them|one|position|stock|shares|trade|in it|any))?"
)
_ELSE = (  # behind a filter: no trade without it
    r"(?:otherwise|if not|else) (?:(?:i|we|it|system) )?(?:just |simply )?(?:sits? on (?:our |its )?hands|"
    r"do nothing|does nothing|take no trades?|takes no trades?|(?:do not|don't) (?:trade|bother|touch it|enter)|"
    r"pass|leave it alone|leave it|look elsewhere|no trades?|no entry|no entries|nothing happens)"
)

_REMINDER = re.compile(
    "|".join(
        f"(?:{one})"
        for one in (
            _NEXT_OPEN,
            *_AS_IT_IS,
            *_LEFT_OPEN,
            *_FROM_THE_FILL,
            *_STOP_WINS,
            *_AS_EVER,
            _IDLE,
            _NOT_MORE,
            _NO_SECOND,
            _ELSE,
        )
    )
)


def is_reminder(text: str) -> bool:
    """A sentence such as "enter at the next bar's open", which changes nothing. One with a number never is."""
    words = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d|[%$<>=]", text.lower().replace("’", "'"))
    return _REMINDER.fullmatch(" ".join(word for word in words if word not in _UNSPOKEN)) is not None
