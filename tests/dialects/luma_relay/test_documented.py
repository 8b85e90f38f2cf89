"""What the OpenAPI document says of this dialect, and whether replies keep to it."""

import json
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package that we do without
import pytest
from openapi_spec_validator import validate
from pydantic import TypeAdapter
from tests.dialects.luma_relay.conftest import Server

from rushes.dialects.luma_relay.wire import Envelope, Rows, Task
from rushes.http.openapi import About, document, offered

REPLY: dict[str, Any] = TypeAdapter(Task).json_schema()


def test_every_path_is_in_a_valid_document(server: Server) -> None:
    about = About(version="0", values=offered(server.context.catalogue))
    made = document([server.dialect.api(server.context)], about)
    validate(made)
    assert set(made["paths"]) == {
        "/luma/generations",
        "/luma/generations_sync",
        "/luma/videos",
        "/luma/generations/file_upload",
        "/luma/generations/{id}",
        "/luma/generations/{id}/extend",
        "/luma/generations/{id}/download_video_url",
        "/luma/tasks",
        "/luma/subscription/usage",
        "/luma/users/me",
    }
    create = made["paths"]["/luma/generations"]["post"]["responses"]
    assert "400" in create
    assert "422" not in create
    assert "ray-v2" in json.dumps(made["components"]["schemas"])


@pytest.mark.parametrize("state", ["pending", "processing", "completed", "failed"])
async def test_a_reply_is_of_the_documented_shape_and_has_nothing_more(
    server: Server, state: str
) -> None:
    task_id = (await server.create(expand_prompt=True))["id"]
    await server.bring_to(task_id, state)
    reply = await server.show(task_id)
    jsonschema.validate(reply, REPLY)
    assert set(reply) <= set(REPLY["properties"])
    rows = await server.json("POST", "/luma/tasks?format=wrapped", json={"ids": [task_id]})
    jsonschema.validate(rows, TypeAdapter(Rows).json_schema())


async def test_an_error_is_of_the_documented_shape(server: Server) -> None:
    reported = await server.refused("POST", "/luma/generations", 400, json={"loop": "perhaps"})
    jsonschema.validate(reported, TypeAdapter(Envelope).json_schema())
