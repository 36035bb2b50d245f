"""Strategies made, changed, renamed and deleted."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from auth_api.models import User
from Backtest.errors import ArtifactUnwritable
from rest.errors import Conflict, Invalid, NotFound
from strategy_api.models import ConversationMemory, Status, Strategy, StrategyVersion
from strategy_api.selectors import strategy_get, strategy_version_get
from strategy_api.services import Description, strategy_create, strategy_delete, strategy_update
from strategy_api.services.contents import content_of
from strategy_api.services.strategies import version_add

RSI = Description(user_description="Buy when RSI(14) drops below 30, sell when it rises above 70")
TREND = Description(user_description="Buy when price is above the 50-day SMA, sell when it falls below")
AVERAGE = Description(user_description="Buy when price is above its moving average, sell when it falls below")
CODE = """from backtesting import Strategy


class Hold(Strategy):
    def init(self):
        pass

    def next(self):
        if not self.position:
            self.buy()
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def codes(tmp_path: Path, settings: Any) -> Path:
    settings.BACKTEST_CODES_DIR = tmp_path / "codes"
    return tmp_path / "codes"


# made


def test_a_clear_description_is_stored_with_its_code_in_row_and_file(user: User, codes: Path) -> None:
    version = strategy_create(user=user, description=RSI)
    row = StrategyVersion.objects.get()
    assert (row, row.number, row.status, row.provider) == (version, 1, Status.VALID, "compiler")
    assert row.canonical_json is not None
    assert row.generated_code == (codes / row.code_file_name).read_text(encoding="utf-8")
    assert [path.name for path in codes.iterdir()] == [row.code_file_name]


def test_an_unclear_description_is_stored_with_its_questions_and_without_code(user: User, codes: Path) -> None:
    version = strategy_create(user=user, description=AVERAGE)
    assert version.strategy.status == version.status == Status.NEEDS_CLARIFICATION
    assert version.canonical_json is None
    assert [question["topic"] for question in version.questions] == ["period"]
    assert not codes.exists()


def test_code_of_ones_own_is_a_draft_until_it_was_run(user: User, codes: Path) -> None:
    version = strategy_create(user=user, description=Description(generated_code=CODE), name="../../evil\n")
    assert (version.status, version.provider, version.canonical_json) == (Status.DRAFT, "user", None)
    [path] = codes.iterdir()
    assert path.name == version.code_file_name
    assert path.name.startswith("evil_u")


def test_code_that_the_scan_refuses_is_not_stored(user: User, codes: Path) -> None:
    with pytest.raises(Invalid) as caught:
        strategy_create(user=user, description=Description(generated_code="import os\n"))
    assert [issue.field for issue in caught.value.issues] == ["generated_code"]
    assert "line 1" in caught.value.issues[0].message
    assert not Strategy.objects.exists()
    assert not codes.exists()


def test_the_faults_of_a_document_are_named_in_the_request_s_field(user: User) -> None:
    document = {"entry_rules": [{"side": "long", "when": {"type": "compare", "op": ">", "left": "RSI_14"}}]}
    with pytest.raises(Invalid) as caught:
        strategy_create(user=user, description=Description(canonical_json=document))
    assert caught.value.issues[0].field.startswith("canonical_json/entry_rules/0")


def test_an_answer_to_nothing_is_named_by_its_question(user: User) -> None:
    description = Description(user_description=RSI.user_description, answers={"period_99": 3})
    with pytest.raises(Invalid) as caught:
        strategy_create(user=user, description=description)
    assert [issue.field for issue in caught.value.issues] == ["answers/period_99"]


def test_names_that_nobody_gave_are_numbered(user: User, stranger: User) -> None:
    names = [strategy_create(user=user, description=RSI).strategy.name for _ in range(3)]
    assert names == ["RSI 14", "RSI 14 (2)", "RSI 14 (3)"]
    assert strategy_create(user=stranger, description=RSI).strategy.name == "RSI 14"


def test_an_unclear_strategy_is_named_by_its_first_words(user: User) -> None:
    name = strategy_create(user=user, description=AVERAGE).strategy.name
    assert AVERAGE.user_description is not None
    assert AVERAGE.user_description.startswith(name.removesuffix("…"))
    assert len(name) <= 61


def test_a_given_name_that_is_taken_is_a_conflict_and_writes_nothing(user: User, codes: Path) -> None:
    strategy_create(user=user, description=RSI, name="Mine")
    before = list(codes.iterdir())
    with pytest.raises(Conflict) as caught:
        strategy_create(user=user, description=TREND, name="Mine")
    assert [issue.field for issue in caught.value.issues] == ["name"]
    assert list(codes.iterdir()) == before
    assert Strategy.objects.count() == 1


def test_where_the_code_can_t_be_written_nothing_is_stored(user: User, tmp_path: Path, settings: Any) -> None:
    (tmp_path / "file").write_text("")
    settings.BACKTEST_CODES_DIR = tmp_path / "file" / "codes"
    with pytest.raises(ArtifactUnwritable):
        strategy_create(user=user, description=RSI)
    assert not Strategy.objects.exists()
    assert not ConversationMemory.objects.exists()


# changed


def test_a_new_description_is_the_next_version_and_the_first_one_stays(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    second = strategy_update(user=user, strategy_id=first.strategy_id, description=TREND)
    assert second.number == 2
    assert strategy_get(user=user, strategy_id=first.strategy_id).version == 2
    kept = strategy_version_get(user=user, strategy_id=first.strategy_id, number=1)
    assert (kept.turns, kept.identity) == (first.turns, first.identity)
    assert second.identity != first.identity


@pytest.mark.parametrize("description", [RSI, AVERAGE, Description(generated_code=CODE)])
def test_saying_the_same_again_makes_no_version(user: User, description: Description) -> None:
    first = strategy_create(user=user, description=description)
    again = strategy_update(user=user, strategy_id=first.strategy_id, description=description)
    assert (again.number, StrategyVersion.objects.count()) == (1, 1)


def test_the_stored_document_given_back_makes_a_version_only_of_a_text(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    document = Description(canonical_json=first.canonical_json)
    second = strategy_update(user=user, strategy_id=first.strategy_id, description=document)
    assert (second.number, second.turns, second.identity) == (2, [], first.identity)
    third = strategy_update(user=user, strategy_id=first.strategy_id, description=document)
    assert third.number == 2


def test_an_answer_completes_the_version_after(user: User) -> None:
    first = strategy_create(user=user, description=AVERAGE)
    answers = {first.questions[0]["id"]: 50}
    second = strategy_update(user=user, strategy_id=first.strategy_id, description=Description(answers=answers))
    assert (second.number, second.status, second.answers) == (2, Status.VALID, answers)
    assert second.turns == first.turns
    assert second.generated_code


def test_there_is_nothing_to_answer_in_what_was_not_told_in_words(user: User) -> None:
    first = strategy_create(user=user, description=Description(generated_code=CODE))
    with pytest.raises(Conflict):
        strategy_update(user=user, strategy_id=first.strategy_id, description=Description(answers={"x": 1}))


def test_a_rename_makes_no_version_and_frees_the_old_name(user: User) -> None:
    first = strategy_create(user=user, description=RSI, name="Old")
    renamed = strategy_update(user=user, strategy_id=first.strategy_id, name="New", description=Description())
    assert (renamed.strategy.name, renamed.number) == ("New", 1)
    assert strategy_create(user=user, description=TREND, name="Old").strategy.name == "Old"


def test_a_rename_to_a_taken_name_is_a_conflict(user: User) -> None:
    strategy_create(user=user, description=RSI, name="First")
    second = strategy_create(user=user, description=RSI, name="Second")
    for description in (Description(), TREND):
        with pytest.raises(Conflict) as caught:
            strategy_update(user=user, strategy_id=second.strategy_id, name="First", description=description)
        assert [issue.field for issue in caught.value.issues] == ["name"]
    assert strategy_get(user=user, strategy_id=second.strategy_id).version == 1


def test_a_change_of_what_is_the_latest_no_more_is_a_conflict(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    edit = {"user": user, "kind": ConversationMemory.Kind.EDIT, "message": ""}
    version_add(version=first, content=content_of(TREND), **edit)
    with pytest.raises(Conflict):
        version_add(version=first, content=content_of(AVERAGE), **edit)
    assert [version.number for version in StrategyVersion.objects.order_by("number")] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_several_changes_at_once_one_is_made_and_the_others_hear_of_it(user: User) -> None:
    first = strategy_create(user=user, description=RSI)
    contents = [content_of(AVERAGE) for _ in range(6)]
    start = threading.Barrier(len(contents))
    came: list[str] = []

    def change(content: Any) -> None:
        start.wait()
        try:
            version_add(version=first, user=user, content=content, kind=ConversationMemory.Kind.EDIT, message="")
            came.append("made")
        except Conflict:
            came.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=change, args=[content]) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["conflict"] * 5 + ["made"]
    assert sorted(StrategyVersion.objects.values_list("number", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_of_several_strategies_of_one_name_at_once_one_is_made(user: User) -> None:
    start = threading.Barrier(6)
    came: list[str] = []

    def make() -> None:
        start.wait()
        try:
            strategy_create(user=user, description=AVERAGE, name="Mine")
            came.append("made")
        except Conflict:
            came.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(came) == ["conflict"] * 5 + ["made"]
    assert Strategy.objects.count() == StrategyVersion.objects.count() == 1


# deleted


def test_a_deleted_strategy_is_gone_for_its_owner_kept_as_a_row_and_its_name_is_free(user: User) -> None:
    first = strategy_create(user=user, description=RSI, name="Mine")
    strategy_delete(user=user, strategy_id=first.strategy_id)
    with pytest.raises(NotFound):
        strategy_get(user=user, strategy_id=first.strategy_id)
    with pytest.raises(NotFound):
        strategy_delete(user=user, strategy_id=first.strategy_id)
    assert Strategy.objects.get().deleted_at is not None
    assert strategy_create(user=user, description=TREND, name="Mine").number == 1


def test_nobody_changes_another_user_s_strategy(user: User, stranger: User) -> None:
    first = strategy_create(user=user, description=RSI)
    with pytest.raises(NotFound):
        strategy_update(user=stranger, strategy_id=first.strategy_id, description=TREND)
    with pytest.raises(NotFound):
        strategy_delete(user=stranger, strategy_id=first.strategy_id)
    assert strategy_get(user=user, strategy_id=first.strategy_id).version == 1
