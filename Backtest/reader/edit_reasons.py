"""Why something is changed, and how the author came to it: what stands around a change and asks for nothing.

"They react faster", "to skip chop", "like the slow turtles", "on reflection": parts of a later sentence between signs,
or before the words that begin a reason. A part that holds a figure, a condition, an order or a line is none, whatever
it begins with.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import complaints
from Backtest.reader.remarks import LIGHT

_STARTERS = (
    r"because|since|so that|so (?=i\b|we\b|it\b|they\b)|in order to|(?:just |mainly |mostly )?(?:so "
    r"as )?to (?=avoid|skip|"
    r"dodge|reduce|cut|limit|filter|weed|be (?=safe|sure|careful|on the|more)|give\b|smooth|"
    r"catch|protect|weather|survive|stay|keep)|"
    r"(?:just )?in case|"
    r"(?:just )?as an? (?=extra|additional|safety|back ?stop|insurance|precaution|protection|last|"
    r"seat|fallback|emergency|"
    r"kind|sort|first|start|compromise|test|little|small|general)|for (?=the big|big|really|safety|"
    r"protection|peace|comfort|"
    r"good measure|starters|disasters|crashes|emergenc|the worst|my (?:taste|liking)|my nerves|"
    r"black swans|me\b|us\b)|"
    r"like (?=the|they|in|we|most|every|people|others|real|those|my|our)|as (?=in the|they|the turtles|the book)"
)
_CUT = re.compile(rf"(?i)(?:,(?=\s)|;|:(?=\s)|\s-+\s|--|[–—])|\b(?={_STARTERS})")
_DEGREE = (
    r"(?:(?:a|just|way|far|much|still|rather|bit|little|really|probably|maybe|kind of|clearly|simply|"
    r"quite|pretty|so|very|"
    r"too|more than|all|always|often|not|already|surely|certainly) )*"
)
_GOOD = (
    r"(?:crazy|insane|nuts|mad|plenty|enough|fine|ok|okay|good|great|better|best|safer|nicer|calmer|"
    r"smoother|simpler|easier|"
    r"cleaner|saner|silly|boring|stressful|scary|overkill|arbitrary|sufficient|ridiculous|excessive|a "
    r"lot|wrong|painful|"
    r"typo|mistake|slip|guess|my (?:mistake|fault|bad|limit|pain threshold|comfort zone)|wise|wiser|"
    r"sensible|reasonable|"
    r"nonsense|unrealistic|realistic|nerve-racking|what i (?:meant|wanted|had in mind)|more "
    r"(?:sensible|reasonable|realistic|"
    r"comfortable|robust|sane|my style)|more like it|how i (?:like|want) it)"
)
_AFTER = (
    r"(?: (?:for me|to me|for my (?:taste|nerves|liking)|i (?:think|guess|suppose|believe)|here|now|"
    r"imo|imho|at the moment|"
    r"anyway|really|these days|right now|lately|of me|on my part))*"
)
_SUBJECT = (
    r"(?:(?:the|a|an|this|that|these|those|my|our|it|they|one|two|three|half|so|such|year|month|week|"
    r"day|days|bar|bars|weeks|"
    r"months|volatility|market|markets|stock|bitcoin|crypto|number|value|setting|settings|first|old|original|current|"
    r"previous|before|much|long|wait|\d+(?:\.\d+)?%?) ?)+"
)
_BE = r"(?:is|are|was|were|seems?|looks?|feels?|sounds?|would be|will be|should be|must be|might be)"
_OPINION = rf"{_SUBJECT} ?(?:{_BE}|'s|'re|'d be|'ll be) {_DEGREE}(?:an? )?{_GOOD}{_AFTER}"
_DOES = (
    r"(?:reacts?|responds?|kills?|cuts?|gets? (?:me|us)|gets? (?:too|very|really)|keeps? (?:me|us|"
    r"\w+ing)|gives?|makes?|works?|"
    r"fits?|suits?|helps?|hurts?|smooth(?:s|es)?|filters?|reduces?|catch(?:es)?|miss(?:es)?|lags?|"
    r"whipsaws?|wastes?|loses?|"
    r"costs?|trades? too|looks?|feels?|sounds?|performs?|stops? (?:me|us)|throws?|lets? (?:me|us|it)|"
    r"leaves? (?:me|us)|"
    r"behaves?|bleeds?|eats?|takes? too|comes? too|buys? too|sells? too|enters? too|exits? too|fires? "
    r"too|triggers? too|"
    r"happens? too|waits? too|reads?|follows?|saves?|matters?|makes? (?:me|more) \w+)"
)
_IT_DOES = (
    r"(?:they|it|this|that|those|these|which)(?: (?:just|simply|also|usually|always|really|only|often|"
    r"mostly|probably|would|"
    rf"will|might|tends? to|seems? to|still|all))* {_DOES}\b.*"
)
_PURPOSE = (
    r"(?:and |just |mainly |mostly )*(?:so as |in order )?to (?:avoid|skip|dodge|reduce|cut|limit|"
    r"filter|weed|stay|keep|be (?:more |on the )?(?:safer?|sure|careful|safe side|patient)|get|"
    r"give|make|let|protect|catch|smooth|save|have|leave|allow|guard|sleep|prevent|minimi[sz]e|"
    r"weather|survive|ride|cushion|"
    r"tame|lock|secure)\b.*"
)
_AS = (
    r"(?:just )?as an? (?:(?:extra|additional|little|small|first|last|simple|kind of|sort of|general|"
    r"final|bit of) )*(?:a )?"
    r"(?:safety net|safety|back ?stop|insurance|insurance policy|precaution|protection|resort|seat ?belt|fallback|"
    r"emergency brake|emergency exit|compromise|start|test|experiment|measure|safeguard)"
)
_FOR = (
    r"(?:just )?for (?:(?:the|a|an|my|some|really|big|bad|occasional|odd|good|extra|more|worst|all) "
    r")*(?:crash|crashes|"
    r"disasters?|safety|protection|peace of mind|comfort|measure|starters|black swans?|case|cases|"
    r"emergenc(?:y|ies)|nerves|"
    r"taste|liking|simplicity|comparison|now|the moment|robustness|sanity|me|us)"
)
_LIKE = (
    r"(?:just )?(?:like|as) (?:in |with )?(?:the|they|we|most|everyone|everybody|people|others|real|those|my|our)\b.*"
)
_MINE = (
    r"(?:(?:and|but|so|because|since|cause) )*(?:i|we)(?:'m|'ve|'d|'ll| am| was| have)?(?: (?:just|"
    r"simply|really|still|only|"
    r"always|never|also|now|then|can|could))* (?:mistyped|mis-typed|misspoke|misread|mixed (?:it|that|"
    r"them) up|made a mistake|"
    r"was wrong|were wrong|wrong|slipped|changed my mind|changed our minds|sleep\b.*|get (?:nervous|"
    r"scared|bored|impatient)\b.*|"
    r"can't (?:stand|stomach|afford|take)\b.*|can't sleep\b.*|hate\b.*|(?:want|need|like|prefer) "
    r"(?:fewer|less|more|some more) "
    r"(?:trades|noise|whipsaws|signals|risk|room|patience|confirmation|certainty|safety|action|"
    r"activity|protection|air|calm)|"
    r"have other (?:positions|investments|things|strategies|plans)\b.*|have (?:a|no) \w+|(?:too |more "
    r"|less |very )?(?:nervous|"
    r"impatient|cautious|careful|conservative|risk averse|risk-averse|patient|greedy|old))"
)
_SLIP = (
    r"(?:sorry )?(?:(?:it|that) was )?(?:my (?:mistake|bad|fault|error|typo)|(?:a |just a )?(?:typo|"
    r"slip|mistake|slip of the "
    r"(?:pen|keyboard|finger))(?: of mine| on my part)?|wrong number|oops|whoops)"
)
_REST = (
    r"(?:and |but |with )?(?:the |all )?(?:rest|other rules|everything else|all else|others|other one|"
    r"nothing else|entry|entries|exits?|stop|target|filter|other "
    r"settings)(?: of (?:it|the rules|the strategy))? ?(?:(?:is|are|can|should|must|to|may|please|"
    r"just|remains?|stays?|changes?|"
    r"unchanged|as|it|they|was|were|be|kept|left|the|same|before|untouched|stay|remain|alone|like|that) ?)+"
)
_CASE = r"(?:just )?in case\b.*"
_WHY = r"(?:because|since|so that|so|cause)\b (?:it|they|that|this|i|we|the|my|those|these)\b.*"
_HAPPENS = (
    rf"{_SUBJECT} ?(?:happens?|comes?|triggers?|fires?|gets? hit|is hit|occurs?|shows? up) (?:far |way |much )?"
    r"(?:too|very|so) (?:often|rarely|early|late|seldom|frequently)"
)
_FEWER = (
    r"(?:(?:that|this|it) (?:gives|means|makes for) )?(?:more|fewer|less|a few more|some more) (?:trades|noise|"
    r"whipsaws|signals|risk|room|patience|action|air|calm|false signals|activity)"
)
_REASON = re.compile(
    "|".join(
        f"(?:{one})"
        for one in (
            _OPINION,
            _HAPPENS,
            _FEWER,
            _IT_DOES,
            _PURPOSE,
            _AS,
            _FOR,
            _LIKE,
            _MINE,
            _SLIP,
            _REST,
            _CASE,
            _WHY,
            r"too \w+",
        )
    )
)
_COMPLAINT = re.compile(
    rf"(?:it|that|this|they|those)(?: is| are|'s|'re) {_DEGREE}(?P<so>\w+){_AFTER}|"
    rf"{_SUBJECT} ?(?:{_BE}|'s|'re) {_DEGREE}too (?P<much>\w+)(?: (?:together|apart|for (?:that|this)))?{_AFTER}|"
    rf"{_DEGREE}too (?P<alone>\w+)"
)
_FREE = re.compile(
    r"\b(?:if|when|whenever|unless|until|while|once|after|before|except|must|should|shall|has to|have "
    r"to|need|needs|require\w*|"
    r"instead|otherwise|and (?:then|also|use|add|make|buy|sell|exit|put|only|no|not))\b|[%$<>=]"
)
_TOLD = LIGHT | frozenset(
    "FAST TREND LOSS LOSE MOVE_DOWN MOVE_UP FALLING TRADE POSITION PROFIT L_RISK NO_TRADES PRICE MAKE PLACE USEV "
    "HAS THEM THATIS DECLARE ON TURN STOPPED LOWER HIGHER LATER CASH REQUIRE HOLD_ON HOLD MOVE".split()
)
"""Kinds of tokens that a reason may hold, whatever its words."""
_BEARING = re.compile(
    r"\b(?:check(?:ed|s)?|measured?|moved?|doubled?|halved?|scaled?|pyramid\w*|hedged?|"
    r"reversed?|flat|weekends?|overnight|"
    r"intraday|close[ds]?|open(?:s|ed)?|limit|again|back in|back to|second|half|average[ds]?)\b"
)
_IN_CASE = frozenset({"in case", "just in case"})
_ORDERS = frozenset(
    "BUY SELL SHORT LONG ENTER EXIT COVER STOP TARGET TRAIL TRAILING_STOP HOLD SIZE RISKV LEAVE".split()
)
_EXTENT = re.compile(r"\b(?:too (?:early|late|soon|often|much|many|long|quickly|fast|easily)|me out|us out|out too)\b")

_GREETED = (
    r"(?:(?:so|and|ok|okay|oh|ah|hm+|well|thanks|thank you|great|nice|sorry|please|actually|now|but|"
    r"wait|right|yes|yeah|no|"
    r"also|oops|good)[,.!: ]+)*"
)
_REFLECTED = (
    r"(?:on (?:further |closer )?(?:reflection|consideration|second thoughts?|balance)|in hindsight|"
    r"come to think of it|"
    r"after (?:some thought|thinking it over|sleeping on it|thinking about it|a second look)|all things considered|"
    r"having thought about it|to be on the safe side|just to be safe|change of plans? for (?=the (?:exit|entry)\b))"
)
_OPENING = re.compile(
    rf"(?i){_GREETED}(?:{_REFLECTED}[\s,:–—-]+|(?:on (?:reflection|further reflection|second thoughts?|"
    r"balance|consideration)|"
    r"after (?:thinking|some thought|having thought|sleeping|a second look|looking|some thinking|a "
    r"night)(?: \w+){0,4}|"
    r"(?:come to |now that i )?think(?:ing)? (?:of|about) (?:it|this|that)(?: again| more| some more)?|"
    r"having (?:thought|slept)(?: \w+){0,4}|(?:just )?(?:one|another|two|a couple of|a few)(?: more| "
    r"last| final| small| little| "
    r"other| quick| tiny)*(?: things?| changes?| tweaks?| requests?| edits?| corrections?| ideas?| points?)|"
    r"(?:just )?one (?:more|last)|(?:the )?(?:last|final|next) (?:thing|one|change|tweak|point|request)|"
    r"(?:small |slight |little )?(?:change of plans?|correction|change|tweak|adjustment)|"
    r"before i forget|(?:i(?:'ve)? )?changed my mind|i have changed my mind|new idea|i (?:almost |nearly )?forgot|"
    r"forgot to (?:say|mention|add)|while (?:we're|you're|i'm|we are|you are) at it|in hindsight|all "
    r"things considered|"
    r"to be (?:safe|careful|honest|on the safe side)|let's be (?:careful|brave|conservative|realistic|"
    r"safe)|you know what|"
    r"(?:let's |please )?give (?:it|the trade|the stop|trades) (?:(?:some|a bit|a little|much|even) )?more room|"
    r"my (?:mistake|bad)|it was a typo|typo|that was a typo|oops|"
    r"(?:a (?:bit|little) |much |slightly |even )?(?:wider|tighter|looser|slower|faster|longer|"
    r"shorter|bigger|smaller|stricter|"
    r"higher|lower|safer|closer|simpler|calmer|quicker))\s*[,:–—-]+\s*|"
    r"i (?:almost |completely |totally |nearly )?forgot (?:about |to (?:mention|add|say|set|give) "
    r")?(?=(?:the|a|an|my)\b))"
)


def without_reasons(content: Sequence[Token], text: str) -> tuple[list[Token], list[Token]]:
    """The tokens of a later sentence that change something, and those that only tell why, or lead up to it."""
    begin, end = _sentence_start(content, text), _noise_end(content, text)
    spans = []
    if (opening := _OPENING.match(text.replace("’", "'"), begin, end)) is not None and opening.end() < end:
        spans.append((begin, opening.end()))
        begin = opening.end()
    marks = [begin, *(one.start() for one in _CUT.finditer(text, begin, end) if one.start() > begin), end]
    spans += [(a, b) for a, b in pairwise(marks) if _is_reason([t for t in content if a <= t.start < b], text[a:b])]
    told = [token for token in content if any(a <= token.start < b for a, b in spans)]
    kept = [token for token in content if token not in told]
    while kept and kept[0].kind in _EDGES:
        told.append(kept.pop(0))
    while kept and kept[-1].kind in _EDGES:
        told.append(kept.pop())
    return kept, sorted(told, key=lambda one: one.start)


_EDGES = frozenset({"COMMA", "DASH", "COLON", "AND", "THEN"})


def _sentence_start(content: Sequence[Token], text: str) -> int:
    before = text[: content[0].start]
    last = max(before.rfind(sign) for sign in ".;!?\n") + 1
    return last + len(before[last:]) - len(before[last:].lstrip())


def _noise_end(content: Sequence[Token], text: str) -> int:
    """The end of the words behind the content that say nothing, up to the next sign."""
    end = content[-1].end
    return end + len(re.split(r"[.;!?\n,:]", text[end:])[0])


def _is_reason(tokens: Sequence[Token], part: str) -> bool:
    written = " ".join(re.sub(r"^\W+|\W+$", "", part.lower().replace("’", "'")).split())
    written = re.sub(r"^(?:and|but|sorry|also|because|since) (?=(?:i|we|it|they|that|this)\b)", "", written)
    told = [one for one in tokens if one.kind not in {"NOISE", *_EDGES} and one.text.lower() not in _IN_CASE]
    said = _COMPLAINT.fullmatch(written)
    if said is not None:
        return (said["so"] or said["much"] or said["alone"]) in complaints()
    if _REASON.fullmatch(written) is None or written.startswith("too "):
        return False
    if re.fullmatch(f"{_OPINION}|{_HAPPENS}|{_SLIP}|{_REST}", written) is not None:
        return True
    if not all(token.kind in _TOLD or token.kind in _ORDERS for token in told) or _BEARING.search(written):
        return False
    if _FREE.search(written) or re.search(r"\d", written):
        return False
    return not any(token.kind in _ORDERS for token in told) or _EXTENT.search(written) is not None
