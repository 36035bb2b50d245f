"""What a text says that it does without: what the language does not hold, and moods ("no options, no martingale")."""

from collections.abc import Sequence

from Backtest.reader.lexicon import Token
from Backtest.reader.titles import words_of

_DENYING = frozenset("no without never not don't doesn't zero none".split())
_BESIDE = frozenset(
    "use uses used using do does involved needed required here of any kind and or involve trade traded trading "
    "strategy strategies games tricks stuff please at all i we it this there is are".split()
)
_GRANTED = frozenset(
    "options discretion machine_learning hedging pyramiding order_book several_instruments "
    "elliott_waves_and_chart_figures random guaranteed_stop".split()
)
_MOODS = frozenset(
    "second guessing guesswork emotion emotions opinions opinion tricks overrides exceptions exception excuses ifs "
    "buts predictions prediction forecasts forecasting crystal ball magic secrets gut feeling feelings".split()
)
"""What nothing has to be done for where it is denied; "no overnight positions" asks for an exit."""


def is_denial(content: Sequence[Token]) -> bool:
    """Whether a sentence only says that nothing of the sort is used: every part of it denies one."""
    parts: list[list[Token]] = [[]]
    for token in content:
        if token.kind in {"COMMA", "DASH"}:
            parts.append([])
        else:
            parts[-1].append(token)
    parts = [part for part in parts if part]
    return bool(parts) and all(_denies(part) for part in parts)


def _denies(part: Sequence[Token]) -> bool:
    if [token.kind for token in part] == ["ONE_POSITION"]:
        return True
    named = [token for token in part if token.kind == "UNSUPPORTED"]
    others = {word for token in part if token.kind != "UNSUPPORTED" for word in words_of([token])}
    denied = bool({*words_of(part[:3])} & _DENYING)
    if not named:
        return denied and bool(others & _MOODS) and others <= _DENYING | _MOODS | {"and", "or"}
    granted = all(str(token.value).replace(" ", "_") in _GRANTED for token in named)
    return granted and denied and others <= _DENYING | _BESIDE | _MOODS
