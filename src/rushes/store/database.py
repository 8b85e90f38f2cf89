"""Name everything that a server needs of its store, so that another store is one line."""

from typing import Protocol

from rushes.store.base import Archive, ChannelPauses, Keyring, Store, Uploads
from rushes.store.ledger import Ledger
from rushes.store.outbox import Outbox


class Database(Store, Keyring, Uploads, ChannelPauses, Outbox, Protocol):
    """
    A complete store.

    ``bootstrap/database.py`` chooses the implementation. Everything else takes a ``Database``, or
    the smaller protocol that it needs. The contract suites under ``tests/contract`` hold every
    implementation to the promises of these protocols.
    """

    @property
    def archive(self) -> Archive:
        """What garbage collection and metrics read, and the turns that processes take."""
        ...

    @property
    def ledger(self) -> Ledger:
        """What accounts have, and why."""
        ...
