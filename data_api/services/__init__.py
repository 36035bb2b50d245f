"""What is done with market data: uploads are kept and deleted, bars are fetched with their indicators."""

from data_api.services.bars import bars_fetch
from data_api.services.datasets import dataset_create, dataset_delete

__all__ = ["bars_fetch", "dataset_create", "dataset_delete"]
