"""Everyday expressions in words of trading ("set it up", "two years", "lesson 7"): they weigh nothing."""

import heapq
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from Backtest.reader.lexicon import Token
from Backtest.reader.phrases import sayings

_NUMBER = (
    r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
)
_MANY = rf"(?:{_NUMBER}(?: or {_NUMBER})?|a few|few|some|several|many|a couple(?: of)?|so many|too many)"
_IT = r"(?:it|this|that|this one|that one|these|them|everything|all of it|the (?:whole )?\w+|my \w+)"

# Durations of a life and numbers of lessons; a number of bars, days or prices is none of them.
_LIVED = (
    rf"(?:(?:for|over|after|in|within|about|around|almost|nearly|maybe|some|the last|the past|last|past) )*"
    rf"{_MANY} (?:(?:long|good|bad|hard|odd) )?(?:years?|yrs|decades?)(?: ago| old| now| running| straight| back)?",
    rf"{_MANY} (?:weeks?|months?|days?|evenings?|nights?) ago",
    rf"(?:lesson|lecture|class|module|chapter|part|page|episode|issue|week|exercise|homework|assignment|"
    rf"question|slide|season|version|draft|attempt) {_NUMBER}(?: of {_NUMBER})?(?![\d%.]|\s*(?:bars?|days?|high|low))",
    rf"(?:journal|diary|log|logbook|challenge|course|bootcamp|blog|vlog)[,:]? (?:day|week|entry|page|part|no\.?|#) "
    rf"?{_NUMBER}",
    rf"(?:day|week|entry|page|part) {_NUMBER} of (?:my|the|this|our) (?:\w+ )?(?:journal|diary|log|challenge|course|"
    rf"blog)",
    rf"{_NUMBER} (?:kids|children|cats|dogs|cups|beers|coffees|jobs|friends|people|students|readers|pages|books|"
    r"screens|monitors)",
    r"(?:last|next|this|the other) (?:week|month|year|night|evening|weekend|summer|winter|spring|autumn|christmas)",
    r"(?:in|since|back in) (?:19|20)\d\d",
    r"the other day",
    r"for (?:a|quite a|some|a long|a good) (?:while|time|bit)(?: now| already)?|for ages(?: now)?",
    r"(?:plans?|outlook|notes?|ideas?|homework|goals?|agenda|thoughts?) for (?:the )?(?:next|this|coming|new) (?:week|"
    r"month|quarter|year|season|semester)",
    r"(?:the )?way (?:\w+|my \w+|the \w+) (?:taught|meant|intended|did|wrote|described|liked|traded|likes|wanted) "
    r"(?:it|this|them)(?:,? (?:only|just|but) (?:slower|faster|simpler|lazier|calmer))?",
    r"(?:what|how) (?:my|our|a) \w+ (?:did|does|traded|made|makes|handled) (?:with|on|in) "
    r"(?:(?:his|her|their|my|the) )?(?:\w+ )?(?:shares|stock|stocks|account|savings|money|portfolio)",
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day (?:letter|edition|newsletter|column|briefing|brief|note|post|update|"
    r"issue|email|show|stream|chat|thread|paper)",
    rf"{_NUMBER} (?:minutes|hours|hrs|mins) a (?:day|week|night|month)",
    r"(?:made|returned|gained|earned|returns|makes|lost|did|does) (?:(?:him|her|me|us|them|about|around|roughly|"
    r"over|some|almost) )*"
    r"\d+(?:\.\d+)? ?(?:%|percent)(?: for (?:me|him|her|us|my \w+))?(?: in)? (?:last year|this year|last month|"
    r"a year|per year|"
    r"a month|(?:19|20)\d\d|so far|year to date|ytd)",
    r"(?:meet|meets|met|gather|practice) (?:every |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?",
    r"(?:due|deadline is|hand it in|hand this in|wants it|wants this|need it|needs it|is due) (?:by |on |before |"
    r"next |this )*"
    r"(?:week|month|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)",
    r"(?:from |since )?(?:yesterday|this morning|this afternoon|tonight|last night|earlier today)(?!['’]s)",
    r"(?:discussed|talked|spoke|met|said|mentioned|posted|wrote|saw|heard|read|learned|showed|presented|meeting|"
    r"call|class|"
    r"lecture) (?:\w+ ){0,4}on (?:mon|tues|wednes|thurs|fri|satur|sun)day",
    r"(?:\d+|many|few|hundreds of|thousands of) (?:upvotes|likes|views|comments|followers|replies|downloads|"
    r"subscribers)",
    r"(?:ticket|case|request|ref|reference|order) (?:(?:no|nr|number)\.? ?|#)?\d{3,}",
    r"(?:so|too|many|several|a few|countless|a hundred|a thousand) (?:many )?times",
)
# Verbs with a particle, and turns of phrase.
_IDIOMS = (
    r"(?:from now on,? )?(?:just |only )?one (?:simple )?rule only|from now on,? (?:just |only )?one (?:simple )?rule",
    rf"(?:clean|cleaned|set|code|write|type|wrap|sum|mock|spin|knock|cook|whip)(?:s|ting|d|ing)? (?:{_IT} )?up",
    rf"(?:setting|coding|writing|typing|coded|wrote|written|came|come|coming|comes|picked|grew|grown|ended|end|"
    rf"signed) (?:{_IT} )?up",
    rf"(?:write|wrote|written|writing|writes|note|noted|put|jot|jotted|type|typed|scribbled|scribble|get|got|pin|"
    rf"boil|boils|broke|break|take|took) (?:{_IT} )?down",
    r"(?:all in all|first of all|after all|once again|over again|over and over|time and again|so far|by far)",
    r"(?:sooner or later|more or less|better late than never|for the most part|in the long run|in the end|at last)",
    r"(?:without any (?:trouble|problems?|issues?|fuss|hassle)|no (?:trouble|problem|worries|big deal|hurry|rush))",
    r"(?:the |my )?(?:whole|entire|full) (?:thing|plan|idea|story|system|strategy|setup|recipe|deal|trick|lot|"
    r"point|method)",
    r"(?:big|huge|large) (?:fan|thanks|thank you|believer|mistake|shout ?out|deal)",
    r"(?:(?:a )?lot(?:s)? of (?:people|folks|time|work|thought|fun|money|friends)|a lot|lots)",
    r"(?:over|on) (?:the phone|coffee|dinner|lunch|a beer|a drink|beers|zoom|skype|breakfast)",
    r"(?:on|in) (?:the side|the board|my own|my mind|the train|the bus|the internet|print|mind|charge|the house)",
    r"(?:short|long) (?:version|story|answer|form|list|intro|weekend|day|drive|flight|walk)",
    r"(?:full|part|spare) time",
    r"(?:an? )?(?:day|night|desk) jobs?",
    r"all (?:day|night|week|the time|year)",
    r"(?:early|late) (?:riser|bird|night|shift|shifts|days)",
    r"(?:first|next|last|second|third) (?:time|post|try|attempt|question|step|message|draft|lesson|page|chapter)",
    r"(?:at|for) first",
    r"(?:keep|keeps|kept|keeping) (?:it|this|things|me|us|him|her) (?:simple|short|honest|sane|busy|calm|awake|"
    r"entertained|humble)",
    r"(?:high|low) (?:school|horse|priority|maintenance|tech)",
    r"(?:open|close)(?:d)? (?:source|minded|friends?|to my heart)",
    r"(?:take|takes|took) (?:care|your time|a look|a while|it easy|notes|it with a grain of salt)",
    r"only a (?:handful|few|couple) of (?:trades|signals)",
    r"only (?:human|kidding|joking|fair|a hobby|a student|a beginner)",
    r"(?:as )?discussed(?: last week| before| above| already)?",
    r"(?:above|below) all",
    r"(?:news|work|life|sleep|nerves|stress) (?:letter|life|balance|levels?)",
    r"(?:guess|guessing|pick|picking|call|calling|catch|catching|time|timing) (?:the )?(?:tops?|bottoms?)"
    r"(?: (?:and|or) (?:the )?(?:tops?|bottoms?))?",
    r"(?:see|find out|know|wonder|wondering|check|tell me|learn) (?:if|whether) (?:it|this|that|he|she|they|"
    r"(?:the|my|his|her) "
    r"\w+(?: \w+)?) (?:holds? up|works?|makes? (?:any )?(?:sense|money)|is (?:any )?good|would (?:have )?work(?:ed)?|"
    r"stands up|pays? off|(?:has|have) (?:an )?edge|is worth it|survives?|(?:was|were|is) right|really works?)",
    r"before i (?:put|risk|use|bet|commit) (?:any |real |my |actual )*(?:money|cash|savings)"
    r"(?: (?:behind|on|in|into|with) (?:it|this))?",
    r"(?:an? |my |the )?(?:swing |day |options? |forex |stock )?trading (?:course|class|book|forum|group|room|"
    r"journal|podcast|blog|"
    r"seminar|"
    r"video|channel|buddy|career|life|desk|floor|club|school|mentor|coach|friend|account manager)s?",
    r"in (?:the |last )?(?:spring|summer|autumn|winter)",
    r"(?:either )?(?:get|gets|is|are) stopped(?: out)? or (?:you |it |i |we )?(?:get paid|gets paid|are paid)",
    r"v\d+(?:\.\d+)*",
    r"out of (?:curiosity|town|office|boredom|the blue|the box)",
    r"(?:any|some|your|every|all|the) (?:help|support|feedback|comments?|thoughts|input)",
)
# What the language has no place for, where it is no such thing.
_OTHERWISE = (
    r"(?:saw|found|read|got|posted|guy|guys|someone|somebody|post|thread|learned|heard|idea|strategy|seen|stole|"
    r"picked|people|"
    r"person|it) (?:\w+ ){0,4}(?:on|from|off) (?:reddit|twitter)(?: posts?| threads?)?",
    r"premium (?:course|plan|member|members|membership|version|account|subscription|subscriber|newsletter|"
    r"content|group)s?",
    r"(?:tech|technical|customer|your) support(?: team| desk| staff| line)?|support (?:team|desk|staff)",
    r"(?:it|this|that|\w+) (?:feels|looks|sounds|seems) (?:like (?:cheating|magic|stealing|a joke|child's play|home)|"
    r"(?:scary|daunting|complicated|intimidating|silly|stupid|weird|crazy|naive|odd) (?:at first|"
    r"to (?:me|you|many|most)|i know|on paper))(?: (?:sight|glance))?",
)
# Conditions of a conversation, refusals of a mood, and what is said of the text itself.
_SPOKEN = (
    r"(?:not sure|unsure|sorry|apologies|forgive me|let me know|tell me|curious|wondering|wonder|ask|question is|"
    r"no idea|"
    r"no clue|like to know|love to know|want to know|want to find out(?: is)?|find out(?: is)?|see|doubt|asked|"
    r"asking)(?:,)? "
    r"(?:if|whether)",
    r"if (?:anyone|anybody|someone here|any of you|somebody here)(?: here)?",
    r"if (?:that|this|it) (?:makes (?:any )?sense|helps|is ok|is okay|is possible|is allowed|matters|"
    r"is too (?:much|long|basic))",
    r"(?:makes?|made) (?:any |no |perfect |little |the most )?sense",
    r"no (?:idea|clue|patience|good reason|reason|secrets?|genius|expert|magic|promises|offen[cs]e|fan|"
    r"need to (?:explain|reply|"
    r"answer)|guarantees?|experience|programmer|coder|comment|doubt|wonder|kidding|joke|thanks)",
    r"(?:i|we)(?:'m| am)? (?:don't|do not|dont|can't|cannot|never|didn't|couldn't|won't|am not|not) (?:really |"
    r"even |ever |yet )*"
    r"(?:trust|believe|know|understand|care|mind|think|like|remember|finish(?:ed)?|speak|laugh|worry|blame|judge|"
    r"want to (?:think|watch|sit|stare|stress|worry|fiddle)|wait to|watch|sit|stare|be|follow|monitor|code|"
    r"program|find|figure|afford|want to (?:bore|waste|sound|look|be))",
    r"(?:please )?(?:don't|do not|dont) (?:laugh|judge|worry|shoot|hate|be shy|hesitate|bother|mind|"
    r"ask(?: me)?(?: why)?|overthink it)",
    r"no (?:opinions?|views?|forecasts?|predictions?|guess|guesses|hunch) (?:about|on|of) (?:the )?(?:market|"
    r"direction|news|"
    r"future|economy|company|stock)(?: involved| needed| required)?",
    r"all (?:there is(?: to (?:it|say|know))?|i have|i know|we have|ears|credit|thanks|the best|of (?:it|"
    r"this) (?:is )?free)",
    r"(?:hope|hopefully|think) (?:that|this|it|everything)(?:'s| is| was)? clear(?: enough)?",
    r"(?:crystal clear|clear as mud|loud and clear|fair enough|good enough)",
    r"(?:the rest is (?:discipline|history|noise|psychology|patience|easy|up to you|luck))",
    r"(?:is|means) everything",
    r"old (?!rules?\b|versions?\b|strateg|systems?\b|setups?\b|stops?\b|entr|exits?\b|ones?\b|plans?\b|"
    r"targets?\b|filters?\b|"
    r"settings?\b|parameters?\b|ways?\b|signals?\b|limits?\b|sizes?\b|ideas?\b|methods?\b)\w+",
    r"(?:my|our|his|her|the|an|their) old (?:boss|job|platform|friend|teacher|man|lady|school|laptop|notebook|"
    r"software|company|"
    r"firm|book|magazine|life|days|colleague|mentor|professor|broker)",
    r"old(?:er)? (?:than (?:me|i am|my \w+)|school|fashioned|timer)",
    r"the (?:only )?(?:stock|company|name|one|instrument|pair) (?:that )?(?:i|we) (?:know|like|love|own|follow)"
    r"(?: best| most| well)?",
    r"(?:this|so) far|(?:this|that|the (?:fun|hard|boring|easy|best|only)|for my) part|bear with me",
    r"(?:my|our|his|her|their|your|its) own",
    r"(?:it|this|that|(?:the|my|his|her) \w+) (?:holds?|held|stands?) up",
    rf"(?:figure|figured|find|found|turn|turned|check|came|come|comes|work|worked|works|test|try|tried|help|"
    rf"helped|spell|"
    rf"spelled|write|wrote|written|point|pointed|print|printed|carry|carried) (?:{_IT} |me )?out",
    r"(?:can't|cannot|can not|could not|couldn't) wait(?: to (?:see|hear|know))?",
    r"(?:before|for|by|until|at) (?:(?:mon|tues|wednes|thurs|fri|satur|sun)day['’]s|tomorrow['’]s|next week['’]s|"
    r"this week['’]s|"
    r"the|our|my) (?:\w+ )?(?:meeting|call|class|deadline|lecture|presentation|review|seminar)",
    r"(?:bring|run|see|crunch|know|show) (?:the |some |my )?numbers",
    r"a similar (?:plan|idea|thing|system|approach|strategy|method|story)",
    r"(?:test|look|think|ask) before (?:i|you) (?:trade|leap|act|buy|start)",
    r"feel free to \w+(?: this| it| me| away)?",
    r"(?:asked|posted|discussed|done|said|mentioned|seen|heard|answered|tried)(?: \w+)? before",
    r"(?:got|came|went|get|fell) into (?:the )?(?:markets?|trading|stocks|crypto|investing|this)",
    r"(?:during|survived|through|back in) (?:covid|lockdown|the pandemic|college|uni|university|(?:19|20)\d\d)",
    r"(?:beat|beats|beating) (?:the market|buy (?:and|&) hold|the index|inflation|my savings account)",
    r"reading (?:this|it|my|the|a|about|all|through)\b",
    r"(?:make|makes|made|lose|lost|loses|making|losing) (?:any |some |good |real |decent |no |a lot of )?money",
    r"(?:as )?per (?:your|our|my|the) (?:\w+ )?(?:e-?mail|mail|message|call|chat|phone call|conversation|request|"
    r"note|letter|meeting)",
    r"(?:following up|follow-?up|in reference|with reference|with regard|further|referring|regarding|"
    r"concerning)(?: on| to)?"
    r" (?:my|your|our|the) (?:\w+ )?(?:e-?mail|mail|message|call|chat|conversation|request|note|letter|meeting|"
    r"ticket|question|post)",
)
# What opens and ends a message among traders.
_CHATTED = (
    rf"(?:(?:i|we)(?:['’]ve| have)? )?been (?:doing|running|using|trading) (?:it|this|that) "
    rf"(?:since (?:19|20|['’])?\d\d(?![-/.:\d])|"
    rf"for (?:{_MANY} (?:years?|yrs)|ages|a while|years|so long)|forever)(?: now)?",
    r"(?:quick |honest |dumb |stupid |silly )?questions? for (?:the |you |this |all of )*(?:room|group|forum|guys|"
    r"crowd|folks|pros|experts|chat|all)",
    r"end of (?:the |my |this )?(?:memo|message|rant|thread|transcript|recording|post|voice note|voice memo)",
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day )?rant (?:over|done)|(?:now )?back to (?:the |my )?(?:rules|"
    r"business|basics)",
    r"for (?:dummies|newbies|noobs|beginners|lazy people|the lazy|busy people|mortals)",
    r"(?:my |the )?english (?:is|it is) (?:not (?:so|very|too) good|bad|poor|so so|basic)(?:,? but i (?:try|am trying|"
    r"do my best))?",
    r"(?:what )?(?:works|worked) (?:4|for) (?:me|us)",
)
_NAMED = re.compile(rf"(?i)(?<![\w'])(?:{'|'.join(_OTHERWISE)})(?![\w'])")
_BANNED = frozenset({"INSTRUCTION", "ILLICIT"})


_WORD = re.compile(r"(?<![\w'])[\w']+")


@lru_cache(maxsize=1)
def _everyday() -> re.Pattern[str]:
    """The expressions that are patterns."""
    return re.compile(rf"(?i)(?<![\w'])(?:{'|'.join((*_LIVED, *_SPOKEN, *_IDIOMS, *_CHATTED, *_OTHERWISE))})(?![\w'])")


@lru_cache(maxsize=1)
def _by_first_word() -> Mapping[str, Sequence[tuple[str, ...]]]:
    """The expressions that are words, by the first of them, longest first: too many for one pattern."""
    listed: dict[str, list[tuple[str, ...]]] = {}
    for words in sayings():
        first = _WORD.match(words[0])
        if first is None:
            raise ValueError(f"a saying begins with a letter: {' '.join(words)}")
        listed.setdefault(first[0], []).append(words)
    return listed


def without_everyday(tokens: Sequence[Token], text: str) -> list[Token]:
    """`tokens`, in the order of `text`, but those of everyday expressions."""
    if not tokens:
        return []
    spans = _spans(tokens, text)
    return [
        token
        for token in tokens
        if token.kind in _BANNED or not any(a <= token.start and token.end <= b for a, b in spans)
    ]


def blanked(said: str) -> str:
    """Words without their everyday expressions."""
    told = said.replace("’", "'")
    ends = [0, *(end for _, end in _found(told))]
    return " ".join(
        told[begin:end] for begin, end in zip(ends, [*(a for a, _ in _found(told)), len(told)], strict=True)
    )


def is_everyday(token: Token, text: str) -> bool:
    """Whether a word that the language has no place for is one of an everyday expression ("your support team")."""
    return any(a <= token.start and token.end <= b for a, b in _spans([token], text, _NAMED))


def _spans(tokens: Sequence[Token], text: str, named: re.Pattern[str] | None = None) -> list[tuple[int, int]]:
    start, end = tokens[0].start, tokens[-1].end
    begin = max(text.rfind(mark, 0, start) for mark in ".;:!?\n") + 1
    signs = ".;:!?\n" if named is not None else ",.;:!?\n()"
    end = min((at for mark in signs if (at := text.find(mark, end)) >= 0), default=len(text))  # noise may end it
    told = text[begin:end].replace("’", "'")
    found = [one.span() for one in named.finditer(told)] if named is not None else _found(told)
    return [(first + begin, last + begin) for first, last in found]


@lru_cache(maxsize=1024)
def _found(told: str) -> tuple[tuple[int, int], ...]:
    """Where everyday expressions stand, from left to right; of two that begin together, the one that is words."""
    lower = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in told)
    listed = ((one.start(), end) for one in _WORD.finditer(lower) if (end := _said_at(one, lower)))
    patterned = (one.span() for one in _everyday().finditer(told))
    found: list[tuple[int, int]] = []
    for begin, end in heapq.merge(listed, patterned, key=itemgetter(0)):
        if not found or begin >= found[-1][1]:
            found.append((begin, end))
    return tuple(found)


def _said_at(first: re.Match[str], told: str) -> int:
    """Where the longest expression that begins with this word ends, 0 where none does; a comma may part its words."""
    for words in _by_first_word().get(first[0], ()):
        place = first.start()
        for i, word in enumerate(words):
            if i:
                place += told.startswith(",", place)
                if not told.startswith(" ", place):
                    break
                place += 1
            if not told.startswith(word, place):
                break
            place += len(word)
        else:
            if place == len(told) or not (told[place].isalnum() or told[place] in "_'"):
                return place
    return 0
