"""JSON bodies, read strictly: finite numbers, no key twice, no half characters, bounded depth and size."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 1_000_000


class StrictJsonParser(BaseParser):
    """One JSON object of at most 1 MB; raises ServiceError and the engine's SpecInvalid, each naming the place."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        from Backtest.canonical.json_text import read_json
        from rest.errors import TooLarge

        data = stream.read(MAX_BODY_BYTES + 1)
        if len(data) > MAX_BODY_BYTES:
            raise TooLarge(f"the body is larger than {MAX_BODY_BYTES:,} bytes")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError("the body is not UTF-8") from error
        return dict(read_json(text)) if text.strip() else {}
