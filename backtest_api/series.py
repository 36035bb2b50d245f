"""The bars and the equity of a run as a file in the private storage: arrays and nothing that could run."""

import io
import uuid
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rest.private_files import private_file_path, private_file_save

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("Open", "High", "Low", "Close", "Volume")
_DEFLATE_LEVEL = 1
"""Prices deflate to half at any level: to within 4 % of numpy's own, which takes three times as long."""


@dataclass(frozen=True)
class Series:
    """`frame`: all bars, those that only warmed up included; `equity`: one value per evaluated bar."""

    frame: "pd.DataFrame"
    equity: tuple[float, ...]


def series_save(series: Series) -> str:
    """Store a series under a name of its own, which is returned. Raises ArtifactUnwritable."""
    import numpy as np

    frame = series.frame
    arrays = {
        "times_us": frame.index.to_numpy().astype("datetime64[us]").astype(np.int64),
        "equity": np.array(series.equity, dtype=np.float64),
        **{name: frame[name].to_numpy() for name in COLUMNS},
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
    return private_file_save(f"runs/{uuid.uuid4().hex}.npz", file.getvalue())


def series_load(file_name: str) -> Series:
    """The series that was stored under this name, to the last bit."""
    import numpy as np
    import pandas as pd

    with np.load(private_file_path(file_name), allow_pickle=False) as stored:
        index = pd.DatetimeIndex(stored["times_us"].astype("datetime64[us]"), name="Time")
        frame = pd.DataFrame({name: stored[name] for name in COLUMNS}, index=index)
        return Series(frame, tuple(stored["equity"].tolist()))
