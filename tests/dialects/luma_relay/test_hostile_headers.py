"""Headers that make no sense never make a 500."""

import pytest
from tests.dialects.luma_relay.conftest import Server


@pytest.mark.parametrize("reported", [b"\xb2", b"9" * 5000, b"-1", b"1.5", b"", b"\xff"])
async def test_a_count_of_retries_that_is_no_number_is_no_count(
    server: Server, reported: bytes
) -> None:
    body = {"user_prompt": "a lake", "model_name": "ray-v2"}
    reply = await server.client.post(
        "/luma/generations", json=body, headers=[(b"x-stainless-retry-count", reported)]
    )
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "host", [b"[", b"[::1", b"a/b?c#d", b"a b", b"user@evil.example", b"x" * 300, b"\xff", b""]
)
async def test_a_host_that_is_none_does_not_get_into_addresses(server: Server, host: bytes) -> None:
    body = {"url": "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAAC"}
    reply = await server.client.post(
        "/luma/generations/file_upload", json=body, headers=[(b"host", host)]
    )
    assert reply.status_code == 200
    assert reply.json()["public_url"].startswith("http://relay.test:")


async def test_an_idempotency_key_that_is_too_long_to_keep_is_refused(server: Server) -> None:
    reported = await server.refused(
        "POST",
        "/luma/generations",
        400,
        json={"user_prompt": "cat dance"},
        headers={"Idempotency-Key": "k" * 256},
    )
    assert reported["error"]["param"] == "Idempotency-Key"
    assert "at most 255 characters" in reported["message"]
