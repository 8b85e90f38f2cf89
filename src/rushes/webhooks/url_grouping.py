"""Group webhook URLs by host and by address, for limits and pauses."""

from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """Return the host and the port of a URL."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url


def address_of(url: str) -> str:
    """Return a URL without its query, which often only names the generation."""
    return url.partition("#")[0].partition("?")[0]
