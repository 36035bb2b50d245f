"""The code of a version."""

from pathlib import Path
from typing import Any

import pytest

from auth_api.models import User
from rest.errors import Conflict, Invalid, Unclear
from strategy_api.models import StrategyValidation, StrategyVersion
from strategy_api.services import (
    Description,
    code_generate,
    code_generate_from_canonical,
    strategy_create,
)

RSI = Description(user_description="Buy when RSI(14) drops below 30, sell when it rises above 70")
AVERAGE = Description(user_description="Buy when price is above its moving average, sell when it falls below")
OWN = Description(generated_code="from backtesting import Strategy\n\n\nclass Own(Strategy):\n    pass\n")

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> Path:
    settings.BACKTEST_CODES_DIR = tmp_path
    return tmp_path


def test_a_file_that_was_lost_is_made_again_from_the_row(user: User, codes: Path) -> None:
    first = strategy_create(user=user, description=RSI)
    path = codes / first.code_file_name
    path.unlink()
    generated = code_generate(user=user, strategy_id=first.strategy_id)
    assert path.read_text(encoding="utf-8") == generated.version.generated_code == first.generated_code
    assert generated.version.number == 1


def test_the_scan_of_generated_code_is_written_down(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    generated = code_generate(user=user, strategy_id=first.strategy_id)
    assert StrategyValidation.objects.get() == generated.validation
    assert (generated.validation.kind, generated.validation.ok) == ("code", True)


def test_code_of_an_older_compiler_is_replaced_in_its_version(user: User, codes: Path) -> None:
    first = strategy_create(user=user, description=RSI)
    StrategyVersion.objects.update(generated_code="# of an older compiler", code_file_name="older.py")
    generated = code_generate(user=user, strategy_id=first.strategy_id)
    stored = StrategyVersion.objects.get()
    assert (stored.generated_code, stored.code_file_name) == (first.generated_code, first.code_file_name)
    assert generated.version.number == 1


def test_an_unclear_description_has_no_code_and_its_questions_are_named(user: User) -> None:
    first = strategy_create(user=user, description=AVERAGE)
    for generate in (code_generate, code_generate_from_canonical):
        with pytest.raises(Unclear) as caught:
            generate(user=user, strategy_id=first.strategy_id)
        assert [issue.field for issue in caught.value.issues] == [f"answers/{first.questions[0]['id']}"]
        assert caught.value.issues[0].suggestion == "for example: 20, 50, 200"


def test_code_of_ones_own_is_not_overwritten(user: User) -> None:
    first = strategy_create(user=user, description=OWN)
    with pytest.raises(Conflict):
        code_generate(user=user, strategy_id=first.strategy_id)
    assert StrategyVersion.objects.get().generated_code == OWN.generated_code


def test_a_document_becomes_the_next_version_with_its_code(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    assert first.canonical_json is not None
    document = {**first.canonical_json, "risk": {"stop_loss": {"type": "percent", "value": 3.0}}}
    generated = code_generate_from_canonical(user=user, strategy_id=first.strategy_id, canonical_json=document)
    assert generated.version.number == 2
    assert generated.version.identity != first.identity
    assert generated.version.generated_code != first.generated_code


def test_a_document_replaces_code_of_ones_own_by_a_version(user: User) -> None:
    document = strategy_create(user=user, description=RSI).canonical_json
    own = strategy_create(user=user, description=OWN)
    generated = code_generate_from_canonical(user=user, strategy_id=own.strategy_id, canonical_json=document)
    assert (generated.version.number, generated.version.provider) == (2, "compiler")


def test_a_faulty_document_makes_no_version(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    with pytest.raises(Invalid) as caught:
        code_generate_from_canonical(user=user, strategy_id=first.strategy_id, canonical_json={"entry_rules": []})
    assert caught.value.issues[0].field.startswith("canonical_json/entry_rules")
    assert StrategyVersion.objects.count() == 1
