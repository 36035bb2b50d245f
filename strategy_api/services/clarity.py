"""What stands between a description and a strategy that can be run, as an error for whoever wanted to run it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from Backtest.errors import Issue
from rest.errors import Unclear

_SAYS = {
    "needs_clarification": "the description leaves something open: answer its questions",
    "unsupported": "the description asks for what is not in the language",
    "rejected": "the description can't be taken as it is",
}


def unclear(
    *,
    status: str,
    questions: Iterable[Mapping[str, Any]],
    unresolved: Iterable[Mapping[str, Any]],
    errors: Iterable[Mapping[str, Any]],
) -> Unclear:
    """Unclear with one Issue for each question (field `answers/<id>`), clause that was not read, and error."""
    return Unclear(_SAYS[status], [*_of_questions(questions), *_of_clauses(unresolved), *_of_errors(errors)])


def _of_questions(questions: Iterable[Mapping[str, Any]]) -> Iterator[Issue]:
    for question in questions:
        offered = ", ".join(str(alternative["value"]) for alternative in question["alternatives"])
        yield Issue(f"answers/{question['id']}", question["question"], f"for example: {offered}" if offered else "")


def _of_clauses(unresolved: Iterable[Mapping[str, Any]]) -> Iterator[Issue]:
    for clause in unresolved:
        message = f"{clause['text']!r} is {clause['reason']}"
        yield Issue("user_description", message, "say it in other words, or leave it out")


def _of_errors(errors: Iterable[Mapping[str, Any]]) -> Iterator[Issue]:
    for error in errors:
        yield Issue(error["field"], error["message"], error["suggestion"])
