"""Plans in our own API: understood, drawn roughly, taken with a request, told with a generation."""

from dataclasses import replace
from typing import Any

import pytest
from tests.dialects.native.conftest import ORIGIN, PATH, Server

from rushes.core import lifecycle
from rushes.core.shot_plan import ShotPlan
from rushes.core.shot_plan_json import plain
from rushes.engines.animatic.planning.prompt_seed import seed_of
from rushes.engines.scripted import ScriptedEngine
from rushes.service.accounts import Caller
from rushes.service.request_context import RequestContext

PLANS = "/api/v1/plans"


async def planned(server: Server, **fields: Any) -> dict[str, Any]:
    reply = await server.client.post(PLANS, json={"prompt": "a chef in a kitchen"} | fields)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def test_a_prompt_is_understood_without_being_rendered(server: Server) -> None:
    reported = await planned(server, prompt="two dogs run on a beach at sunset, pan left")

    plan = reported["plan"]
    assert (plan["set"], plan["time"], plan["source"]) == ("beach", "sunset", "rules")
    assert [(one["subject"], one["count"]) for one in plan["cast"]] == [("dog", 2)]
    assert [one["move"] for one in plan["camera"]] == ["pan_left"]
    assert (await server.client.get(PATH)).json()["generations"] == []


async def test_a_plan_comes_with_the_seed_of_its_video(server: Server) -> None:
    made = await server.client.post(PATH, json={"prompt": "a chef in a kitchen"})

    assert (await planned(server, seed=7))["seed"] == 7
    assert (await planned(server))["seed"] == seed_of(made.json()["request"]["prompt"])


async def test_concepts_and_a_negative_prompt_are_part_of_what_is_understood(
    server: Server,
) -> None:
    reported = await planned(server, concepts=["dolly_zoom"], negative_prompt="chef")

    assert [one["move"] for one in reported["plan"]["camera"]] == ["dolly_zoom"]
    assert reported["plan"]["cast"] == []


async def test_an_unknown_concept_is_refused(server: Server) -> None:
    problem = await server.problem(
        "POST", PLANS, status=422, json={"prompt": "a dune", "concepts": ["dolly_zom"]}
    )

    assert [one["param"] for one in problem["problems"]] == ["concepts"]


@pytest.mark.parametrize("prompt", [" ", "\n\t  "])
async def test_a_prompt_of_spaces_is_refused_by_a_plan_as_by_a_generation(
    server: Server, prompt: str
) -> None:
    problems = [
        await server.problem("POST", path, status=422, json={"prompt": prompt})
        for path in (PLANS, PATH)
    ]

    assert {one["detail"] for one in problems} == {"prompt must have words, not only spaces"}


async def test_an_expanded_prompt_is_told_with_its_plan(server: Server) -> None:
    reported = await planned(server, expand_prompt=True)

    assert reported["prompt_used"].startswith("a chef in a kitchen")
    assert len(reported["prompt_used"]) > len("a chef in a kitchen")


async def test_the_schema_lists_what_can_be_drawn(server: Server) -> None:
    where = (await planned(server))["schema_url"]

    schema = (await server.client.get(where)).json()

    member = schema["properties"]["cast"]["items"]["properties"]
    assert "steam-locomotive" in member["subject"]["enum"]
    assert "dolly_zoom" in str(schema["properties"]["camera"])


async def test_a_plan_is_taken_as_it_is_told(server: Server) -> None:
    plan = (await planned(server))["plan"]
    plan["cast"][0]["x"] = 0.25

    made = await server.create(plan=plan, seed=7)

    assert made["plan"] == plan | {"source": "caller"}
    assert made["request"]["plan"] == made["plan"]
    again = await server.client.post(PATH, json=made["request"])
    assert again.json()["plan"] == made["plan"]


@pytest.mark.parametrize(
    ("plan", "field", "said"),
    [
        ({"set": "kitchn"}, "plan.set", "did you mean kitchen"),
        ({"cast": [{"subject": "chefff"}]}, "plan.cast[0].subject", "no name"),
        ({"cast": [{"subject": "cook", "x": 2}]}, "plan.cast[0].x", "0 to 1"),
        ({"camera": [{"move": "wobble"}]}, "plan.camera[0].move", "no name"),
        ({"palette": "mauve"}, "plan.palette", "no name"),
        ({"colour": "red"}, "plan.colour", "no field"),
        ({"shown": ["x" * 5000] * 20}, "plan", "64 KiB"),
        ({"cast": [{"subject": "dog"}] * 25}, "plan.cast", "at most 24"),
        ({"cast": [{"subject": "dog"}] * 10_000}, "plan", "64 KiB"),
        ({"cast": [{"subject": "dog", "on": -1}]}, "plan.cast[0].on", "from 0 to 23"),
        ({"cast": [{"subject": "dog", "on": 0.5}]}, "plan.cast[0].on", "a whole number"),
        ({"cast": {"subject": "dog"}}, "plan.cast", "a list"),
        ({"cast": [{"subject": "dgo"}]}, "plan.cast[0].subject", "dog"),
    ],
)
async def test_what_is_no_plan_is_refused_by_its_field(
    server: Server, plan: dict[str, Any], field: str, said: str
) -> None:
    body = {"prompt": "a dune", "plan": plan}

    problem = await server.problem("POST", PATH, status=422, json=body)

    assert [one["param"] for one in problem["problems"]] == [field]
    assert said in problem["detail"]
    frame = await server.problem("POST", f"{PLANS}/frame", status=422, json={"plan": plan})
    assert [one["param"] for one in frame["problems"]] == [field]


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 300])
@pytest.mark.parametrize("path", [PATH, f"{PLANS}/frame"])
async def test_a_number_that_is_none_is_refused(server: Server, path: str, number: bytes) -> None:
    beside = b'"prompt": "a dog", ' if path == PATH else b""
    body = b'{%s"plan": {"cast": [{"subject": "dog", "x": %s}]}}' % (beside, number)
    headers = {"Content-Type": "application/json"}

    problem = await server.problem("POST", path, status=422, content=body, headers=headers)

    assert problem["detail"] == "plan.cast[0].x must be a number from 0 to 1"


@pytest.mark.parametrize(
    "body",
    [
        b'{"prompt": "a dune", "plan": {"set": "desert", "set": "beach"}}',
        b'{"prompt": "a dune", "plan": {"cast": [{"subject": "dog", "subject": "cat"}]}}',
        b'{"prompt": "a dune", "plan": {"set": "desert"}, "plan": {}}',
    ],
)
async def test_a_name_that_is_there_twice_is_refused(server: Server, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    problem = await server.problem("POST", PATH, status=422, content=body, headers=headers)

    assert "twice in one object; give it once" in problem["detail"]
    assert (problem["param"], problem["code"]) == ("body", "invalid_request")


@pytest.mark.parametrize(
    ("beside", "field"),
    [
        ({"concepts": ["dolly_zoom"]}, "concepts"),
        ({"negative_prompt": "people"}, "negative_prompt"),
        ({"expand_prompt": True}, "expand_prompt"),
        ({"keyframes": {"first": {"image": "https://example.com/a.png"}}}, "plan"),
    ],
)
async def test_what_a_plan_would_make_void_is_refused_beside_it(
    server: Server, beside: dict[str, Any], field: str
) -> None:
    body = {"prompt": "a dune", "plan": {"set": "desert"}} | beside

    problem = await server.problem("POST", PATH, status=422, json=body)

    assert [one["param"] for one in problem["problems"]] == [field]


async def test_a_model_that_draws_no_plans_refuses_one(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    can = replace(ScriptedEngine.capabilities, shot_plans=False)
    monkeypatch.setattr(ScriptedEngine, "capabilities", can)
    body = {"prompt": "a dune", "plan": {"set": "desert"}}

    problem = await server.problem("POST", PATH, status=422, json=body)

    assert problem["problems"] == [
        {
            "param": "plan",
            "detail": "ray-2 takes no plan here; leave it out, or ask for another model",
        }
    ]


async def test_a_picture_takes_a_plan(server: Server) -> None:
    made = await server.create(kind="image", plan={"set": "desert"})

    assert made["plan"]["set"] == "desert"


async def test_what_the_engine_understood_is_told_once_it_is_known(server: Server) -> None:
    id_ = (await server.create())["id"]
    assert (await server.get(id_))["plan"] is None
    plan = ShotPlan(set="desert", shown=("dune",))

    running = await server.run(id_)
    await server.store.write(lifecycle.plan(running, plan, now=server.clock.now()))

    reported = await server.get(id_)
    assert (reported["state"], reported["plan"]) == ("running", plain(plan))
    assert "plan" not in reported["request"]


async def test_a_retry_keeps_the_plan_and_a_remix_drops_it(server: Server) -> None:
    id_ = (await server.create(plan={"set": "desert"}))["id"]
    await server.fail(id_)

    retried = (await server.client.post(f"{PATH}/{id_}/retry")).json()

    assert retried["plan"]["set"] == "desert"
    await server.complete(retried["id"])
    remixed = await server.context.generations.remix(
        retried["id"],
        "a lake",
        caller=Caller(account_id=(await server.stored(id_)).account_id),
        context=RequestContext(dialect="native", origin=ORIGIN),
    )
    assert remixed.spec.shot_plan is None


async def test_a_rough_frame_is_drawn_of_a_plan(server: Server) -> None:
    body = {"plan": {"set": "desert"}, "aspect_ratio": "9:16", "seed": 3}

    reply = await server.client.post(f"{PLANS}/frame", json=body)

    assert (reply.status_code, reply.content) == (200, b"a frame")
    assert reply.headers["content-type"] == "image/jpeg"
    assert reply.headers["rushes-cast-places"] == "[]"
    assert "no-store" in reply.headers["cache-control"]


async def test_a_frame_in_a_shape_that_there_is_not_is_refused(server: Server) -> None:
    body: dict[str, Any] = {"plan": {}, "aspect_ratio": "5:1"}

    problem = await server.problem("POST", f"{PLANS}/frame", status=422, json=body)

    assert [one["param"] for one in problem["problems"]] == ["aspect_ratio"]


@pytest.mark.parametrize("path", [PLANS, f"{PLANS}/frame", f"{PLANS}/schema"])
async def test_plans_are_for_those_with_a_key(server: Server, path: str) -> None:
    method = "GET" if path.endswith("schema") else "POST"
    async with server.as_client(None) as stranger:
        assert (await stranger.request(method, path)).status_code == 401


async def test_every_subject_is_listed_with_how_it_is_drawn(server: Server) -> None:
    listed = (await server.client.get(f"{PLANS}/subjects")).json()["subjects"]

    found = {one["name"]: one for one in listed}
    schema = (await server.client.get(f"{PLANS}/schema")).json()
    member = schema["properties"]["cast"]["items"]["properties"]
    assert list(found) == member["subject"]["enum"]
    assert (found["eagle"]["kind"], found["eagle"]["plane"]) == ("bird", "sky")


async def test_subjects_are_drawn_side_by_side(server: Server) -> None:
    body = {"subjects": ["dog", "castle"]}

    reply = await server.client.post(f"{PLANS}/subjects/sheet", json=body)
    again = await server.client.post(f"{PLANS}/subjects/sheet", json=body)

    assert (reply.status_code, reply.content, again.content) == (200, b"a sheet", b"a sheet")
    assert reply.headers["content-type"] == "image/webp"


@pytest.mark.parametrize(
    ("subjects", "param"),
    [
        ([], "subjects"),
        (["dog"] * 65, "subjects"),
        (["dog", "dgo"], "subjects.1"),
        (["../art.zip"], "subjects.0"),
        (["x" * 65], "subjects.0"),
        ("dog", "subjects"),
        ([None], "subjects.0"),
    ],
)
async def test_a_sheet_of_what_is_no_subject_is_refused(
    server: Server, subjects: object, param: str
) -> None:
    body = {"subjects": subjects}

    problem = await server.problem("POST", f"{PLANS}/subjects/sheet", status=422, json=body)

    assert [one["param"] for one in problem["problems"]] == [param]
