"""The tools as a server of the Model Context Protocol, over standard input and output or HTTP."""

from __future__ import annotations

import asyncio
import logging
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from pydantic import ValidationError
from starlette.types import ASGIApp

from bot.assistants.bearer_token import token_required
from bot.assistants.tools import INSTRUCTIONS, TOOLS, AssistantTool
from bot.errors import BotError
from bot.output import one_sentence, sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.assistants.asked_index import AskedIndex

_READS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)

log = logging.getLogger(__name__)


class PortTaken(BotError):
    """The port of the server cannot be used."""


def serve_stdio(opened: Callable[[], AskedIndex]) -> None:
    """Serves one client on standard input and output, until it closes them."""

    async def serve() -> None:
        server = tool_server(opened)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    asyncio.run(serve())


def serve_http(opened: Callable[[], AskedIndex], port: int, token: str = "") -> None:
    """Serves on this machine's loopback at `/mcp`, until it is stopped; raises `PortTaken`."""
    import uvicorn

    config = uvicorn.Config(
        tool_app(opened, token), host="127.0.0.1", port=port, log_config=None, access_log=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    try:
        uvicorn.Server(config).run()
    except SystemExit:
        raise PortTaken(f"Port {port} cannot be used; name a free one with --http.") from None


def tool_app(opened: Callable[[], AskedIndex], token: str = "") -> ASGIApp:
    """The tools over streamable HTTP, without sessions; with a token, for those who present it.

    A `Host` or `Origin` that is not this machine's loopback is refused, so that no page in a
    browser reaches it by a name of its own.
    """
    app = tool_server(opened).streamable_http_app(stateless_http=True, json_response=True)
    return token_required(app, token) if token else app


def tool_server(opened: Callable[[], AskedIndex]) -> Server[Any]:
    """The server that lists the tools and calls them, on the index that the first call opens."""

    async def list_tools(
        _: ServerRequestContext[Any], __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        return types.ListToolsResult(tools=list(map(_described, TOOLS.values())))

    async def call_tool(
        _: ServerRequestContext[Any], called: types.CallToolRequestParams
    ) -> types.CallToolResult:
        arguments = called.arguments or {}
        return await asyncio.to_thread(called_tool, opened, called.name, arguments)

    return Server(
        "pincite",
        version=version("pincite"),
        title="Pincite",
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def called_tool(
    opened: Callable[[], AskedIndex], name: str, arguments: dict[str, Any]
) -> types.CallToolResult:
    """What a tool gives, as an object and as the same in JSON; what goes wrong is a sentence."""
    tool = TOOLS.get(name)
    if tool is None:
        return _failed(f"There is no tool {name[:80]!r}; call {', '.join(TOOLS)}.")
    try:
        asked = tool.arguments.model_validate(arguments)
        from bot.assistants.calls import CALLS  # an assistant is greeted before this is loaded

        result = CALLS[name](opened(), asked)
    except ValidationError as error:
        return _failed(_refusal(tool, error))
    except Exception as error:
        return _failed(sentence_of(error) or _defect(tool, error))
    text = types.TextContent(type="text", text=result.model_dump_json())
    return types.CallToolResult(
        content=[text], structured_content=result.model_dump(mode="json"), is_error=False
    )


def _described(tool: AssistantTool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=tool.result.model_json_schema(mode="serialization"),
        annotations=_READS,
    )


def _failed(sentence: str) -> types.CallToolResult:
    text = types.TextContent(type="text", text=one_sentence(sentence))
    return types.CallToolResult(content=[text], is_error=True)


def _refusal(tool: AssistantTool, error: ValidationError) -> str:
    """What is wrong with the first argument that is."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(map(str, first["loc"]))[:80]
    return f"{tool.name} cannot take {name!r} ({first['msg']}); correct it by the tool's schema."


def _defect(tool: AssistantTool, error: Exception) -> str:
    log.error("the tool %s failed", tool.name, exc_info=error)
    return f"This is a defect of Pincite ({type(error).__name__}); say that it cannot be asked now."
