"""The way in: a document in any accepted form becomes a `Spec`, or every fault in it is named at once."""

from collections.abc import Mapping

from pydantic import ValidationError

from Backtest.canonical.draft import Draft
from Backtest.canonical.json_text import copied, read_json
from Backtest.canonical.model_errors import issues_of
from Backtest.canonical.sentences import SentenceReader
from Backtest.canonical.shorthand import expand
from Backtest.canonical.spec import Spec
from Backtest.canonical.upgrade import upgrade
from Backtest.errors import Issue, SpecInvalid

MOST_ISSUES = 200


def parse_spec(document: Mapping[str, object] | str, *, sentence_reader: SentenceReader | None = None) -> Spec:
    """The spec that a mapping or a JSON text means, shorthands and older versions included, defaults in `assumptions`.

    At most 1 MB, 20,000 values and 64 levels. Raises SpecInvalid with one Issue per fault (at most 200), each with a
    JSON pointer into `document`.
    What is well formed and yet can't be meant (RSI < 130) is for `lint` to find.
    """
    given = read_json(document)
    draft = Draft(given)
    upgraded = upgrade(given)
    listed = upgraded.get("assumptions")
    draft.adopt(listed if isinstance(listed, list) else [])
    expanded = expand(copied(upgraded), draft, sentence_reader)
    if listed is None or isinstance(listed, list):
        expanded["assumptions"] = draft.assumptions
    issues = draft.issues
    try:
        spec = Spec.model_validate(expanded)
    except ValidationError as error:
        issues = [*issues, *issues_of(error, draft, expanded)]
    else:
        if not issues:
            return spec
    raise SpecInvalid(_summary(issues), issues[:MOST_ISSUES])


def _summary(issues: list[Issue]) -> str:
    first = issues[0]
    more = f", and {len(issues) - 1} more" if len(issues) > 1 else ""
    return f"{first.field or 'the document'}: {first.message}{more}"
