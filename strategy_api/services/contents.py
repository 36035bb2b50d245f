"""What a version will hold: a description, a document or code, taken through the engine. Nothing is stored here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from Backtest.errors import InputError, Issue
from rest.errors import Conflict, Invalid, under
from strategy_api.models import Status, StrategyVersion
from strategy_api.services.model_reading import reading_row, second_reading_of, standing_of
from strategy_api.services.pages import page_told

if TYPE_CHECKING:
    from Backtest.canonical.spec import Spec
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.author import Authored, WrittenCode
    from Backtest.pipeline.page_text import Told

COMPILER = "compiler"
USER = "user"
LONGEST_NAME = 60
SECOND_READING = "second_reading"
"""The question of which of two readings is meant."""


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a request says a strategy is: one of the first three, or answers alone to what was asked before."""

    user_description: str | None = None
    canonical_json: Mapping[str, Any] | None = None
    generated_code: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    accept_defaults: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """The fields of a version, but for its number; `spec` is what `canonical_json` says."""

    status: str
    change: str
    default_name: str
    turns: tuple[str, ...] = ()
    source_url: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    accept_defaults: bool = False
    spec: "Spec | None" = None
    canonical_json: Mapping[str, Any] | None = None
    identity: str = ""
    generated_code: str = ""
    code_file_name: str = ""
    provider: str = ""
    assumptions: tuple[Mapping[str, Any], ...] = ()
    unresolved: tuple[Mapping[str, Any], ...] = ()
    questions: tuple[Mapping[str, Any], ...] = ()
    errors: tuple[Mapping[str, Any], ...] = ()
    ai_recommendations: tuple[Mapping[str, Any], ...] = ()
    reading: Mapping[str, Any] | None = None

    def columns(self) -> dict[str, Any]:
        """As the columns of a StrategyVersion."""
        names = ("status", "source_url", "accept_defaults", "identity", "generated_code", "code_file_name", "provider")
        lists = ("turns", "assumptions", "unresolved", "questions", "errors", "ai_recommendations")
        document = None if self.canonical_json is None else dict(self.canonical_json)
        reading = None if self.reading is None else dict(self.reading)
        return {
            **{name: getattr(self, name) for name in names},
            **{name: list(getattr(self, name)) for name in lists},
            "answers": dict(self.answers),
            "canonical_json": document,
            "reading": reading,
            "change": self.change[:500],
        }

    def is_that_of(self, version: StrategyVersion) -> bool:
        """Whether the version was told the same already."""
        if not self.spec and self.generated_code:
            return self.generated_code == version.generated_code and version.canonical_json is None
        said = (list(self.turns), dict(self.answers), self.accept_defaults, self.canonical_json)
        return said == (version.turns, version.answers, version.accept_defaults, version.canonical_json)


def content_of(
    description: Description, before: StrategyVersion | None = None, *, user_id: int | None = None
) -> Content:
    """The content that a description makes, after the version `before` where it only answers what that one asks.

    Words are read by a model too, where there is one, on the budget of `user_id`; None: by the grammar alone.

    Raises Invalid, naming the request's fields, and Conflict for answers to what was not told in words.
    """
    if description.generated_code is not None:
        return _content_of_code(description.generated_code)
    if description.canonical_json is not None:
        return _content_of_document(description.canonical_json)
    if description.user_description is not None:
        told = page_told(description.user_description)
        return content_of_turns(
            (told.text,),
            answers=description.answers,
            accept_defaults=bool(description.accept_defaults),
            change=f"described by {told.url}" if told.url else "described",
            page=told,
            user_id=user_id,
        )
    if before is None or not before.turns:
        raise Conflict("this version was not told in words, so that it asks nothing")
    accept = before.accept_defaults if description.accept_defaults is None else description.accept_defaults
    return content_of_turns(
        before.turns,
        answers=description.answers,
        earlier_answers=before.answers,
        accept_defaults=accept,
        change="answered",
        page=page_of(before),
        user_id=user_id,
        stored=before.reading,
    )


def content_of_turns(
    turns: Sequence[str],
    *,
    answers: Mapping[str, Any],
    earlier_answers: Mapping[str, Any] | None = None,
    accept_defaults: bool,
    change: str,
    said_in: str = "user_description",
    page: "Told | None" = None,
    user_id: int | None = None,
    stored: Mapping[str, Any] | None = None,
    changes: StrategyVersion | None = None,
) -> Content:
    """The content of a text and the sentences that change it; `said_in` is the request's field of the last one.

    `page` is the one that told the text, where a page did. A model reads it too on the budget of `user_id` (None: no
    model); `stored` is what was kept of an earlier reading. Of a version that the last sentence `changes` it reads that
    sentence, unless the grammar can't, which a conversation is for.
    """
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.author import author_text

    with _named_by_request({"/text": said_in, "/answers": "answers"}):
        authored = author_text(
            turns, answers=answers, earlier_answers=earlier_answers, accept_defaults=accept_defaults, page=page
        )
    request = BacktestRequest(turns=tuple(turns), answers=authored.answers, accept_defaults=accept_defaults)
    reading = None
    chooses = SECOND_READING in answers
    if user_id is not None and (chooses or _may_be_read_again(authored, changes)):
        standing = None if changes is None else standing_of(changes, turns[-1])
        second, asked = second_reading_of(request, user_id=user_id, standing=standing, stored=stored)
        with _named_by_request({"/text": said_in, "/answers": "answers"}):
            authored = author_text(
                turns, answers=authored.answers, accept_defaults=accept_defaults, page=page, second=second
            )
        request = replace(request, second=second)
        reading = reading_row(second, asked, authored.comparison)
    return replace(
        _content_of_authored(authored, request, change, _opening(turns[0])),
        turns=tuple(turns),
        source_url=page.url or "" if page else "",
        answers=authored.answers,
        accept_defaults=accept_defaults,
        reading=reading,
    )


def _may_be_read_again(authored: "Authored", changes: StrategyVersion | None) -> bool:
    """Whether a model's reading says anything: never of a sentence that changes nothing, or that is asked about."""
    if changes is None or stands_on_model(changes):
        return True
    return authored.spec is not None and authored.identity != changes.identity


def stands_on_model(version: StrategyVersion) -> bool:
    """Whether its user chose a model's reading of the words."""
    return version.reading is not None and version.reading["comparison"]["chosen"] == "model"


def page_of(version: StrategyVersion) -> "Told | None":
    """The page that told the version's text, where a page did."""
    from Backtest.pipeline.page_text import LEFT_OUT, Told

    if not version.source_url or not version.turns:
        return None
    left_out = next((said["value"] for said in version.assumptions if said["topic"] == LEFT_OUT), "")
    return Told(version.turns[0], version.source_url, left_out)


def stored_content(version: StrategyVersion) -> Content:
    """What a version holds, as it was stored."""
    return Content(
        status=version.status,
        change=version.change,
        default_name=version.strategy.name,
        turns=tuple(version.turns),
        answers=version.answers,
        accept_defaults=version.accept_defaults,
        canonical_json=version.canonical_json,
        identity=version.identity,
        assumptions=tuple(version.assumptions),
        unresolved=tuple(version.unresolved),
        questions=tuple(version.questions),
        errors=tuple(version.errors),
        ai_recommendations=tuple(version.ai_recommendations),
        reading=version.reading,
    )


def with_code(content: Content, *, user_id: int, version: int, name: str) -> Content:
    """The content with its code, whose file is written; as it is where it has neither a spec nor code.

    Raises Invalid where the code of a spec can't be taken, and ArtifactUnwritable.
    """
    if content.spec is not None:
        said_in = "user_description" if content.turns else "canonical_json"
        code = compiled(content.spec, user_id=user_id, version=version, said_in=said_in)
        return replace(content, generated_code=code.source, code_file_name=code.path.name, provider=COMPILER)
    if content.generated_code:
        from Backtest.code_store import save_code

        path = save_code(settings.BACKTEST_CODES_DIR, name, content.generated_code, user_id=user_id, version=version)
        return replace(content, code_file_name=path.name, provider=USER)
    return content


def compiled(spec: "Spec", *, user_id: int, version: int, said_in: str) -> "WrittenCode":
    """The code of a spec, its file written. Raises Invalid (field `said_in`) and ArtifactUnwritable."""
    from Backtest.pipeline.author import write_code

    with _named_by_request({}, otherwise=said_in):
        return write_code(spec, settings.BACKTEST_CODES_DIR, user_id=user_id, version=version)


def spec_of(version: StrategyVersion) -> "Spec | None":
    """The spec that a version holds, brought to the current language."""
    if version.canonical_json is None:
        return None
    from Backtest.canonical.parse import parse_spec

    return parse_spec(version.canonical_json)


def _content_of_document(document: Mapping[str, Any]) -> Content:
    from Backtest.pipeline import BacktestRequest
    from Backtest.pipeline.author import author_document

    with _named_by_request({}, otherwise="canonical_json"):
        authored = author_document(document)
    return _content_of_authored(authored, BacktestRequest(canonical_json=document), "document given", "")


def _content_of_code(code: str) -> Content:
    from Backtest.safety.scan import scan

    report = scan(code)
    if not report.ok:
        issues = [
            Issue("generated_code", f"line {found.line}, column {found.column}: {found.message}", found.suggestion)
            for found in report.findings
        ]
        raise Invalid("the code is refused", issues)
    return Content(status=Status.DRAFT, change="code given", default_name="Own code", generated_code=code)


def _content_of_authored(authored: "Authored", request: "BacktestRequest", change: str, opening: str) -> Content:
    """`request` is what the engine is asked to run the authored strategy."""
    from Backtest.canonical.document import to_document
    from Backtest.pipeline.advised import advise_words

    spec = authored.spec
    return Content(
        status=authored.status,
        change=change,
        default_name=spec.strategy_name if spec is not None else opening,
        spec=spec,
        canonical_json=None if spec is None else to_document(spec),
        identity=authored.identity,
        assumptions=tuple(assumption.model_dump(mode="json") for assumption in authored.assumptions),
        unresolved=tuple(clause.as_dict() for clause in authored.unresolved),
        questions=tuple(question.as_dict() for question in authored.questions),
        errors=tuple(issue.as_dict() for issue in _placed(authored.errors, {"/text": "user_description"})),
        ai_recommendations=tuple(each.as_dict() for each in advise_words(request, spec)) if spec is not None else (),
    )


def _opening(text: str) -> str:
    """The first words of a text, which name what has no name yet."""
    first = " ".join(text.split())
    return first if len(first) <= LONGEST_NAME else f"{first[:LONGEST_NAME].rsplit(' ', 1)[0]}…"


@contextmanager
def _named_by_request(places: Mapping[str, str], otherwise: str = "canonical_json") -> Iterator[None]:
    """Turns what the engine refuses into Invalid, its pointers into the fields of the request."""
    try:
        yield
    except InputError as error:
        raise Invalid(error.message, _placed(error.issues, places, otherwise)) from error


def _placed(issues: Iterable[Issue], places: Mapping[str, str], otherwise: str = "canonical_json") -> list[Issue]:
    placed = []
    for issue in issues:
        begins = next((place for place in places if issue.field == place or issue.field.startswith(f"{place}/")), None)
        if begins is None:
            placed += under(otherwise, [replace(issue, field=issue.field if issue.field.startswith("/") else "")])
        else:
            placed.append(replace(issue, field=places[begins] + issue.field.removeprefix(begins)))
    return placed
