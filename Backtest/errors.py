"""Everything the engine raises on purpose.

    AlgoAgentError
    ├── InputError                    what was given is at fault; the caller can mend it
    │   ├── SpecInvalid               canonical JSON that fails its schema or its lint
    │   ├── TextRefused               a text that is empty, too long, or not text
    │   ├── PageRefused               a web address that may not be fetched, or that is no page of text
    │   ├── IndicatorInvalid          an unknown indicator or output, or a parameter out of bounds
    │   ├── SymbolUnknown             a data source does not know the symbol
    │   ├── BarsInvalid               prices that can't be read or can't be true
    │   ├── WindowEmpty               start, end or timeframe leave no bars to evaluate
    │   ├── KernelUnsupported         a part of a spec that the kernel can't run; the generated code can
    │   ├── CodeRefused               the source gate or the scan refuses a strategy file
    │   └── CodeFailed                a strategy file raised, or holds no strategy
    ├── LimitReached                  a run that was stopped by a limit of the sandbox
    │   ├── RunTimedOut               wall-clock or CPU time
    │   └── RunKilled                 memory, file size or output
    └── MachineError                  this machine is at fault; the same input may work later or elsewhere
        ├── SourceUnavailable         a data source can't be reached or answers nothing
        ├── SandboxBroken             the isolated process could not start, or broke its protocol
        │   └── SandboxLost           what holds the sandbox ended during the run, which may be tried again
        ├── SandboxTooWeak            this machine gives less protection than SANDBOX_REQUIRE asks for
        ├── ArtifactUnwritable        a result can't be stored
        └── ModelFailed               a language model gave no answer that can be used
            ├── ModelNotConfigured    no model is set, its client isn't installed, or its key is refused
            ├── ModelUnreachable      it can't be reached, fails, or rests after it failed too often
            ├── ModelOverloaded       it takes no more for now
            ├── ModelTimedOut         it did not answer within the time-out of the whole call
            ├── ModelRefused          it refuses the request, or blocked the answer
            ├── ModelAnswerInvalid    its answer is cut off, can't be read, or doesn't fit the schema
            └── ModelBudgetSpent      the day's calls or tokens are used up

Every error carries a sentence for people and, where a field is at fault, one `Issue` for each.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault: `field` is a JSON pointer into the input (or a parameter's name), `suggestion` says how to mend it."""

    field: str
    message: str
    suggestion: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class AlgoAgentError(Exception):
    """The root of the tree. `issues` may be empty; `str()` is the sentence for people."""

    def __init__(self, message: str, issues: Iterable[Issue] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.issues = tuple(issues)


class InputError(AlgoAgentError):
    pass


class SpecInvalid(InputError):
    pass


class TextRefused(InputError):
    pass


class PageRefused(InputError):
    pass


class IndicatorInvalid(InputError):
    pass


class SymbolUnknown(InputError):
    pass


class BarsInvalid(InputError):
    pass


class WindowEmpty(InputError):
    pass


class KernelUnsupported(InputError):
    pass


class CodeRefused(InputError):
    pass


class CodeFailed(InputError):
    pass


class LimitReached(AlgoAgentError):
    pass


class RunTimedOut(LimitReached):
    pass


class RunKilled(LimitReached):
    pass


class MachineError(AlgoAgentError):
    pass


class SourceUnavailable(MachineError):
    pass


class SandboxBroken(MachineError):
    pass


class SandboxLost(SandboxBroken):
    pass


class SandboxTooWeak(MachineError):
    pass


class ArtifactUnwritable(MachineError):
    pass


class ModelFailed(MachineError):
    """`retry_after_s` says when it may work again, where that is known."""

    def __init__(self, message: str, issues: Iterable[Issue] = (), *, retry_after_s: float | None = None) -> None:
        super().__init__(message, issues)
        self.retry_after_s = retry_after_s


class ModelNotConfigured(ModelFailed):
    pass


class ModelUnreachable(ModelFailed):
    pass


class ModelOverloaded(ModelFailed):
    pass


class ModelTimedOut(ModelFailed):
    pass


class ModelRefused(ModelFailed):
    pass


class ModelAnswerInvalid(ModelFailed):
    pass


class ModelBudgetSpent(ModelFailed):
    pass
