"""Accounts and their audit trail in the admin, and the admin's own sign-in: counted and recorded like the API's."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest
from django.utils.safestring import SafeString
from rest_framework_simplejwt.token_blacklist import admin as _token_admin  # noqa: F401 - replaced below
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken

from auth_api.models import AuditEvent, EndedSignIn, ModelBudgetDay, ModelCall, ModelCallText, User
from auth_api.origin import origin_of
from auth_api.services import password_check, sign_in_record
from auth_api.throttles import tries_count
from rest.admin_display import HistoryAdmin, row_link, rows_link
from rest.errors import Unauthenticated


class SignInForm(AdminAuthenticationForm):
    """The admin's sign-in: tries of an account's password are counted together with those over the API."""

    request: HttpRequest

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        if (wait_s := tries_count(name=username)) is not None:
            raise forms.ValidationError(f"too many tries: wait {wait_s} s")
        origin = origin_of(self.request)
        try:
            user = password_check(username=username, password=password, origin=origin)
        except Unauthenticated as error:
            raise self.get_invalid_login_error() from error
        self.confirm_login_allowed(user)
        sign_in_record(user=user, origin=origin, reason="in the admin")
        self.user_cache = user
        return self.cleaned_data


admin.site.login_form = SignInForm
admin.site.site_header = admin.site.site_title = "AlgoAgent"
admin.site.site_url = "/api/docs/"


class NewAccountForm(AdminUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("username", "email")


class AccountForm(UserChangeForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = "__all__"


@admin.register(User)
class AccountAdmin(UserAdmin):  # type: ignore[type-arg]
    form = AccountForm
    add_form = NewAccountForm
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "email", "usable_password", "password1", "password2")}),
    )
    list_display = ("username", "email", "is_active", "is_staff", "last_login", "date_joined", "trail")
    list_filter = ("is_active", "is_staff", "is_superuser", "date_joined")
    readonly_fields = ("last_login", "date_joined", "trail")
    fieldsets = (*(UserAdmin.fieldsets or ()), ("History", {"fields": ("trail",)}))
    date_hierarchy = "date_joined"

    @admin.display(description="audit trail")
    def trail(self, user: User) -> SafeString:
        return rows_link(AuditEvent, "events", user__id=user.pk)


@admin.register(AuditEvent)
class AuditEventAdmin(HistoryAdmin):
    list_display = ("created_at", "kind", "account", "reason", "address", "user_agent", "request_id")
    list_display_links = ("created_at",)
    list_filter = ("kind", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "user__email", "subject", "address", "request_id", "reason")
    date_hierarchy = "created_at"
    readonly_fields = ("account",)
    fields = ("kind", "account", "subject", "reason", "address", "user_agent", "request_id", "created_at")

    @admin.display(description="account", ordering="user__username")
    def account(self, event: AuditEvent) -> SafeString:
        return row_link(event.user)


@admin.register(EndedSignIn)
class EndedSignInAdmin(HistoryAdmin):
    list_display = ("id", "ended_at", "expires_at")
    list_filter = ("ended_at",)
    search_fields = ("id",)


admin.site.unregister([OutstandingToken, BlacklistedToken])


@admin.register(OutstandingToken)
class OutstandingTokenAdmin(HistoryAdmin):
    """Refresh tokens by their ids; the tokens themselves are not kept."""

    list_display = ("jti", "account", "created_at", "expires_at", "used_at")
    list_filter = ("created_at", "expires_at")
    list_select_related = ("user", "blacklistedtoken")
    search_fields = ("jti", "user__username", "user__email")
    ordering = ("-id",)
    readonly_fields = ("account", "used_at")
    fields = ("jti", "account", "created_at", "expires_at", "used_at")

    @admin.display(description="account", ordering="user__username")
    def account(self, token: OutstandingToken) -> SafeString:
        return row_link(token.user)

    @admin.display(description="used up or signed out")
    def used_at(self, token: OutstandingToken) -> Any:
        used = getattr(token, "blacklistedtoken", None)
        return row_link(used, f"{used.blacklisted_at:%Y-%m-%d %H:%M:%S}") if used else None


@admin.register(BlacklistedToken)
class BlacklistedTokenAdmin(HistoryAdmin):
    list_display = ("blacklisted_at", "refresh_token", "account")
    list_filter = ("blacklisted_at",)
    list_select_related = ("token__user",)
    search_fields = ("token__jti", "token__user__username", "token__user__email")
    ordering = ("-id",)
    readonly_fields = ("refresh_token", "account")
    fields = ("blacklisted_at", "refresh_token", "account")

    @admin.display(description="refresh token")
    def refresh_token(self, used: BlacklistedToken) -> SafeString:
        return row_link(used.token, used.token.jti)

    @admin.display(description="account", ordering="token__user__username")
    def account(self, used: BlacklistedToken) -> SafeString:
        return row_link(used.token.user)


@admin.register(ModelCall)
class ModelCallAdmin(HistoryAdmin):
    list_display = (
        "created_at",
        "account",
        "purpose",
        "provider",
        "model",
        "outcome",
        "input_tokens",
        "output_tokens",
        "latency_s",
    )
    list_display_links = ("created_at",)
    list_filter = ("outcome", "purpose", "provider", "created_at")
    list_select_related = ("user", "text")
    search_fields = ("user__username", "user__email", "model", "prompt_sha256", "error")
    date_hierarchy = "created_at"
    readonly_fields = ("account", "texts")
    fields = (
        *("account", "purpose", "provider", "model", "outcome", "error", "finish_reason", "attempts"),
        *("input_tokens", "output_tokens", "tokens_reserved", "latency_s", "prompt_sha256", "day", "created_at"),
        "texts",
    )

    @admin.display(description="account", ordering="user__username")
    def account(self, call: ModelCall) -> SafeString:
        return row_link(call.user)

    @admin.display(description="texts, where they are kept")
    def texts(self, call: ModelCall) -> SafeString:
        return row_link(getattr(call, "text", None), "prompt and answer")


@admin.register(ModelCallText)
class ModelCallTextAdmin(HistoryAdmin):
    list_display = ("call", "account")
    list_select_related = ("call", "user")
    search_fields = ("user__username", "call__prompt_sha256")
    readonly_fields = ("account",)
    fields = ("call", "account", "prompt", "answer")

    @admin.display(description="account", ordering="user__username")
    def account(self, text: ModelCallText) -> SafeString:
        return row_link(text.user)


@admin.register(ModelBudgetDay)
class ModelBudgetDayAdmin(HistoryAdmin):
    list_display = ("day", "scope", "calls", "tokens")
    list_filter = ("day",)
    search_fields = ("scope",)
