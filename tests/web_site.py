"""The reading page over a home, as a browser without a network has it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.open_generations import OpenGenerations
from bot.settings import Settings
from bot.web.library import Library
from bot.web.protection import Gate
from bot.web.reading_app import reading_app
from embeddings import DEFAULT_MODEL
from retriever.index.home import Home


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was opened."""

    status: int
    headers: Any
    html: str

    @property
    def tree(self) -> LexborHTMLParser:
        return LexborHTMLParser(self.html)

    def texts(self, selector: str) -> list[str]:
        """The texts of these elements, their blanks as one."""
        return [" ".join(each.text().split()) for each in self.tree.css(selector)]

    def text(self, selector: str) -> str:
        (text,) = self.texts(selector)
        return text

    def all(self, selector: str) -> list[LexborNode]:
        return self.tree.css(selector)

    def attribute(self, selector: str, name: str) -> str:
        return self.tree.css(selector)[0].attributes[name] or ""


class Site:
    """Opens pages; `web` is the table of that name in the settings."""

    def __init__(self, home: Home, gate: Gate | None = None, **web: Any) -> None:
        settings = Settings(home.path, home.models, DEFAULT_MODEL, web=web)
        self.library = Library(OpenGenerations(home), settings)
        self.app = reading_app(self.library, gate or Gate())
        self.client = TestClient(decoded_once(self.app), raise_server_exceptions=False)

    def open(self, path: str = "/", **query: Any) -> Page:
        options = {"params": query} if query else {}
        answer = self.client.get(path, **options)
        assert "set-cookie" not in answer.headers
        return Page(answer.status_code, answer.headers, answer.text)


def decoded_once(app: ASGIApp) -> ASGIApp:
    """The application as a server calls it: the test client decodes a path twice."""

    async def called(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope["path"] = unquote(scope["raw_path"].partition(b"?")[0].decode("ascii"))
        await app(scope, receive, send)

    return called


def settings_file(folder: Path, text: str) -> None:
    (folder / "pincite.toml").write_text(text, "utf-8")
