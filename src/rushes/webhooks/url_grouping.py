"""What is slow or dead when a URL is."""

from urllib.parse import urlsplit


def target_of(url: str) -> str:
    """Return its host and port, whatever path and query say."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return url


def spot_of(url: str) -> str:
    """Return it without its query, which often names but the generation."""
    return url.partition("#")[0].partition("?")[0]
