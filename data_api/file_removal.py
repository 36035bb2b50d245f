"""A dataset whose row goes for good (with its user's account, say) takes its file along."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from data_api.models import Dataset
from rest.private_files import private_file_delete


@receiver(post_delete, sender=Dataset)
def delete_file(sender: type[Dataset], instance: Dataset, **kwargs: Any) -> None:
    """After the commit: a row that comes back has its file still."""
    transaction.on_commit(lambda: private_file_delete(instance.file_name))
