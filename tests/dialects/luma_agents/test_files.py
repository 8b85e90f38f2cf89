"""Files over HTTP: both ways to bring one, and all that can be done with it."""

from typing import Any

import pytest
from tests.dialects.luma_agents.conftest import MP4, PNG, Server

from rushes.core.spec import MEDIA_PREFIX, Position

FIELDS = {
    "id",
    "created_at",
    "mime_type",
    "purpose",
    "size_bytes",
    "state",
    "deleted_at",
    "expires_at",
    "failure_reason",
    "filename",
    "user_id",
}
ANNOUNCED = {"mime_type": "image/png", "size_bytes": len(PNG)}


async def announce(server: Server, **fields: Any) -> Any:
    return await server.ask("POST", "/v1/files", json=ANNOUNCED | fields, status=201)


async def test_a_file_is_announced_put_and_completed(server: Server) -> None:
    reported = await announce(
        server,
        filename="../a.png",
        purpose="reference",
        user_id="somebody",
        expires_at="2026-02-01T00:00:00+01:00",
    )
    assert set(reported) == {"id", "state", "file", "upload"}
    assert set(reported["file"]) == FIELDS
    assert (reported["id"], reported["state"]) == (reported["file"]["id"], "pending")
    upload = reported["upload"]
    assert (upload["method"], upload["headers"]) == ("PUT", {"Content-Type": "image/png"})
    assert upload["expires_at"] == "2026-01-02T04:04:05.678901Z"
    put = await server.nobody.put(upload["url"], content=PNG, headers=upload["headers"])
    assert (put.status_code, put.content) == (200, b"")
    file = await server.ask("POST", f"/v1/files/{reported['id']}/complete", status=200)
    assert file == reported["file"] | {"state": "ready"}
    assert file["expires_at"] == "2026-01-31T23:00:00Z"
    assert await server.ask("GET", f"/v1/files/{reported['id']}", status=200) == file


async def test_a_file_may_come_in_a_form(server: Server) -> None:
    form = {"purpose": "reference", "user_id": "somebody", "size_bytes": str(len(PNG))}
    reported = await server.ask(
        "POST",
        "/luma-agents/v1/files",
        data=form,
        files={"file": ("a.png", PNG, "image/png")},
        status=201,
    )
    assert (reported["state"], reported["upload"]) == ("ready", None)
    assert reported["file"]["filename"] == "a.png"
    assert (reported["file"]["purpose"], reported["file"]["user_id"]) == ("reference", "somebody")


@pytest.mark.parametrize(
    ("data", "parts", "named"),
    [
        ({}, {"file": ("a", b"", "image/png")}, "file: Data should have at least 1 byte"),
        ({"purpose": "vision"}, {"file": ("a", PNG, "image/png")}, "purpose"),
        ({"color": "red"}, {"file": ("a", PNG, "image/png")}, "color"),
        ({}, {"photo": ("a", PNG, "image/png")}, "file is required"),
        ({"expires_at": "soon"}, {"file": ("a", PNG, "image/png")}, "expires_at"),
    ],
)
async def test_a_form_that_makes_no_sense_is_refused(
    server: Server, data: dict[str, str], parts: dict[str, Any], named: str
) -> None:
    assert named in await server.ask("POST", "/v1/files", data=data, files=parts, status=400)


async def test_a_form_that_tells_another_size_or_anything_twice_is_refused(server: Server) -> None:
    file = ("file", ("a", PNG, "image/png"))
    path, size = "/v1/files", {"size_bytes": "3"}
    detail = await server.ask("POST", path, data=size, files=[file], status=422)
    assert "size_bytes must be 69" in detail
    assert "once" in await server.ask("POST", path, files=[file, file], status=400)


async def test_a_form_that_is_none_is_refused(server: Server) -> None:
    headers = {"Content-Type": "multipart/form-data"}
    await server.ask("POST", "/v1/files", content=b"x", headers=headers, status=400)


@pytest.mark.parametrize(
    ("fields", "status", "named"),
    [
        ({"mime_type": "text/html"}, 422, "mime_type must be one of image/jpeg"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 422, "expires_at must be in the future"),
        ({"expires_at": 1}, 400, "expires_at"),
        ({"size_bytes": 0}, 400, "size_bytes"),
        ({"size_bytes": (20 << 20) + 1}, 413, "at most 20 MiB"),
        ({"size_bytes": (100 << 20) + 1, "mime_type": "video/mp4"}, 413, "at most 100 MiB"),
        ({"purpose": "fine-tune"}, 400, "purpose"),
        ({"name": "x"}, 400, "name"),
    ],
)
async def test_what_cannot_be_brought_is_refused(
    server: Server, fields: dict[str, Any], status: int, named: str
) -> None:
    requested = ANNOUNCED | fields
    assert named in await server.ask("POST", "/v1/files", json=requested, status=status)


async def test_a_moment_without_an_offset_is_in_utc(server: Server) -> None:
    reported = await announce(server, expires_at="2026-02-01T00:00:00")
    assert reported["file"]["expires_at"] == "2026-02-01T00:00:00Z"


async def test_no_more_and_no_less_is_put_than_was_announced(server: Server) -> None:
    url = (await announce(server))["upload"]["url"]
    assert (await server.nobody.put(url, content=PNG + b"x")).status_code == 413
    assert (await server.nobody.put(url, content=PNG[:-1])).status_code == 422
    assert (await server.nobody.put(url, content=PNG)).status_code == 200


async def test_only_a_link_of_ours_takes_a_file_and_only_in_time(server: Server) -> None:
    reported = await announce(server)
    url = reported["upload"]["url"]
    assert (await server.nobody.get(url)).status_code == 405
    forged = url.replace(reported["id"], "0" * 8 + reported["id"][8:])
    assert (await server.nobody.put(forged, content=PNG)).status_code == 404
    assert (await server.nobody.get(url.replace("/uploads/", "/media/"))).status_code == 404
    server.clock.advance(seconds=2 * 3600)
    assert (await server.nobody.put(url, content=PNG)).status_code == 410


async def test_a_completed_file_takes_no_more(server: Server) -> None:
    reported = await announce(server)
    await server.ask("POST", f"/v1/files/{reported['id']}/complete", status=422)
    await server.nobody.put(reported["upload"]["url"], content=PNG)
    await server.ask("POST", f"/v1/files/{reported['id']}/complete", status=200)
    assert (await server.nobody.put(reported["upload"]["url"], content=PNG)).status_code == 409


async def test_what_is_no_picture_fails_and_says_why(server: Server) -> None:
    reported = await announce(server, size_bytes=4)
    await server.nobody.put(reported["upload"]["url"], content=b"abcd")
    file = await server.ask("POST", f"/v1/files/{reported['id']}/complete", status=200)
    assert file["state"] == "failed"
    assert "no image or video" in file["failure_reason"]
    detail = await server.video(422, start_frame={"file_id": reported["id"]})
    assert "video.start_frame: file" in detail


async def test_files_are_listed_page_by_page(server: Server) -> None:
    made = [(await announce(server, purpose="reference"))["id"] for _ in range(3)]
    made.append(await server.file())
    await server.other.post("/v1/files", json=ANNOUNCED)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = await server.ask("GET", "/v1/files", params=query, status=200)
        seen += [file["id"] for file in page["data"]]
        assert all(set(file) == FIELDS for file in page["data"])
        if not page["has_more"]:
            assert page["next_cursor"] is None
            break
        query["cursor"] = page["next_cursor"]
    assert seen == made[::-1]
    for query, found in (
        ({"purpose": "reference"}, made[2::-1]),
        ({"state": "ready"}, made[3:]),
        ({"state": "deleted"}, []),
    ):
        page = await server.ask("GET", "/v1/files", params=query, status=200)
        assert [file["id"] for file in page["data"]] == found


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": 101}, {"cursor": "x"}, {"state": "new"}, {"page": 1}]
)
async def test_a_list_that_makes_no_sense_is_refused(server: Server, query: dict[str, Any]) -> None:
    assert next(iter(query)) in await server.ask("GET", "/v1/files", params=query, status=400)


async def test_a_deleted_file_is_told_as_deleted_and_cannot_be_named(server: Server) -> None:
    id_ = await server.file()
    for _ in range(2):
        await server.ask("DELETE", f"/v1/files/{id_}", status=204)
    reported = await server.ask("GET", f"/v1/files/{id_}", status=200)
    assert (reported["state"], reported["deleted_at"]) == ("deleted", "2026-01-02T03:04:05.678901Z")
    assert "is deleted, not ready" in await server.video(422, end_frame={"file_id": id_})


async def test_anothers_file_is_not_there(server: Server) -> None:
    hers = (await server.other.post("/v1/files", json=ANNOUNCED)).json()["id"]
    for method, end in (("GET", ""), ("POST", "/complete"), ("DELETE", "")):
        for id_ in (hers, "nothing"):
            await server.ask(method, f"/v1/files/{id_}{end}", status=404)
    await server.video(404, start_frame={"file_id": hers})
    await server.create(404, image_ref=[{"file_id": hers}])


async def test_a_file_stands_wherever_a_picture_or_a_video_may(server: Server) -> None:
    image, clip = await server.file(), await server.file(MP4, "video/mp4")
    made = await server.video(start_frame={"file_id": image}, end_frame={"file_id": image})
    spec = await server.spec(made["id"])
    for position in Position:
        keyframe = spec.keyframe(position)
        assert keyframe is not None
        assert str(keyframe.image).startswith(f"{MEDIA_PREFIX}uploads/{image}/")
    assert "must be an image" in await server.video(422, start_frame={"file_id": clip})
    detail = await server.create(
        422, type="video_reframe", aspect_ratio="1:1", source={"file_id": image}
    )
    assert "source: file" in detail
    assert "must be a video" in detail


async def test_a_file_is_known_again_whatever_the_server_is_called(server: Server) -> None:
    image = await server.file()
    body = {"prompt": "x", "type": "video", "video": {"end_frame": {"file_id": image}}}
    headers = {"Host": "my_server:8000"}
    reply = await server.client.post("/v1/generations", json=body, headers=headers)
    assert reply.status_code == 201, reply.text
