"""What only the author of a text can decide, and the answers that decide it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from Backtest.errors import InputError, Issue
from Backtest.reader.syntax import Span


@dataclass(frozen=True, slots=True)
class Alternative:
    """One answer that would do; `evidence` is kept for what speaks for it (None: nothing was measured)."""

    value: JsonValue
    label: str
    evidence: JsonValue = None


@dataclass(frozen=True, slots=True)
class Question:
    """`id` is stable: the topic, and the place in the text where it has one. `default` None: there is no fair guess."""

    id: str
    topic: str
    question: str
    span: Span | None
    alternatives: tuple[Alternative, ...]
    default: JsonValue = None

    def as_dict(self) -> dict[str, JsonValue]:
        return {
            "id": self.id,
            "topic": self.topic,
            "question": self.question,
            "span": list(self.span) if self.span else None,
            "alternatives": [{"value": a.value, "label": a.label, "evidence": a.evidence} for a in self.alternatives],
            "default": self.default,
        }


class Pending(Exception):
    """A question was put; what depends on its answer can't be built."""


class Desk:
    """Puts questions, unless they are answered or their default is accepted."""

    def __init__(self, answers: Mapping[str, JsonValue], *, accept_defaults: bool) -> None:
        self._answers = answers
        self._accept_defaults = accept_defaults
        self._asked: dict[str, Question] = {}
        self._used: set[str] = set()
        self.taken: list[tuple[Question, JsonValue]] = []

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._asked.values())

    def ask(
        self,
        topic: str,
        question: str,
        span: Span | None,
        alternatives: tuple[Alternative, ...] = (),
        default: JsonValue = None,
    ) -> JsonValue:
        """The answer. Raises `Pending` after noting the question where there is none yet."""
        identifier = f"{topic.replace(' ', '_')}_{span[0]}" if span else topic.replace(" ", "_")
        put = Question(identifier, topic, question, span, alternatives, default)
        if identifier in self._answers:
            self._used.add(identifier)
            return self._answers[identifier]
        if self._accept_defaults and default is not None:
            self.taken.append((put, default))
            return default
        self._asked.setdefault(identifier, put)
        raise Pending(identifier)

    def number(
        self, topic: str, question: str, span: Span | None, likely: tuple[int, ...], default: int | None = None
    ) -> int:
        """A whole number of at least 1. Raises InputError for an answer that is none."""
        offered = tuple(Alternative(value, str(value)) for value in likely)
        answer = self.ask(topic, question, span, offered, default)
        if isinstance(answer, bool) or not isinstance(answer, int | float) or answer != int(answer) or answer < 1:
            raise _refused(topic, span, answer, "a whole number, for example 14")
        return int(answer)

    def choice(
        self,
        topic: str,
        question: str,
        span: Span | None,
        offered: Mapping[str, str],
        default: str | None = None,
    ) -> str:
        """One of the offered values. Raises InputError for another answer."""
        alternatives = tuple(Alternative(value, label) for value, label in offered.items())
        answer = self.ask(topic, question, span, alternatives, default)
        if not isinstance(answer, str) or answer not in offered:
            raise _refused(topic, span, answer, f"one of {', '.join(offered)}")
        return answer

    def sentence(
        self, topic: str, question: str, span: Span | None, examples: tuple[str, ...], default: str | None = None
    ) -> str:
        """A sentence that says what is missing. Raises InputError for an answer that is no text."""
        answer = self.ask(topic, question, span, tuple(Alternative(e, e) for e in examples), default)
        if not isinstance(answer, str) or not answer.strip():
            raise _refused(
                topic, span, answer, f"a sentence, for example {examples[0]!r}" if examples else "a sentence"
            )
        return answer

    def check_all_used(self) -> None:
        """Raises InputError where an answer belongs to no question of this text."""
        unknown = sorted(set(self._answers) - self._used - set(self._asked))
        if unknown:
            message = f"there is no question {unknown[0]!r}"
            known = ", ".join(self._asked) or "this text leaves none open"
            raise InputError(message, [Issue(f"/answers/{name}", message, known) for name in unknown])


def _refused(topic: str, span: Span | None, answer: JsonValue, wanted: str) -> InputError:
    identifier = f"{topic.replace(' ', '_')}_{span[0]}" if span else topic.replace(" ", "_")
    message = f"{answer!r} does not answer the question {identifier!r}"
    return InputError(message, [Issue(f"/answers/{identifier}", message, f"give {wanted}")])
