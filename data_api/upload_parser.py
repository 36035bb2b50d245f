"""Uploads, refused by their announced size before a byte of them is kept."""

from collections.abc import Mapping
from typing import IO, Any, Final

from rest_framework.parsers import MultiPartParser

from rest.errors import TooLarge

MAX_FILE_BYTES: Final = 20 * 1024 * 1024
"""What the engine reads of a CSV at most."""
_FORM_BYTES: Final = 64 * 1024  # the form around the file: boundaries, headers, the other fields


def too_large() -> TooLarge:
    return TooLarge(f"the file is larger than {MAX_FILE_BYTES // 1024 // 1024} MB")


class UploadParser(MultiPartParser):
    """A form with a file of at most `MAX_FILE_BYTES`; nothing beyond the announced length is read of its body."""

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        context = parser_context or {}
        if int(context["request"].META["CONTENT_LENGTH"]) > MAX_FILE_BYTES + _FORM_BYTES:
            raise too_large()
        # Browsers write forms in UTF-8; a charset that the caller makes up may be a codec that can't read them.
        return super().parse(stream, media_type, {**context, "encoding": "utf-8"})
