"""Which provider a configuration names, and what is said where it can't be had."""

import pickle
from pathlib import Path

import pytest

from Backtest.errors import ModelAnswerInvalid, ModelFailed, ModelNotConfigured, ModelOverloaded, ModelUnreachable
from Backtest.llm.providers import NAMES, ModelConfig, provider_of
from Backtest.llm.redaction import HIDDEN, Secret, redact
from Backtest.llm.scripted import read_script
from tests.unit.Backtest.llm.conftest import KEY, question


def test_without_a_configuration_there_is_no_model_and_the_error_says_how_to_have_one() -> None:
    with pytest.raises(ModelNotConfigured, match="set GEMINI_API_KEY"):
        provider_of(ModelConfig()).complete(question(), 1.0)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (ModelConfig("gpt"), f"known are {', '.join(NAMES)}"),
        (ModelConfig("gemini"), "needs a key: set GEMINI_API_KEY"),
        (ModelConfig("google_genai"), "needs a key: set GEMINI_API_KEY"),
        (ModelConfig("openai_compatible"), "needs a model's name: set LLM_MODEL"),
        (ModelConfig("openai_compatible", "m", "ftp://x"), "begins with http:// or https://"),
        (ModelConfig("scripted"), "needs a model's name: set LLM_MODEL"),
    ],
)
def test_what_is_missing_is_named_with_its_setting(config: ModelConfig, said: str) -> None:
    with pytest.raises(ModelNotConfigured, match=said):
        provider_of(config)


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {ModelConfig('gemini', key=secret)!r}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    assert secret.reveal() == KEY


@pytest.mark.parametrize(
    "text",
    [
        f"key={KEY}",
        "AIzaSyA1234567890abcdefghijklmnopqrstuvw",
        "sk-proj-abcdefghijklmnop1234",
        "Authorization: Bearer abcdefghijklmnop1234",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijkl",
    ],
)
def test_what_is_shaped_like_a_key_is_hidden(text: str) -> None:
    assert HIDDEN in redact(text, KEY)


def test_words_of_trading_are_not_taken_for_keys() -> None:
    text = "Buy when RSI(14) of sk-abc drops below 30, bearer bonds aside"
    assert redact(text, "a") == text


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "answers.jsonl"
    script.write_text(
        '{"text": "hello"}\n\n{"value": {"a": 1}, "finish_reason": "length"}\n'
        '{"error": "ModelOverloaded", "retry_after_s": 2}\n'
    )
    provider = provider_of(ModelConfig("scripted", str(script)))
    assert provider.complete(question(), 1.0).text == "hello"
    assert provider.complete(question(), 1.0).finish_reason == "length"
    with pytest.raises(ModelOverloaded) as caught:
        provider.complete(question(), 1.0)
    assert caught.value.retry_after_s == 2
    with pytest.raises(ModelUnreachable, match="the script ends after 3 answers"):
        provider.complete(question(), 1.0)


@pytest.mark.parametrize("line", ["{", "[]", '{"error": "NoSuchError"}', '{"error": "Path"}', "{}"])
def test_a_script_that_can_t_be_read_is_refused(tmp_path: Path, line: str) -> None:
    script = tmp_path / "answers.jsonl"
    script.write_text(line)
    with pytest.raises(ModelNotConfigured, match="script"):
        read_script(script)


def test_every_failure_of_a_model_is_in_one_tree() -> None:
    assert issubclass(ModelAnswerInvalid, ModelFailed)
