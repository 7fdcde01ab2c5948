"""Documents that are added to a corpus folder: files are copied, URLs are fetched."""

import codecs
import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.adding.fetch import (
    TIMEOUTS,
    Fetched,
    IPAddress,
    NotFetched,
    Timeouts,
    fetch,
    is_public,
)
from bot.adding.placing import PlacedFile, place_file, refuse_manifest, safe_name
from corpus.errors import Unreadable
from corpus.folder.file_io import read_bytes, too_large
from corpus.folder.listing import ListedFile
from corpus.folder.worker_pool import FileRead
from corpus.readers import PLAIN_TEXT_READERS, READERS, ending_for, ending_of_name

ENDINGS = {
    "application/epub+zip": ".epub",
    "application/mbox": ".mbox",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.hancom.hwp": ".hwp",
    "application/vnd.hancom.hwpx": ".hwpx",
    "application/vnd.ms-outlook": ".msg",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".xhtml",
    "application/zip": ".zip",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
    "text/tab-separated-values": ".tsv",
}
"""By the media type that a server states, the ending whose reader reads it."""

_PAGES = (".htm", ".html", ".xhtml")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_STATES_CHARSET = re.compile(rb"charset|encoding", re.IGNORECASE)
_HEAD = 4_096  # bytes of a page in which it states its charset
_WIDER = {"iso8859-1": "cp1252", "euc_kr": "cp949", "gb2312": "gb18030", "shift_jis": "cp932"}
"""Charsets that browsers read as a wider one, which is what pages mean by them."""


class NotAdded(Exception):
    """A file or URL is not added; the message is the reason, and what to do unless that depends on
    the reason alone."""


@dataclass(frozen=True, slots=True)
class Added:
    """A document of the corpus: its file, the URL it came from, else nothing, and whether it is
    new."""

    path: Path
    source: str
    new: bool


def add_document(
    file_or_url: str,
    folder: Path,
    *,
    megabytes: int,
    allowed: Callable[[IPAddress], bool] = is_public,
    timeouts: Timeouts = TIMEOUTS,
    read: Callable[[ListedFile], FileRead] | None = None,
) -> Added:
    """Adds a file, or the file at a URL, to a folder; raises `NotAdded`.

    `allowed` says of an IP address whether it may be fetched from. What `read` makes no document of
    is not added.
    """

    def check(file: ListedFile) -> None:
        if read and not (tried := read(file)).documents:
            raise Unreadable(tried.reason)

    try:
        if _SCHEME.match(file_or_url):
            fetched = fetch(file_or_url, megabytes=megabytes, allowed=allowed, timeouts=timeouts)
            source, placed = fetched.url, _place_fetched(fetched, folder, check)
        else:
            source, placed = "", _place_copy(Path(file_or_url), folder, megabytes, check)
    except (NotFetched, Unreadable) as error:
        raise NotAdded(str(error)) from None
    except OSError as error:
        raise NotAdded(
            f"{error.strerror or error} in {folder}; check the disk and rights"
        ) from None
    return Added(placed.path, source, placed.new)


def _place_copy(
    file: Path, folder: Path, megabytes: int, check: Callable[[ListedFile], None]
) -> PlacedFile:
    refuse_manifest(file.name)
    if file.is_dir():
        raise NotAdded("it is a folder; name its files, or `pincite index` it")
    try:
        data = read_bytes(file, megabytes)
    except Unreadable as error:
        limit = str(error) == too_large(megabytes)
        advice = "raise that limit in pincite.toml" if limit else "name a file"
        raise NotAdded(f"{error}; {advice}") from None
    ending = _read_as(file.name, data)
    if file.resolve().is_relative_to(folder.resolve()):
        return PlacedFile(file.resolve(), new=False)
    stem = file.stem if ending_of_name(file.name) else file.name
    return place_file(folder, safe_name(stem, ending), data, check=check)


def _place_fetched(
    fetched: Fetched, folder: Path, check: Callable[[ListedFile], None]
) -> PlacedFile:
    parts = urlsplit(fetched.url)
    segments = re.split(r"[/\\]", unquote(parts.path))
    last = next((each for each in reversed(segments) if each.strip(". ")), "")
    stem, ending = last, ENDINGS.get(fetched.media_type, "")
    own = PurePosixPath(last).suffix.lower()
    # What is served as a page is one, whatever its address ends in: often a refusal to log in.
    if own in READERS and (ending not in _PAGES or own in _PAGES):
        stem, ending = last[: -len(own)], own
    elif parts.query:  # which page of `view.do?seq=7` this is
        stem = f"{last}-{unquote(parts.query)}"
    ending = _read_as(f"a{ending or own}", fetched.data)
    name = safe_name(stem if stem.strip(". ") else parts.netloc, ending)
    return place_file(folder, name, _with_charset(fetched, ending), fetched.url, check)


def _read_as(name: str, data: bytes) -> str:
    """The ending by which a file is read; raises `NotAdded` with what to do when it is not."""
    try:
        return ending_for(name, data)
    except Unreadable as error:
        advised = ";" in str(error)
        raise NotAdded(f"{error}{'' if advised else '; save it as PDF, Word or text'}") from None


def _with_charset(fetched: Fetched, ending: str) -> bytes:
    """The bytes of a file, as UTF-8 with its mark if nothing but the server states their charset.

    What the server states is not stored, and a reader would have to guess.
    """
    data, charset = fetched.data, fetched.charset
    if not (ending in _PAGES or ending in PLAIN_TEXT_READERS) or not charset:
        return data
    if ending in _PAGES and _STATES_CHARSET.search(data, 0, _HEAD):
        return data
    with contextlib.suppress(UnicodeError):
        if not data.isascii() and data.decode("utf-8"):
            return data
    with contextlib.suppress(UnicodeError, LookupError):
        codec = codecs.lookup(charset).name
        text = data.decode(_WIDER.get(codec, codec))
        return data if text.encode() == data else text.encode("utf-8-sig")
    return data
