"""Users, and the trail of who signed in or was refused."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """An account. User name and e-mail are each unique whatever their case."""

    email = models.EmailField()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_any_case"),
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.username


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
