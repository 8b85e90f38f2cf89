"""
Decide which addresses a client may connect to for an untrusted URL.

Pure functions of URLs and addresses. :mod:`rushes.kit.safe_http` makes the connections.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Final
from urllib.parse import quote, urlsplit

from rushes.kit.quoting import quoted_text

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

PORTS: Final = {"http": 80, "https": 443}
"""The schemes that a URL may have, each with its default port."""

LONGEST_URL: Final = 8192
"""Characters; signed URLs of the large clouds stay under 4,000."""


class ForbiddenAddress(ValueError):
    """The URL is malformed, or the rules forbid its address. Trying again does not help."""


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(ip_network(text) for text in texts)


NOT_PUBLIC: Final = _networks(
    # IANA's special-purpose registry for IPv4, with multicast, and the future use of class E.
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    # The host services of one large cloud answer at this otherwise public address.
    "168.63.129.16/32",
    # Of IPv6 only 2000::/3 is public at all; these are the special parts of it.
    "2001::/23",
    "2001:db8::/32",
    "2002::/16",
    "3fff::/20",
)
GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
NAT64: Final = IPv6Network("64:ff9b::/96")

NEEDS_NAMING: Final = _networks(
    "0.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "100.100.100.200/32",
    "168.63.129.16/32",
    "192.0.0.192/32",
    "224.0.0.0/4",
    "255.255.255.255/32",
    "::/128",
    "::1/128",
    "fe80::/10",
    "ff00::/8",
    "fd00:ec2::/32",
    "fd20:ce::/32",
)
"""Loopback, link-local, multicast and cloud metadata: a wider network does not include these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An ``http(s)`` URL, parsed once, so that no second parser can read it differently."""

    scheme: str
    host: str
    """A lower-case ASCII name, or an address in its canonical spelling without brackets."""

    port: int
    path: str
    """Path and query as the request line has them, percent-encoded."""

    @property
    def authority(self) -> str:
        """The Host header: the port is left out where it is the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.origin + self.path


_NETLOC = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[^\[\]:]+))(?::(?P<port>[0-9]*))?")
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")
_NEVER_IN_A_URL = re.compile(r"[\x00-\x1f\x7f\\]")
_SAFE = "%/:=&?~+!$,;'@()*[]"


def parse(url: str) -> Target:
    """
    Parse *url* strictly.

    Raises:
        ForbiddenAddress: It is not a well-formed ``http(s)`` URL, holds a user name or password, or
            spells an address in a form that browsers never show (``0x7f.1``, ``017.0.0.1``).
    """
    url = url.strip(" ")
    if len(url) > LONGEST_URL:
        raise ForbiddenAddress(f"the URL is longer than {LONGEST_URL} characters")
    if _NEVER_IN_A_URL.search(url):
        raise ForbiddenAddress("the URL holds characters that no URL may have")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise ForbiddenAddress("the URL is malformed") from None
    if parts.scheme not in PORTS:
        raise ForbiddenAddress("the URL must begin with http:// or https://")
    host, port = _authority(parts.netloc)
    path = quote(parts.path or "/", safe=_SAFE)
    query = "?" + quote(parts.query, safe=_SAFE) if parts.query else ""
    port = PORTS[parts.scheme] if port is None else port
    return Target(scheme=parts.scheme, host=host, port=port, path=path + query)


def _authority(netloc: str) -> tuple[str, int | None]:
    if "@" in netloc:
        raise ForbiddenAddress("the URL must not hold a user name or password")
    found = _NETLOC.fullmatch(netloc)
    if found is None:
        raise ForbiddenAddress("the URL names no host")
    port = int(found["port"][:6]) if found["port"] else None
    if port is not None and not 0 < port < 65536:
        raise ForbiddenAddress("the URL's port is not between 1 and 65535")
    if found["v6"]:
        return _literal(found["v6"]), port
    return host_name(found["name"]), port


def _literal(text: str) -> str:
    try:
        return str(IPv6Address(text))
    except ValueError:
        raise ForbiddenAddress("the URL's IPv6 address is malformed") from None


def host_name(text: str) -> str:
    """
    Normalize a host name: lower-case ASCII, no dot at its end.

    Raises:
        ForbiddenAddress: It is no host name, or an odd spelling of an IPv4 address.
    """
    try:
        name = text if text.isascii() else text[:255].encode("idna").decode("ascii")
    except UnicodeError:
        raise ForbiddenAddress("the URL's host name is malformed") from None
    name = name.lower().removesuffix(".")
    if len(name) > 253 or not _NAME.fullmatch(name):
        raise ForbiddenAddress("the URL's host name is malformed")
    if not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return name
    try:
        return str(IPv4Address(name))
    except ValueError:
        raise ForbiddenAddress("the URL's host is a number, but not a plain IPv4 address") from None


def as_address(text: str) -> Address:
    """Parse an address; an IPv4 address mapped into IPv6 becomes that IPv4 address."""
    address = ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address


def is_public(address: Address) -> bool:
    """Tell whether *address* belongs to the public internet."""
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not any(address in network for network in NOT_PUBLIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One entry of the operator's allow-list. It allows exactly what it names."""

    network: Network | None = None
    name: str | None = None
    port: int | None = None
    """None: every port for a network, only the usual ports for a name."""

    def admits(self, host: str, address: Address, port: int, *, usual: frozenset[int]) -> bool:
        """Tell whether this entry allows *host*, resolved to *address*, at *port*."""
        if self.network is not None:
            return self.port in {None, port} and _opens(self.network, address)
        if self.name != host or not (port == self.port if self.port else port in usual):
            return False
        if host == "localhost":
            return address.is_loopback
        return is_public(address) or not any(address in block for block in NEEDS_NAMING)


def _opens(network: Network, address: Address) -> bool:
    return address in network and all(
        _is_within(network, block) for block in NEEDS_NAMING if address in block
    )


def _is_within(network: Network, block: Network) -> bool:
    if isinstance(network, IPv4Network):
        return isinstance(block, IPv4Network) and network.subnet_of(block)
    return isinstance(block, IPv6Network) and network.subnet_of(block)


def opening(text: str) -> Opening:
    """
    Parse an entry of an allow-list: a network, or an address or a name with an optional port.

    Raises:
        ValueError: It is none of these; the message shows the valid forms.
    """
    try:
        return Opening(network=ip_network(text))
    except ValueError:
        pass
    try:
        host, port = _authority(text)
    except ForbiddenAddress:
        raise ValueError(
            "an allow-list entry must be like '10.0.0.0/8', '10.1.2.3:9000', 'minio.internal' or"
            f" 'minio.internal:9000', not {quoted_text(text)}"
        ) from None
    try:
        return Opening(network=ip_network(host), port=port)
    except ValueError:
        return Opening(name=host, port=port)


class AddressRules:
    """
    Allows the public internet at the usual ports, and the operator's allow-list.

    Args:
        allow: Entries as :func:`opening` reads them.

        ports: The usual ports.
    """

    def __init__(self, *, allow: Iterable[str] = (), ports: frozenset[int]) -> None:
        self._openings: Sequence[Opening] = tuple(opening(text) for text in allow)
        self._ports = ports

    def verify(self, host: str, addresses: Sequence[Address], port: int) -> None:
        """
        Check every address that *host* resolved to.

        Raises:
            ForbiddenAddress: At least one is not allowed. The message does not show the address,
                since callers must not learn about the internal network.
        """
        if not all(self._admits(host, address, port) for address in addresses):
            raise ForbiddenAddress(f"{host} at port {port} may not be reached from here")

    def _admits(self, host: str, address: Address, port: int) -> bool:
        if is_public(address) and port in self._ports:
            return True
        if not any(
            entry.admits(host, address, port, usual=self._ports) for entry in self._openings
        ):
            return False
        if isinstance(address, IPv6Address) and address in NAT64:
            return self._admits(host, IPv4Address(int(address) & 0xFFFFFFFF), port)
        return True
