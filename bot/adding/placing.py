"""A new document in a corpus folder: under a safe name, whole, never over another one."""

import contextlib
import datetime
import fcntl
import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from corpus.errors import Unreadable
from corpus.folder.file_io import read_bytes
from corpus.folder.limits import MOST_MEGABYTES
from corpus.folder.listing import ListedFile
from corpus.folder.sidecars import SIDECAR_NAMES, sidecar_entries
from corpus.text.characters import printable
from corpus.text.decoding import decode

_LONGEST_STEM = 200  # bytes; systems take 255, and a number and an ending follow
_NO_NAME = "document"
_PART = 16  # hexadecimal digits of a file that is being written
_SEPARATORS = re.compile(r'[/\\:*?"<>|#]+')  # of folders, and what Windows or a citation reserves
_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?:\..*)?", re.I)


@dataclass(frozen=True, slots=True)
class PlacedFile:
    """The file of a document; not `new` when it was there before, with the same bytes."""

    path: Path
    new: bool


def safe_name(stem: str, ending: str) -> str:
    """A file name of printable characters that every system takes and no folder listing hides."""
    kept = "".join(
        each for each in unicodedata.normalize("NFC", stem) if printable(each) == each
    )  # fmt: skip
    kept = " ".join(_SEPARATORS.sub("-", kept).split()).lstrip(". ")
    kept = kept.encode()[:_LONGEST_STEM].decode("utf-8", "ignore").rstrip(". ") or _NO_NAME
    return f"{'_' if _DEVICES.fullmatch(kept) else ''}{kept}{ending}"


def place_file(
    folder: Path,
    name: str,
    data: bytes,
    source: str = "",
    check: Callable[[ListedFile], None] = lambda file: None,
) -> PlacedFile:
    """Writes a document into a folder, and its source into the folder's manifest.

    A name that is taken gets a number, whatever the ending: an entry of a manifest serves both
    `a.html` and `a.txt`. What is written is checked before it gets its name. Raises `OSError`, and
    `Unreadable` as `check` does, for a manifest that cannot be continued, and for a name that would
    make a manifest of the document.
    """
    refuse_manifest(name)
    with _locked(folder):
        manifest = folder / SIDECAR_NAMES[0]
        before = _held(manifest)
        taken = {
            _stem(each) for each in (*os.listdir(folder), *_names_of_other_sources(folder, source))
        }
        for path in (folder / each for each in _numbered(name)):
            if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
                return PlacedFile(path, new=False)
            if _stem(path.name) not in taken:
                break
        with _part_file(folder, data) as document:
            check(ListedFile(path.name, document))
            if source:  # first, so that who sees the document knows its source
                _replace(manifest, _with_entry(manifest.name, before or b"", path.name, source))
            try:
                _rename(document, path)
            except FileExistsError:
                if source:  # what is there now is of another source
                    _replace(manifest, before)
                raise
    return PlacedFile(path, new=True)


def refuse_manifest(name: str) -> None:
    """Raises `Unreadable` for the name of a manifest, which is believed of all beside it."""
    if name.casefold() in SIDECAR_NAMES:
        raise Unreadable(
            "a file of this name is no document, but states titles and days of those beside it; "
            "put it there and run `pincite index`, or add it under another name"
        )


def _replace(manifest: Path, data: bytes | None) -> None:
    """Gives a manifest other bytes at once; with None there was none."""
    if data is None:
        manifest.unlink()
        return
    with _part_file(manifest.parent, data) as entries:
        if manifest.exists():
            shutil.copymode(manifest, entries)
        entries.replace(manifest)


def _held(manifest: Path) -> bytes | None:
    """The bytes of a manifest, or None when there is none; raises `Unreadable`."""
    if not os.path.lexists(manifest):
        return None
    try:
        return read_bytes(manifest, MOST_MEGABYTES, manifest.parent)
    except Unreadable as error:
        raise Unreadable(f"its folder's {manifest.name} cannot be used: {error}") from None


def _names_of_other_sources(folder: Path, source: str) -> Iterator[str]:
    """The names of which manifests state another source, whether or not the files are there."""
    for manifest in (folder / each for each in SIDECAR_NAMES):
        for name, stated in sidecar_entries(manifest.name, _held(manifest) or b"").items():
            if not source or stated.source != source:
                yield name


def _numbered(name: str) -> Iterator[str]:
    """`a.txt`, `a-2.txt`, `a-3.txt` and so on."""
    path = PurePosixPath(name)
    yield name
    for number in count(2):
        yield f"{path.stem}-{number}{path.suffix}"


def _stem(name: str) -> str:
    """What two names have in common that some systems or manifests take for one."""
    return unicodedata.normalize("NFC", PurePosixPath(name).stem).casefold()


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Makes who else adds to the folder wait; a disk without locks does without.

    What one that was killed left half-written is removed.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            for path in filter(_is_part, folder.iterdir()):
                path.unlink()
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def _part_file(folder: Path, data: bytes) -> Iterator[Path]:
    """A hidden file with this data, which is removed unless it got another name."""
    path = folder / f".{secrets.token_hex(_PART // 2)}.part"
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        yield path
    finally:
        path.unlink(missing_ok=True)


def _is_part(path: Path) -> bool:
    return bool(re.fullmatch(rf"\.[0-9a-f]{{{_PART}}}\.part", path.name))


def _rename(written: Path, path: Path) -> None:
    """Gives a file its name; raises `FileExistsError` when another one has taken it by now."""
    try:
        os.link(written, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if path.exists():
            raise FileExistsError(f"{path} was made just now") from None
        written.rename(path)


def _with_entry(manifest: str, before: bytes, name: str, source: str) -> bytes:
    """A manifest with a further entry; what it held before stays as it is."""
    if decode(before)[1] not in ("utf-8", "utf-8-sig"):
        raise Unreadable(f"its folder's {manifest} is not in UTF-8; convert it")
    today = datetime.date.today().isoformat()
    entry = {"file": name, "source": source, "fetched": today}
    divider = b"" if before.endswith(b"\n") or not before else b"\n"
    return before + divider + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
