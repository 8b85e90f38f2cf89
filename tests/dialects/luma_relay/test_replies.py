"""A kept reply is the reply that would be worded now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json
from starlette.requests import empty_receive

from rushes.core.generation import (
    AccountId,
    Artifact,
    ArtifactKind,
    Generation,
    GenerationId,
    State,
)
from rushes.core.signed_links import SignedLinks
from rushes.core.spec import GenerationSpec
from rushes.dialects.luma_relay.reply_cache import LARGEST_REPLY_BYTES, MOST_REPLIES, ReplyCache
from rushes.dialects.luma_relay.translate import from_generation
from rushes.http.gateway import Call
from rushes.service.accounts import Caller

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
LINKS = SignedLinks(secret=b"s" * 32)


def call(*, request_id: str = "req_1", host: str = "a.test", now: datetime = NOW) -> Call:
    scope = {"type": "http", "headers": [(b"host", host.encode())], "scheme": "http"}
    return Call(
        scope=scope,
        receive=empty_receive,
        caller=Caller(account_id=AccountId("acc")),
        raw=b"",
        request_id=request_id,
        now=now,
        links=LINKS,
    )


def generation(number: int = 0, *, prompt: str = "waves", **more: Any) -> Generation:
    return Generation(
        id=GenerationId(f"00000000-0000-0000-0000-{number:012}"),
        account_id=AccountId("acc"),
        spec=GenerationSpec(prompt=prompt, model="ray-2", resolution="720p"),
        dialect="luma_relay",
        origin="http://a.test",
        created_at=NOW,
        updated_at=NOW,
        available_at=NOW,
        **more,
    )


def completed() -> Generation:
    film = Artifact(
        kind=ArtifactKind.VIDEO,
        key="id/video.mp4",
        media_type="video/mp4",
        size_bytes=1,
        width_px=1280,
        height_px=720,
        duration_s=5.0,
    )
    return generation(state=State.COMPLETED, progress=1.0, version=3, artifacts=(film,))


def worded(requested: Call, reported: Generation) -> object:
    return from_generation(reported, url=requested.url, request_id=requested.request_id)


CHANGES = {
    "another request": (call(request_id='a"\\b'), completed()),
    "another host": (call(host="b.test"), completed()),
    "links of the next hour": (call(now=NOW + timedelta(hours=1)), completed()),
    "more progress": (call(), generation(state=State.RUNNING, version=2, progress=0.7)),
    "another version": (call(), generation(state=State.CANCELLED, version=3)),
    "another generation": (call(), generation(1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_reply_is_worded_anew_once_anything_in_it_changes(change: str) -> None:
    replies = ReplyCache()
    for before in (generation(state=State.RUNNING, version=2, progress=0.5), completed()):
        assert from_json(replies(call(), before)) == worded(call(), before)
        assert from_json(replies(call(), before)) == worded(call(), before)

        requested, after = CHANGES[change]

        assert from_json(replies(requested, after)) == worded(requested, after)


@given(st.text(), st.from_regex(r"[\x21-\x7e]{1,128}", fullmatch=True))
def test_no_prompt_and_no_request_id_gets_into_the_others_place(prompt: str, name: str) -> None:
    replies, reported = ReplyCache(), generation(prompt=prompt)
    replies(call(), reported)

    requested = call(request_id=name)

    assert from_json(replies(requested, reported)) == worded(requested, reported)


def test_only_so_much_is_kept() -> None:
    replies = ReplyCache()
    many = [generation(number) for number in range(MOST_REPLIES + 1)]
    large = replace(many[0], spec=replace(many[0].spec, prompt="x" * LARGEST_REPLY_BYTES))

    for reported in [*many, large]:
        assert from_json(replies(call(), reported)) == worded(call(), reported)

    assert set(replies.replies) == {reported.id for reported in many[1:]}
