"""Whether the author's words carry a model's reading: each part has words of his own, and names nothing he does not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from Backtest.canonical.lint import lint
from Backtest.canonical.node import Node
from Backtest.canonical.normal_form import Normaliser
from Backtest.canonical.parse import parse_spec
from Backtest.canonical.spec import Spec
from Backtest.errors import IndicatorInvalid, Issue, SpecInvalid
from Backtest.indicators import indicator_registry as registry
from Backtest.reader.lexicon import tokenize
from Backtest.reader.syntax import Mention

Quote = tuple[str, str]
"""A JSON pointer into the document, and the words that say it."""
Span = tuple[int, int]

_AVERAGES: Final = frozenset({"SMA", "EMA", "WMA", "DEMA", "TEMA", "KAMA", "VAMA"})
_SAID_BY: Final[Mapping[str, frozenset[str]]] = {
    "CROSSNAME": _AVERAGES,  # golden cross
    "OVERSOLD": frozenset({"RSI"}),
    "OVERBOUGHT": frozenset({"RSI"}),
}
_SECTIONS: Final = ("risk", "filters", "execution")


def ungrounded(spec: Spec, quotes: Sequence[Quote], words: Sequence[str], standing: Spec | None) -> tuple[Issue, ...]:
    """One issue for each part of the spec that no words of the author say, and each quote that is not his.

    What is `standing`, since the author agreed to it, needs no words.
    """
    said = "\n".join(words)
    issues = [
        Issue(path, f"the author does not write {quote[:120]!r}", "quote the author's words verbatim")
        for path, quote in quotes
        if span_of(quote, said) is None
    ]
    for path in _to_be_said(spec, standing):
        if not any(_concerns(place, path) for place, _ in quotes):
            issues.append(Issue(path, "no words of the author say this", "quote them, or leave this out"))
    return tuple(issues)


def unnamed_indicators(spec: Spec, words: Sequence[str], known: frozenset[str]) -> tuple[str, ...]:
    """The indicators of a spec that the author does not name, but for those in `known`."""
    names = {_canonical(use.name) for use in spec.indicators}
    return tuple(sorted(names - known - _named_in("\n".join(words))))


def indicators_of(document: Mapping[str, Any] | None) -> frozenset[str]:
    """The indicators that a document declares."""
    return frozenset(_canonical(str(use["name"])) for use in (document or {}).get("indicators", ()))


def span_of(quote: str, text: str) -> Span | None:
    """Where the words of a quote stand in a text, whatever spaces are between them; None where they don't."""
    parts = _plain(quote).split()
    if not parts:
        return None
    found = re.search(r"\s+".join(re.escape(part) for part in parts), _plain(text))
    return None if found is None else found.span()


def _plain(text: str) -> str:
    """Lower case and straight quotation marks, letter by letter, so that places stay what they are."""
    lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lowered.translate(str.maketrans("‘’“”–—", "''\"\"--"))


def _to_be_said(spec: Spec, standing: Spec | None) -> Iterator[str]:
    """The parts that mean something else than the defaults, and than what stands."""
    here = Normaliser(spec)
    before = [] if standing is None else [(standing, Normaliser(standing))]
    for section in ("entry_rules", "exit_rules"):
        stood = {there.key(rule) for each, there in before for rule in getattr(each, section)}
        yield from (
            f"/{section}/{number}" for number, rule in enumerate(getattr(spec, section)) if here.key(rule) not in stood
        )
    others = [(usual := _usual(), Normaliser(usual)), *before]
    for section in _SECTIONS:
        for name in type(getattr(spec, section)).model_fields:
            value = _meaning(getattr(getattr(spec, section), name), here)
            if value not in [_meaning(getattr(getattr(each, section), name), there) for each, there in others]:
                yield f"/{section}/{name}"
    for name in ("sizing", "instruments", "timeframe"):
        value = _meaning(getattr(spec, name), here)
        if value not in [_meaning(getattr(each, name), there) for each, there in others]:
            yield f"/{name}"


@cache
def _usual() -> Spec:
    return parse_spec({"entry_rules": [{"id": "entry_1", "side": "long", "when": None}]})


def _meaning(value: object, normaliser: Normaliser) -> object:
    return normaliser.key(value) if isinstance(value, Node) else value


def _concerns(place: str, path: str) -> bool:
    return place == path or place.startswith(f"{path}/") or path.startswith(f"{place.rstrip('/')}/")


def _canonical(name: str) -> str:
    try:
        return registry.find(name).name
    except IndicatorInvalid:  # lint names it
        return name


def _named_in(text: str) -> frozenset[str]:
    """Every indicator that the words can mean, however they are put together."""
    named: set[str] = set()
    for token in tokenize(text):
        named |= _SAID_BY.get(token.kind, frozenset())
        value = token.value
        name = value.name if isinstance(value, Mention) else value[0] if isinstance(value, tuple) else value
        if token.kind == "MA":
            named |= _AVERAGES
        elif name == "%":
            named |= {"STOCH", "STOCHRSI"}
        elif isinstance(name, str) and name in registry.names():
            named.add(name)
        try:
            named.add(registry.find(token.text).name)
        except IndicatorInvalid:
            continue
    return frozenset(named)


def spec_or_issues(document: Mapping[str, Any]) -> Spec | tuple[Issue, ...]:
    """The spec of a document, or what is wrong with it."""
    try:
        spec = parse_spec(document)
    except SpecInvalid as error:
        return tuple(error.issues)
    return lint(spec) or spec
