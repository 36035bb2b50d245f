"""The same words read by a model: a second opinion on the grammar's reading, checked like anything else."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from Backtest.canonical.document import to_document
from Backtest.canonical.explain import explain
from Backtest.canonical.identity import identity
from Backtest.canonical.schema import json_schema
from Backtest.canonical.spec import Spec
from Backtest.errors import InputError, ModelAnswerInvalid
from Backtest.generation_prompt import conventions
from Backtest.llm.model import Model
from Backtest.llm.port import Message, Question
from Backtest.pipeline.author import Difference, author_document, differences
from Backtest.pipeline.request import BacktestRequest
from Backtest.pipeline.what_if import TradeDifference, trade_difference

PURPOSE: Final = "read"
ANSWER_TOKENS: Final = 4000

State = Literal["agrees", "same_trades", "differs", "only_model", "unreadable"]
"""`agrees`: both mean the same. `same_trades`: they are written differently and trade alike on sample prices.
`only_model`: the grammar has no reading. `unreadable`: the model has none."""

_PROMPT: Final = Path(__file__).parents[1] / "SYSTEM_PROMPT_READING.md"


@dataclass(frozen=True)
class SecondReading:
    """What the model read, beside what the grammar did. `trades` is there where both could be run and differ in
    meaning; `why_not` says why there is no reading, or no comparison by trades."""

    state: State
    spec: Spec | None = None
    differences: tuple[Difference, ...] = ()
    trades: TradeDifference | None = None
    why_not: str = ""

    @property
    def agrees(self) -> bool:
        return self.state in ("agrees", "same_trades")


def read_again(turns: Sequence[str], grammar: Spec | None, model: Model, *, user_id: int) -> SecondReading:
    """Ask the model to read these words. Raises ModelFailed, but for an answer that is no strategy."""
    said = json.dumps(list(turns), ensure_ascii=False)
    messages = (Message("system", reading_prompt()), Message("user", f"said = {said}"))
    question = Question(messages, PURPOSE, json_schema(), max_output_tokens=ANSWER_TOKENS)
    try:
        value = model.ask(question, user_id=user_id).value
        spec = author_document(value).spec if isinstance(value, dict) else None
    except (ModelAnswerInvalid, InputError) as error:
        return SecondReading("unreadable", why_not=error.message)
    if spec is None:
        return SecondReading("unreadable", why_not="the answer is no document")
    if grammar is None:
        told = tuple(Difference(sentence.path, None, sentence.text) for sentence in explain(spec))
        return SecondReading("only_model", spec, told)
    if identity(spec) == identity(grammar):
        return SecondReading("agrees", spec)
    return _weighed(grammar, spec)


@cache
def reading_prompt() -> str:
    """`SYSTEM_PROMPT_READING.md` with the conventions."""
    return _PROMPT.read_text(encoding="utf-8").replace("{conventions}", conventions())


def _weighed(grammar: Spec, spec: Spec) -> SecondReading:
    found = differences(grammar, spec)
    before, after = (BacktestRequest(canonical_json=to_document(one)) for one in (grammar, spec))
    try:
        trades = trade_difference(before, after)
    except InputError as error:
        return SecondReading("differs", spec, found, why_not=error.message)
    return SecondReading("differs" if trades.first_difference else "same_trades", spec, found, trades)
