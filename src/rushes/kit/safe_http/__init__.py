"""
An outbound HTTP client for URLs that strangers send: it cannot be led inside our network.

Import from here. Only :mod:`rushes.engines.upstream.connection`, a second client for addresses
that the operator chose, is built from the parts within.
"""

from rushes.kit.address_rules import ForbiddenAddress
from rushes.kit.safe_http.client import SafeHttpClient
from rushes.kit.safe_http.dialer import Unreachable, Unresolved
from rushes.kit.safe_http.reply import BadReply, Downloaded, Reply, StreamedReply, TooLarge
from rushes.kit.safe_http.resume import download_with_resume

__all__ = [
    "BadReply",
    "Downloaded",
    "ForbiddenAddress",
    "Reply",
    "SafeHttpClient",
    "StreamedReply",
    "TooLarge",
    "Unreachable",
    "Unresolved",
    "download_with_resume",
]
