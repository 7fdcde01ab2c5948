"""The reader table: which files are read, and what makes documents of their bytes."""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import replace
from importlib import import_module
from math import inf
from pathlib import PurePosixPath
from time import process_time

from corpus.content import Content, told_by_reason
from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.front_matter import front_matter
from corpus.formats.plain_text import text_lines
from corpus.formats.signatures import ending_of
from corpus.metadata import NO_METADATA, Metadata
from corpus.release.release import read_release, with_stable_labels
from corpus.text.characters import encodable, part_name
from corpus.text.decoding import decode
from corpus.text.logical_lines import Line

PARTLY = "it is read in part"
"""With what the remark begins on a file of which some documents were read, and some not."""

FormatReader = Callable[[bytes], Iterable[Content]]


def _read_plain_text(data: bytes) -> Iterator[Content]:
    """The document of a file that is its own text."""
    text, _ = decode(data)
    body, metadata = front_matter(text)
    yield Content(text, text_lines("\n" * body + text[body:]), metadata)


PLAIN_TEXT_READERS: dict[str, FormatReader] = {
    ".txt": _read_plain_text,
    ".text": _read_plain_text,
}
"""Readers of files whose decoded bytes are the document's text."""


def _lazily(module: str, name: str) -> FormatReader:
    """A reader whose module is imported when the first of its files is there."""

    def read(data: bytes) -> Iterable[Content]:
        contents: Iterable[Content] = getattr(import_module(module), name)(data)
        return contents

    return read


def _zip(data: bytes, depth: int = 0) -> Iterable[Content]:
    """The documents in an archive."""
    from corpus.formats.zip_archive import read_zip

    def read(name: str, inner: bytes, deep: int) -> Iterable[Content]:
        ending = ending_for(name, inner)
        return _zip(inner, deep) if ending == ".zip" else _named(name, READERS[ending](inner))

    return read_zip(data, read, no_reader, depth)


_READ_HTML = _lazily("corpus.formats.html.html_reader", "read_html")
_READ_MARKDOWN = _lazily("corpus.formats.markdown", "read_markdown")
_READ_MHTML = _lazily("corpus.formats.mail.mail_reader", "read_mhtml")
_READ_OFFICE = _lazily("corpus.formats.office.office_reader", "read_office")

READERS: dict[str, FormatReader] = {
    **PLAIN_TEXT_READERS,
    ".csv": _lazily("corpus.formats.sheets.delimited", "read_csv"),
    ".docm": _READ_OFFICE,
    ".docx": _READ_OFFICE,
    ".dotm": _READ_OFFICE,
    ".dotx": _READ_OFFICE,
    ".eml": _lazily("corpus.formats.mail.mail_reader", "read_eml"),
    ".epub": _lazily("corpus.formats.epub", "read_epub"),
    ".fodt": _READ_OFFICE,
    ".htm": _READ_HTML,
    ".html": _READ_HTML,
    ".hwp": _lazily("corpus.formats.hangul.hwp_reader", "read_hwp"),
    ".hwpx": _lazily("corpus.formats.hangul.hwpx_reader", "read_hwpx"),
    ".markdown": _READ_MARKDOWN,
    ".mbox": _lazily("corpus.formats.mail.mailbox", "read_mbox"),
    ".md": _READ_MARKDOWN,
    ".mht": _READ_MHTML,
    ".mhtml": _READ_MHTML,
    ".msg": _lazily("corpus.formats.mail.outlook", "read_msg"),
    ".odt": _READ_OFFICE,
    ".ott": _READ_OFFICE,
    ".pdf": _lazily("corpus.formats.pdf.pdf_reader", "read_pdf"),
    ".pptx": _lazily("corpus.formats.slides", "read_pptx"),
    ".rtf": _READ_OFFICE,
    ".tsv": _lazily("corpus.formats.sheets.delimited", "read_tsv"),
    ".xhtml": _READ_HTML,
    ".xlsm": _lazily("corpus.formats.sheets.spreadsheet", "read_xlsx"),
    ".xlsx": _lazily("corpus.formats.sheets.spreadsheet", "read_xlsx"),
    ".zip": _zip,
}
"""By the file name's ending in lower case."""

_TABLES = (".csv", ".tsv", ".xlsm", ".xlsx")
"""Formats that state no title: there the file's name says what it is about."""

_NAMELESS = ("", ".asp", ".aspx", ".cfm", ".cgi", ".doc", ".do", ".jsp", ".php", ".shtml", ".xls")
"""Endings that do not say what a file is: it is looked at. Old programs often wrote a page or rich
text as `.doc` or `.xls`."""

_ADVICE = {
    **dict.fromkeys((".abw", ".doc", ".dot", ".one", ".pages", ".pub", ".sxw"), "save it as .docx"),
    **dict.fromkeys((".wpd", ".wps"), "save it as .docx"),
    **dict.fromkeys((".fods", ".numbers", ".ods", ".xls", ".xlsb"), "save it as .xlsx or .csv"),
    **dict.fromkeys((".xlt", ".xltm", ".xltx"), "save it as .xlsx or .csv"),
    **dict.fromkeys((".key", ".odp", ".pot", ".potx", ".pps"), "save it as .pptx"),
    **dict.fromkeys((".ppsm", ".ppsx", ".ppt", ".pptm"), "save it as .pptx"),
    **dict.fromkeys((".adoc", ".asc", ".log", ".org", ".rst", ".tex"), "save it as .txt or .md"),
    ".emlx": "save it as .eml",
    **dict.fromkeys((".azw", ".azw3", ".fb2", ".mobi"), "save it as .epub"),
    **dict.fromkeys((".ost", ".pst"), "export its messages as .mbox or .msg"),
    **dict.fromkeys((".7z", ".gz", ".rar", ".tar", ".tgz"), "unpack it, or pack it as .zip"),
    **dict.fromkeys((".djvu", ".ps", ".xps"), "save it as .pdf"),
    **dict.fromkeys(
        (".bmp", ".gif", ".heic", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"),
        "recognise its text and save that as .pdf",
    ),
}
"""What to do with a file that is not read, by its ending."""


def ending_of_name(name: str) -> str:
    """The ending of a file's name in lower case; that of `minutes.05` or `Mr. Smith` is none."""
    ending = PurePosixPath(name).suffix.lower()
    return ending if re.fullmatch(r"\.(?=\d*[^\W\d])\w+", ending) else ""


def no_reader(name: str) -> str:
    """Why a file of this name cannot be a document, and what to do; empty when it may be one."""
    ending = ending_of_name(name)
    if ending in READERS or ending in _NAMELESS:
        return ""
    advice = _ADVICE.get(ending)
    return f"there is no reader for {ending}" + (f"; {advice}" if advice else "")


def ending_for(name: str, data: bytes) -> str:
    """The ending by whose reader a file is read: that of its name, or of what it holds.

    Raises `Unreadable` for what is of no format that is read.
    """
    ending = ending_of_name(name)
    if ending in READERS:
        return ending
    if reason := no_reader(name):
        raise Unreadable(reason)
    found = ending_of(data) or ("" if ending or data.startswith(b"#!") else ".txt")
    if found in READERS:
        return found
    advice = _ADVICE.get(found or ending, "save it as .docx or .pdf")
    kind = found or ending or "files without an ending"
    raise Unreadable(f"there is no reader for {kind}; {advice}")


def _named(name: str, contents: Iterable[Content]) -> Iterator[Content]:
    """The contents of a file, those of a table with its name for a title."""
    table = ending_of_name(name) in _TABLES
    for content in contents:
        if table and content.text and not (content.lines and content.lines[0].level):
            titles = (PurePosixPath(name).stem, content.metadata.title)
            title = Metadata(title=": ".join(filter(None, titles)))
            content = replace(content, metadata=title)
        yield content


def is_plain_text(name: str) -> bool:
    """Whether a file of this name is its document's text, so that nothing has to be rendered."""
    return PurePosixPath(name).suffix.lower() in PLAIN_TEXT_READERS


def _contents(name: str, data: bytes) -> Iterator[Content]:
    """The contents of a file, without lone surrogates, which a page or a mail can escape."""
    for content in _named(name, READERS[ending_for(name, data)](data)):
        metadata = content.metadata
        yield replace(
            content,
            text=encodable(content.text),
            lines=[_encodable(each) for each in content.lines],
            metadata=replace(
                metadata, title=encodable(metadata.title), source=encodable(metadata.source)
            ),
            beside=encodable(content.beside),
        )


class Documents(list[Document]):
    """The documents of a file; `left_out` says what of it is in none of them, and why, a line for
    each reason."""

    left_out = ""


_enough: ContextVar[float] = ContextVar("enough", default=inf)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Reads no further in a file of many documents after so many seconds.

    What was read until then are its documents.
    """
    token = _enough.set(process_time() + seconds)
    try:
        yield
    finally:
        _enough.reset(token)


def _encodable(line: Line) -> Line:
    if (line.text + line.columns + line.under).isascii():
        return line
    return replace(
        line,
        text=encodable(line.text),
        columns=encodable(line.columns),
        under=encodable(line.under),
    )


_COVER = 20
"""Words of a part, such as a book's cover or a divider of slides, that nobody misses."""


def _unique(name: str, taken: set[str]) -> str:
    """A name that is not taken yet: a number follows one that is."""
    number, unique = 1, name
    while unique in taken:
        number += 1
        unique = f"{name} ({number})"
    taken.add(unique)
    return unique


def read_documents(
    identifier: str,
    data: bytes,
    metadata: Metadata = NO_METADATA,
    read: Callable[[str, Content, Metadata], Document] = read_release,
) -> Documents:
    """The documents in a file's bytes; `identifier` is its path below the corpus folder.

    `metadata` is from outside the file, and overrides the file's own. `read` makes a document of
    each content, as `read_release` does. Raises `Unreadable` with the reason for a file without a
    document.
    """
    documents, taken = Documents(), set[str]()
    reason, left_out, refused = "it is empty", list[str](), dict[str, list[str]]()
    for content in _contents(identifier, data):
        if content.left_out:
            left_out.append(content.left_out)
        if not content.text.strip():
            continue
        name = identifier
        if content.part:
            name = _unique(f"{identifier}/{part_name(content.part)}", taken)
        try:
            document = read(name, content, metadata.or_else(content.metadata))
        except Unreadable as error:
            reason = str(error)
            if content.part and len(content.text.split()) > _COVER:
                refused.setdefault(reason, []).append(content.part)
            continue
        # Labels depend on the file alone: a citation outlives a new sidecar.
        if metadata != NO_METADATA:
            with contextlib.suppress(Unreadable):
                own = read(name, content, content.metadata)
                passages = with_stable_labels(document.passages, own.passages)
                document = replace(document, passages=passages)
        documents.append(document)
        if process_time() > _enough.get():
            left_out.append(f"what follows {name} (limits.seconds)")
            break
    left = "\n".join(filter(None, (told_by_reason(refused), *left_out)))
    if not documents:
        raise Unreadable(f"nothing in it can be read: {left}" if left else reason)
    if left:
        documents.left_out = f"{PARTLY}; left out: {left}"
    return documents
