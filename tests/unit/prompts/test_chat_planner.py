"""Make shot plans with a chat model, and fall back to the rules."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.unit.prompts.scripted_chat import KEY, Chat, answer, said, scripted_chat

from rushes.bootstrap.prompts import shot_planner
from rushes.core.shot_plan import NotShown, ShotPlan
from rushes.core.shot_plan_json import plain
from rushes.prompts.shot_planning import PlannedShot, PlanRequest, ShotPlanner
from rushes.settings import Settings
from rushes.settings.groups import Prompts

PROMPT = "a dog on a beach"
DOG = {"subject": "dog", "words": "a dog"}


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    async with scripted_chat() as chat:
        yield chat


def planner(chat: Chat, *, deadline_s: float = 5.0) -> ShotPlanner:
    """Wire the planner as the server does."""
    prompts = Prompts(
        base_url=f"http://127.0.0.1:{chat.port}/v1",
        model="m1",
        api_key=KEY,  # type: ignore[arg-type]  # pydantic makes a secret of it
        deadline_s=deadline_s,
        plan="chat_model",
    )
    return shot_planner(Settings(prompts=prompts))


async def planned(chat: Chat, prompt: str = PROMPT, **request: Any) -> PlannedShot:
    with capture_logs():
        return await planner(chat).plan(PlanRequest(prompt=prompt, **request))


async def plan_of(chat: Chat, data: object, prompt: str = PROMPT, **request: Any) -> ShotPlan:
    chat.answer = said(json.dumps(data))
    shot = await planned(chat, prompt, **request)
    assert shot.note is None, shot.note
    return shot.plan


async def test_the_chat_models_plan_is_drawn_and_names_its_source(chat: Chat) -> None:
    night = {"set": "beach", "time": "night", "cast": [DOG], "shown": [PROMPT]}
    plan = await plan_of(chat, night)

    assert (plan.source, plan.set, plan.time) == ("chat_model", "beach", "night")
    assert [(one.subject, one.words) for one in plan.cast] == [("dog", "a dog")]
    assert (plan.shown, plan.not_shown) == ((PROMPT,), ())


async def test_the_chat_model_gets_the_request_and_the_rules_draft(chat: Chat) -> None:
    await plan_of(chat, {"cast": [DOG]}, negative_prompt="a boat", concepts=("pan_left",))

    (body,) = chat.requested
    reported = json.loads(body["messages"][1]["content"])
    assert (reported["prompt"], reported["negative_prompt"]) == (PROMPT, "a boat")
    assert reported["camera_moves_asked_for"] == ["pan_left"]
    assert reported["draft"]["set"] == "beach"
    assert "source" not in reported["draft"]


async def test_the_schema_is_one_that_strict_endpoints_take(chat: Chat) -> None:
    await plan_of(chat, {"cast": [DOG]})

    (body,) = chat.requested
    form = body["response_format"]["json_schema"]
    member = form["schema"]["properties"]["cast"]["items"]
    assert form["strict"]
    assert member["required"] == list(member["properties"])
    assert member["properties"]["subject"] == {"type": "string"}
    assert "source" not in form["schema"]["properties"]
    assert "maxItems" not in json.dumps(form)


@pytest.mark.parametrize("status", [400, 422])
async def test_an_endpoint_without_structured_output_is_asked_once_more(
    chat: Chat, status: int
) -> None:
    chat.answers = [answer(status, {"error": "response_format is not supported"})]
    plan = await plan_of(chat, {"set": "road", "cast": [DOG]})

    assert plan.set == "road"
    first, second = chat.requested
    assert "response_format" in first
    assert "response_format" not in second
    assert '"underwater"' in second["messages"][0]["content"]  # the schema as text


async def test_an_endpoint_that_refuses_twice_is_left_alone(chat: Chat) -> None:
    chat.answer = answer(400, {"error": "no such model"})

    assert "answered with status 400" in str((await planned(chat)).note)
    assert len(chat.requested) == 2


@pytest.mark.parametrize(
    "wrapped", ["```json\n{}\n```", '<think>{"set": 1}</think> {}', "Here it is: {} Good luck!"]
)
async def test_a_plan_may_be_wrapped_in_thoughts_and_fences(chat: Chat, wrapped: str) -> None:
    data = json.dumps({"set": "road", "cast": [DOG]})
    chat.answer = said(wrapped.removesuffix("{}").replace("{}", data, 1))
    if wrapped.endswith("{}"):
        chat.answer = said(wrapped[:-2] + data)

    assert (await planned(chat)).plan.set == "road"


def of_cast(**member: object) -> bytes:
    return said(json.dumps({"cast": [DOG | member]}))


BAD: dict[str, tuple[bytes, str]] = {
    "an error": (answer(500, {"error": f"boom {KEY}"}), "the chat model answered with status 500"),
    "no JSON": (said("a dog"), "answer was not a plan"),
    "half a plan": (said('{"set": "beach", "cast": ['), "answer was not a plan"),
    "a list": (said("[1]"), "answer was not a plan"),
    "nothing": (said(None), "answer was not a plan"),
    "deep JSON": (said('{"a": ' + "[" * 20_000 + "}"), "answer was not a plan"),
    "a huge number": (said('{"pace": ' + "9" * 5000 + "}"), "answer was not a plan"),
    "a long plan": (said("{" + " " * 40_000 + "}"), "plan was too long"),
    "a flood": (answer(200, b" " * 300_000), "answer was too long"),
    "a huge count": (of_cast(count=10**9), "plan.cast[0].count must be a whole number"),
    "a huger count": (of_cast(count=10**400), "plan.cast[0].count must be a whole number"),
    "no number": (said('{"pace": NaN}'), "plan.pace must be a number"),
    "a crowd of members": (said(json.dumps({"cast": [DOG] * 99})), "a list of at most 24"),
    "an unknown set": (said('{"set": "kitchenette"}'), "plan.set must be mountain, lake"),
    "an unknown move": (said('{"camera": [{"move": "teleport"}]}'), "plan.camera[0].move is no"),
    "an unknown field": (said('{"script": "<script>"}'), "plan.script is no field"),
    "a wrong colour": (of_cast(colour="red;background:url(x)"), "must be a colour"),
    "a circle": (of_cast(on=0), "without a circle"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_after_any_error_the_plan_is_made_by_rules_with_a_note(chat: Chat, kind: str) -> None:
    chat.answer, why = BAD[kind]
    with capture_logs() as logs:
        shot = await planner(chat).plan(PlanRequest(prompt=PROMPT))

    assert (shot.plan.source, shot.plan.set) == ("rules", "beach")
    assert shot.note is not None
    assert shot.note.startswith("The plan was made by rules: the chat model")
    assert why in shot.note
    assert len(shot.note) < 300
    for reported in (shot.note, str(logs)):
        assert KEY not in reported
        assert str(chat.port) not in reported
    assert [entry["event"] for entry in logs] == ["planned_by_rules"]


async def test_a_slow_chat_model_is_not_waited_for(chat: Chat) -> None:
    let_go = asyncio.Event()

    async def wait(_writer: asyncio.StreamWriter) -> None:
        await let_go.wait()

    chat.answer = wait
    with capture_logs():
        shot = await planner(chat, deadline_s=0.05).plan(PlanRequest(prompt=PROMPT))
    let_go.set()

    assert shot.plan.source == "rules"
    assert str(shot.note).endswith("the chat model did not answer within 0.05 s.")


async def test_subjects_are_looked_up_as_the_words_of_a_prompt_are(chat: Chat) -> None:
    named = ["Dogs", "old wizard", "steam-train", "scarlet macaw"]
    plan = await plan_of(chat, {"cast": [{"subject": one} for one in named]})

    assert [one.subject for one in plan.cast] == ["dog", "wizard", "steam-train", "parrot"]


async def test_a_subject_without_a_picture_is_told_as_not_shown(chat: Chat) -> None:
    prompt = "a qwxzy under a dog"
    cast = [
        {"subject": "qwxzy", "words": "a qwxzy"},
        DOG | {"on": 0},
        {"subject": "cat", "on": 1},
    ]
    plan = await plan_of(chat, {"cast": cast, "shown": [prompt]}, prompt)

    assert [(one.subject, one.on) for one in plan.cast] == [("dog", None), ("cat", 0)]
    assert plan.not_shown[0] == NotShown(words="a qwxzy", reason="The engine has no picture of it.")
    assert plan.shown == ("a dog",)


async def test_what_the_set_draws_is_not_told_as_missing(chat: Chat) -> None:
    sun = {"subject": "sun", "words": "sun"}
    data = {"set": "beach", "time": "sunset", "cast": [DOG, sun], "shown": ["sunset"]}
    plan = await plan_of(chat, data, "a dog at sunset")

    assert [one.subject for one in plan.cast] == ["dog"]
    assert (plan.shown, plan.not_shown) == (("sunset", "a dog"), ())


async def test_words_that_the_model_leaves_out_are_told_as_not_shown(chat: Chat) -> None:
    plan = await plan_of(chat, {"set": "beach", "shown": ["a beach"]})

    assert plan.not_shown == (
        NotShown(words="a dog", reason="The chat model left it out of the plan."),
    )


async def test_what_is_in_the_cast_is_shown_whatever_the_model_says(chat: Chat) -> None:
    missing = {"words": "a dog", "reason": "It is too small."}
    plan = await plan_of(chat, {"cast": [DOG], "shown": ["beach"], "not_shown": [missing]})

    assert (plan.shown, plan.not_shown) == (("beach", "a dog"), ())


async def test_a_look_alike_is_told_as_not_shown_though_it_is_in_the_cast(chat: Chat) -> None:
    prompt = "a dog and a power bank"
    meter = {"subject": "power bank", "words": "power bank"}
    plan = await plan_of(chat, {"cast": [DOG, meter], "shown": [prompt]}, prompt)

    assert [one.words for one in plan.cast] == ["a dog", "power bank"]
    assert plan.shown == ("a dog",)
    assert [one.words for one in plan.not_shown] == ["power bank"]
    assert plan.not_shown[0].reason.startswith("The picture shows ")


async def test_camera_concepts_that_the_caller_asked_for_stay(chat: Chat) -> None:
    moves = [{"move": "zoom_out"}]
    data = {"camera": moves, "framing": "close_up", "cast": [DOG]}
    plan = await plan_of(chat, data, concepts=("aerial", "pan_left"))

    assert [one.move for one in plan.camera] == ["aerial", "pan_left"]
    assert plan.framing == "aerial"
    assert [one.move for one in (await plan_of(chat, data)).camera] == ["zoom_out"]


async def test_nothing_is_drawn_that_the_negative_prompt_excludes(chat: Chat) -> None:
    data = {"set": "forest", "cast": [DOG, {"subject": "chef"}], "effects": ["fog", "rain"]}
    plan = await plan_of(chat, data, negative_prompt="people, forest, fog")

    assert plan.set != "forest"
    assert [one.subject for one in plan.cast] == ["dog"]
    assert plan.effects == ("rain",)
    assert ("chef", "The negative prompt excludes it.") in [
        (one.words, one.reason) for one in plan.not_shown
    ]


async def test_the_models_own_words_are_not_told_as_the_callers(chat: Chat) -> None:
    script = "<script>alert(1)</script>"
    data = {
        "cast": [DOG | {"words": script}, {"subject": script, "words": script}],
        "shown": [script, "\ud800"],
        "not_shown": [
            {"words": script, "reason": "x"},
            {"words": "beach", "reason": "far\x00 away\ud800\n" + "x" * 999},
        ],
    }
    plan = await plan_of(chat, data)

    assert "<" not in json.dumps(plain(plan))
    assert [one.words for one in plan.cast] == [""]
    json.dumps(plain(plan), ensure_ascii=False).encode()  # no half of a surrogate pair
    (far,) = [one.reason for one in plan.not_shown if one.words == "beach"]
    assert far.startswith("far away x")
    assert len(far) <= 200
