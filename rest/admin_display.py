"""How rows are shown in the admin: history that nobody edits, JSON and code that can be read, links between rows."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[models.Model]
else:
    _ModelAdmin = admin.ModelAdmin  # at run time it takes no type

NOTHING = "-"
_HIGHLIGHTED_CHARACTERS = 200_000  # more would keep the page waiting for its colours
# Paper and ink of its own, so that the colours can be read on the admin's light pages and on its dark ones.
_BLOCK = (
    "background:#f8f8f8;color:#1f2328;padding:8px 12px;border-radius:4px;margin:0;"
    "max-height:36em;max-width:100%;overflow:auto;white-space:pre;font-size:12px;line-height:1.4"
)


class HistoryAdmin(_ModelAdmin):
    """Rows that can be looked at, never added, changed or deleted; JSON fields and `code_fields` shown readably."""

    code_fields: tuple[str, ...] = ()
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *filter(callable, self.get_fields(request, obj))]

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        names = self.fields or [*(field.name for field in self.opts.fields), *self.readonly_fields]
        return [self._readable(name) for name in names]

    def _readable(self, name: Any) -> Any:
        if name in self.code_fields:
            return shown_as(name, code_block)
        if isinstance(name, str) and isinstance(getattr(self.model, name, None), models.query_utils.DeferredAttribute):
            return shown_as(name, json_block) if isinstance(self.opts.get_field(name), models.JSONField) else name
        return name


def shown_as(name: str, show: Callable[[Any], SafeString]) -> Callable[[models.Model], SafeString]:
    """A column or a read-only field of an admin: the attribute `name`, shown by `json_block` or `code_block`."""

    @admin.display(description=name.replace("_", " "))
    def column(row: models.Model) -> SafeString:
        return show(getattr(row, name))

    column.__name__ = name
    return column


def json_block(value: Any) -> SafeString:
    """A JSON value, indented and coloured; `-` for null and for what is empty."""
    if value is None or value in ("", [], {}):
        return SafeString(NOTHING)
    return _block(json.dumps(value, indent=2, ensure_ascii=False), "json")


def code_block(source: str) -> SafeString:
    """Python source, coloured and with its line numbers; `-` where there is none."""
    if not source:
        return SafeString(NOTHING)
    return _block(source, "python", line_numbers="inline")


def _block(text: str, language: str, line_numbers: str | bool = False) -> SafeString:
    if len(text) > _HIGHLIGHTED_CHARACTERS:
        return format_html('<pre style="{}">{}</pre>', _BLOCK, text)
    from pygments import formatters, highlight, lexers  # type: ignore[import-untyped]

    formatter = formatters.HtmlFormatter(
        style="default", noclasses=True, nobackground=True, prestyles=_BLOCK, wrapcode=True, linenos=line_numbers
    )
    html: str = highlight(text, lexers.get_lexer_by_name(language), formatter)
    return mark_safe(html)  # noqa: S308 - pygments escapes the text


def row_link(row: models.Model | None, text: str | None = None) -> SafeString:
    """A link to the row's page in the admin, named by `text` or by the row; `-` where there is no row."""
    if row is None:
        return SafeString(NOTHING)
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    return format_html('<a href="{}">{}</a>', address, str(row) if text is None else text)


def rows_link(model: type[models.Model], text: str, **lookups: object) -> SafeString:
    """A link to the list of a model's rows that the lookups leave, as `rows_link(Version, "3", strategy__id=7)`."""
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, urlencode(lookups), text)
