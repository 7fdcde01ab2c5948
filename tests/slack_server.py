"""The server of the stand-in for Slack: one ASGI application under uvicorn, in a thread of its own.

It has the Web API under /api/, the response_urls under /response/ and Socket Mode under /socket/.
All state belongs to the loop of that thread; others hand their work to it with `do`.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import uvicorn
from slack_api import Arguments, Token, WebApi, decoded
from slack_delivery import Sockets
from slack_faults import Fault, Faults
from slack_world import Refused, World
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

T = TypeVar("T")

BOT_TOKEN = "xoxb-1-stand-in"
APP_TOKEN = "xapp-1-A0APP-stand-in"


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the bot: a Web API method or `response_url`, and what it was answered.

    The answer is None where the bot got none, because a fault cut the connection.
    """

    method: str
    arguments: Arguments
    token: Token
    at: float
    status: int
    answer: dict[str, Any] | None
    url: str = ""
    fault: str = ""

    @property
    def ok(self) -> bool:
        """Whether the bot was told of success."""
        return bool(self.answer and self.answer.get("ok"))

    @property
    def error(self) -> str:
        """The error that the bot was told of."""
        return str((self.answer or {}).get("error", ""))


class Server:
    """Answers the bot's calls on a world, with the faults that are planned, and records them."""

    def __init__(self, world: World, scopes: set[str]) -> None:
        self.world = world
        self.faults = Faults()
        self.sockets = Sockets(self._cut)
        self.api = WebApi(world, scopes, self._open_socket)
        self.calls: list[Call] = []
        self.last_activity = 0.0  # on the monotonic clock
        self.under_way = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._crashes: list[BaseException] = []
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> None:
        """Serves; raises TimeoutError if that takes more than 120 seconds."""
        self._thread.start()
        if not self._started.wait(120):
            raise TimeoutError("the stand-in for Slack did not start")

    def stop(self) -> None:
        """Ends every connection and the thread; may be called twice.

        Raises what went wrong in the stand-in itself, so that no test trusts it then.
        """
        if self._thread.is_alive():
            self.do(self._end)
            self._thread.join(10)
        if self._crashes:
            raise self._crashes.pop()

    def do(self, act: Callable[[], T]) -> T:
        """Runs something on the server's loop and returns what it gave; when it is down, here."""
        if not self._thread.is_alive():
            return act()

        async def run() -> T:
            return act()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(10)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts something on the loop; only for what runs there."""
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            self._crashes.append(error)

    def response_address(self, token: str) -> str:
        """The response_url of a token."""
        return f"http://127.0.0.1:{self.port}/response/{token}"

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        app = Starlette(
            routes=[
                Route("/api/{method}", self._web_api, methods=["GET", "POST"]),
                Route("/response/{token}", self._response, methods=["POST"]),
                WebSocketRoute("/socket/{ticket}", self.sockets.serve),
            ]
        )
        config = uvicorn.Config(app, log_level="critical", lifespan="off")
        config.load()
        # Without uvicorn's own loop around it, which takes 0.2 s to end.
        protocol = partial(_noting(self._transports), config, ServerState(), {})
        server = await self._loop.create_server(protocol, sock=self._listener)
        self._started.set()
        await self._stopping.wait()
        server.close()
        for transport in list(self._transports.values()):
            transport.abort()
        await asyncio.sleep(0)

    def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        self.sockets.drop()
        self._stopping.set()

    def deafen(self) -> None:
        """Reads no more from the connections of Socket Mode: no ping is answered, no ack heard."""
        for peer in self.sockets.peers:
            self._transports[tuple(peer)].pause_reading()

    def _cut(self, peer: Any) -> None:
        transport = self._transports.get(tuple(peer))
        if transport is not None:
            transport.abort()

    def _open_socket(self) -> str:
        if not self.sockets.enabled:
            raise Refused("socket_mode_disabled")
        return f"ws://127.0.0.1:{self.port}/socket/{self.sockets.ticket()}"

    async def _web_api(self, request: Request) -> Response:
        method = request.path_params["method"]
        body, kind = await request.body(), request.headers.get("content-type", "")
        try:
            arguments = decoded(body, kind, dict(request.query_params))
        except Refused as refusal:
            return _json(200, refusal.answer)
        token = _token(request.headers.get("authorization", ""), arguments)
        effect = partial(self.api.call, method, arguments, token)
        response = await self._met(request, method, arguments, token, effect)
        if token == "bot":
            response.headers["x-oauth-scopes"] = ",".join(sorted(self.api.scopes))
        return response

    async def _response(self, request: Request) -> Response:
        try:
            arguments = decoded(await request.body(), "application/json", {})
        except Refused as refusal:
            return _json(400, refusal.answer)

        def effect() -> dict[str, Any]:
            at = self.world.use(request.path_params["token"])
            self.world.respond(at, arguments, "response_url")
            return {"ok": True}

        return await self._met(request, "response_url", arguments, "none", effect)

    async def _met(
        self,
        request: Request,
        method: str,
        arguments: Arguments,
        token: Token,
        effect: Callable[[], dict[str, Any]],
    ) -> Response:
        """Answers a call, unless a fault gets in the way, and records it."""
        at = time.time()
        fault = self.faults.next(method, str(arguments.get("channel") or ""))
        self.under_way += 1
        try:
            status, answer, headers = self._outcome(method, fault, effect)
            if fault and fault.delay:
                await asyncio.sleep(fault.delay)
        finally:
            self.under_way -= 1
            self.last_activity = time.monotonic()
        lost = fault and (fault.cut or not (fault.passes or fault.body))
        heard = None if lost else answer
        name = fault.name if fault else ""
        self.calls.append(Call(method, arguments, token, at, status, heard, str(request.url), name))
        if fault and fault.cut:
            self._cut(request.client)
            await asyncio.sleep(0)
        if method == "response_url" and answer.get("ok"):
            return PlainTextResponse("ok", status)
        return _json(status, answer, headers)

    def _outcome(
        self, method: str, fault: Fault | None, effect: Callable[[], dict[str, Any]]
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        answer: dict[str, Any] = {}
        status = 200
        if fault is None or fault.after_effect:
            try:
                answer = effect()
            except Refused as refusal:
                answer = refusal.answer
                status = _status(str(refusal)) if method == "response_url" else 200
            except Exception as error:
                self._crashes.append(error)
                raise
        if fault is None or fault.passes:
            return status, answer, {}
        return fault.status, dict(fault.body or {}), fault.headers


def _status(error: str) -> int:
    """The HTTP status with which a response_url refuses."""
    return 404 if error in ("used_url", "expired_url", "no_such_url") else 400


def _token(header: str, arguments: Arguments) -> Token:
    given = header.removeprefix("Bearer ").strip() or str(arguments.pop("token", ""))
    known: dict[str, Token] = {BOT_TOKEN: "bot", APP_TOKEN: "app", "": "none"}
    return known.get(given, "unknown")


def _json(
    status: int, answer: dict[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    # A server error is no JSON.
    body = json.dumps(answer) if answer else "Internal error"
    kind = "application/json" if answer else "text/html"
    return Response(body, status, dict(headers or {}), kind)


def _noting(transports: dict[tuple[str, int], asyncio.Transport]) -> type[H11Protocol]:
    """uvicorn's protocol, which also notes who is connected, so that a connection can be cut."""

    class Noting(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self.peer = transport.get_extra_info("peername")
            transports[self.peer] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            transports.pop(self.peer, None)
            super().connection_lost(exc)

    return Noting
