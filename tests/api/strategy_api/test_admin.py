"""The admin of strategies: every page opens, rows lead to each other, history can't be edited."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from auth_api.models import User
from strategy_api.models import ConversationMemory, Strategy, StrategyProposal, StrategyValidation, StrategyVersion
from tests.api.strategy_api.conftest import Make, address_of
from tests.conftest import PASSWORD
from tests.rows import proposal_row

MODELS = (Strategy, StrategyVersion, StrategyValidation, ConversationMemory, StrategyProposal)
each_model = pytest.mark.parametrize("model", MODELS)


@pytest.fixture
def pages(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator", "operator@example.org", PASSWORD))
    return client


def address(model: type[Model], page: str = "") -> str:
    return f"/admin/strategy_api/{model._meta.model_name}/{page}"


def _proposed(strategy: dict[str, Any]) -> None:
    version = StrategyVersion.objects.get(strategy_id=strategy["id"])
    proposal_row(version.strategy.user, version=version)


def test_every_model_is_registered() -> None:
    assert set(apps.get_app_config("strategy_api").get_models()) == set(MODELS)
    assert set(MODELS) <= set(admin.site._registry)


@each_model
def test_the_list_and_each_row_can_be_opened(
    pages: Client, api: APIClient, strategy: dict[str, Any], unclear_strategy: dict[str, Any], model: type[Model]
) -> None:
    api.post(address_of(strategy, "validate/"), {})
    _proposed(strategy)
    rows = list(model.objects.all())  # type: ignore[attr-defined]
    assert rows
    for query in ("", "?q=rsi", "?q=54d147ef-e5d7-4b65-ba26-65a537229d42", "?o=-2"):
        assert pages.get(address(model, query)).status_code == 200
    for row in rows:
        assert pages.get(address(model, f"{row.pk}/change/")).status_code == 200


@each_model
def test_nothing_is_added_changed_or_deleted(
    pages: Client, api: APIClient, strategy: dict[str, Any], model: type[Model]
) -> None:
    api.post(address_of(strategy, "generate-code/"), {})
    _proposed(strategy)
    row = model.objects.first()  # type: ignore[attr-defined]
    before = model.objects.filter(pk=row.pk).values().get()  # type: ignore[attr-defined]
    for page in ("add/", f"{row.pk}/delete/"):
        assert pages.get(address(model, page)).status_code == 403
    assert pages.post(address(model, f"{row.pk}/change/"), {"name": "x", "status": "valid"}).status_code == 403
    assert model.objects.filter(pk=row.pk).values().get() == before  # type: ignore[attr-defined]


def test_rows_lead_to_each_other(pages: Client, strategy: dict[str, Any]) -> None:
    version = StrategyVersion.objects.get()
    page = pages.get(address(Strategy, f"{strategy['id']}/change/")).content.decode()
    for link in (
        f"/admin/strategy_api/strategyversion/?strategy__id={strategy['id']}",
        f"/admin/strategy_api/conversationmemory/?strategy__id={strategy['id']}",
        f"/admin/backtest_api/backtestrun/?strategy__id={strategy['id']}",
        f"/admin/auth_api/user/{strategy['user_id']}/change/",
    ):
        assert f'href="{link}"' in page
    page = pages.get(address(StrategyVersion, f"{version.pk}/change/")).content.decode()
    assert f'href="/admin/strategy_api/strategy/{strategy["id"]}/change/"' in page
    assert pages.get(f"/admin/strategy_api/strategyversion/?strategy__id={strategy['id']}").status_code == 200


def test_code_is_shown_as_text_whatever_it_holds(pages: Client, make: Make) -> None:
    code = "# <script>alert(1)</script>\nfrom backtesting import Strategy\n\n\nclass Own(Strategy):\n    pass\n"
    make(generated_code=code, name="<script>alert(2)</script>")
    version = StrategyVersion.objects.get()
    for page in ("", f"{version.pk}/change/"):
        shown = pages.get(address(StrategyVersion, page)).content.decode()
        assert "<script>alert" not in shown


def test_more_rows_take_no_more_queries(pages: Client, make: Make) -> None:
    def queries(model: type[Model]) -> int:
        with CaptureQueriesContext(connection) as captured:
            pages.get(address(model))
        return len(captured)

    make()
    before = [queries(model) for model in MODELS]
    for _ in range(3):
        make()
    assert [queries(model) for model in MODELS] == before
