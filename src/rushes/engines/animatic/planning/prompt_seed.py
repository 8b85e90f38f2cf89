"""Compute the seed of a request without one."""

from hashlib import blake2b


def seed_of(prompt: str) -> int:
    """Return the seed for a prompt; the same prompt has the same seed."""
    return int.from_bytes(blake2b(prompt.encode(), digest_size=4).digest(), "big")
