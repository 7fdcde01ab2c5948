"""The reading page as an ASGI application: a search page, and a page for each document."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Scope

from bot.exporting.files import FORMS
from bot.exporting.quotations import section_of
from bot.output import is_expected
from bot.rendering.answers import left_out, reading_notes, verdict_in_words
from bot.rendering.document_lists import reason_in_words
from bot.rendering.reading_page import citation_path
from bot.web.answer_page import quotations
from bot.web.asked import Asked
from bot.web.document_page import document_page, document_with_dropped, held_documents
from bot.web.errors import AddressRefused, NothingThere
from bot.web.library import Holdings, Library
from bot.web.protection import Gate, Protected
from bot.web.templating import page
from retriever.citing.citation import Citation
from retriever.citing.pasted import pasted_citation
from retriever.citing.percent_encoding import decoded
from retriever.errors import CitationRefused, NoIndex, QuestionRefused

_AT_A_TIME = 2
"""Searches and readings of files at a time: more would only keep each other waiting."""
_STATIC = Path(__file__).with_name("static")
_KEPT = {"Cache-Control": "private, max-age=3600"}
_FORM_NAMES = {"markdown": "Markdown", "docx": "Word", "csl-json": "CSL-JSON", "bibtex": "BibTeX"}
_WENT_WRONG = (
    "The page could not be made just now; whoever runs Pincite sees in its log what is wrong."
)

log = logging.getLogger(__name__)

Answering = Callable[[Holdings, Request], Response]


def reading_app(library: Library, gate: Gate) -> ASGIApp:
    """The application; it can be mounted below another one."""
    working = threading.Semaphore(_AT_A_TIME)

    def answering(answer: Answering) -> Callable[[Request], Response]:
        def endpoint(request: Request) -> Response:
            try:
                with working:
                    return answer(library.open(), request)
            except Exception as error:
                return _apology(request, error)

        return endpoint

    routes = [
        Route("/", answering(_search)),
        Route("/export", answering(_export)),
        Route("/d/{name:whole}", answering(_document)),
        Route("/style.css", _file("style.css", "text/css")),
        Route("/icon.svg", _file("icon.svg", "image/svg+xml")),
    ]
    app = Starlette(routes=routes, exception_handlers={HTTPException: _no_page})
    return Protected(app, gate, lambda scope, *refused: _message(_root(scope), *refused))


class _Whole(Convertor[str]):
    """The rest of a path, whatever it holds."""

    regex = r"[\s\S]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("whole", _Whole())


def _search(holdings: Holdings, request: Request) -> Response:
    asked = Asked.from_query(request.query_params)
    root = _root(request.scope)
    if not asked.question:
        return page("search.html", root, holdings, asked=asked)
    if Citation.readings(asked.question):
        cited = pasted_citation(holdings.generation.store, asked.question)
        return RedirectResponse(root + citation_path(cited))
    answer = holdings.answer(asked)
    return page(
        "answer.html", root, holdings, asked=asked, answer=answer,
        verdict=verdict_in_words(answer), quotations=quotations(answer),
        reason=reason_in_words(answer), notes=reading_notes(answer), left_out=left_out(answer),
        forms=_FORM_NAMES,
    )  # fmt: skip


def _export(holdings: Holdings, request: Request) -> Response:
    asked = Asked.from_query(request.query_params)
    form = FORMS.get(request.query_params.get("format", ""))
    if form is None or not asked.question:
        raise AddressRefused("This names nothing to take along; ask, and choose a form there.")
    answers = (section_of(holdings.answer(each)) for each in (*asked.turns(), asked))
    named = {"Content-Disposition": f'attachment; filename="pincite{form.ending}"'}
    return Response(form.file(list(answers)), media_type=form.media_type, headers=named)


def _document(holdings: Holdings, request: Request) -> Response:
    name = _decoded(request.path_params["name"])
    root, given = _root(request.scope), request.query_params.get("c", "")
    cited = pasted_citation(holdings.generation.store, given) if given else None
    if cited:
        return page("document.html", root, holdings, page=document_page(holdings, cited))
    if held := held_documents(holdings, name):
        return page("held.html", root, holdings, name=name, held=held)
    if "dropped" in request.query_params:
        return page("document.html", root, holdings, page=document_with_dropped(holdings, name))
    return page("document.html", root, holdings, page=document_page(holdings, name))


def _decoded(name: str) -> str:
    """The id of a document, which stands in an address as a citation has it."""
    try:
        return decoded(name)
    except ValueError:
        return name


def _file(name: str, kind: str) -> Callable[[Request], Response]:
    content = (_STATIC / name).read_bytes()
    return lambda _: Response(content, media_type=kind, headers=_KEPT)


def _root(scope: Scope) -> str:
    """What precedes the paths of our pages, where the application is mounted below another."""
    return quote(scope.get("root_path", ""))


def _message(root: str, reason: str, status: int) -> HTMLResponse:
    return page("message.html", root, None, status=status, reason=reason)


def _no_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    reason = "This page is only read." if status == 405 else "There is no such page."
    return _message(_root(request.scope), f"{reason} Search instead.", status)


def _apology(request: Request, error: Exception) -> Response:
    """The page that says why there is no other, in a sentence; of a failure that readers cannot
    mend the log has the kind alone, since its text may hold what somebody asked."""
    root = _root(request.scope)
    if isinstance(error, NothingThere):
        return _message(root, str(error), 404)
    if isinstance(error, AddressRefused | QuestionRefused | CitationRefused):
        return _message(root, str(error), 400)
    if isinstance(error, NoIndex):
        return _message(root, "There is no index yet; come back when it is built.", 503)
    expected = is_expected(error)
    log.error("%s: %s", "failed" if expected else "defect", type(error).__name__)
    log.debug("traceback", exc_info=error)
    return _message(root, _WENT_WRONG, 503 if expected else 500)
