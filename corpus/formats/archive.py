"""The parts of a zip archive, within limits, and XML that is safe to parse."""

import io
import lzma
import zipfile
import zlib
from xml.etree import ElementTree
from xml.parsers import expat

from corpus.errors import Unreadable

_LARGEST = 50 * 2**20  # bytes of all parts that are read; a novel in Word is 5 MB of XML
MOST_PARTS = 5_000
_DEEPEST = 200

_TOLD_APART = {"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0": "svg:"}
"""A picture's `title` is none of the text, as a field's `title` is."""

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""With this a file of Microsoft's old compound format begins; one may hold an encrypted archive."""
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""With this in it one holds an archive that is protected by a password."""

DAMAGES = (
    EOFError, LookupError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""Damaged archives raise whatever their damage leads to."""


class Archive:
    """An archive whose parts are unpacked when they are asked for, within one limit for all.

    A part is known by its name, whichever letters of it are capitals, as office programs take it.
    """

    def __init__(self, data: bytes, largest: int = _LARGEST) -> None:
        """Opens the archive; raises `Unreadable`."""
        self._left = self._largest = largest
        if data.startswith(COMPOUND) and ENCRYPTED in data:
            raise Unreadable("it is protected by a password; save it without one")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self.infos = self._zip.infolist()
        except DAMAGES:
            raise Unreadable("it is damaged, or not what its ending says") from None
        if len(self.infos) > MOST_PARTS:
            raise Unreadable(f"it is an archive of more than {MOST_PARTS:,} parts")
        self.names = {info.filename.replace("\\", "/").lstrip("/") for info in self.infos}
        self._by_name = {_folded(info.filename): info for info in self.infos}

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._by_name

    def read(self, part: str | zipfile.ZipInfo, most: int = _LARGEST) -> bytes:
        """The bytes of a part, if they are not more than `most`; raises `Unreadable`."""
        try:
            info = self._by_name[_folded(part)] if isinstance(part, str) else part
            with self._zip.open(info) as file:
                data = file.read(min(self._left, most) + 1)
        except DAMAGES:
            if isinstance(part, zipfile.ZipInfo):  # one that it lists
                raise Unreadable("it is damaged in the archive") from None
            raise Unreadable(f"its part {part[:100]} is missing or damaged") from None
        if len(data) > most:
            raise Unreadable(f"it unpacks to more than {most >> 20} MB")
        if len(data) > self._left:
            raise Unreadable(f"it unpacks to more than {self._largest >> 20} MB")
        self._left -= len(data)
        return data

    def xml(self, part: str) -> ElementTree.Element:
        """A part that is XML, parsed; raises `Unreadable`."""
        return parsed_xml(self.read(part))

    def side_xml(self, part: str) -> ElementTree.Element:
        """A part without which a document can be read: without elements if missing or damaged."""
        data = self.read(part) if part in self else b""
        return parsed_xml(data) if _is_xml(data) else ElementTree.Element("none")


def _folded(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def parsed_xml(data: bytes) -> ElementTree.Element:
    """XML without entities of its own, which no office program writes; raises `Unreadable`.

    Names have no namespace: what differs between versions of a format is the namespace.
    """
    builder = ElementTree.TreeBuilder()
    plain: dict[str, str] = {}
    depth = 0

    def name_of(name: str) -> str:
        if name not in plain:
            space, _, local = name.rpartition("}")
            plain[name] = _TOLD_APART.get(space, "") + local
        return plain[name]

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        builder.start(name_of(name), {name_of(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(name_of(name))

    def entity(*_: object) -> None:
        raise Unreadable("its XML defines entities, which no office program writes")

    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise Unreadable("a part of it is no XML, or damaged") from None
    return builder.close()


def _is_xml(data: bytes) -> bool:
    parser = expat.ParserCreate()
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError):
        return False
    return True
