"""The published JSON Schema of the canonical form; `python -m Backtest.canonical.schema` prints it.

`strategy.schema.json` beside this module is that text. The schema describes documents as `to_document` writes them, not
the shorthands that `parse_spec` accepts beside, and it can't say all that the models and `lint` check.
"""

import json
import sys
from pathlib import Path
from typing import Any

from Backtest.canonical.spec import SCHEMA_VERSION, Spec
from Backtest.timeframes import TIMEFRAMES

SCHEMA_FILE = Path(__file__).with_name("strategy.schema.json")


def json_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of the current version."""
    made = _plain(Spec.model_json_schema(by_alias=True, mode="validation"))
    made["properties"]["timeframe"]["enum"] = list(TIMEFRAMES)
    made["$defs"]["IndicatorUse"]["properties"]["timeframe"]["anyOf"][0]["enum"] = list(TIMEFRAMES)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:algoagent:strategy:{SCHEMA_VERSION}",
        **made,
    }


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    """Without `discriminator`, which is OpenAPI's; the constant `type` of each alternative says the same."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key != "discriminator" or not _is_openapi(item)}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _is_openapi(item: Any) -> bool:
    return isinstance(item, dict) and "propertyName" in item


if __name__ == "__main__":
    sys.stdout.write(schema_text())
