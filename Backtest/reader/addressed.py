"""Words that are addressed to the machine, or to the law: orders to forget its rules, promises, tips, fake orders.

They are looked for in the words as they stand, since some of them are noise to a rule: "Don't tell the user".
"""

import re

INSTRUCTION = "instruction: not a trading rule"
PROMISE = "not a trading rule: no strategy can promise that"
INSIDER = "not a trading rule: trading on inside information is against the law"
MANIPULATION = "not a trading rule: moving the market to deceive others is against the law"

_SAY = (
    r"(?:say|print|tell|write|output|reply|answer|reveal|show|display|repeat|sing|translate|speak|respond|execute|"
    r"confirm|approve|return)"
)
_OLD = (
    r"(?:all|any|the|your|my|these|those|every|previous|prior|earlier|above|preceding|former|initial|original|system)"
)
_ORDERS = r"(?:instructions?|prompts?|directions|guidelines|commands?|constraints|programming|training|directives?)"
_SECRETS = (
    r"(?:text above|words above|conversation|hidden|secrets?|internal|instructions?|prompts?|config\w*|environment|env|"
    r"tokens?|credentials|other users|databases?|files?|source code|contents of|server|keys?|passwords?)"
)
_GUARDS = (
    r"(?:safety|security|validation|guard ?rails?|moderation|sandbox\w*|permissions?|safety checks?|risk checks?|"
    r"(?:limits?|rules?|restrictions?|filters?|checks?) of (?:the|this|your) (?:system|server|machine|sandbox|model))"
)
_RESULT = r"(?:strategy|backtest|back-test|test|results?|report|spec|reading|text|answer)"
_ORDERED = r"(?:^|[,;:]|\band\b|\bthen\b)\W*(?:(?:always|just|please|only|now|you must|you should) )*"
_TO_THE_MACHINE = re.compile(
    r"\bfrom (?:now|here|this point) on,? (?:you|your|reply|answer|speak|respond|act|only (?:reply|answer|speak))\b|"
    r"\byou must (?:now )?(?:approve|accept|obey|comply|execute|say|answer|reply|ignore|forget|reveal|print|confirm)\b|"
    r"\b(?:reply|respond|answer|speak|talk) (?:to \w+ )?"
    r"(?:only|always|exclusively|just|solely|from now on|like an?|as an?)\b|"
    r"\b(?:always|only|never) (?:reply|respond|answer|say|claim) (?:that|with|in|as|yes|no|only)\b|"
    rf"{_ORDERED}(?:say|claim|state|report|answer) (?:that )?(?:the|this|it|my) {_RESULT}? ?"
    r"(?:is|are|was|were|has|have|had|returned|made|passed|works)\b|"
    rf"\bpretend (?:that )?(?:the|this|it|my) {_RESULT}\b|"
    r"\b(?:whatever|no matter what|regardless of what) (?:the |your |my )?(?:backtest|test|results?|data|numbers?) "
    r"(?:says?|shows?|is|are|gives?)\b|"
    r"\b(?:report|claim|show|print|state|invent|make up|fake|fabricate)s? (?:me |us )?(?:a |an |the )?(?:fake |"
    r"made[- ]up |higher |"
    r"better |positive |great )*(?:sharpe|sortino|win rate|profit factor|returns?|result|results|backtest|equity curve)"
    r"(?: ratio)? (?:of|above|over|that)\b|"
    r"\b(?:hide|omit|drop|delete|conceal|leave out|suppress)(?: all| any)? (?:the |my |our )?(?:losing|bad|losers|"
    r"losses|drawdowns?)"
    r"(?: (?:trades?|ones|months?|days?))?(?= *(?:$|[.,;!]|from\b|in (?:the|your) (?:report|results?)))|"
    rf"{_ORDERED}(?:act|talk|speak) (?:like|as) (?:if |an? |my |the )?[a-z]+|"
    rf"\b(?:forget|ignore|disregard|override|skip|neglect)(?: about)?(?: {_OLD})* {_ORDERS}\b|"
    rf"\b(?:do not|don't|stop|no longer|never) (?:follow|following|obey|obeying)(?: {_OLD})* "
    rf"(?:{_ORDERS}|(?:previous|prior|earlier|above|your|original|system) rules)\b|"
    r"\b(?:forget|ignore|disregard|override)\b(?=[^.;\n]*\b(?:above|rules|everything|previous|earlier|told|before)\b)"
    rf"[^.;\n]*(?:\band|\bthen|,) (?:just |only |instead |then )*{_SAY}\b|"
    rf"\b(?:repeat|print|reveal|show|output|display|translate|leak|echo|dump|quote|send|email|upload|list)"
    rf"(?: me| us| back| out| all| the| your| every| any| of| full| whole)* {_SECRETS}\b|"
    r"\bwhat (?:were|are|was) (?:you told|you instructed|your (?:instructions|rules|orders|guidelines))\b|"
    r"\b(?:don't|do not|never|without) (?:tell|telling|mention|mentioning|inform|informing|warn|warning|ask|asking)"
    r"(?: this| it| anything| that)?(?: to)?(?: the| any| your)? (?:users?|admins?|administrators?|developers?|"
    r"operators?)\b|"
    r"\b(?:skip|bypass|disable|turn off|switch off|ignore|override|remove|drop)(?: all| any| the| your| every)* "
    rf"{_GUARDS}\b|"
    rf"\b(?:approve|accept|mark|flag|certify|label|treat) (?:this|the|my|every|all|any) {_RESULT} "
    r"(?:as )?(?:approved|valid|validated|verified|complete|completed|safe|profitable|passed)\b|"
    r"\bhide (?:that|this|it|them) from\b|"
    r"\b(?:admin(?:istrator)?|developer|debug|root|god|maintenance) mode\b|\bjailbr(?:eak|oken)\w*|"
    r"`[^`\n]*[/~][^`\n]*`|(?<!\w)~/|/etc/\w|\brm -rf?\b|"
    r"^\W*(?:assistant|developer|system (?:prompt|message|override|instruction|note)|admin(?:istrator)?)\W*:|"
    r"^\W*system\W*: *(?:you\b|ignore\b|forget\b|disregard\b|from now\b|override\b|reveal\b|print\b)|"
    r"<\|?(?:im_start|system|endoftext)|\[/?inst\]"
)
_PROMISED = re.compile(
    r"\bguarantee(?:s|d|ing)?(?: me| us| a| an| the| at least| of| that)*(?: \d+(?:\.\d+)? ?(?:%|percent))? "
    r"(?:wins?|profits?|gains?|returns?|income|money|success)\b|"
    r"\brisk[- ]free (?:profits?|income|money|\d+(?:\.\d+)? ?(?:%|percent) (?:a|per|every|each) (?:day|week|month))"
)
_KNOWING = r"(?:friend|cousin|contact|source|someone|somebody|brother|sister|guy|uncle|colleague|insider)s?"
_TIPPED = re.compile(
    r"\bbefore (?:it is|it's|they are|that is|this is)(?: made)? public\b|\bnon-?public\b|"
    r"\bnot (?:yet |been )?(?:made )?public yet\b|\bleaked (?:earnings|results|merger|news|numbers|report)\b|"
    rf"\b{_KNOWING} (?:\w+ ){{0,5}}(?:tips?|tipped) (?:me|us) off\b|"
    rf"\b{_KNOWING}(?: of mine)?(?: who works)? (?:at|inside|in|within) (?:the|a|that|this) "
    r"(?:company|firm|board|boardroom|bank) (?:\w+ ){0,2}"
    r"(?:tells?|told|says?|said|leaks?|leaked|gives?|gave|sends?|sent)\b"
)
_DECEIVING = re.compile(
    r"\b(?:fake|phantom|phony|spoof\w*) (?:buy |sell |limit |large )*orders?\b|"
    r"\bspread(?:ing)? (?:false |fake |some |wild )*(?:rumou?rs|news|lies|misinformation)\b|"
    r"\bcorner (?:the|this) market\b|\bpaint(?:ing)? the tape\b|"
    r"\bpush(?:ing)? (?:up |down )?the price\b[^.;\n]*\b(?:group|together|followers|friends|members|others)\b|"
    r"\b(?:coordinate|collude|conspire)\b[^.;\n]*\b(?:group|followers|friends|members|others|traders)\b|"
    r"\b(?:sell|dump|unload)(?: (?:it|them|everything|my \w+))? (?:on|to|onto) (?:the |my |our )?"
    r"(?:followers|crowd|bag ?holders|retail|suckers|greater fools?)\b"
)


def banned(words: str) -> tuple[str, str] | None:
    """The reason and the topic of a sentence that must not become a rule, None where it may."""
    said = words.lower().replace("’", "'")
    if _TO_THE_MACHINE.search(said):
        return INSTRUCTION, "instruction"
    for found, reason in ((_PROMISED, PROMISE), (_TIPPED, INSIDER), (_DECEIVING, MANIPULATION)):
        if found.search(said):
            return reason, "illicit"
    return None
