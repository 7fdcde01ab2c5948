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
from bot.adding.placing import PlacedFile, place_file, safe_name
from corpus.errors import Unreadable
from corpus.folder.file_io import read_bytes
from corpus.readers import PLAIN_TEXT_READERS, READERS

ENDINGS = {
    "application/mbox": ".mbox",
    "application/pdf": ".pdf",
    "application/rtf": ".rtf",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".xhtml",
    "message/rfc822": ".eml",
    "multipart/related": ".mhtml",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
    "text/rtf": ".rtf",
}
"""By the media type that a server states, the ending whose reader reads it."""

_PAGES = (".htm", ".html", ".xhtml")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_STATES_CHARSET = re.compile(rb"charset|encoding", re.IGNORECASE)
_HEAD = 4_096  # bytes of a page in which it states its charset
_READ_AS = {"iso8859-1": "cp1252", "euc_kr": "cp949", "gb2312": "gb18030", "shift_jis": "cp932"}
"""Charsets that browsers read as a wider one, which is what pages mean by them."""


class NotAdded(Exception):
    """A file or URL is not added; the message is the reason and what to do."""


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
) -> Added:
    """Adds a file, or the file at a URL, to a folder; raises `NotAdded`.

    `allowed` says of an IP address whether it may be fetched from.
    """
    try:
        if _SCHEME.match(file_or_url):
            fetched = fetch(file_or_url, megabytes=megabytes, allowed=allowed, timeouts=timeouts)
            source, placed = fetched.url, _place_fetched(fetched, folder)
        else:
            source, placed = "", _place_copy(Path(file_or_url), folder, megabytes)
    except (NotFetched, Unreadable) as error:
        raise NotAdded(str(error)) from None
    except OSError as error:
        raise NotAdded(
            f"{error.strerror or error} in {folder}; check the disk and rights"
        ) from None
    return Added(placed.path, source, placed.new)


def _place_copy(file: Path, folder: Path, megabytes: int) -> PlacedFile:
    try:
        data = read_bytes(file, megabytes)
    except Unreadable as error:
        raise NotAdded(f"{error}; name a file") from None
    ending = file.suffix.lower()
    _check_reader(ending)
    if file.resolve().is_relative_to(folder.resolve()):
        return PlacedFile(file.resolve(), new=False)
    return place_file(folder, safe_name(file.stem, ending), data)


def _place_fetched(fetched: Fetched, folder: Path) -> PlacedFile:
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
    _check_reader(ending or own)
    name = safe_name(stem if stem.strip(". ") else parts.netloc, ending)
    return place_file(folder, name, _with_charset(fetched, ending), fetched.url)


def _check_reader(ending: str) -> None:
    if ending not in READERS:
        known = ", ".join(READERS)
        kind = ending or "files without an ending"
        raise NotAdded(f"there is no reader for {kind}; convert it to one of {known}")


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
        text = data.decode(_READ_AS.get(codec, codec))
        return data if text.encode() == data else text.encode("utf-8-sig")
    return data
