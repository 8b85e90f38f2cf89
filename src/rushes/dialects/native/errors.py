"""
Word errors of the native API as RFC 9457 problem documents.

Paths that belong to no API answer in the same format, so :mod:`rushes.http.problems` makes it.
"""

from typing import Final

from rushes.http.operation import PLAIN
from rushes.http.problems import plain

PROBLEM: Final = PLAIN
"""The body of an error, described."""

word = plain
