"""The reader table: which files are read, and what makes documents of their bytes."""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from corpus.content import Content
from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.front_matter import front_matter
from corpus.formats.markdown import markdown_lines
from corpus.formats.plain_text import text_lines
from corpus.metadata import UNSTATED, Stated
from corpus.release.release import labelled, read_release
from corpus.text.characters import encodable
from corpus.text.decoding import decode
from corpus.text.logical_lines import Line

Reader = Callable[[bytes], Iterable[Content]]


def _plain(lines_of: Callable[[str], list[Line]]) -> Reader:
    """The reader of files that are their own text."""

    def read(data: bytes) -> Iterator[Content]:
        text, _ = decode(data)
        body, stated = front_matter(text)
        yield Content(text, lines_of("\n" * body + text[body:]), stated)

    return read


PLAIN = {
    ".txt": _plain(text_lines),
    ".text": _plain(text_lines),
    ".md": _plain(markdown_lines),
    ".markdown": _plain(markdown_lines),
}
"""Readers of files whose decoded bytes are the document's text."""


def _imported(module: str, name: str) -> Reader:
    """A reader whose module is imported when the first of its files is there."""

    def read(data: bytes) -> Iterable[Content]:
        contents: Iterable[Content] = getattr(import_module(module), name)(data)
        return contents

    return read


READERS: dict[str, Reader] = {
    **PLAIN,
    ".docx": _imported("corpus.formats.office.office_reader", "docx_contents"),
    ".eml": _imported("corpus.formats.mail", "eml_contents"),
    ".htm": _imported("corpus.formats.html.html_reader", "html_contents"),
    ".html": _imported("corpus.formats.html.html_reader", "html_contents"),
    ".mbox": _imported("corpus.formats.mail", "mbox_contents"),
    ".mht": _imported("corpus.formats.mail", "mhtml_contents"),
    ".mhtml": _imported("corpus.formats.mail", "mhtml_contents"),
    ".odt": _imported("corpus.formats.office.office_reader", "odt_contents"),
    ".pdf": _imported("corpus.formats.pdf.pdf_reader", "read_pdf"),
    ".rtf": _imported("corpus.formats.office.office_reader", "rtf_contents"),
    ".xhtml": _imported("corpus.formats.html.html_reader", "html_contents"),
}
"""By the file name's ending in lower case."""


def is_plain(name: str) -> bool:
    """Whether a file of this name is its document's text, so that nothing has to be rendered."""
    return Path(name).suffix.lower() in PLAIN


def texts_of(name: str, data: bytes) -> dict[str, str]:
    """The texts that the passages of a file's documents are ranges of, by the documents' parts."""
    if is_plain(name):
        return {"": decode(data)[0]}
    return {content.part: content.text for content in _contents(name, data)}


def _contents(name: str, data: bytes) -> Iterator[Content]:
    """What a file holds, in characters that can be written: a page or a mail can escape others."""
    for content in READERS[Path(name).suffix.lower()](data):
        stated = content.stated
        yield replace(
            content,
            text=encodable(content.text),
            lines=[
                each if each.text.isascii() else replace(each, text=encodable(each.text))
                for each in content.lines
            ],
            stated=replace(stated, title=encodable(stated.title), source=encodable(stated.source)),
        )


def read_documents(
    identifier: str,
    data: bytes,
    stated: Stated = UNSTATED,
    read: Callable[[str, Content, Stated], Document] = read_release,
) -> list[Document]:
    """The documents in a file's bytes; `identifier` is its path below the corpus folder.

    `stated` is what stands beside the file, which wins over what it states itself. `read` makes a
    document of each content, as `read_release` does. Raises `Unreadable` with the reason for a file
    that holds no document.
    """
    documents: list[Document] = []
    reason = "it is empty"
    for content in _contents(identifier, data):
        if not content.text.strip():
            continue
        name = f"{identifier}/{content.part}" if content.part else identifier
        try:
            document = read(name, content, stated.or_else(content.stated))
        except Unreadable as error:
            reason = str(error)
            continue
        # Labels depend on the file alone: a citation outlives a new manifest.
        if stated != UNSTATED:
            with contextlib.suppress(Unreadable):
                own = read(name, content, content.stated)
                passages = labelled(document.passages, own.passages)
                document = replace(document, passages=passages)
        documents.append(document)
    if not documents:
        raise Unreadable(reason)
    return documents
