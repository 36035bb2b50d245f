"""Users, the sign-ins that have ended, the trail of who signed in or was refused, and calls of language models."""

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.validators import ASCIIUsernameValidator
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower

USERNAME_MAX = 150
EMAIL_MAX = 254

# Databases fold the case of ASCII alike, and of nothing else: SQLite's LOWER('É') is 'É'.
validate_username = ASCIIUsernameValidator(message="a user name has letters (a to z), digits and @ . + - _ only")
validate_email_is_ascii = RegexValidator(r"\A[\x21-\x7e]*\Z", "write the e-mail's domain in ASCII (xn--...)")


class User(AbstractUser):
    """An account. User name and e-mail are each unique whatever their case."""

    username = models.CharField(
        max_length=USERNAME_MAX,
        unique=True,
        validators=[validate_username],
        error_messages={"unique": "this user name is taken"},
    )
    email = models.EmailField(max_length=EMAIL_MAX, validators=[validate_email_is_ascii])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"), name="user_username_any_case", violation_error_message="this user name is taken"
            ),
            models.UniqueConstraint(
                Lower("email"), name="user_email_any_case", violation_error_message="this e-mail is taken"
            ),
        ]

    def __str__(self) -> str:
        return self.username


class EndedSignIn(models.Model):
    """A sign-in whose tokens are refused, access tokens included, until the last of them has expired."""

    id = models.UUIDField(primary_key=True, editable=False)
    ended_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True, help_text="when its last token has expired; then it is deleted")

    class Meta:
        ordering = ["-ended_at"]

    def __str__(self) -> str:
        return f"{self.id} (ended {self.ended_at:%Y-%m-%d %H:%M})"


class AuditEvent(models.Model):
    """One thing that happened to an account or was refused: history, never edited."""

    class Kind(models.TextChoices):
        REGISTERED = "registered", "registered"
        SIGNED_IN = "signed_in", "signed in"
        SIGN_IN_REFUSED = "sign_in_refused", "sign-in refused"
        TOKEN_REFRESHED = "token_refreshed", "token refreshed"
        TOKEN_REFUSED = "token_refused", "token refused"
        SIGNED_OUT = "signed_out", "signed out"
        PROFILE_CHANGED = "profile_changed", "profile changed"
        PASSWORD_CHANGED = "password_changed", "password changed"

    user = models.ForeignKey("auth_api.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    kind = models.CharField(max_length=24, choices=Kind)
    subject = models.CharField(max_length=64, help_text="who it was about, as a keyed hash: it outlives the account")
    reason = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "created_at"]), models.Index(fields=["subject", "created_at"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.created_at:%Y-%m-%d %H:%M})"


class ModelCall(models.Model):
    """One call of a language model: history, written when it begins and once more when it ends."""

    class Outcome(models.TextChoices):
        OPEN = "open", "not ended"
        ANSWERED = "answered", "answered"
        NOT_CONFIGURED = "not_configured", "not configured"
        UNREACHABLE = "unreachable", "unreachable"
        OVERLOADED = "overloaded", "overloaded"
        TIMED_OUT = "timed_out", "timed out"
        REFUSED = "refused", "refused"
        ANSWER_INVALID = "answer_invalid", "answer invalid"
        BUDGET_SPENT = "budget_spent", "budget spent"
        BROKEN_OFF = "broken_off", "broken off"

    user = models.ForeignKey("auth_api.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    purpose = models.CharField(max_length=40, help_text="what it was asked for")
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120, blank=True)
    prompt_sha256 = models.CharField(max_length=64)
    outcome = models.CharField(max_length=20, choices=Outcome, default=Outcome.OPEN)
    error = models.CharField(max_length=500, blank=True)
    finish_reason = models.CharField(max_length=12, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0, help_text="its thoughts included")
    tokens_reserved = models.PositiveIntegerField(default=0, help_text="what the budgets held for it while it went on")
    latency_s = models.FloatField(default=0.0, help_text="all attempts and the waits between them")
    day = models.DateField(help_text="whose budgets it drew on (UTC)")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"]), models.Index(fields=["outcome", "created_at"])]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.get_outcome_display()} ({self.created_at:%Y-%m-%d %H:%M})"


class ModelCallText(models.Model):
    """What was sent and answered in full, kept only where LLM_KEEP_TEXTS asks for it; it goes with its account."""

    call = models.OneToOneField("auth_api.ModelCall", on_delete=models.CASCADE, related_name="text")
    user = models.ForeignKey("auth_api.User", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    prompt = models.TextField(blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"text of {self.call}"


class ModelBudgetDay(models.Model):
    """What one user, or all together, took of language models on one day (UTC)."""

    scope = models.CharField(max_length=40, help_text="user:<id>, or all")
    day = models.DateField()
    calls = models.PositiveIntegerField(default=0)
    tokens = models.BigIntegerField(default=0)

    class Meta:
        ordering = ["-day", "scope"]
        constraints = [models.UniqueConstraint(fields=["scope", "day"], name="model_budget_day_once")]

    def __str__(self) -> str:
        return f"{self.scope} on {self.day}: {self.calls} calls"
