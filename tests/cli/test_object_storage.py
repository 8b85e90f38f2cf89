"""A server that keeps its files in an object store, as an operator has it."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx2
import pytest
from tests.cli.conftest import Done, Serving
from tests.object_storage import ObjectStorage

Run = Callable[..., Done]
Serve = Callable[..., AbstractContextManager[Serving]]


def test_doctor_tries_the_object_store(rushes: Run, object_storage: ObjectStorage) -> None:
    done = rushes("doctor", "--data", "d", RUSHES_SERVER__PORT="0", **object_storage.environment)
    assert done.status == 0
    assert f"{object_storage.url}; write, read, delete in" in " ".join(done.out.split())


def test_doctor_says_no_to_a_wrong_secret_and_shows_none(
    rushes: Run, object_storage: ObjectStorage
) -> None:
    wrong = {**object_storage.environment, "RUSHES_MEDIA__SECRET_ACCESS_KEY": "a-wrong-one"}
    done = rushes("doctor", "--data", "d", RUSHES_SERVER__PORT="0", **wrong)
    assert done.status == 1
    assert "403 SignatureDoesNotMatch" in done.out
    assert "a-wrong-one" not in done.out + done.err


def test_doctor_says_that_the_bucket_is_missing(rushes: Run, object_storage: ObjectStorage) -> None:
    missing = {**object_storage.environment, "RUSHES_MEDIA__URL": "s3://not-there/prefix"}
    done = rushes("doctor", "--data", "d", RUSHES_SERVER__PORT="0", **missing)
    assert done.status == 1
    assert "the bucket of media.url does not exist" in " ".join(done.out.split())


@pytest.mark.slow
def test_a_video_is_made_kept_in_the_bucket_and_sent_in_parts(
    rushes: Run, serve: Serve, object_storage: ObjectStorage, tmp_path: Path
) -> None:
    with serve(tmp_path / "data", **object_storage.environment) as server:
        headers = {"Authorization": f"Bearer {server.key}"}
        with httpx2.Client(base_url=server.url, headers=headers, timeout=30) as client:
            body = {"user_prompt": "a lake", "resolution": "540p", "aspect_ratio": "1:1"}
            made = client.post("/luma/generations", json=body).raise_for_status().json()["id"]
            until_s = time.monotonic() + 90
            while (shown := client.get(f"/api/v1/generations/{made}").json())["state"] in {
                "queued",
                "running",
            }:
                assert time.monotonic() < until_s
            assert shown["state"] == "completed"
            url = shown["artifacts"]["video"]["url"]
            whole = client.get(url)
            part = client.get(url, headers={"Range": "bytes=1000-1999"})
        assert whole.content[4:8] == b"ftyp"
        assert (part.status_code, part.content) == (206, whole.content[1000:2000])
        assert not list((server.data / "media").rglob("*.mp4"))
    stored = object_storage.objects().get(f"{made}/1/video.mp4")
    assert bytes(stored.bytes()) == whole.content
    shown = rushes("generations", "show", made, "--data", server.data, **object_storage.environment)
    assert f"{object_storage.url}/{made}/1/video.mp4" in shown.out
