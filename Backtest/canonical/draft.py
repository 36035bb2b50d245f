"""A document on its way from what was given to the canonical form: its faults, assumptions, and where things stood."""

from dataclasses import dataclass, field

from Backtest.canonical.json_text import Json
from Backtest.canonical.walk import escape
from Backtest.errors import Issue


@dataclass
class Draft:
    """All pointers taken here are of the canonical form; `origins` leads back to where a part stood in `given`.

    `spoiled`: places whose fault is named already, so that nothing more is said of what lies below them.
    """

    given: dict[str, Json]
    issues: list[Issue] = field(default_factory=list)
    assumptions: list[Json] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
    spoiled: set[str] = field(default_factory=set)
    assumed: set[str] = field(default_factory=set)

    def adopt(self, assumptions: list[Json]) -> None:
        """Takes over assumptions that the document, or a sentence of it, names itself."""
        self.assumptions.extend(assumptions)
        self.assumed |= {str(known["path"]) for known in assumptions if isinstance(known, dict) and "path" in known}

    def fault(self, pointer: str, message: str, suggestion: str = "") -> None:
        self.spoiled.add(pointer)
        self.issues.append(Issue(self.origin(pointer), message, suggestion))

    def is_spoiled(self, pointer: str) -> bool:
        return any(pointer == place or pointer.startswith(f"{place}/") for place in self.spoiled)

    def moved(self, pointer: str, before: str) -> None:
        """What stands at `pointer` stood at `before` in the input."""
        self.origins[pointer] = before

    def assume(self, topic: str, path: str, value: Json, rule: int) -> None:
        """A choice that the document left open; one that it names itself is not repeated."""
        if path not in self.assumed:
            self.assumed.add(path)
            self.assumptions.append({"topic": topic, "path": path, "value": value, "rule": rule})

    def forget(self, pointer: str) -> None:
        """What was to stand at `pointer` stands elsewhere already: so do its assumptions."""
        paths = [str(known.get("path", "")) if isinstance(known, dict) else "" for known in self.assumptions]
        kept = zip(self.assumptions, paths, strict=True)
        self.assumptions = [known for known, path in kept if not path.startswith(f"{pointer}/")]
        self.assumed = {path for path in self.assumed if not path.startswith(f"{pointer}/")}

    def origin(self, pointer: str) -> str:
        """The pointer into the input: led back through `origins`, then cut to what is there or is missing there."""
        return self._existing(self.led_back(pointer))

    def led_back(self, pointer: str) -> str:
        """`pointer` with its longest known beginning replaced by where that stood; it may lead below what is there."""
        place, rest = pointer, ""
        while place and place not in self.origins:
            place, _, last = place.rpartition("/")
            rest = f"/{last}{rest}"
        return self.origins[place] + rest if place else pointer

    def _existing(self, pointer: str) -> str:
        here: Json = self.given
        there, tokens = "", pointer.split("/")[1:]
        for i, token in enumerate(tokens):
            key = token.replace("~1", "/").replace("~0", "~")
            if isinstance(here, dict) and key in here:
                here = here[key]
            elif isinstance(here, list) and key.isdecimal() and int(key) < len(here):
                here = here[int(key)]
            else:
                is_missing_key = isinstance(here, dict) and i == len(tokens) - 1
                return f"{there}/{escape(key)}" if is_missing_key else there
            there = f"{there}/{token}"
        return there
