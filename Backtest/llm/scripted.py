"""A model whose answers are written down before: for tests, demonstrations, and runs that must not vary."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

from Backtest import errors
from Backtest.errors import ModelFailed, ModelNotConfigured, ModelUnreachable
from Backtest.llm.port import Completion, FinishReason, Heard, Question, Usage, tokens_of

Step = Completion | ModelFailed


class ScriptedProvider:
    """Gives one step for each attempt, in order; when none is left it can't be reached. `questions` are what it was
    asked."""

    name = "scripted"

    def __init__(self, steps: Sequence[Step], *, model: str = "script") -> None:
        self.model = model
        self._steps = list(steps)
        self._lock = threading.Lock()
        self._questions: list[Question] = []

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._questions)

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        with self._lock:
            place = len(self._questions)
            self._questions.append(question)
        if place >= len(self._steps):
            raise ModelUnreachable(f"the script ends after {len(self._steps)} answers")
        step = self._steps[place]
        if isinstance(step, ModelFailed):
            raise type(step)(step.message, step.issues, retry_after_s=step.retry_after_s)
        return step


def says(answer: object, finish_reason: FinishReason = "stop") -> Completion:
    """A step that answers this text or, where it is no text, this value as JSON."""
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return Completion(text, Usage(10, tokens_of(text)), finish_reason)


def read_script(path: Path) -> tuple[Step, ...]:
    """The steps of a file of JSON lines: `{"text": ...}`, `{"value": ...}`, each with a `finish_reason` or not, or
    `{"error": "ModelOverloaded", "message": ..., "retry_after_s": ...}`. Raises ModelNotConfigured."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(_step(json.loads(line)) for line in lines if line.strip())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelNotConfigured(f"the script of the scripted model can't be read: {error}") from None


def _step(step: dict[str, object]) -> Step:
    if "error" in step:
        kind = getattr(errors, str(step["error"]))
        if not issubclass(kind, ModelFailed):
            raise ValueError(f"{step['error']} is no failure of a model")
        wait_s = step.get("retry_after_s")
        failed: ModelFailed = kind(str(step.get("message", "as the script says")), retry_after_s=wait_s)
        return failed
    return says(step["text"] if "text" in step else step["value"], step.get("finish_reason", "stop"))  # type: ignore[arg-type]
