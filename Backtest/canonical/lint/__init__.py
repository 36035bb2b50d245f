"""Lint: what is well formed and yet can't be meant, or can't run."""

from Backtest.canonical.lint.account import account_issues, risk_issues
from Backtest.canonical.lint.contradictions import contradiction_issues
from Backtest.canonical.lint.declarations import declaration_issues
from Backtest.canonical.lint.references import reference_issues
from Backtest.canonical.lint.sides import side_issues
from Backtest.canonical.spec import Spec
from Backtest.errors import Issue

__all__ = ["lint"]


def lint(spec: Spec, *, first_close: float | None = None) -> tuple[Issue, ...]:
    """One Issue for each thing that can't be meant, with a JSON pointer into the canonical document; empty when sound.

    `first_close`: the close of the first evaluated bar; with it the cash is judged too.
    What refers to nothing is named first and alone: the other checks need every name to stand for something.
    """
    broken = (*declaration_issues(spec), *reference_issues(spec))
    if broken:
        return (*broken, *side_issues(spec), *risk_issues(spec), *account_issues(spec, first_close))
    return (
        *side_issues(spec),
        *contradiction_issues(spec),
        *risk_issues(spec),
        *account_issues(spec, first_close),
    )
