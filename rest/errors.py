"""What a service raises on purpose, beside the engine's own tree; and the one table from both to HTTP.

ServiceError
├── Invalid                 400  what was given is at fault
├── Unauthenticated         401  who asks is not known, or no longer
├── Forbidden               403  who asks is known, and may not
├── NotFound                404  it is not there, or it is another user's
├── Conflict                409  it contradicts what is there already
├── TooLarge                413  more than is taken
└── Unclear                 422  understood, but it can't be run as it stands: open questions, unsupported clauses
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from Backtest import errors as engine
from Backtest.errors import AlgoAgentError, Issue


class ServiceError(Exception):
    """The root of the tree: a sentence for people and one `Issue` for each field at fault."""

    def __init__(self, message: str, issues: Iterable[Issue] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.issues = tuple(issues)


class Invalid(ServiceError):
    pass


class Unauthenticated(ServiceError):
    pass


class Forbidden(ServiceError):
    pass


class NotFound(ServiceError):
    pass


class Conflict(ServiceError):
    pass


class TooLarge(ServiceError):
    pass


class Unclear(ServiceError):
    pass


HTTP_STATUS: Final[Mapping[type[Exception], int]] = MappingProxyType(
    {
        Invalid: 400,
        Unauthenticated: 401,
        Forbidden: 403,
        NotFound: 404,
        Conflict: 409,
        TooLarge: 413,
        Unclear: 422,
        engine.InputError: 400,
        engine.SpecInvalid: 400,
        engine.TextRefused: 400,
        engine.PageRefused: 400,
        engine.IndicatorInvalid: 400,
        engine.SymbolUnknown: 400,
        engine.BarsInvalid: 400,
        engine.WindowEmpty: 400,
        engine.KernelUnsupported: 422,
        engine.CodeRefused: 400,
        engine.CodeFailed: 422,
        engine.LimitReached: 422,
        engine.RunTimedOut: 422,
        engine.RunKilled: 422,
        engine.MachineError: 500,
        engine.SourceUnavailable: 503,
        engine.SandboxBroken: 503,
        engine.SandboxLost: 503,
        engine.SandboxTooWeak: 503,
        engine.ArtifactUnwritable: 507,
        engine.ModelFailed: 502,
        engine.ModelNotConfigured: 503,
        engine.ModelUnreachable: 503,
        engine.ModelOverloaded: 503,
        engine.ModelTimedOut: 504,
        engine.ModelRefused: 502,
        engine.ModelAnswerInvalid: 502,
        engine.ModelBudgetSpent: 429,
    }
)
"""Every class of both trees; a test walks them and finds each one here."""


def http_status(error: ServiceError | AlgoAgentError) -> int:
    """The HTTP status of an error of either tree."""
    return HTTP_STATUS[type(error)]


def under(field: str, issues: Iterable[Issue]) -> list[Issue]:
    """The issues of a document as those of the request's field that held it: `/a/b` becomes `field/a/b`."""
    return [Issue(_joined(field, issue.field), issue.message, issue.suggestion) for issue in issues]


def _joined(field: str, pointer: str) -> str:
    return f"{field}/{pointer.lstrip('/')}" if pointer else field
