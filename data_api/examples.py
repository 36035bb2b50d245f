"""Requests and answers as the schema shows them; a test makes each of these requests."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample


def _answer(name: str, body: dict[str, Any], status: int = 200) -> OpenApiExample:
    return OpenApiExample(name, body, response_only=True, status_codes=[str(status)])


_DATASET: Final = {
    "id": "8d1f1b60-2f0b-4f2b-9f5c-0c9d0a9e6c11",
    "name": "bars",
    "symbol": "BARS",
    "timeframe": "1d",
    "zone": "UTC",
    "first_time": "2024-01-01",
    "last_time": "2024-01-31",
    "bars": 31,
    "size_bytes": 900,
    "content_hash": "sha256:0a0884f0fa2832ba04a510ab2169f41c026adbe9e11850c67516768e9634cfe0",
    "findings": [
        {
            "rule": "naive_time",
            "message": "times without an offset were read as UTC",
            "first_time": None,
            "count": 1,
            "severity": "info",
        }
    ],
    "created_at": "2026-01-05T09:30:00.123456Z",
}
_PAGE: Final = {"count": 1, "page": 1, "page_size": 50, "next": None, "previous": None, "results": [_DATASET]}
DATASET = _answer("A dataset", _DATASET)
UPLOADED = _answer("Uploaded", _DATASET, 201)
DATASETS = _answer("One dataset", _PAGE)

INDICATORS = _answer(
    "One of each",
    {
        "indicators": [
            {
                "name": "SMA",
                "title": "Simple Moving Average",
                "description": "Mean of the last n values.",
                "aliases": ["SIMPLE_MOVING_AVERAGE", "MOVING_AVERAGE", "MA"],
                "parameters": [
                    {
                        "name": "timeperiod",
                        "description": "bars",
                        "integer": True,
                        "minimum": 1.0,
                        "maximum": 10000.0,
                        "default": 20.0,
                        "required": True,
                    }
                ],
                "default_source": "Close",
                "outputs": [
                    {
                        "name": None,
                        "description": "Mean of the last n values.",
                        "column_pattern": "SMA_{timeperiod}[_{source}][_{timeframe}]",
                        "lowest": None,
                        "highest": None,
                    }
                ],
                "example": {"name": "SMA", "timeperiod": 20},
                "price_like": True,
            }
        ],
        "patterns": [
            {"name": "CDLDOJI", "title": "doji", "description": "Open and Close almost the same.", "signs": [1]}
        ],
    },
)
SOURCES = _answer(
    "Two of the sources",
    {
        "sources": [
            {
                "name": "sample",
                "title": "real prices of a few symbols, shipped with the software",
                "needs_network": False,
                "needs_file": False,
                "symbols": ["GOOG", "EURUSD", "BTCUSD", "AAPL"],
            },
            {
                "name": "yfinance",
                "title": "Yahoo Finance",
                "needs_network": True,
                "needs_file": False,
                "symbols": [],
            },
        ]
    },
)
SYMBOLS = _answer(
    "One of the samples",
    {
        "symbols": [
            {
                "symbol": "GOOG",
                "title": "Google (NASDAQ), daily",
                "source": "sample",
                "timeframe": "1d",
                "zone": "America/New_York",
                "first_time": "2004-08-19",
                "last_time": "2013-03-01",
                "bars": 2148,
                "currency": "USD",
            }
        ]
    },
)
FETCH = OpenApiExample(
    "A sample with indicators",
    {
        "symbol": "GOOG",
        "start_date": "2013-02-27",
        "end_date": "2013-03-01",
        "indicators": ["RSI_14", {"name": "BB", "timeperiod": 20, "nbdev": 2, "output": "upper"}],
    },
    request_only=True,
)
FETCH_DATASET = OpenApiExample(
    "A dataset of your own",
    {"dataset_id": _DATASET["id"], "timeframe": "1w", "period": "max", "indicators": ["EMA_3"], "max_points": 1000},
    request_only=True,
)
FETCHED = _answer(
    "Three days of Google",
    {
        "symbol": "GOOG",
        "source": "sample",
        "dataset_id": None,
        "timeframe": "1d",
        "zone": "America/New_York",
        "content_hash": "sha256:cfa42248b834edf32a7cbfe4ce31deb9a3545c615f33da023bdbb95a5f07a7c7",
        "bars": 3,
        "bars_per_point": 1,
        "findings": [],
        "time": ["2013-02-27", "2013-02-28", "2013-03-01"],
        "columns": {
            "Open": [794.8, 801.1, 797.8],
            "High": [804.75, 806.99, 807.14],
            "Low": [791.11, 801.03, 796.15],
            "Close": [799.78, 801.2, 806.19],
            "Volume": [2026100.0, 2265800.0, 2175400.0],
            "RSI_14": [64.99938806223481, 65.5528796997387, 67.49798280234823],
            "BB_UPPER_20_2": [811.6383597244234, 812.109164546409, 812.8406000239524],
        },
    },
)
