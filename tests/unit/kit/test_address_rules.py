# ruff: noqa: SIM905  # a corpus reads best as words
"""Which addresses and spellings of them are refused, and what an allow-list entry opens."""

import re
from ipaddress import ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rushes.kit.address_rules import (
    AddressRules,
    ForbiddenAddress,
    as_address,
    host_name,
    is_public,
    opening,
    parse,
)

INSIDE = (
    "0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1"
    " 127.255.255.254 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255"
    " 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255"
    " 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16"
    " :: ::1 ::7f00:1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:a9fe:a9fe"
    " ::ffff:0:127.0.0.1 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1"
    " 2001:10::1 2002:7f00:1:: 2002:808:808:: 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fd20:ce::254"
    " fe80::1 fe80::1%lo fec0::1 ff02::1 ff0e::1 4000::1"
).split()
OUTSIDE = (
    "8.8.8.8 1.1.1.1 93.184.215.14 100.63.255.255 100.128.0.1 172.15.255.255 172.32.0.1 126.1.1.1"
    " 128.0.0.1 169.253.1.1 192.0.1.1 198.17.1.1 198.20.1.1 223.255.255.254 ::ffff:8.8.8.8"
    " 2606:4700:4700::1111 2a00:1450:4001:81b::200e 2400:cb00::1"
).split()
PORTS = frozenset({80, 443})


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_of_the_inside_is_not_public(text: str) -> None:
    assert not is_public(as_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(as_address(text))


@given(st.ip_addresses())
def test_what_the_standard_library_calls_private_is_never_public(address: object) -> None:
    found = as_address(str(address))
    if found.is_private or found.is_loopback or found.is_link_local or found.is_multicast:
        assert not is_public(found)


@given(st.ip_addresses(v=4))
def test_a_mapped_address_is_judged_as_the_address_it_is(address: object) -> None:
    assert as_address(f"::ffff:{address}") == address


ODD = (
    "http://2130706433 http://0x7f000001 http://0x7f.1 http://017700000001 http://0177.0.0.1"
    " http://127.1 http://127.0.1 http://0 http://0x http://127.0.0.1.. http://1.2.3.4.5"
    " http://256.1.1.1 http://127.0.0.01 http://a.0x7f http://8.8.8 http://08.8.8.8"
    " http://[::1 http://::1 http://[::1]x http://[fe80::1%25lo] http://[fe80::1%lo] http://[1.2.3.4]"
    " http://[v1.x] http://[] http://[:::1] http://user@example.com http://user:pw@example.com"
    " http://@example.com http://example.com@127.0.0.1 http://:80 http:///path http:example.com"
    " http:/example.com http://exa$mple.com http://exam%70le.com http://127.0.0.1%2f@a.com"
    " http://example.com:0 http://example.com:65536 http://example.com:99999999999 "
    " http://example.com:-1 http://example.com:8x http://example.com:80:80 http://a..b http://.a"
    " http://example.com\\@127.0.0.1 http:\\\\example.com ftp://example.com file:///etc/passwd"
    " gopher://127.0.0.1:70/_x data:text/plain,x javascript:alert(1) unix:///run/x.sock ws://a.com"
    " //example.com example.com /etc/passwd dict://a:1 jar:http://a!/ http+unix://%2Frun%2Fx"
    " http://\u2488example\u2100.com http://a\u3002\uff0fb.com"
).split()


@pytest.mark.parametrize("url", [*ODD, "", " ", "http://exa mple.com", "http://a.com/\r\nX: y"])
@pytest.mark.parametrize("upper", [False, True])
def test_a_url_that_parsers_could_read_differently_is_refused(url: str, upper: bool) -> None:
    with pytest.raises(ForbiddenAddress):
        parse(url.upper() if upper else url)


@pytest.mark.parametrize("control", [chr(c) for c in (*range(32), 127)])
def test_a_control_character_is_refused_anywhere(control: str) -> None:
    with pytest.raises(ForbiddenAddress):
        parse(f"http://example.com/a{control}b")


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("http://example.com", "example.com", 80, "/"),
        ("HTTPS://Example.COM./a?b=c#d", "example.com", 443, "/a?b=c"),
        (
            "http://b\u00fccher.example/\u00fc?q=\u00e9",
            "xn--bcher-kva.example",
            80,
            "/%C3%BC?q=%C3%A9",
        ),
        ("http://example.com:8080/a b", "example.com", 8080, "/a%20b"),
        ("http://example.com:", "example.com", 80, "/"),
        ("http://[2606:4700::1111]:8080/", "2606:4700::1111", 8080, "/"),
        ("http://[2606:4700:0:0::1111]", "2606:4700::1111", 80, "/"),
        ("http://8.8.8.8/x", "8.8.8.8", 80, "/x"),
        ("https://a.com/%2e%2e/?sig=a%2Bb%3D&x", "a.com", 443, "/%2e%2e/?sig=a%2Bb%3D&x"),
        (" https://my_bucket.s3.amazonaws.com/k ", "my_bucket.s3.amazonaws.com", 443, "/k"),
        ("https://a.com?x=1", "a.com", 443, "/?x=1"),
        ("http://\u2460\u2461\u2466.\u24ea.\u24ea.\u2460/", "127.0.0.1", 80, "/"),
    ],
)
def test_a_sound_url_is_taken_apart(url: str, host: str, port: int, path: str) -> None:
    target = parse(url)
    assert (target.host, target.port, target.path) == (host, port, path)
    assert parse(target.url) == target


def test_a_url_of_unbounded_length_is_refused() -> None:
    with pytest.raises(ForbiddenAddress, match="8192"):
        parse("https://a.com/" + "a" * 8192)


@given(st.text(max_size=60))
@example("[::1]:80")
@example("a@b")
def test_any_text_behind_a_scheme_is_a_plain_target_or_refused(text: str) -> None:
    try:
        target = parse("http://" + text)
    except ForbiddenAddress:
        return
    assert parse(target.url) == target
    assert target.url.isascii()
    assert target.url.isprintable()
    assert not set(target.host) & set("@/\\?#% []")
    assert 0 < target.port < 65536


@given(st.from_regex(r"\A[0-9a-fxA-FX.]{1,24}\Z"))
@example("0xx")
@example("1.0X7f")
def test_a_number_like_host_is_a_plain_address_or_a_real_name(text: str) -> None:
    try:
        host = host_name(text)
    except ForbiddenAddress:
        return
    last = host.rpartition(".")[2]
    is_hexadecimal = re.fullmatch("0x[0-9a-f]*", last)
    assert str(ip_address(host)) == host if last.isdecimal() else not is_hexadecimal


def verdict(rules: AddressRules, host: str, address: str, port: int = 80) -> bool:
    try:
        rules.verify(host, [as_address(address)], port)
    except ForbiddenAddress:
        return False
    return True


@pytest.mark.parametrize(
    ("entry", "host", "address", "port", "is_open"),
    [
        ("10.0.0.0/8", "a", "10.1.2.3", 80, True),
        ("10.0.0.0/8", "a", "10.1.2.3", 9000, True),
        ("10.0.0.0/8", "a", "11.1.2.3", 9000, False),
        ("10.0.0.0/8", "a", "192.168.0.1", 80, False),
        ("10.0.0.5", "a", "10.0.0.5", 1, True),
        ("10.0.0.5", "a", "10.0.0.6", 80, False),
        ("10.0.0.5:9000", "10.0.0.5", "10.0.0.5", 9000, True),
        ("10.0.0.5:9000", "10.0.0.5", "10.0.0.5", 80, False),
        ("fd00::/8", "a", "fd12::1", 9000, True),
        ("[fd12::1]:9000", "a", "fd12::1", 9000, True),
        ("[fd12::1]:9000", "a", "fd12::1", 9001, False),
        ("minio.internal", "minio.internal", "10.0.0.5", 80, True),
        ("MinIO.internal.", "minio.internal", "10.0.0.5", 443, True),
        ("minio.internal", "minio.internal", "10.0.0.5", 9000, False),
        ("minio.internal", "other.internal", "10.0.0.5", 80, False),
        ("minio.internal", "a.minio.internal", "10.0.0.5", 80, False),
        ("minio.internal:9000", "minio.internal", "10.0.0.5", 9000, True),
        ("minio.internal:9000", "minio.internal", "10.0.0.5", 80, False),
        ("cdn.example:8443", "cdn.example", "8.8.8.8", 8443, True),
        ("8.8.8.8:8443", "8.8.8.8", "8.8.8.8", 8443, True),
        # what must be named: loopback, link-local, metadata, multicast
        ("0.0.0.0/0", "a", "10.0.0.1", 80, True),
        ("0.0.0.0/0", "a", "127.0.0.1", 80, False),
        ("0.0.0.0/0", "a", "0.0.0.0", 80, False),
        ("0.0.0.0/0", "a", "169.254.169.254", 80, False),
        ("0.0.0.0/0", "a", "224.0.0.1", 80, False),
        ("::/0", "a", "fd12::1", 80, True),
        ("::/0", "a", "::1", 80, False),
        ("::/0", "a", "fe80::1", 80, False),
        ("::/0", "a", "10.0.0.1", 80, False),
        ("100.64.0.0/10", "a", "100.64.0.1", 80, True),
        ("100.64.0.0/10", "a", "100.100.100.200", 80, False),
        ("fd00::/8", "a", "fd00:ec2::254", 80, False),
        ("127.0.0.0/8", "a", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", 8000, True),
        ("127.0.0.1:8000", "127.0.0.1", "127.0.0.1", 8001, False),
        ("localhost:8000", "localhost", "127.0.0.1", 8000, True),
        ("localhost:8000", "localhost", "::1", 8000, True),
        ("localhost:8000", "localhost", "10.0.0.1", 8000, False),
        ("evil.example", "evil.example", "127.0.0.1", 80, False),
        ("evil.example", "evil.example", "169.254.169.254", 80, False),
        ("evil.example", "evil.example", "168.63.129.16", 80, False),
        ("169.254.169.254", "a", "169.254.169.254", 80, True),
        # a translated address is also judged by what it leads to
        ("64:ff9b::/96", "a", "64:ff9b::808:808", 80, True),
        ("64:ff9b::/96", "a", "64:ff9b::7f00:1", 80, False),
        ("64:ff9b::/96", "a", "64:ff9b::a00:1", 80, False),
    ],
)
def test_an_entry_opens_what_it_names(
    entry: str, host: str, address: str, port: int, is_open: bool
) -> None:
    assert verdict(AddressRules(allow=[entry], ports=PORTS), host, address, port) is is_open


@pytest.mark.parametrize("entry", ["", "*", "10.0.0.1/8", "http://a", "a/8", "a b", "a:b", "a:0"])
def test_a_malformed_entry_is_an_error_that_shows_a_right_one(entry: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/8"):
        opening(entry)


def test_the_public_internet_is_open_at_the_usual_ports_alone() -> None:
    rules = AddressRules(ports=PORTS)
    assert [verdict(rules, "a", "8.8.8.8", port) for port in (80, 443, 22, 6379, 8080)] == [
        True,
        True,
        False,
        False,
        False,
    ]


def test_one_bad_answer_refuses_the_name_and_is_not_shown() -> None:
    with pytest.raises(ForbiddenAddress) as refused:
        AddressRules(ports=PORTS).verify(
            "a.example", [as_address("8.8.8.8"), as_address("10.9.8.7")], 80
        )
    assert "10.9.8.7" not in str(refused.value)
