"""The seed of a request that names none."""

from hashlib import blake2b


def seed_of(prompt: str) -> int:
    """Return the seed of a prompt that came without one."""
    return int.from_bytes(blake2b(prompt.encode(), digest_size=4).digest(), "big")
