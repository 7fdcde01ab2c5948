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
from corpus.metadata import NO_METADATA, Metadata
from corpus.release.release import read_release, with_stable_labels
from corpus.text.characters import encodable
from corpus.text.decoding import decode
from corpus.text.logical_lines import Line

FormatReader = Callable[[bytes], Iterable[Content]]


def _plain_text(lines_of: Callable[[str], list[Line]]) -> FormatReader:
    """The reader of files that are their own text."""

    def read(data: bytes) -> Iterator[Content]:
        text, _ = decode(data)
        body, metadata = front_matter(text)
        yield Content(text, lines_of("\n" * body + text[body:]), metadata)

    return read


PLAIN_TEXT_READERS = {
    ".txt": _plain_text(text_lines),
    ".text": _plain_text(text_lines),
    ".md": _plain_text(markdown_lines),
    ".markdown": _plain_text(markdown_lines),
}
"""Readers of files whose decoded bytes are the document's text."""


def _lazily(module: str, name: str) -> FormatReader:
    """A reader whose module is imported when the first of its files is there."""

    def read(data: bytes) -> Iterable[Content]:
        contents: Iterable[Content] = getattr(import_module(module), name)(data)
        return contents

    return read


READERS: dict[str, FormatReader] = {
    **PLAIN_TEXT_READERS,
    ".docx": _lazily("corpus.formats.office.office_reader", "read_docx"),
    ".eml": _lazily("corpus.formats.mail", "read_eml"),
    ".htm": _lazily("corpus.formats.html.html_reader", "read_html"),
    ".html": _lazily("corpus.formats.html.html_reader", "read_html"),
    ".mbox": _lazily("corpus.formats.mail", "read_mbox"),
    ".mht": _lazily("corpus.formats.mail", "read_mhtml"),
    ".mhtml": _lazily("corpus.formats.mail", "read_mhtml"),
    ".odt": _lazily("corpus.formats.office.office_reader", "read_odt"),
    ".pdf": _lazily("corpus.formats.pdf.pdf_reader", "read_pdf"),
    ".rtf": _lazily("corpus.formats.office.office_reader", "read_rtf"),
    ".xhtml": _lazily("corpus.formats.html.html_reader", "read_html"),
}
"""By the file name's ending in lower case."""


def is_plain_text(name: str) -> bool:
    """Whether a file of this name is its document's text, so that nothing has to be rendered."""
    return Path(name).suffix.lower() in PLAIN_TEXT_READERS


def _contents(name: str, data: bytes) -> Iterator[Content]:
    """The contents of a file, without lone surrogates, which a page or a mail can escape."""
    for content in READERS[Path(name).suffix.lower()](data):
        metadata = content.metadata
        yield replace(
            content,
            text=encodable(content.text),
            lines=[
                each if each.text.isascii() else replace(each, text=encodable(each.text))
                for each in content.lines
            ],
            metadata=replace(
                metadata, title=encodable(metadata.title), source=encodable(metadata.source)
            ),
            beside=encodable(content.beside),
        )


def read_documents(
    identifier: str,
    data: bytes,
    metadata: Metadata = NO_METADATA,
    read: Callable[[str, Content, Metadata], Document] = read_release,
) -> list[Document]:
    """The documents in a file's bytes; `identifier` is its path below the corpus folder.

    `metadata` is from outside the file, and overrides the file's own. `read` makes a document of
    each content, as `read_release` does. Raises `Unreadable` with the reason for a file without a
    document.
    """
    documents: list[Document] = []
    reason = "it is empty"
    for content in _contents(identifier, data):
        if not content.text.strip():
            continue
        name = f"{identifier}/{content.part}" if content.part else identifier
        try:
            document = read(name, content, metadata.or_else(content.metadata))
        except Unreadable as error:
            reason = str(error)
            continue
        # Labels depend on the file alone: a citation outlives a new sidecar.
        if metadata != NO_METADATA:
            with contextlib.suppress(Unreadable):
                own = read(name, content, content.metadata)
                passages = with_stable_labels(document.passages, own.passages)
                document = replace(document, passages=passages)
        documents.append(document)
    if not documents:
        raise Unreadable(reason)
    return documents
