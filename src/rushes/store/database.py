"""Define the protocol of a complete store, so that another store is one line of ``bootstrap``."""

from typing import Protocol

from rushes.kit.failure_counts import FailureCounts
from rushes.kit.rate_buckets import RateBuckets
from rushes.store.base import Archive, ChannelPauses, Keyring, Nodes, Store, Uploads
from rushes.store.ledger import Ledger
from rushes.store.outbox import Outbox


class Database(
    Store, Keyring, Uploads, ChannelPauses, Nodes, RateBuckets, FailureCounts, Outbox, Protocol
):
    """
    A complete store.

    ``bootstrap/database.py`` chooses the implementation. Everything else takes a ``Database``, or
    the smaller protocol that it needs. The contract suites under ``tests/contract`` hold every
    implementation to the promises of these protocols.
    """

    @property
    def archive(self) -> Archive:
        """Old data for garbage collection, totals for metrics, and locks between processes."""
        ...

    @property
    def ledger(self) -> Ledger:
        """The balances of accounts and the lines that explain them."""
        ...
