"""Implement the parts of :class:`Upstream` that all upstreams share."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

from rushes.core.capabilities import Capabilities
from rushes.engines.upstream.base import JobStatus
from rushes.engines.upstream.connection import UpstreamConnection


class ConnectedUpstream(ABC):
    """Base of the upstreams. Each subclass adds the requests of its API."""

    def __init__(self, connection: UpstreamConnection, capabilities: Capabilities) -> None:
        self._connection = connection
        self._capabilities = capabilities

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @property
    def credential(self) -> str:
        return self._connection.credential

    @property
    def poll_batch_size(self) -> int:
        return 1

    @abstractmethod
    async def poll(self, job_id: str) -> JobStatus: ...

    async def poll_many(self, job_ids: Sequence[str]) -> Mapping[str, JobStatus]:
        return {job_id: await self.poll(job_id) for job_id in job_ids}

    async def fetch(self, address: str, into: Path, *, limit_bytes: int, deadline_s: float) -> None:
        await self._connection.fetch(address, into, limit_bytes=limit_bytes, deadline_s=deadline_s)

    async def close(self) -> None:
        await self._connection.close()
