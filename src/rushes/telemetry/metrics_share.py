"""Sum the metrics of the API processes of one port, through files that they share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, values
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the environment in which the library finds the folder of the files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsShare:
    """The part of one process in the sum."""

    folder: Path
    """The folder of the files; :data:`FOLDER_VARIABLE` names it too."""

    process: int
    """The number of this process. The next one with this number goes on with its counts."""

    def begin(self) -> None:
        """Keep every metric that this process creates from now on in the files."""
        values.ValueClass = values.MultiProcessValue(lambda: self.process)  # type: ignore[no-untyped-call]  # the library has no types here, and below

    def registry(self) -> CollectorRegistry:
        """Return the metrics of all processes as they are now."""
        registry = CollectorRegistry()
        MultiProcessCollector(registry, str(self.folder))  # type: ignore[no-untyped-call]  # as above
        return registry
