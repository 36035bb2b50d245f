"""A model writes the code of a spec, which is taken where scan, sandbox and proof find nothing: else the compiler's."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from Backtest.canonical.spec import Spec
from Backtest.codegen.compiler import compile_spec
from Backtest.errors import ModelAnswerInvalid, ModelFailed
from Backtest.generation_prompt import ANSWER_SCHEMA, repair_prompt, spec_prompt, system_prompt
from Backtest.llm.model import Model
from Backtest.llm.port import Heard, Message, Question
from Backtest.llm.redaction import redact
from Backtest.safety.findings import ScanFinding
from Backtest.safety.scan import scan

COMPILER = "compiler"
PURPOSE = "generate_code"
LONGEST_CODE = 60_000
MOST_FINDINGS = 10
PROGRESS_STEP = 500

Stage = Literal["answer", "scan", "run", "proof", "accepted"]
ProofState = Literal["verified", "mismatch", "pending", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether code trades as its spec says. `counterexample` tells the first difference; `line` is of the code.

    `bars` and `trades` are those of all `series` on which both did the same, the bars of `symbol` being one.
    """

    state: ProofState
    counterexample: str = ""
    error: str = ""
    line: int | None = None
    symbol: str = ""
    timeframe: str = ""
    series: int = 0
    bars: int = 0
    trades: int | None = None


class Prover(Protocol):
    """Runs scanned code of one spec and judges it. A run that fails is a mismatch with an `error`."""

    def hindrance(self) -> str:
        """Why nothing could be proved of any code of the spec; empty where it could."""
        ...

    def __call__(self, code: str) -> Proof: ...


@dataclass(frozen=True, slots=True)
class Round:
    """One answer of the model: where it failed, or that it was accepted; `finding` is what the model is told of it."""

    number: int
    stage: Stage
    finding: str = ""
    scan_findings: tuple[ScanFinding, ...] = ()
    code: str = ""
    proof: Proof | None = None


@dataclass(frozen=True, slots=True)
class Generated:
    """Code and who wrote it: the model, or the compiler with `fallback_reason` where a model was asked in vain."""

    source: str
    provider: str
    model: str = ""
    rounds: tuple[Round, ...] = ()
    proof: Proof = field(default_factory=lambda: Proof("pending"))
    fallback_reason: str | None = None

    @property
    def counterexample(self) -> str:
        """The last difference that was found, whether it was mended or not."""
        found = [r.proof.counterexample for r in self.rounds if r.proof is not None and r.proof.counterexample]
        return found[-1] if found else ""


def generate(
    spec: Spec,
    model: Model,
    prove: Prover,
    *,
    user_id: int | None,
    repair_rounds: int = 3,
    progress: Callable[[str], None] = lambda step: None,
) -> Generated:
    """Ask for code, and `repair_rounds` times for a correction by what was found; then the compiler's, with the reason.

    Never raises a ModelFailed: without a model the code is the compiler's too. Raises what `prove` raises of this
    machine (SandboxBroken), and what the compiler raises of a spec.
    """
    if hindrance := prove.hindrance():
        return _compiled(spec, model, [], f"no model was asked, since its code could not be proved: {hindrance}")
    messages = [Message("system", system_prompt()), Message("user", spec_prompt(spec))]
    rounds: list[Round] = []
    for number in range(1, repair_rounds + 2):
        progress(f"Asking {model.provider} for the code" if number == 1 else f"Asking for correction {number - 1}")
        try:
            made = _asked(model, messages, number, user_id, _told_of_length(progress, model.provider))
        except ModelFailed as error:
            return _compiled(spec, model, rounds, error.message)
        if made.stage == "accepted":
            progress("Proving the code")
            made = _judged(made, prove)
        rounds.append(made)
        if made.stage == "accepted" and made.proof is not None:
            return Generated(made.code, model.provider, model.name, tuple(rounds), made.proof)
        messages = [*messages[:2], *_dialogue(made)]
    reason = f"no answer of {len(rounds)} could be taken; the last: {rounds[-1].finding}"
    return _compiled(spec, model, rounds, reason)


def compiled(spec: Spec) -> Generated:
    """The compiler's code, of which nothing has to be asked."""
    return Generated(compile_spec(spec).source, COMPILER)


def _asked(model: Model, messages: list[Message], number: int, user_id: int | None, heard: Heard) -> Round:
    """One answer, scanned. Raises ModelFailed, but for an answer that can't be used: that one may be corrected."""
    try:
        reply = model.ask(Question(tuple(messages), PURPOSE, ANSWER_SCHEMA), user_id=user_id, heard=heard)
    except ModelAnswerInvalid as error:
        return Round(number, "answer", error.message)
    answer = reply.value
    code = str(answer["strategy_code"]) if isinstance(answer, dict) else ""
    if len(code) > LONGEST_CODE:
        return Round(number, "answer", f"the file has {len(code):,} characters; {LONGEST_CODE:,} are taken at most")
    report = scan(code)
    if report.ok:
        return Round(number, "accepted", code=code)
    told = [
        f"line {found.line}, column {found.column}: {found.message} ({found.suggestion})"
        for found in report.findings[:MOST_FINDINGS]
    ]
    return Round(number, "scan", "\n".join(told), report.findings, code)


def _told_of_length(progress: Callable[[str], None], provider: str) -> Heard:
    """Tells how far the model has come each time that it has written `PROGRESS_STEP` characters more."""
    told = 0

    def heard(characters: int) -> None:
        nonlocal told
        if characters >= told + PROGRESS_STEP:
            told = characters
            progress(f"{provider} has written {characters:,} characters")

    return heard


def _judged(made: Round, prove: Prover) -> Round:
    proof = prove(made.code)
    if proof.state == "verified":
        return replace(made, proof=proof)
    if proof.error:
        at = "" if proof.line is None else f"line {proof.line}: "
        return replace(made, stage="run", finding=f"the run failed: {at}{redact(proof.error)}", proof=proof)
    finding = proof.counterexample or "nothing could be proved of it"
    return replace(made, stage="proof", finding=finding, proof=proof)


def _dialogue(made: Round) -> list[Message]:
    """The last answer and what was found of it: earlier ones would only cost tokens."""
    if not made.code:
        return [Message("user", repair_prompt(made.finding))]
    numbered = "\n".join(f"{line:>4} {text}" for line, text in enumerate(made.code.splitlines(), 1))
    return [Message("assistant", numbered), Message("user", repair_prompt(made.finding))]


def _compiled(spec: Spec, model: Model, rounds: list[Round], reason: str) -> Generated:
    return replace(compiled(spec), model=model.name, rounds=tuple(rounds), fallback_reason=reason)
