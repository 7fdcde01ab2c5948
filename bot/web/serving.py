"""The reading page's own server: where it listens, who is let in, and how it ends."""

import logging
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import uvicorn

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
    if not (is_loopback(host) or web.get("token") or web.get("user_header")):
        raise WebRefused(
            f"On {host} everybody who reaches this machine could read the documents; set a token "
            "in PINCITE_WEB_TOKEN, or [web] user_header behind a proxy that signs people in."
        )
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
    web = settings.web
    library = Library(home, settings)
    library.require_folders()
    hosts = loopback_hosts(host, web.get("address", "")) if is_loopback(host) else frozenset()
    gate = Gate(web.get("token", ""), web.get("user_header", ""), hosts)
    config = uvicorn.Config(
        reading_app(library, gate), log_config=None, access_log=False, server_header=False,
        proxy_headers=False, limit_concurrency=_CONNECTIONS, timeout_graceful_shutdown=_SHUTDOWN,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        root_path=urlsplit(web.get("address", "")).path.rstrip("/"),
    )  # fmt: skip
    name, port = listening.getsockname()[:2]
    ready(f"http://{f'[{name}]' if ':' in name else name}:{port}{config.root_path}/")
    for number in (signal.SIGINT, signal.SIGTERM):  # uvicorn ends by them, and then raises them
        signal.signal(number, lambda *_: None)
    uvicorn.Server(config).run(sockets=[listening])
