"""dataset_create and dataset_delete where rows and files could come apart."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, connections

from auth_api.models import User
from Backtest.errors import SymbolUnknown
from data_api.models import Dataset
from data_api.services import dataset_create, dataset_delete
from rest.errors import Conflict
from tests.api.data_api.conftest import CSV
from tests.conftest import PASSWORD


def files() -> set[Path]:
    return set((Path(settings.PRIVATE_DIR) / "datasets").glob("*"))


def create(user: User, **fields: str) -> Dataset:
    return dataset_create(user=user, file=ContentFile(CSV.encode(), name="bars.csv"), **fields)


@pytest.mark.parametrize("bad_name", ["../../etc/passwd", "a/b.csv", "\u202egnp.csv", ".csv", "x" * 300 + ".csv"])
def test_no_name_of_a_file_steers_where_it_is_kept(user: User, bad_name: str) -> None:
    file = ContentFile(CSV.encode())
    file.name = bad_name
    dataset = dataset_create(user=user, file=file)
    assert dataset.file_name == f"datasets/{dataset.pk}.csv"
    assert dataset.name
    assert dataset.name.isprintable()


def test_a_symbol_that_is_none_leaves_nothing(user: User) -> None:
    before = files()
    with pytest.raises(SymbolUnknown):
        create(user, symbol="!")
    assert (files(), Dataset.objects.count()) == (before, 0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("fields", "winners"), [({"name": "mine"}, 1), ({}, 4)])
def test_of_uploads_at_once_under_one_name_one_wins_and_unnamed_ones_all_do(
    fields: dict[str, str], winners: int
) -> None:
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    before = files()

    def upload(_: int) -> bool:
        try:
            create(user, **fields)
        except Conflict:
            return False
        finally:
            connections["default"].close()
        return True

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(upload, range(4)))
    kept = {Path(settings.PRIVATE_DIR) / dataset.file_name for dataset in Dataset.objects.all()}
    assert sum(won) == len(kept) == winners
    assert files() - before == kept


@pytest.mark.django_db(transaction=True)
def test_the_file_of_an_account_that_is_deleted_goes_with_it() -> None:
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)
    path = Path(settings.PRIVATE_DIR) / create(user).file_name
    assert path.is_file()
    user.delete()
    assert not path.exists()


def test_a_deleted_dataset_keeps_its_bytes_for_the_runs_on_it(user: User) -> None:
    dataset = create(user)
    dataset_delete(user=user, dataset_id=dataset.pk)
    assert (Path(settings.PRIVATE_DIR) / dataset.file_name).read_text() == CSV


@pytest.mark.django_db(transaction=True)
def test_bars_are_read_outside_any_transaction() -> None:
    """The write lock of SQLite is everyone's: it must not be held while 20 MB are parsed."""
    user = User.objects.create_user("ada", "ada@example.org", PASSWORD)

    class Watched(ContentFile):
        held: bool | None = None

        def read(self, *arguments: int) -> bytes:
            self.held = connection.in_atomic_block
            return super().read(*arguments)

    file = Watched(CSV.encode(), name="bars.csv")
    dataset_create(user=user, file=file)
    assert file.held is False
