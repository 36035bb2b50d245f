"""Which provider a configuration names; its client is loaded only here and only then."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from Backtest.errors import ModelNotConfigured
from Backtest.llm.offline import OfflineProvider
from Backtest.llm.port import Provider
from Backtest.llm.redaction import Secret

NAMES: Final = ("offline", "gemini", "google_genai", "openai_compatible", "scripted")
_CLIENTS: Final = {
    "gemini": ("google.generativeai", "google-generativeai", "gemini", "requirements-gemini.txt"),
    "google_genai": ("google.genai", "google-genai", "google-genai", "requirements-google-genai.txt"),
}


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Which model is asked. `endpoint` is the address of its API, empty for the provider's own; for `scripted`
    `model` is the path of the script."""

    provider: str = "offline"
    model: str = ""
    endpoint: str = ""
    key: Secret = field(default_factory=lambda: Secret(""))

    def problem(self) -> str | None:
        """Why no model can be asked with this, and how to mend it; None where one can."""
        if self.provider not in NAMES:
            return f"there is no provider {self.provider!r}: known are {', '.join(NAMES)}"
        if self.provider in _CLIENTS:
            module, package, target, requirements = _CLIENTS[self.provider]
            if not self.key:
                return f"the provider {self.provider} needs a key: set GEMINI_API_KEY"
            if not _installed(module):
                return f"{package} is not installed: run `make {target}`, or `pip install -r {requirements}`"
        if self.provider in ("openai_compatible", "scripted") and not self.model:
            return f"the provider {self.provider} needs a model's name: set LLM_MODEL"
        if self.endpoint and not self.endpoint.startswith(("https://", "http://")):
            return f"LLM_BASE_URL is {self.endpoint!r}: it begins with http:// or https://"
        return None


def provider_of(config: ModelConfig) -> Provider:
    """The provider of a configuration, its client loaded. Raises ModelNotConfigured, which says how to mend it."""
    problem = config.problem()
    if problem is not None:
        raise ModelNotConfigured(problem)
    match config.provider:
        case "gemini":
            from Backtest.llm.gemini import GeminiProvider

            return GeminiProvider(key=config.key, model=config.model, endpoint=config.endpoint)
        case "google_genai":
            from Backtest.llm.google_genai import GoogleGenaiProvider

            return GoogleGenaiProvider(key=config.key, model=config.model, endpoint=config.endpoint)
        case "openai_compatible":
            from Backtest.llm.openai_compatible import OpenAiCompatibleProvider

            return OpenAiCompatibleProvider(key=config.key, model=config.model, endpoint=config.endpoint)
        case "scripted":
            from Backtest.llm.scripted import ScriptedProvider, read_script

            return ScriptedProvider(read_script(Path(config.model)), model=Path(config.model).name)
        case _:
            return OfflineProvider()


def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # of the package that it would be in
        return False
