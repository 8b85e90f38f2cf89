"""Expand prompts with a chat model or by rules, and fall back to the caller's prompt."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
from structlog.testing import capture_logs
from tests.unit.prompts.scripted_chat import KEY, Chat, Deed, answer, said, scripted_chat

from rushes.core.generation import Generation
from rushes.core.spec import GenerationSpec, Keyframe, Kind, Position
from rushes.prompts.chat_endpoint import MAX_REPLY_BYTES, ChatEndpoint
from rushes.prompts.chat_model import INSTRUCTION, ChatModelExpander
from rushes.prompts.expansion import PreparedPrompt, PromptPreparation


def expander(chat: Chat, *, deadline_s: float = 5.0, key: str | None = KEY) -> PromptPreparation:
    endpoint = chat.endpoint(deadline_s=deadline_s, key=key)
    return PromptPreparation(chat_model=ChatModelExpander(endpoint))


@pytest.fixture
async def chat() -> AsyncIterator[Chat]:
    async with scripted_chat() as chat:
        yield chat


@pytest.fixture
def requested(make_generation: Callable[..., Generation]) -> Generation:
    spec = GenerationSpec(prompt="a teapot", model="ray-2", expand_prompt=True)
    return make_generation(spec=spec)


def of(generation: Generation, **changes: Any) -> Generation:
    return replace(generation, spec=replace(generation.spec, **changes))


async def test_a_prompt_is_not_expanded_unless_the_caller_wants_it(
    requested: Generation, chat: Chat
) -> None:
    plain = of(requested, expand_prompt=False)

    assert await PromptPreparation().prepare(plain) == PreparedPrompt(prompt="a teapot")
    assert await expander(chat).prepare(plain) == PreparedPrompt(prompt="a teapot")
    assert chat.requested == []


async def test_without_a_chat_model_the_rules_expand_the_prompt(requested: Generation) -> None:
    prepared = await PromptPreparation().prepare(requested)

    assert prepared.prompt.startswith("a teapot. ")
    assert prepared.prompt_used == prepared.prompt
    assert prepared.note is None


async def test_a_prompt_that_needs_nothing_stays_as_it_is(requested: Generation) -> None:
    assert await PromptPreparation().prepare(of(requested, prompt="海")) == PreparedPrompt(
        prompt="海"
    )


@pytest.mark.parametrize("prompt", ["", "  "])
async def test_no_words_are_expanded_from_nothing(
    requested: Generation, chat: Chat, prompt: str
) -> None:
    assert await expander(chat).prepare(of(requested, prompt=prompt)) == PreparedPrompt(
        prompt=prompt
    )
    assert chat.requested == []


@pytest.mark.parametrize("kind", [Kind.UPSCALE, Kind.AUDIO, Kind.REFRAME, Kind.MODIFY])
async def test_an_edit_of_a_finished_video_is_not_expanded(
    requested: Generation, kind: Kind
) -> None:
    assert await PromptPreparation().prepare(of(requested, kind=kind)) == PreparedPrompt(
        prompt="a teapot"
    )


async def test_the_chat_model_hears_of_no_movement_for_a_still(requested: Generation) -> None:
    prepared = await PromptPreparation().prepare(of(requested, kind=Kind.IMAGE))

    assert "lens" in prepared.prompt
    assert "push" not in prepared.prompt


async def test_the_chat_models_answer_becomes_the_prompt(requested: Generation, chat: Chat) -> None:
    chat.answer = said("A teapot, at dawn.")

    assert await expander(chat).prepare(requested) == PreparedPrompt(
        prompt="A teapot, at dawn.", prompt_used="A teapot, at dawn."
    )
    (body,) = chat.requested
    assert body["model"] == "m1"
    assert body["messages"][0]["content"].startswith(INSTRUCTION)
    assert body["messages"][1] == {"role": "user", "content": "a teapot"}
    assert chat.heads[0].startswith("POST /v1/chat/completions ")
    assert f"authorization: bearer {KEY}" in chat.heads[0].lower()


async def test_a_chat_model_without_a_key_gets_no_authorization_header(
    requested: Generation, chat: Chat
) -> None:
    chat.answer = said("A teapot.")
    await expander(chat, key=None).prepare(requested)

    assert "authorization" not in chat.heads[0].lower()


async def test_the_chat_model_hears_what_the_prompt_does_not_say(
    requested: Generation, chat: Chat
) -> None:
    chat.answer = said("A teapot.")
    first = Keyframe(position=Position.FIRST, image="media:x")
    await expander(chat).prepare(of(requested, duration_s=9.0, loop=True, keyframes=(first,)))

    reported = chat.requested[0]["messages"][0]["content"]
    assert "9 seconds" in reported
    assert "loop" in reported
    assert "begins with a given picture" in reported


@pytest.mark.parametrize(
    "text",
    ['"A teapot."', "  A teapot.\n", "<think>Hm.\nA kettle?</think>\nA teapot.", "A\n\nteapot.",
     "```\nA teapot.\n```", "\u201cA teapot.\u201d", "A\x00 teapot."],
)  # fmt: skip
async def test_thoughts_and_quotes_are_no_part_of_the_prompt(
    requested: Generation, chat: Chat, text: str
) -> None:
    chat.answer = said(text)

    assert (await expander(chat).prepare(requested)).prompt == "A teapot."


async def flood(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b" " * 65536)
        await writer.drain()


BAD: dict[str, tuple[bytes | Deed, str]] = {
    "an error": (answer(500, {"error": "boom"}), "answered with status 500"),
    "a refusal": (answer(401, {"error": f"bad key {KEY}"}), "answered with status 401"),
    "a redirect": (
        answer(307, b"", "Location: http://127.0.0.1:1/v1\r\n"),
        "answered with status 307",
    ),
    "no JSON": (answer(200, b"<html>"), "was not a prompt"),
    "no choices": (answer(200, {"choices": []}), "was not a prompt"),
    "another shape": (answer(200, {"choices": [{"text": "x"}]}), "was not a prompt"),
    "a list": (answer(200, [1]), "was not a prompt"),
    "nothing": (said(None), "was not a prompt"),
    "blanks": (said('  ""\n'), "was not a prompt"),
    "only thoughts": (said("<think>Hm.</think>"), "was not a prompt"),
    "a novel": (said("word " * 1000), "was not a prompt"),
    "a flood": (flood, "was too long"),
    "not HTTP": (b"hello\r\n\r\n", "could not be reached"),
    "a short body": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", "could not be reached"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_after_any_error_the_callers_prompt_is_used_with_a_note(
    requested: Generation, chat: Chat, kind: str
) -> None:
    chat.answer, why = BAD[kind]
    with capture_logs() as logs:
        prepared = await expander(chat).prepare(requested)

    assert (prepared.prompt, prepared.prompt_used) == ("a teapot", None)
    assert prepared.note is not None
    assert prepared.note.startswith("The prompt was used as it is: the chat model")
    assert why in prepared.note
    for reported in (prepared.note, str(logs)):
        assert KEY not in reported
        assert str(chat.port) not in reported
    assert [entry["event"] for entry in logs] == ["prompt_not_expanded"]


async def test_a_slow_chat_model_is_not_waited_for(requested: Generation, chat: Chat) -> None:
    let_go = asyncio.Event()

    async def drip(writer: asyncio.StreamWriter) -> None:
        """Send a little, so that no single read takes long."""
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n{")
        await writer.drain()
        await let_go.wait()

    chat.answer = drip
    with capture_logs():
        prepared = await expander(chat, deadline_s=0.05).prepare(requested)
    let_go.set()

    assert prepared.prompt == "a teapot"
    assert str(prepared.note).endswith("the chat model did not answer within 0.05 s.")


async def test_an_unreachable_chat_model_leads_to_a_note(requested: Generation) -> None:
    nobody = await asyncio.start_server(lambda _r, _w: None, "127.0.0.1", 0)
    port = nobody.sockets[0].getsockname()[1]
    nobody.close()
    await nobody.wait_closed()
    prompts = PromptPreparation(
        chat_model=ChatModelExpander(ChatEndpoint(base_url=f"http://127.0.0.1:{port}", model="m"))
    )

    with capture_logs():
        assert "could not be reached" in str((await prompts.prepare(requested)).note)


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}\r\nX: y"])
async def test_a_key_that_cannot_be_sent_is_not_shown(
    requested: Generation, chat: Chat, key: str
) -> None:
    with capture_logs() as logs:
        prepared = await expander(chat, key=key).prepare(requested)

    assert "could not be reached" in str(prepared.note)
    assert KEY not in f"{prepared}{logs}"


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:x", "nonsense", "http://127.0.0.1:99999/v1", ""]
)
async def test_an_invalid_address_leads_to_a_note(requested: Generation, base_url: str) -> None:
    with capture_logs():
        chat = ChatEndpoint(base_url=base_url, model="m")
        prompts = PromptPreparation(chat_model=ChatModelExpander(chat))
        assert "could not be reached" in str((await prompts.prepare(requested)).note)


async def test_an_answer_of_the_longest_length_is_still_read(
    requested: Generation, chat: Chat
) -> None:
    body = json.dumps({"choices": [{"message": {"content": "A teapot."}}]}).encode()
    chat.answer = answer(200, body.ljust(MAX_REPLY_BYTES))

    assert (await expander(chat).prepare(requested)).prompt == "A teapot."
