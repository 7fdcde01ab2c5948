"""`pincite mcp`: assistants ask the documents through the Model Context Protocol."""

from __future__ import annotations

import contextlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.output import FOUND
from bot.startup import exit_on_interrupt, settings_and_home

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.assistants.asked_index import AskedIndex


@click.command(short_help="Let assistants ask, show and verify.")
@click.option(
    "--http",
    "port",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Listen on this machine at http://127.0.0.1:PORT/mcp.  [default: standard input]",
)
@click.option(
    "--folder",
    "folders",
    multiple=True,
    metavar="NAME",
    help="Show only this corpus folder; repeatable.  [default: [mcp] folders, else all]",
)
@click.pass_obj
def mcp(home_flag: Path | None, port: int | None, folders: tuple[str, ...]) -> int:
    """Serve the tools ask, show, verify and status to assistants, as MCP has it.

    An assistant starts it by itself: its configuration names this command. With --http it runs as a
    service, for who presents PINCITE_MCP_TOKEN where the environment sets that.

    \b
    Examples:
      pincite --home /data/.pincite mcp
      pincite mcp --http 8321 --folder releases
    """
    exit_on_interrupt()
    from bot.settings import mcp_token

    settings, home = settings_and_home(home_flag)

    @cache
    def opened() -> AskedIndex:
        from bot.assistants.asked_index import AskedIndex

        return AskedIndex(home, settings, folders or settings.mcp_folders)

    with models_built_when_used():
        from bot.assistants.tool_server import serve_http, serve_stdio
    if port:
        serve_http(opened, port, mcp_token())
    else:
        serve_stdio(opened)
    return FOUND


@contextlib.contextmanager
def models_built_when_used() -> Iterator[None]:
    """Has pydantic put off what it makes of each class: a greeting needs few of the hundreds that
    the protocol has, and they take longer than everything else."""
    from pydantic import BaseModel

    BaseModel.model_config["defer_build"] = True
    try:
        yield
    finally:
        del BaseModel.model_config["defer_build"]
