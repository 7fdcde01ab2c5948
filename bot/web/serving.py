"""The reading page's own server: where it listens, who is let in, and how it ends."""

import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.open_generations import OpenGenerations
from bot.settings import Settings
from bot.web.errors import WebRefused
from bot.web.library import Library
from bot.web.protection import Gate, is_loopback, loopback_hosts
from bot.web.reading_app import reading_app
from retriever.index.home import Home

_LONGEST_HEAD = 1 << 18  # bytes of a request's address and headers: an address holds questions
_CONNECTIONS = 200
_SHUTDOWN = 2  # seconds that answers in flight may take when it is stopped


def listen(host: str, port: int, web: Mapping[str, Any]) -> socket.socket:
    """Listens for requests; raises `WebRefused` where that cannot be, or anybody would be let in
    from elsewhere."""
    _require_guard(host, web)
    try:
        family, *_, at = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(at[:2], family=family)
    except OSError as error:
        raise WebRefused(
            f"Port {port} of {host} cannot be used ({error.strerror}); choose a free one with "
            "--port."
        ) from None


def serve_page(
    listening: socket.socket,
    host: str,
    home: Home,
    settings: Settings,
    *,
    debug: bool,
    ready: Callable[[str], None],
) -> None:
    """Serves until SIGTERM or Ctrl-C; `ready` is told the address. Raises `WebRefused`, and as
    opening the index does."""
    logging.basicConfig(
        stream=sys.stderr, level="DEBUG" if debug else "WARNING", format="%(levelname)s %(message)s"
    )
    page = guarded_page(host, OpenGenerations(home, fast=settings.fast), settings)
    config = uvicorn.Config(
        page, log_config=None, access_log=False, server_header=False,
        proxy_headers=False, limit_concurrency=_CONNECTIONS, timeout_graceful_shutdown=_SHUTDOWN,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        root_path=root_path(settings.web),
    )  # fmt: skip
    name, port = listening.getsockname()[:2]
    ready(f"http://{f'[{name}]' if ':' in name else name}:{port}{config.root_path}/")
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn ends by them, and then raises them
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])


def guarded_page(host: str, generations: OpenGenerations, settings: Settings) -> ASGIApp:
    """The reading page as the settings say, for a server that listens on this host.

    Raises `WebRefused`, and as opening the index does.
    """
    web = settings.web
    _require_guard(host, web)
    library = Library(generations, settings)
    library.require_folders()
    hosts = loopback_hosts(host, web.get("address", "")) if is_loopback(host) else frozenset()
    return reading_app(library, Gate(web.get("token", ""), web.get("user_header", ""), hosts))


def mounted_page(host: str, generations: OpenGenerations, settings: Settings) -> ASGIApp:
    """The guarded page below another application, at the path that its address outside has, and
    for a proxy that leaves that path away."""
    page, root = guarded_page(host, generations, settings), root_path(settings.web)

    async def below_root(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        whole = path if path.startswith(f"{root}/") else root + path
        await page({**scope, "path": whole, "root_path": root}, receive, send)

    return below_root


def root_path(web: Mapping[str, Any]) -> str:
    """What precedes the paths of the reading page in its address outside."""
    return urlsplit(str(web.get("address", ""))).path.rstrip("/")


def _require_guard(host: str, web: Mapping[str, Any]) -> None:
    if not (is_loopback(host) or web.get("token") or web.get("user_header")):
        raise WebRefused(
            f"On {host} everybody who reaches this machine could read the documents; set a token "
            "in PINCITE_WEB_TOKEN, or [web] user_header behind a proxy that signs people in."
        )
