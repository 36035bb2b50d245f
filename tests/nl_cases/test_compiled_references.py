"""The compiled code of each case's hand-built spec gives the trades of the case's hand-written reference.

`cases/` holds the cases of kinds `trades` and `edit` and their references; `specs/` one canonical document for each, written by hand
from the case's text and the conventions (no reader made them).
"""

import importlib.util
import json
import types
from pathlib import Path

import pytest
from backtesting import test

from Backtest.canonical.document import to_document
from Backtest.canonical.lint import lint
from Backtest.canonical.parse import parse_spec
from tests.semantics.parity import account_of, assert_same_trades, compiled_trades, plain_trades

HERE = Path(__file__).parent
CASES = sorted((HERE / "cases").glob("*.json"))
COLLECTION = HERE.parent.parent.parent / "shared" / "nl_cases"
FRAMES = {"GOOG": test.GOOG, "EURUSD": test.EURUSD, "BTCUSD": test.BTCUSD}


def read_json(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def reference_module(case_file: Path) -> types.ModuleType:
    spec = importlib.util.spec_from_file_location(f"reference_{case_file.stem}", case_file.with_suffix(".py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("case_file", CASES, ids=lambda path: path.stem)
def test_the_compiled_spec_trades_like_the_reference(case_file: Path) -> None:
    case, document = read_json(case_file), read_json(HERE / "specs" / case_file.name)
    module = reference_module(case_file)
    account = {"spread": 0.0, "margin": 1.0, **module.BACKTEST}
    assert account == {**account_of(document), "finalize_trades": False}
    del account["finalize_trades"]  # a run of either never does
    frame = FRAMES[case["dataset"]].astype(float)

    reference = plain_trades(module.Reference, frame, **account)
    assert len(reference.closed) == case["expect"]["closed_trades"]
    assert_same_trades(compiled_trades(document, frame), reference)


@pytest.mark.parametrize("case_file", CASES, ids=lambda path: path.stem)
def test_the_hand_built_spec_is_in_canonical_form(case_file: Path) -> None:
    document = read_json(HERE / "specs" / case_file.name)
    assert to_document(parse_spec(document)) == document


@pytest.mark.parametrize("case_file", CASES, ids=lambda path: path.stem)
def test_lint_has_nothing_against_the_hand_built_spec(case_file: Path) -> None:
    assert lint(parse_spec(read_json(HERE / "specs" / case_file.name))) == ()


@pytest.mark.parametrize("case_file", CASES, ids=lambda path: path.stem)
def test_the_hand_built_spec_is_for_the_data_and_timeframe_of_its_case(case_file: Path) -> None:
    case, document = read_json(case_file), read_json(HERE / "specs" / case_file.name)
    assert (document["instruments"], document["timeframe"]) == ([case["dataset"]], case["timeframe"])


def test_every_case_has_its_reference_and_its_spec() -> None:
    names = {path.stem for path in CASES}
    assert len(names) >= 23
    assert {path.stem for path in (HERE / "cases").glob("*.py")} == names
    assert {path.stem for path in (HERE / "specs").glob("*.json")} == names


@pytest.mark.skipif(not COLLECTION.is_dir(), reason="the case collection is not beside the project")
def test_the_cases_are_those_of_the_collection_byte_for_byte() -> None:
    referenced = [path for path in sorted(COLLECTION.glob("[0-9]*_*.json")) if path.with_suffix(".py").exists()]
    wanted = {file.name: file.read_bytes() for path in referenced for file in (path, path.with_suffix(".py"))}
    ours = {file.name: file.read_bytes() for file in (HERE / "cases").iterdir() if file.is_file()}
    assert ours == wanted
