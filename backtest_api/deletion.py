"""What goes with a run that is deleted, as all of an account's are with the account: its files."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from backtest_api.models import Artifact, BacktestRun
from rest.private_files import private_file_delete


@receiver(post_delete, sender=BacktestRun)
def series_goes_with_its_run(instance: BacktestRun, **kwargs: Any) -> None:
    if instance.series_file_name:
        transaction.on_commit(lambda: private_file_delete(instance.series_file_name))


@receiver(post_delete, sender=Artifact)
def file_goes_with_its_artifact(instance: Artifact, **kwargs: Any) -> None:
    transaction.on_commit(lambda: private_file_delete(instance.file_name))
