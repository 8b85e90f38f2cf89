"""Check the address and the key that an operator configures for an upstream."""

from collections.abc import Sequence

from typing_extensions import override

from rushes.kit.address_rules import Address, AddressRules, Target, parse


class AnyAddress(AddressRules):
    """Allow every address: an operator's upstream may be in the LAN or on this machine."""

    def __init__(self) -> None:
        super().__init__(ports=frozenset())

    @override
    def verify(self, host: str, addresses: Sequence[Address], port: int) -> None: ...


def base_target(base_url: str) -> Target:
    """Parse an upstream's base URL. Raises ValueError."""
    target = parse(base_url.rstrip("/"))
    if "?" in target.path:
        raise ValueError("an upstream's base URL must not hold a query")
    path = target.path.rstrip("/")
    return Target(scheme=target.scheme, host=target.host, port=target.port, path=path)


def sound_key(key: str | None) -> str:
    """Return a key without blanks at its ends. Raises ValueError where no header may hold it."""
    key = (key or "").strip()
    if not key.isascii() or not key.isprintable():
        raise ValueError("the upstream's key holds characters that no header may have")
    return key
