"""Who is let in, and what browsers are told never to do with a page."""

import base64
import binascii
import ipaddress
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
}
"""Nothing runs or is fetched but our own style; no other page frames, reads or keeps ours."""

Refusal = Callable[[Scope, str, int], Response]
"""The page that tells why somebody is not let in."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Who is let in: who knows the `token`, comes through a proxy that names its user in the
    `user_header`, and calls the page by one of its `hosts`; what is empty is not asked for.

    A browser gives the token as a password, a program as a bearer token.
    """

    token: str = ""
    user_header: str = ""
    hosts: frozenset[str] = frozenset()

    def refusal(self, headers: Headers) -> tuple[str, int] | None:
        """Why a request is refused, and the status; None when it is let in."""
        if self.hosts and host_in(headers.get("host", "")) not in self.hosts:
            return "The page is not known by this name; open the address that Pincite printed.", 421
        if self.token and not self._knows_the_token(headers.get("authorization", "")):
            return "This page asks for its token, as the password; any user name will do.", 401
        if self.user_header and not headers.get(self.user_header, "").strip():
            return "Nobody is signed in; open this page through the proxy that signs you in.", 403
        return None

    def _knows_the_token(self, authorization: str) -> bool:
        scheme, _, value = authorization.partition(" ")
        given = value.strip().encode("utf-8", "replace")
        if scheme.lower() == "basic":
            try:
                given = base64.b64decode(given, validate=True).partition(b":")[2]
            except binascii.Error:
                return False
        elif scheme.lower() != "bearer":
            return False
        return secrets.compare_digest(given, self.token.encode())


class Protected:
    """An application behind a gate, whose every answer has the headers."""

    def __init__(self, app: ASGIApp, gate: Gate, refuse: Refusal) -> None:
        self._app, self._gate, self._refuse = app, gate, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as the ASGI specification has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._gate.refusal(Headers(scope=scope))
        app = self._app
        if refused:
            app = self._refuse(scope, *refused)
            if refused[1] == 401:
                app.headers["WWW-Authenticate"] = 'Basic realm="Pincite", charset="UTF-8"'
        await app(scope, receive, send_protected)


def host_in(header: str) -> str:
    """The host that a `Host` header names, without its port; empty for one that names none."""
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens on a host."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def loopback_hosts(host: str, address: str) -> frozenset[str]:
    """The names by which a page that listens on loopback may be called: a name of a stranger's that
    leads here must not read it. `address` is the outside one."""
    outside = {host_in(urlsplit(address).netloc)} if address else set()
    return frozenset({"localhost", "127.0.0.1", "::1", host} | outside)
