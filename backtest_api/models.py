"""Runs, their trades, their verification, searches over their numbers, and the files that they leave."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models

VERDICT_STATES = ("pending", "verified", "mismatch", "not_applicable")


def unverified() -> dict[str, Any]:
    """The verification of a run that nothing was compared with."""
    return {"state": "not_applicable", "counterexample": None}


class Leased(models.Model):
    """Work that one worker takes, which must show that it is alive until it is done: see `leases`."""

    class Status(models.TextChoices):
        PENDING = "pending"
        RUNNING = "running"
        COMPLETED = "completed"
        FAILED = "failed"
        CANCELLED = "cancelled"

    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    step = models.CharField(max_length=80, blank=True, help_text="what it is doing")
    errors = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_holder = models.UUIDField(null=True, blank=True, help_text="who runs it")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="whoever runs it is dead if this is past")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="how often somebody began to run it")

    class Meta:
        abstract = True


class BacktestRun(Leased):
    """One backtest: what was asked, where it stands, what came of it. Figures are unrounded; percents say so."""

    class Executor(models.TextChoices):
        KERNEL = "kernel"
        INTERPRETER = "interpreter"
        CODE = "code", "the code under backtesting.py"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="backtests")
    strategy = models.ForeignKey(
        "strategy_api.Strategy", null=True, blank=True, on_delete=models.SET_NULL, related_name="backtests"
    )
    version = models.ForeignKey(
        "strategy_api.StrategyVersion", null=True, blank=True, on_delete=models.SET_NULL, related_name="backtests"
    )
    dataset = models.ForeignKey(
        "data_api.Dataset", null=True, blank=True, on_delete=models.SET_NULL, related_name="backtests"
    )
    request = models.JSONField(default=dict, help_text="what was asked, as it was validated")
    canonical_json = models.JSONField(null=True, blank=True, help_text="the spec as it was run")
    code = models.TextField(blank=True)
    class_name = models.CharField(max_length=200, blank=True)
    self_reported = models.BooleanField(default=False, help_text="code without a spec: its figures are its own report")
    account = models.JSONField(default=dict)
    assumptions = models.JSONField(default=list)
    notices = models.JSONField(default=list)
    logs = models.TextField(blank=True, help_text="what the code printed: untrusted")
    layers = models.JSONField(default=list, help_text="the confinements that held")
    symbol = models.CharField(max_length=32, blank=True)
    source = models.CharField(max_length=16, blank=True)
    timeframe = models.CharField(max_length=8, blank=True)
    zone = models.CharField(max_length=64, blank=True, help_text="of the stamps of its bars, which are naive")
    data_hash = models.CharField(max_length=80, blank=True)
    findings = models.JSONField(default=list, help_text="what the quality checks found in the bars")
    first_bar = models.PositiveIntegerField(default=0, help_text="the stored bars before it only warmed up")
    metrics = models.JSONField(default=dict)
    open_at_end = models.JSONField(default=list)
    ai_recommendations = models.JSONField(null=True, blank=True, help_text="null until they are first asked for")
    verification = models.JSONField(default=unverified)
    executor = models.CharField(max_length=12, choices=Executor, default=Executor.CODE, help_text="whose figures stand")
    versions = models.JSONField(default=dict, help_text="of Python and the libraries that ran it")
    series_file_name = models.CharField(max_length=100, blank=True, help_text="bars and equity, in the private storage")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "status"]),
            models.Index(fields=["user", "symbol"]),
            models.Index(fields=["status", "lease_until"]),
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.symbol or '?'} ({self.status})"


class BacktestTrade(models.Model):
    """One closed trade of a run; bars count from the window's first, `size` is negative when short."""

    run = models.ForeignKey("backtest_api.BacktestRun", on_delete=models.CASCADE, related_name="trades")
    number = models.PositiveIntegerField(help_text="from 1, in the order of entries")
    entry_time = models.CharField(max_length=32)
    exit_time = models.CharField(max_length=32)
    entry_bar = models.PositiveIntegerField()
    exit_bar = models.PositiveIntegerField()
    size = models.BigIntegerField()
    entry_price = models.FloatField()
    exit_price = models.FloatField()
    pnl = models.FloatField()
    return_pct = models.FloatField()
    commission = models.FloatField()
    stop_price = models.FloatField(null=True, blank=True)
    target_price = models.FloatField(null=True, blank=True)
    tag = models.TextField(null=True, blank=True)
    duration_bars = models.PositiveIntegerField()
    closed_by = models.TextField(null=True, blank=True, help_text="the rule or part of the risk; null: not known")

    class Meta:
        ordering = ["run_id", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="backtest_trade_once")]

    def __str__(self) -> str:
        return f"trade {self.number} of run {self.run_id}"


class Verification(Leased):
    """The work of comparing a completed run with another execution of its spec; what it found stands in the run."""

    run = models.OneToOneField("backtest_api.BacktestRun", on_delete=models.CASCADE, related_name="proof")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"verification of run {self.run_id} ({self.status})"


class Optimization(Leased):
    """A search over a grid of a completed run's numbers: what was asked, how far it is, what came of it."""

    class Goal(models.TextChoices):
        MAXIMIZE = "maximize"
        MINIMIZE = "minimize"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="optimizations")
    run = models.ForeignKey("backtest_api.BacktestRun", on_delete=models.CASCADE, related_name="optimizations")
    metric = models.CharField(max_length=60)
    goal = models.CharField(max_length=10, choices=Goal)
    top = models.PositiveSmallIntegerField(help_text="how many of the best are run again and shown")
    grid = models.JSONField(help_text="the values of each name, in the order in which they are tried")
    constraints = models.JSONField(default=list)
    combinations = models.PositiveBigIntegerField(help_text="those that a constraint leaves out included")
    done = models.PositiveBigIntegerField(default=0, help_text="of the combinations")
    result = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "status"]), models.Index(fields=["status", "lease_until"])]

    def __str__(self) -> str:
        return f"optimization {self.pk} of run {self.run_id} ({self.status})"


class Artifact(models.Model):
    """A file that a run leaves, made when it is first asked for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    run = models.ForeignKey("backtest_api.BacktestRun", on_delete=models.CASCADE, related_name="artifacts")
    name = models.CharField(max_length=40)
    file_name = models.CharField(max_length=100, help_text="its name in the private storage")
    content_type = models.CharField(max_length=60)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["run_id", "name"]
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="artifact_once_per_run")]

    def __str__(self) -> str:
        return f"{self.name} of run {self.run_id}"
