"""No model: what the grammar and the compiler can do is done, and for the rest there is a clear error."""

from Backtest.errors import ModelNotConfigured
from Backtest.llm.port import Completion, Heard, Question

NO_MODEL = "no model is configured: set GEMINI_API_KEY, or LLM_PROVIDER and what it needs (docs/models.md)"


class OfflineProvider:
    """The provider where there is none."""

    name = "offline"
    model = ""

    def complete(self, question: Question, timeout_s: float, heard: Heard | None = None) -> Completion:
        raise ModelNotConfigured(NO_MODEL)
