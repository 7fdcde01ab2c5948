"""The templates, and the filters by which what documents say gets into them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot.rendering.phrases import TITLE, address_in_words, days_in_words, one_line, place_in_words
from bot.rendering.reading_page import CITED, citation_path, document_path
from bot.web.library import Holdings
from corpus.text.characters import printable


def page(
    template: str, root: str, holdings: Holdings | None, *, status: int = 200, **facts: Any
) -> HTMLResponse:
    """A page, whose links begin with `root`; everything in it is escaped."""
    facts |= {"root": root, "holdings": holdings, "cited_name": CITED}
    return HTMLResponse(_environment().get_template(template).render(facts), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "words": words,
        "line": one_line,
        "title_line": lambda title: one_line(title, TITLE),
        "address": address_in_words,
        "citation_path": citation_path,
        "document_path": document_path,
        "place": lambda each: place_in_words(each.label, each.page),
        "days": lambda each: days_in_words(each.posted, each.events[0] if each.events else None),
    }
    return environment


def words(text: str) -> str:
    """A text of a document, of whose blanks a browser shows one; what is invisible is shown as an
    escape, as elsewhere."""
    return printable(re.sub(r"\s+", " ", text))
