"""A token that every request over HTTP has to present, as RFC 6750 has it."""

import hmac

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send


def token_required(app: ASGIApp, token: str) -> ASGIApp:
    """The application for requests with this token; others are told that they need one."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        presented = Headers(scope=scope).get("authorization", "") if scope["type"] == "http" else ""
        wanted = f"Bearer {token}"
        if scope["type"] == "http" and not hmac.compare_digest(
            presented.encode("latin-1"), wanted.encode("utf-8")
        ):
            refusal = PlainTextResponse(
                "A bearer token is needed.", 401, {"WWW-Authenticate": "Bearer"}
            )
            return await refusal(scope, receive, send)
        await app(scope, receive, send)

    return guarded
