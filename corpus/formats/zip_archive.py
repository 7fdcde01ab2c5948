"""Archives (`.zip`): each document in them is read as a file of its name would be."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from corpus.content import Content, told_by_reason
from corpus.errors import Unreadable
from corpus.formats.archive import Archive
from corpus.text.characters import part_name

_LARGEST = 200 * 2**20  # bytes of all its files, unpacked
_LARGEST_FILE = 20 * 2**20
_MOST_FILES = 1_000
_DEEPEST = 3  # archives in archives


def read_zip(
    data: bytes,
    read: Callable[[str, bytes, int], Iterable[Content]],
    no_reader: Callable[[str], str],
    depth: int = 0,
) -> Iterator[Content]:
    """The documents in an archive; `part` is the name in it, with `:` for each folder's `/`.

    `read` makes contents of a file's name and bytes, and of how deep it lies; `no_reader` says why
    a file of a name cannot be read, which is then not unpacked. Nothing is ever unpacked to a
    disk: a name is a name. Raises `Unreadable`.
    """
    if depth >= _DEEPEST:
        raise Unreadable("it is an archive in too many archives")
    archive = Archive(data, _LARGEST)
    files = [
        info for info in archive.infos if not info.is_dir() and not _is_furniture(info.filename)
    ]
    unread: dict[str, list[str]] = {}
    for info in files[:_MOST_FILES]:
        name = part_name(info.filename)
        try:
            if info.flag_bits & 1:
                raise Unreadable("it has a password")
            if reason := no_reader(info.filename):
                raise Unreadable(reason)
            for content in read(info.filename, archive.read(info, _LARGEST_FILE), depth + 1):
                part = ":".join(filter(None, (name, content.part)))
                yield replace(content, part=part)
                for line in content.left_out.splitlines():
                    unread.setdefault(line, []).append(name)
        except Unreadable as error:
            unread.setdefault(str(error), []).append(name)
    if len(files) > _MOST_FILES:
        yield Content("", [], left_out=f"all after its file {_MOST_FILES:,}")
    if unread:
        yield Content("", [], left_out=told_by_reason(unread))


def _is_furniture(name: str) -> bool:
    """Whether a file is hidden, or one that a system adds to each folder."""
    path = PurePosixPath(name)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts if part != "..")
    return hidden or path.name in ("Thumbs.db", "desktop.ini")
