"""The store in memory: for tests, and for a trial without a disk."""

from rushes.store.memory.store import MemoryStore

__all__ = ["MemoryStore"]
