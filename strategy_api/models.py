"""Strategies, each with its versions, what was validated of them, and the conversation that led there."""

import uuid

from django.conf import settings
from django.db import models

NAME_MAX = 120


class Status(models.TextChoices):
    """Where a strategy stands; a draft is code of the user's own that was scanned and not yet run."""

    DRAFT = "draft"
    NEEDS_CLARIFICATION = "needs_clarification"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"
    VALID = "valid"
    INVALID = "invalid"


class Strategy(models.Model):
    """What a user calls one strategy: its id is stable, its versions hold what it says."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="strategies")
    name = models.CharField(max_length=NAME_MAX)
    status = models.CharField(max_length=24, choices=Status, help_text="of the latest version")
    version = models.PositiveIntegerField(default=1, help_text="the latest")
    session = models.UUIDField(default=uuid.uuid4, editable=False, help_text="of its conversation")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "strategies"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"], condition=models.Q(deleted_at=None), name="strategy_name_per_user"
            )
        ]

    def __str__(self) -> str:
        return self.name


class StrategyVersion(models.Model):
    """One state of a strategy: what was said, what it was read as, its code. Only checks and its code change it."""

    strategy = models.ForeignKey("strategy_api.Strategy", on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=24, choices=Status)
    turns = models.JSONField(default=list, help_text="the description, and the sentences that changed it")
    source_url = models.URLField(max_length=2000, blank=True, help_text="the page that told the description")
    answers = models.JSONField(default=dict, help_text="answers to questions, by the question's id")
    accept_defaults = models.BooleanField(default=False)
    canonical_json = models.JSONField(null=True, blank=True)
    identity = models.CharField(max_length=80, blank=True, db_index=True, help_text="hash of what the spec means")
    generated_code = models.TextField(blank=True)
    code_file_name = models.CharField(max_length=120, blank=True)
    provider = models.CharField(max_length=40, blank=True, help_text="who wrote the code: compiler, user, or a model")
    assumptions = models.JSONField(default=list)
    unresolved = models.JSONField(default=list)
    questions = models.JSONField(default=list)
    errors = models.JSONField(default=list)
    ai_recommendations = models.JSONField(default=list)
    reading = models.JSONField(null=True, blank=True, help_text="what a model read, beside the grammar")
    change = models.CharField(max_length=500, blank=True, help_text="what made this version")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-strategy_id", "-number"]
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="strategy_version_once")]

    def __str__(self) -> str:
        return f"{self.strategy} v{self.number}"


class StrategyValidation(models.Model):
    """What one check of a version found."""

    class Kind(models.TextChoices):
        SPEC = "spec", "specification"
        CODE = "code", "code scan"
        SANDBOX = "sandbox", "sandboxed run"
        READING = "reading", "second reading"

    version = models.ForeignKey("strategy_api.StrategyVersion", on_delete=models.CASCADE, related_name="validations")
    kind = models.CharField(max_length=12, choices=Kind)
    ok = models.BooleanField()
    findings = models.JSONField(default=list)
    details = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_kind_display()} {'passed' if self.ok else 'failed'}"


class ConversationMemory(models.Model):
    """One interaction: what was said, what was answered, and the strategy's state before and after."""

    class Kind(models.TextChoices):
        DESCRIBE = "describe"
        ANSWER = "answer"
        EDIT = "edit"
        WHAT_IF = "what_if", "what if"
        ASK = "ask", "asked a model"
        VALIDATE = "validate"
        GENERATE = "generate"
        BACKTEST = "backtest"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conversations")
    strategy = models.ForeignKey(
        "strategy_api.Strategy", null=True, blank=True, on_delete=models.CASCADE, related_name="conversation"
    )
    session = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=12, choices=Kind)
    message = models.TextField(blank=True)
    answer = models.JSONField(default=dict)
    state_before = models.JSONField(null=True, blank=True)
    state_after = models.JSONField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["session", "id"]
        verbose_name_plural = "conversation memory"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.message[:60]}"


class StrategyProposal(models.Model):
    """A change that a model proposed: it becomes a version only when its user accepts it, on the version it was for."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey("strategy_api.StrategyVersion", on_delete=models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    summary = models.CharField(max_length=300)
    sentence = models.CharField(max_length=1000, blank=True, help_text="that the grammar reads as this change")
    canonical_json = models.JSONField()
    identity = models.CharField(max_length=80)
    changes = models.JSONField(default=list, help_text="the sentences that differ")
    provider = models.CharField(max_length=40)
    model = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return f"{self.version}: {self.summary}"
