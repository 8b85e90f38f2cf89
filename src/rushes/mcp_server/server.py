"""
Offer the tools by the official ``mcp`` package.

Importing that package takes a third of a second and some 35 MB. Other modules therefore import
this one only when an agent connects.
"""

import base64
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

import structlog
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.shared.exceptions import MCPError
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ContentBlock,
    ImageContent,
    ListToolsResult,
    PaginatedRequestParams,
    ResourceLink,
    TextContent,
    ToolAnnotations,
)
from mcp.types import Tool as McpTool
from starlette.types import ASGIApp

from rushes import __version__
from rushes.core.errors import RequestError
from rushes.http.problems import problem
from rushes.kit.quoting import quoted_text
from rushes.mcp_server.calls import Found, Outcome
from rushes.mcp_server.guest import ToolCaller
from rushes.mcp_server.stdin import lines
from rushes.mcp_server.tools import (
    INSTRUCTIONS,
    Schema,
    Source,
    Tool,
    shape_of,
    takes,
    tells,
    with_files,
    with_pictures_loaded,
)
from rushes.mcp_server.translate import from_generation, line, plan_sentence, sentence
from rushes.mcp_server.wire import GenerationView, Page, PlanView

Context = ServerRequestContext[Any, Any]
_log = structlog.get_logger()


def build_server(
    tools: Sequence[Tool[Any]],
    known: Callable[[], Any],
    caller_of: Callable[[Context], ToolCaller],
    *,
    source: Source | None = None,
) -> "Server[Any]":
    """
    Return a server that offers *tools*.

    Args:
        known: Returns the values for the marks in the schemas; see ``tools.values``.

        guest_of: Returns who makes a request.

        source: Returns a picture in a form that a request can carry, given its path; without it
            arguments cannot name pictures by path.
    """
    by_name = {tool.name: tool for tool in tools}

    async def list_tools(
        _context: Context, _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        values = known()
        return ListToolsResult(
            tools=[_described(tool, takes(tool, values), source) for tool in tools]
        )

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = by_name.get(params.name)
        if tool is None:
            raise MCPError(
                INVALID_PARAMS,
                f"there is no tool {quoted_text(params.name)}; there are {', '.join(by_name)}",
            )
        try:
            arguments = with_pictures_loaded(params.arguments or {}, source)
        except RequestError as error:
            return refusal(str(error))
        return await _called(tool, arguments, caller_of(context), context)

    return Server(
        "rushes",
        version=__version__,
        title="rushes",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(tool: Tool[Any], schema: Schema, source: Source | None) -> McpTool:
    return McpTool(
        name=tool.name,
        title=tool.title,
        description=tool.about,
        input_schema=with_files(schema) if source else schema,
        output_schema=tells(tool),
        annotations=ToolAnnotations(
            read_only_hint=tool.only_looks,
            destructive_hint=tool.undoes,
            idempotent_hint=tool.only_looks or tool.undoes,
            open_world_hint=False,
        ),
    )


async def _called(
    tool: Tool[Any], arguments: dict[str, object], caller: ToolCaller, context: Context
) -> CallToolResult:
    async def report(share: float, words: str) -> None:
        await context.session.report_progress(share, 1.0, words)

    try:
        result = await tool.call(arguments, caller, report)
        if isinstance(result, Found):
            return _page_result(result, caller)
        if isinstance(result, PlanView):
            text = TextContent(text=plan_sentence(result))
            return CallToolResult(content=[text], structured_content=shape_of(result))
        return await _generation_result(result, caller)
    except Exception as error:  # noqa: BLE001  # the outermost handler: an agent gets a sentence for every error
        known = problem(error)
        if known.status >= 500:
            _log.exception("tool_failed", tool=tool.name)
        return refusal(known.detail)


def refusal(sentence: str) -> CallToolResult:
    """Return an error as the result of a tool, so that the agent reads it."""
    return CallToolResult(content=[TextContent(text=sentence)], is_error=True)


def _page_result(found: Found, caller: ToolCaller) -> CallToolResult:
    views = [from_generation(one, url=caller.url) for one in found.generations]
    text = "\n".join(map(line, views)) or "There are none."
    if found.more:
        text += f"\nThere are more: `after_id` {views[-1].generation_id} gives the next."
    page = Page(generations=views, more=found.more)
    return CallToolResult(content=[TextContent(text=text)], structured_content=shape_of(page))


async def _generation_result(outcome: Outcome, caller: ToolCaller) -> CallToolResult:
    progress = outcome.view
    view = from_generation(progress.generation, url=caller.url, position=progress.position)
    content: list[ContentBlock] = [TextContent(text=sentence(view)), *_links(view)]
    if outcome.thumbnail is not None:
        kind = view.files["thumbnail"].media_type
        data = base64.b64encode(outcome.thumbnail).decode()
        content.append(ImageContent(data=data, mime_type=kind))
    return CallToolResult(
        content=content, structured_content=shape_of(view), is_error=outcome.has_failed
    )


def _links(view: GenerationView) -> list[ResourceLink]:
    return [
        ResourceLink(
            uri=file.url,
            name=file.url.rpartition("/")[2],
            title=view.prompt[:80] or kind,
            mime_type=file.media_type,
            size=file.size_bytes,
        )
        for kind, file in view.files.items()
        if kind in {"video", "image"}
    ]


@asynccontextmanager
async def over_http(server: "Server[Any]", *, limit_bytes: int) -> AsyncGenerator[ASGIApp]:
    """
    Yield an ASGI app that speaks streamable HTTP, without sessions.

    The mount has already checked host, origin and key.
    """
    manager = StreamableHTTPSessionManager(
        server, stateless=True, max_request_body_size=limit_bytes
    )
    async with manager.run():
        yield manager.handle_request


async def over_stdio(server: "Server[Any]") -> None:
    """Serve one client over standard input and output until it disconnects."""
    # The package only iterates over the lines of its standard input.
    async with stdio_server(stdin=cast("Any", lines())) as (read, write):
        await server.run(read, write, server.create_initialization_options())
