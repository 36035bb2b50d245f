"""Marks of layout, mood and reference, which say nothing of a trade; every letter of the text keeps its place."""

import re
import unicodedata

_EMPHASIS = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*])\*(?![\w*])")
_CHECKBOX = re.compile(r"(?m)^([ \t]*(?:[-*+•][ \t]+)?)\[([ xX]?)\](?=[ \t])")
_LETTERED = re.compile(r"(?m)^([ \t]*)(?:([a-h])[.)]|\(([a-h])\))(?=[ \t])")
_REFERENCE = re.compile(  # "STRAT-212.", "AC1: ...", "REQ-3 - ..."
    r"(?m)(?:^|(?<=[.!?;])[ \t])[ \t]*(?!(?:[HMDW]|MN|RSI|[SEWKT]?E?MA|ATR|ADX|CCI|ROC|MFI|OBV|MACD|BB|KC|DC|SAR|"
    r"TP|SL|TSX|SPX|"
    r"NDX|US|GER|UK|DE|JP|FR|EU|NAS|SP|DAX|FTSE|R|Q)[- ]?\d)([A-Z]{1,8}[-_]?\d{1,6})(?=[.:)](?:[ \t]|$)|[ "
    r"\t]+[-–—][ \t])[.:)]?"
    r"|(?m:^|(?<=[.!?;])[ \t])[ \t]*(?:REQ|FR|AC|SPEC|RULE|US|STRAT)[-_]\d{1,4}(?=[ \t]+[A-Z][a-z])"
)
_HASHTAG = re.compile(r"(?<=[^\s#][ \t])#[A-Za-z]\w+(?=[\s.!]|$)")
_PAGE = re.compile(r"(?i)(?<=[\s,(])(?:p|pp|pg|ch|fig|vol)\. ?\d+(?=[\s:,)])")  # "p. 4", which ends no sentence
_NEXT_LETTER = re.compile(r"(?<=[:;,.])[ \t](?=\([a-h]\)[ \t])")
_SLASHED = re.compile(r"(?m)^([ \t]*\d{1,2})/(?=[ \t])")
_FIRST_NUMBER = re.compile(r"\s*1[.)][ \t]")
_NEXT_STEP = re.compile(r"(?<=[.;:!?])[ \t](?=(?:[2-9]|1\d)[.)][ \t])")
_NEXT_NUMBER = re.compile(r"(?<=[.;:!?])[ \t](?=\((?:[2-9]|1\d)\)[ \t])|(?<=:)[ \t](?=\(1\)[ \t])")
_ROMAN = re.compile(r"(?m)^([ \t]*)(?:\(?(i{1,3}|iv|vi{0,3}|ix|x)[.)])(?=[ \t])")
_NEXT_ROMAN = re.compile(r"(?<=[:;,.])[ \t](?=\((?:i{1,3}|iv|vi{0,3}|ix|x)\)[ \t])")
_OUTLINE = re.compile(  # "3.1 The strategy buys ..."; "2.5 Atr" is a multiple
    r"(?m)^([ \t]*)\d{1,2}(?:\.\d{1,2})+[.)]?(?=[ \t]+(?!Atrs?\b|Percent|Pips?\b|Points?\b|Times\b)[A-Z][a-z])"
)
_SECTION = re.compile(r"(?im)^([ \t]*)(?:section|part|chapter) (?:\d{1,2}|[a-e]|i{1,3}|iv|v)[ \t]*[:.–-](?=[ \t]+\S)")
_BRACKETED = re.compile(r"(?m)^([ \t]*)\[([^\[\]\n]{3,60})\][ \t]*$")
_END_OF_BLOCK = re.compile(r"(?im)^[ \t]*(?:end[ \t]?if|end)[ \t]*;?[ \t]*$")
_PLUS = re.compile(r"(?m)^([ \t]*)\+(?=[ \t]+\S)")
_COMMENT = re.compile(r"(?m)^([ \t]*)//(?=[ \t]*\S)")
_SLASHES = re.compile(r"(?<=[^\s:/])[ \t]+(?://|\|\|)(?=[ \t]+\S)")
_ARROWHEAD = re.compile(  # "MARKET daily ► SL 6%": a sign that parts what stands before a label from it
    r"(?<=[\w%)])[ \t]+([►▶•·])[ \t]+(?=\S)|"
    r"(?<=[\w%)])[ \t]+([^\w\s.,;:!?%()<>=+*/&@#$\"'|\-–—→►▶•·✓✔])\ufe0f?[ \t]+"
    r"(?=(?i:sl|tp|stop|target|exit|entry|long|short|buy|sell|size|risk|trail)\b)"
)
_QUOTED = re.compile(r"(?m)^[ \t]*>+[ \t]")
_SUMMED_UP = re.compile(r"(?i)\btl;\s?dr\b")
_SMILEY = re.compile(r"(?<=\s)[:;]-?[()DP](?=[\s.]|$)")


def without_marks(text: str) -> str:
    """The text with a bold line ("**Entry**") made a label and other marks of layout and mood spaces.

    Every letter keeps its place: bold and code marks, checkboxes, the letters and numbers of a list, the ">" of a
    quoted line, smileys and pictures go; a list that is numbered within its line is broken into lines.
    """
    labels = re.sub(r"(?m)^([ \t]*)\*\*([^*\n]*[^*\n: ])\*\*[ \t]*$", r"\1  \2: ", text)
    plain = labels.replace("**", "  ").replace("`", " ")
    plain = _EMPHASIS.sub(r" \1 ", plain)
    if len({box[2].strip().lower() for box in _CHECKBOX.finditer(plain)}) == 1:  # ticked beside unticked may mean more
        plain = _CHECKBOX.sub(lambda box: (box[1] or "- ").ljust(len(box[0])), plain)
    plain = _BRACKETED.sub(lambda label: f"{label[1]} {label[2]}:".ljust(len(label[0])), plain)
    plain = _PLUS.sub(r"\1-", plain)
    plain = _COMMENT.sub(r"\1# ", plain)
    if len(_SLASHES.findall(plain)) > 1:
        plain = _SLASHES.sub(lambda mark: ".".rjust(len(mark[0])), plain)
    plain = _ARROWHEAD.sub(lambda mark: mark[0].replace(mark[1] or mark[2], "."), plain)
    for mark in (_HASHTAG, _PAGE, _REFERENCE, _SECTION, _END_OF_BLOCK):
        plain = mark.sub(_blank, plain)
    return _without_moods(_listed(plain))


def _listed(plain: str) -> str:
    """The text with every list as lines with dashes or Arabic numbers."""
    if "(a)" in plain and "(b)" in plain:
        plain = _NEXT_LETTER.sub("\n", plain)
    if "(i)" in plain and "(ii)" in plain:
        plain = _NEXT_ROMAN.sub("\n", plain)
    plain = _SLASHED.sub(r"\1.", plain)
    for mark, first_two in ((_LETTERED, {"a", "b"}), (_ROMAN, {"i", "ii"})):
        if first_two <= {letter for found in mark.finditer(plain) for letter in found.groups()[1:]}:
            plain = mark.sub(lambda found: f"{found[1]}- ".ljust(len(found[0])), plain)
    if len(_OUTLINE.findall(plain)) > 1:
        plain = _OUTLINE.sub(lambda found: f"{found[1]}- ".ljust(len(found[0])), plain)
    if "(1)" in plain:
        plain = _NEXT_NUMBER.sub("\n", plain)
    return _NEXT_STEP.sub("\n", plain) if _FIRST_NUMBER.match(plain) else plain


def _without_moods(plain: str) -> str:
    for mark in (_QUOTED, _SUMMED_UP, _SMILEY):
        plain = mark.sub(_blank, plain)
    return "".join(" " if unicodedata.category(sign) == "So" else sign for sign in plain)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])
