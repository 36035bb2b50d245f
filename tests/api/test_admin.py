"""The admin as an operator sees it: every list and every page opens, and history can't be edited."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from auth_api.models import User
from rest.admin_display import HistoryAdmin, code_block, json_block, row_link, rows_link
from strategy_api.models import Strategy
from tests.conftest import PASSWORD
from tests.rows import CODE, ROW_OF, SPEC, dataset_row, run_row, strategy_row, version_row

OUR_APPS = {"auth_api", "rest", "data_api", "strategy_api", "backtest_api", "trading", "token_blacklist"}
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
HISTORY = [model for model in REGISTERED if isinstance(admin.site._registry[model], HistoryAdmin)]


def page_of(model: type[Model], name: str, *arguments: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=arguments)


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", PASSWORD))
    return client


def test_every_model_of_the_service_is_registered() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label in OUR_APPS}
    assert ours - set(REGISTERED) == set()


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_the_list_of_a_model_opens_and_leads_to_its_row(operator: Client, user: User, model: type[Model]) -> None:
    row = ROW_OF[model](user)
    answer = operator.get(page_of(model, "changelist"))
    assert answer.status_code == 200
    assert page_of(model, "change", row.pk) in answer.content.decode()


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_the_page_of_a_row_opens(operator: Client, user: User, model: type[Model]) -> None:
    row = ROW_OF[model](user)
    answer = operator.get(page_of(model, "change", row.pk))
    assert answer.status_code == 200
    assert "<b>buyer</b>" not in answer.content.decode()


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_the_search_of_a_list_answers(operator: Client, user: User, model: type[Model]) -> None:
    ROW_OF[model](user)
    assert admin.site._registry[model].search_fields or model._meta.label == "rest.ThrottleWindow"
    answer = operator.get(page_of(model, "changelist"), {"q": "no such thing"})
    assert answer.status_code == 200


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_one(
    operator: Client, user: User, stranger: User, model: type[Model]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert operator.get(page_of(model, "changelist")).status_code == 200
        return len(asked)

    ROW_OF[model](user)
    operator.get(page_of(model, "changelist"))  # what is cached on a process' first visit is cached then
    once = queries()
    for name in ("third", "fourth"):
        other = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
        if model._meta.label not in ("auth.Group", "rest.ThrottleWindow"):
            ROW_OF[model](other)
    assert queries() <= once


@pytest.mark.parametrize("model", HISTORY, ids=lambda model: model._meta.label)
def test_history_is_neither_added_nor_changed_nor_deleted(operator: Client, user: User, model: type[Model]) -> None:
    row = ROW_OF[model](user)
    assert operator.post(page_of(model, "add"), {}).status_code == 403
    assert operator.post(page_of(model, "change", row.pk), {}).status_code == 403
    assert operator.post(page_of(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._base_manager.filter(pk=row.pk).exists()


def test_only_accounts_and_groups_are_edited() -> None:
    assert {model._meta.label for model in REGISTERED if model not in HISTORY} == {"auth.Group", "auth_api.User"}


def test_whoever_is_no_operator_is_sent_to_the_sign_in(user: User) -> None:
    client = Client()
    client.force_login(user)
    answer = client.get(page_of(Strategy, "changelist"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/admin/login/")


def test_the_json_and_the_code_of_a_version_are_shown_in_blocks(operator: Client, user: User) -> None:
    page = operator.get(
        page_of(type(version_row(user)), "change", version_row(user, strategy=strategy_row(user, name="b")).pk)
    ).content.decode()
    text = re.sub(r"<[^>]+>", "", page)
    assert "class Hold(Strategy):" in text
    assert '"timeframe": "1d"' in text


class TestBlocks:
    def test_json_is_indented_and_its_text_escaped(self) -> None:
        text = re.sub(r"<[^>]+>", "", json_block(SPEC))
        assert '  "strategy_name": "Dip &lt;b&gt;buyer&lt;/b&gt;",\n' in text

    def test_letters_of_other_scripts_stay_as_they_are(self) -> None:
        assert "Zürich €" in json_block({"where": "Zürich €"})

    @pytest.mark.parametrize("empty", [None, {}, [], ""])
    def test_nothing_is_a_dash(self, empty: object) -> None:
        assert json_block(empty) == "-"

    @pytest.mark.parametrize("value", [0, False, 0.0])
    def test_zero_and_false_are_something(self, value: object) -> None:
        assert json_block(value) != "-"

    def test_code_has_its_line_numbers(self) -> None:
        lines = re.sub(r"<[^>]+>", "", code_block(CODE)).strip().splitlines()
        assert (lines[0], lines[3]) == ("1from backtesting import Strategy", "4class Hold(Strategy):")

    def test_code_can_t_leave_its_block(self) -> None:
        assert "<script>" not in code_block("x = '</pre><script>alert(1)</script>'")

    def test_a_text_too_long_to_colour_is_shown_plain_and_escaped(self) -> None:
        shown = code_block("# <script>\n" * 50_000)
        assert "<span" not in shown
        assert "<script>" not in shown

    def test_a_block_brings_its_own_paper_for_light_and_dark_pages(self) -> None:
        assert re.search(r"<pre style=\"background:#\w+;color:#\w+;", json_block({"a": 1}))


class TestLinks:
    def test_a_row_is_linked_by_its_name(self, user: User) -> None:
        strategy = strategy_row(user, name="<i>")
        assert row_link(strategy) == f'<a href="/admin/strategy_api/strategy/{strategy.pk}/change/">&lt;i&gt;</a>'

    def test_no_row_is_a_dash(self) -> None:
        assert row_link(None) == "-"

    def test_rows_are_linked_by_what_they_have_in_common(self, operator: Client, user: User, stranger: User) -> None:
        run, other = run_row(user, symbol="AAPL"), run_row(stranger)
        address = re.search(r'href="([^"]+)"', rows_link(type(run), "runs", user__id__exact=user.pk))
        assert address
        page = operator.get(address[1].replace("&amp;", "&")).content.decode()
        assert page_of(type(run), "change", run.pk) in page
        assert page_of(type(run), "change", other.pk) not in page

    def test_a_dataset_leads_to_its_user(self, operator: Client, user: User) -> None:
        dataset = dataset_row(user)
        page = operator.get(page_of(type(dataset), "changelist")).content.decode()
        assert page_of(User, "change", user.pk) in page
