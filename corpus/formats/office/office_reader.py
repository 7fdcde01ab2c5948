"""Word, OpenDocument and rich text files, told apart by what they hold and not by their names."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.archive import COMPOUND, ENCRYPTED, Archive, parsed_xml
from corpus.formats.office.opendocument_text import OpenDocumentText
from corpus.formats.office.rich_text import RichText
from corpus.formats.office.word_text import WordText


def read_office(data: bytes) -> Iterator[Content]:
    """The document in a file of a word processor."""
    try:
        yield _content(data)
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None


def _content(data: bytes) -> Content:
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(COMPOUND) and ENCRYPTED not in data:
        raise Unreadable("it is an old Word file; save it as .docx")
    if start.startswith(b"{\\rtf"):
        return RichText(data).content()
    if start.startswith((b"<?xml", b"<office:")):
        return OpenDocumentText(parsed_xml(data), part_of=lambda _: Element("none")).content()
    archive = Archive(data)
    if "content.xml" in archive:
        manifest = "META-INF/manifest.xml"
        if manifest in archive and b"encryption-data" in archive.read(manifest):
            raise Unreadable("it is protected by a password; save it without one")
        styles, content = archive.side_xml("styles.xml"), archive.xml("content.xml")
        return OpenDocumentText(styles, content, part_of=archive.side_xml).content()
    return WordText(archive).content()
