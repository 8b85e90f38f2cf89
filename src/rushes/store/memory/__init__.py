"""A store that forgets all when the process ends: for tests, and for a try without a disk."""

from rushes.store.memory.store import MemoryStore

__all__ = ["MemoryStore"]
