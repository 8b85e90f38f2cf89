import base64
import json
from typing import Any

import httpx2
import pytest
from tests.dialects.native.conftest import ORIGIN, PATH, Server, problem_of

from rushes.core import lifecycle
from rushes.core.generation import Failure, GenerationId, State

PNG = "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(24)).decode()
HOOK = "http://93.184.216.34/hook"
EARLIER = "0b1c8c3e-8a4e-4a9b-9f8e-3f6c2d1a0b9c"


async def test_a_new_generation_is_told_whole(server: Server) -> None:
    reply = await server.client.post(PATH, json={"prompt": "a dune", "seed": 7})

    assert reply.status_code == 201
    reported = reply.json()
    assert reply.headers["location"] == f"{PATH}/{reported['id']}"
    assert reported == {
        "id": reported["id"],
        "state": "queued",
        "progress": 0.0,
        "phase": None,
        "position": 0,
        "attempt": 0,
        "request": {
            "kind": "video",
            "model": "ray-2",
            "prompt": "a dune",
            "resolution": "720p",
            "duration_s": 5.0,
            "loop": False,
            "expand_prompt": False,
            "seed": 7,
        },
        "artifacts": {},
        "failure": None,
        "engine": None,
        "prompt_used": None,
        "preview": None,
        "plan": None,
        "note": None,
        "price": None,
        "charged": None,
        "dialect": "native",
        "created_at": "2026-01-02T03:04:05.678901Z",
        "updated_at": "2026-01-02T03:04:05.678901Z",
        "started_at": None,
        "finished_at": None,
    }
    assert reported == await server.get(reported["id"])


async def test_a_completed_one_links_its_files(server: Server) -> None:
    made = await server.create()
    await server.complete(made["id"])

    reported = await server.get(made["id"])

    assert (reported["state"], reported["progress"], reported["position"]) == (
        "completed",
        1.0,
        None,
    )
    video = reported["artifacts"].pop("video")
    assert reported["artifacts"] == {}
    assert video.pop("url").startswith(f"{ORIGIN}/media/")
    assert video == {
        "media_type": "video/mp4",
        "size_bytes": 7,
        "width_px": 1280,
        "height_px": 720,
        "duration_s": 5.0,
    }


async def test_a_failed_one_says_why(server: Server) -> None:
    made = await server.create()
    await server.fail(made["id"], "the prompt was refused")

    reported = await server.get(made["id"])

    assert reported["state"] == "failed"
    assert reported["failure"] == {"code": "engine_rejected", "message": "the prompt was refused"}


@pytest.mark.parametrize(
    "requested",
    [
        {"prompt": "x"},
        {"kind": "video", "prompt": "x", "keyframes": {"first": {"image": PNG}}},
        {"prompt": "x", "keyframes": {"last": {"image": "https://a.example/b.png"}}},
        {
            "prompt": "x",
            "aspect_ratio": "9:21",
            "resolution": "540p",
            "duration_s": 9,
            "loop": True,
        },
        {"prompt": "x", "expand_prompt": True, "negative_prompt": "y", "concepts": ["dolly_zoom"]},
        {"prompt": "x", "model": "ray2", "seed": None, "webhook_url": HOOK},
    ],
)
async def test_what_is_told_of_a_request_can_be_posted_again(
    server: Server, requested: dict[str, object]
) -> None:
    first = await server.create(**requested)

    again = await server.create(**first["request"])

    assert again["id"] != first["id"]
    assert again["request"] == first["request"]
    before, after = await server.stored(first["id"]), await server.stored(again["id"])
    assert after.spec == before.spec
    assert after.announce == before.announce


@pytest.mark.parametrize(
    "requested",
    [
        {"prompt": "x", "keyframes": {"first": {"generation_id": None}}},
        {"prompt": "x", "keyframes": {"last": {"generation_id": None}}},
        {"kind": "image", "prompt": "x", "aspect_ratio": "3:1", "still": {"format": "png"}},
        {
            "kind": "image",
            "prompt": "x",
            "still": {"references": [{"image": PNG, "role": "style"}]},
        },
        {"kind": "upscale", "source": {"generation_id": None}, "resolution": "4k"},
        {"kind": "upscale", "source": {"generation_id": None}},
        {"kind": "audio", "source": {"generation_id": None}, "prompt": "wind", "seed": 4},
        {"kind": "audio", "source": {"file": "https://a.example/b.mp4"}},
        {
            "kind": "reframe",
            "source": {"generation_id": None},
            "aspect_ratio": "9:16",
            "reframing": {"placement": {"x": 0.25, "y": -0.5, "width": 0.5, "height": 2}},
        },
        {"kind": "modify", "source": {"generation_id": None}, "prompt": "x", "mode": "flex_1"},
    ],
)
async def test_so_can_every_kind_of_work_on_what_there_is(
    server: Server, requested: dict[str, Any]
) -> None:
    earlier = (await server.create())["id"]
    await server.complete(earlier)
    text = json.dumps(requested).replace('"generation_id": null', f'"generation_id": "{earlier}"')

    first = await server.create(**{"prompt": None} | json.loads(text))
    again = await server.create(**{"prompt": None} | first["request"])

    assert again["request"] == first["request"]
    assert (await server.stored(again["id"])).spec == (await server.stored(first["id"])).spec


async def test_a_problem_with_a_reference_names_it(server: Server) -> None:
    references = [{"image": PNG}, {"image": "http://10.0.0.1/"}, {"image": "data:,x"}]
    body = {"kind": "image", "prompt": "x", "still": {"references": references}}

    reported = await server.problem("POST", PATH, status=422, json=body)

    assert reported["problems"][-1]["param"] == "still.references.2"


async def test_a_kept_picture_is_shown_by_a_link_and_never_by_its_key(server: Server) -> None:
    reported = await server.create(keyframes={"first": {"image": PNG}})

    link = reported["request"]["keyframes"]["first"]["image"]

    assert link.startswith(f"{ORIGIN}/media/")
    assert link.endswith(".png")


async def test_a_field_that_is_not_known_is_refused_by_name(server: Server) -> None:
    reported = await server.problem(
        "POST", PATH, status=422, json={"prompt": "x", "user_prompt": "y", "loop": "true"}
    )

    assert reported["code"] == "invalid_request"
    assert [fault["param"] for fault in reported["problems"]] == ["loop", "user_prompt"]


async def test_a_keyframe_is_one_thing(server: Server) -> None:
    both = {"image": "https://a.example/b.png", "generation_id": EARLIER}
    for frame in ({}, both):
        reported = await server.problem(
            "POST", PATH, status=422, json={"prompt": "x", "keyframes": {"first": frame}}
        )
        assert reported["param"] == "keyframes.first"


async def test_a_refusal_of_the_model_names_our_field(server: Server) -> None:
    body = {"prompt": "x", "duration_s": 77, "keyframes": {"first": {"image": "data:,hello"}}}

    reported = await server.problem("POST", PATH, status=422, json=body)

    params = [fault["param"] for fault in reported["problems"]]
    assert params == ["duration_s", "keyframes.first.image"]
    assert all(f["detail"].startswith(f["param"]) for f in reported["problems"])


async def test_a_form_is_told_to_be_json(server: Server) -> None:
    reported = await server.problem("POST", PATH, status=415, data={"prompt": "x"})

    assert "application/json" in reported["detail"]


async def test_an_idempotency_key_makes_one_generation(server: Server) -> None:
    headers = {"Idempotency-Key": "k"}
    first = await server.client.post(PATH, json={"prompt": "x"}, headers=headers)
    again = await server.client.post(PATH, json={"prompt": "x"}, headers=headers)
    other = await server.client.post(PATH, json={"prompt": "y"}, headers=headers)

    assert first.json() == again.json()
    assert problem_of(other, 409)["code"] == "idempotency_mismatch"


async def test_a_webhook_to_the_inside_is_refused(server: Server) -> None:
    body = {"prompt": "x", "webhook_url": "http://10.0.0.1/"}

    reported = await server.problem("POST", PATH, status=422, json=body)

    assert reported["param"] == "webhook_url"


async def test_an_announcement_is_what_get_would_answer(server: Server) -> None:
    made = await server.create(webhook_url=HOOK)
    completed = await server.complete(made["id"])

    (*_, last) = await server.store.deliveries(GenerationId(made["id"]))
    body = server.native.announcement(
        completed, wording=last.format, url=lambda key: "https://media.example/" + key
    )

    reported, got = json.loads(body), await server.get(made["id"])
    assert reported.pop("artifacts").keys() == got.pop("artifacts").keys()
    assert reported == got


async def test_waiting_ends_when_it_is_final(server: Server) -> None:
    server.on_submit(server.complete)

    reply = await server.client.post(
        PATH, json={"prompt": "x"}, headers={"Prefer": "respond-async, wait=60"}
    )

    assert reply.json()["state"] == "completed"
    assert reply.headers["preference-applied"] == "wait=60"


@pytest.mark.parametrize("prefer", ["wait", "wait=x", "wait=-1", "return=minimal", "wait=0", "é"])
async def test_a_preference_that_is_not_ours_is_ignored(server: Server, prefer: str) -> None:
    reply = await server.client.post(
        PATH, json={"prompt": "x"}, headers={b"Prefer": prefer.encode("latin-1")}
    )

    assert reply.status_code == 201
    assert "preference-applied" not in reply.headers


@pytest.mark.parametrize("state", ["queued", "running"])
async def test_what_is_not_final_can_be_cancelled(server: Server, state: str) -> None:
    made = await server.create()
    await server.bring_to(made["id"], state)

    reply = await server.client.post(f"{PATH}/{made['id']}/cancel")

    assert reply.status_code == 200
    assert reply.json()["state"] == "cancelled"


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
async def test_what_is_final_cannot_be_cancelled(server: Server, state: str) -> None:
    made = await server.create()
    await server.bring_to(made["id"], state)

    reported = await server.problem("POST", f"{PATH}/{made['id']}/cancel", status=409)

    assert reported["code"] == "illegal_transition"


async def test_a_retry_is_a_generation_of_its_own(server: Server) -> None:
    made = await server.create(seed=3)
    await server.fail(made["id"])

    reply = await server.client.post(f"{PATH}/{made['id']}/retry")

    assert reply.status_code == 201
    reported = reply.json()
    assert reported["id"] != made["id"]
    assert reply.headers["location"] == f"{PATH}/{reported['id']}"
    assert (reported["state"], reported["request"]) == ("queued", made["request"])


async def test_what_has_not_failed_cannot_be_retried(server: Server) -> None:
    made = await server.create()

    reported = await server.problem("POST", f"{PATH}/{made['id']}/retry", status=409)

    assert reported["code"] == "conflict"


@pytest.mark.parametrize("state", ["completed", "failed", "cancelled"])
async def test_a_removed_generation_and_its_files_are_gone(server: Server, state: str) -> None:
    made = await server.create()
    await server.bring_to(made["id"], state)
    files = [server.media.path(a.key) for a in (await server.stored(made["id"])).artifacts]

    reply = await server.client.delete(f"{PATH}/{made['id']}")

    assert (reply.status_code, reply.content) == (204, b"")
    assert not any(file and file.exists() for file in files)
    await server.problem("GET", f"{PATH}/{made['id']}", status=404)
    await server.problem("DELETE", f"{PATH}/{made['id']}", status=404)


@pytest.mark.parametrize("state", ["queued", "running"])
async def test_what_is_not_final_must_be_cancelled_before_it_is_removed(
    server: Server, state: str
) -> None:
    made = await server.create()
    await server.bring_to(made["id"], state)

    reported = await server.problem("DELETE", f"{PATH}/{made['id']}", status=409)

    assert "cancel it first" in reported["detail"]
    assert (await server.stored(made["id"])).state is State(state)


async def test_an_idempotency_key_is_free_once_its_generation_is_removed(server: Server) -> None:
    headers = {"Idempotency-Key": "k"}
    first = (await server.client.post(PATH, json={"prompt": "x"}, headers=headers)).json()
    await server.bring_to(first["id"], "cancelled")
    await server.client.delete(f"{PATH}/{first['id']}")

    again = await server.client.post(PATH, json={"prompt": "x"}, headers=headers)

    assert again.status_code == 201
    assert again.json()["id"] != first["id"]


async def test_the_position_counts_those_that_wait_before(server: Server) -> None:
    ids = []
    for _ in range(3):
        server.clock.advance(seconds=1)
        ids.append((await server.create())["id"])

    assert [(await server.get(id_))["position"] for id_ in ids] == [0, 1, 2]
    await server.run(ids[0])
    assert [(await server.get(id_))["position"] for id_ in ids] == [None, 0, 1]


async def test_events_tell_what_became_true(server: Server) -> None:
    made = await server.create()
    await server.fail(made["id"], "no")

    reported = await server.get(made["id"], "/events")

    assert [(e["type"], e["state"]) for e in reported["events"]] == [
        ("generation.queued", "queued"),
        ("generation.running", "running"),
        ("generation.failed", "failed"),
    ]
    assert reported["events"][-1]["failure"] == {"code": "engine_rejected", "message": "no"}


async def test_attempts_are_told_with_how_each_ended(server: Server) -> None:
    made = await server.create()
    await server.run(made["id"])
    await server.run(made["id"])
    await server.complete(made["id"])

    attempts = (await server.get(made["id"], "/attempts"))["attempts"]

    assert [(a["number"], a["channel"], a["outcome"]) for a in attempts] == [
        (1, "scripted", "lost"),
        (2, "scripted", "completed"),
    ]
    assert attempts[0]["ended_at"] == attempts[1]["started_at"]


async def test_an_attempt_tells_what_was_asked_of_an_upstream(server: Server) -> None:
    made = await server.create()
    claimed, now = await server.run(made["id"]), server.clock.now()
    requested = lifecycle.submit_upstream(claimed, token="secret", credential="c", now=now)
    taken = lifecycle.accept(requested.after, "u1", now=now)
    failure = Failure(code="engine_unavailable", message="Job failed")
    retried = lifecycle.retry(taken.after, pause_s=0, failure=failure, now=now)
    for change in (requested, taken, retried):
        await server.store.write(change)

    (attempt,) = (await server.get(made["id"], "/attempts"))["attempts"]

    assert (attempt["outcome"], attempt["upstream_id"]) == ("failed", "u1")
    assert attempt["failure"] == {"code": "engine_unavailable", "message": "Job failed"}
    assert attempt["accepted_at"] is not None
    assert "secret" not in str(attempt)


async def test_models_say_what_they_can(server: Server) -> None:
    reported = (await server.client.get("/api/v1/models")).json()["models"]

    by_name = {model["name"]: model for model in reported}
    assert [name for name, model in by_name.items() if model["is_default"]] == ["ray-2"]
    assert "ray2" in by_name["ray-2"]["aliases"]
    can = by_name["ray-2"]["capabilities"]
    assert "9:21" in can["aspect_ratios"]
    assert (can["seed"], can["negative_prompt"]) == (True, True)
    assert can["concepts"] == ["dolly_zoom", "pan_left"]
    assert "image" not in can["kinds"]
    assert by_name["photon-1"]["capabilities"]["kinds"] == ["image", "reframe"]


async def test_the_account_is_that_of_the_key(server: Server) -> None:
    reported = (await server.client.get("/api/v1/account")).json()

    assert reported["id"] == "tester"
    assert reported["key_id"].startswith("key_")
    assert reported["operates"] is False


async def test_another_method_is_told_which_there_are(server: Server) -> None:
    reply = await server.client.put(f"{PATH}/{EARLIER}")

    assert problem_of(reply, 405)["code"] == "method_not_allowed"
    assert set(reply.headers["allow"].split(", ")) == {"GET", "HEAD", "DELETE"}


async def test_head_answers_as_get_without_a_body(server: Server) -> None:
    made = await server.create()

    for path in (PATH, f"{PATH}/{made['id']}", f"{PATH}/{made['id']}/progress"):
        reply: httpx2.Response = await server.client.head(path)
        assert reply.status_code == 200
