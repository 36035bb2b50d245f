"""POST /api/data/upload/: CSVs of bars."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

from auth_api.models import User
from Backtest.data.csv_source import MAX_BYTES, CsvSource
from data_api import examples
from data_api.models import Dataset
from data_api.selectors import dataset_get, dataset_path
from data_api.upload_parser import MAX_FILE_BYTES
from tests.api.data_api.conftest import CSV, HEADER, Upload

URL = "/api/data/upload/"
Problem = Callable[..., dict[str, Any]]


def files() -> set[Path]:
    return set(Path(settings.PRIVATE_DIR).rglob("*.csv"))


def test_a_csv_becomes_a_dataset(api: APIClient, upload: Upload) -> None:
    answer = upload(CSV, name="bars", symbol="bars")
    assert answer.status_code == 201
    shown = examples.UPLOADED.value
    varying = {"id", "created_at"}
    assert {key: value for key, value in answer.json().items() if key not in varying} == {
        key: value for key, value in shown.items() if key not in varying
    }
    assert api.get(answer["Location"]).json() == answer.json()


def test_the_file_is_kept_as_it_came_and_for_its_owner_alone(user: User, upload: Upload) -> None:
    answer = upload(CSV).json()
    path = dataset_path(dataset=dataset_get(user=user, dataset_id=answer["id"]))
    assert path.read_text() == CSV
    assert path.stat().st_mode & 0o077 == 0
    assert CsvSource(path).load("BARS").content_hash == answer["content_hash"]


def test_the_quality_checks_findings_are_kept(upload: Upload) -> None:
    odd = HEADER + "2024-01-02,10,12,9,11,5\n2024-01-03,10,12,9,11,5\n2024-01-04,30,33,29,31,5\n"
    findings = upload(odd).json()["findings"]
    assert ("jump", "warning", "2024-01-04") in [(f["rule"], f["severity"], f["first_time"]) for f in findings]


def test_a_name_and_a_symbol_are_made_of_the_file_s(upload: Upload) -> None:
    answer = upload(CSV, file_name="btc-usd 2024.csv").json()
    assert (answer["name"], answer["symbol"]) == ("btc-usd 2024", "BTCUSD2024")


def test_names_that_are_not_given_are_numbered(upload: Upload) -> None:
    assert [upload(CSV).json()["name"] for _ in range(3)] == ["bars", "bars 2", "bars 3"]


def test_a_name_that_is_taken_is_a_conflict_and_leaves_no_file(upload: Upload, problem: Problem) -> None:
    upload(CSV, name="mine")
    before = files()
    body = problem(upload(CSV, name="mine"), 409)
    assert (body["details"][0]["field"], files()) == ("name", before)


def test_two_users_may_use_one_name(upload: Upload, strange_api: APIClient) -> None:
    assert upload(CSV, name="mine").status_code == 201
    assert upload(CSV, name="mine", client=strange_api).status_code == 201


def test_nobody_uploads_without_signing_in(anonymous: APIClient, upload: Upload, problem: Problem) -> None:
    problem(upload(CSV, client=anonymous), 401)


def test_bars_that_can_t_be_true_are_refused_with_their_lines_and_nothing_is_kept(
    upload: Upload, problem: Problem
) -> None:
    before = files()
    body = problem(upload(HEADER + "2024-01-02,10,12,9,11,5\n2024-01-03,x,8,9,11,5\n"), 400)
    assert [detail["field"] for detail in body["details"]] == ["file/line 3, column Open"]
    assert files() == before
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        (b"PK\x03\x04\x00\x00", "file/line 1", "a zero byte stands here"),
        (b"Date,Open\xff\n", "file/line 1", "the file is not UTF-8"),
        (b"hello", "file/line 1", "the header has no column"),
    ],
)
def test_a_file_that_is_no_csv_of_bars_is_refused(
    upload: Upload, problem: Problem, text: bytes, field: str, message: str
) -> None:
    (detail,) = problem(upload(text), 400)["details"]
    assert detail["field"] == field
    assert message in detail["message"]


def test_an_empty_file_is_refused(upload: Upload, problem: Problem) -> None:
    assert problem(upload(b""), 400)["details"][0]["field"] == "file"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"symbol": "no symbol!"}, "symbol"),
        ({"name": "n" * 121}, "name"),
        ({"nmae": "bars"}, "nmae"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_a_field_at_fault_is_named(upload: Upload, problem: Problem, fields: dict[str, str], field: str) -> None:
    assert problem(upload(CSV, **fields), 400)["details"][0]["field"] == field


def test_a_form_without_a_file_is_refused(api: APIClient, problem: Problem) -> None:
    body = problem(api.post(URL, {"name": "bars"}, format="multipart"), 400)
    assert body["details"][0]["field"] == "file"


@pytest.mark.parametrize("charset", ["idna", "punycode", "utf-16", "rot13"])
def test_the_form_is_read_as_utf_8_whatever_charset_it_claims(api: APIClient, charset: str) -> None:
    name = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n' + "préc\N{EM DASH}is".encode() + b"\r\n"
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="bars.csv"\r\n\r\n' + CSV.encode() + b"\r\n"
    answer = api.generic("POST", URL, name + file + b"--x--\r\n", f"multipart/form-data; boundary=x; charset={charset}")
    assert answer.status_code == 201
    assert answer.json()["name"] == "préc\N{EM DASH}is"


def test_json_is_not_taken(api: APIClient, problem: Problem) -> None:
    problem(api.post(URL, {"name": "bars"}, format="json"), 415)


def test_a_file_of_more_than_20_mb_is_too_large(upload: Upload, problem: Problem) -> None:
    assert "20 MB" in problem(upload(b"0" * (MAX_FILE_BYTES + 1)), 413)["error"]


def test_a_body_that_announces_too_much_is_refused_before_it_is_read(api: APIClient, problem: Problem) -> None:
    # Were it parsed, this body without a boundary would be an error of another kind.
    answer = api.generic(
        "POST", URL, b"--x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert "20 MB" in problem(answer, 413)["error"]


def test_what_is_taken_is_what_the_engine_reads() -> None:
    assert MAX_FILE_BYTES == MAX_BYTES


def test_a_disk_that_takes_no_file_is_told_and_leaves_neither_row_nor_file(
    upload: Upload, problem: Problem, tmp_path: Path, settings: Any
) -> None:
    blocked = tmp_path / "private"
    blocked.mkdir()
    (blocked / "datasets").write_text("a file where the folder should be")
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": blocked, "base_url": None},
        },
    }
    problem(upload(CSV), 507)
    assert not Dataset.objects.exists()
    assert [path.name for path in blocked.iterdir()] == ["datasets"]
