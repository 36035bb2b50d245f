"""A CSV of bars, and what uploads one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.response import Response
from rest_framework.test import APIClient

HEADER = "Date,Open,High,Low,Close,Volume\n"
CSV = HEADER + "".join(f"2024-01-{day:02d},{10 + day},{12 + day},{9 + day},{11 + day},1000\n" for day in range(1, 32))

Upload = Callable[..., Response]


@pytest.fixture
def upload(api: APIClient) -> Upload:
    """Uploads a text as a CSV; other fields of the form by keyword."""

    def post(text: str | bytes = CSV, file_name: str = "bars.csv", client: APIClient = api, **fields: Any) -> Response:
        data = text if isinstance(text, bytes) else text.encode()
        form = {"file": SimpleUploadedFile(file_name, data, "text/csv"), **fields}
        return client.post("/api/data/upload/", form, format="multipart")

    return post
