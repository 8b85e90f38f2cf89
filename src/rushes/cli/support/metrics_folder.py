"""Give the API processes of one port a folder in which they share their metrics."""

import os
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rushes.telemetry.metrics_share import FOLDER_VARIABLE, MetricsShare

NUMBER_VARIABLE: Final = "_RUSHES_PROCESS"
"""Gives a further process its number; no setting, hence the ``_``."""


@contextmanager
def metrics_share(processes: int) -> Generator[MetricsShare | None]:
    """
    Give this process its part in the metrics of all; None if there is one process only.

    Args:
        processes: How many processes the server has.
    """
    number = os.environ.get(NUMBER_VARIABLE)
    if number is not None:
        yield MetricsShare(folder=Path(os.environ[FOLDER_VARIABLE]), process=int(number))
    elif processes == 1:
        yield None
    else:
        with tempfile.TemporaryDirectory(prefix="rushes-metrics-") as folder:
            os.environ[FOLDER_VARIABLE] = folder  # further processes inherit it
            yield MetricsShare(folder=Path(folder), process=0)
