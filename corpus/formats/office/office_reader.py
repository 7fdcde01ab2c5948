"""Word, OpenDocument and rich text files, read by pandoc into lines.

Pandoc resolves styles, numbering, notes and tracked changes, and gives a tree of blocks as JSON.
"""

import io
import json
import lzma
import re
import subprocess
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.office.odt_numbering import with_explicit_numbers
from corpus.formats.office.pandoc_blocks import PandocTree

_SECONDS = 60  # a release takes 0.2 s; limits for each file are set in `corpus.folder.limits`
_HEAP = "512M"
_LARGEST_TREE = 100 * 2**20
_LARGEST_XML = 50 * 2**20  # a novel in Word is 5 MB of XML
_MOST_PARTS = 5_000
_DEEPEST = 200


def read_docx(data: bytes) -> Iterator[Content]:
    """The document in a Word file."""
    # With styles, `List Bullet 2` is distinct from `List Bullet`.
    yield _content(_tree(_archived(_xml_parts(data)), "docx+styles"), titled=True)


def read_odt(data: bytes) -> Iterator[Content]:
    """The document in an OpenDocument text."""
    parts = _xml_parts(data)
    content, styles = parts.get("content.xml", b""), parts.get("styles.xml", b"<none/>")
    parts["content.xml"] = with_explicit_numbers(content, styles)
    yield _content(_tree(_archived(parts), "odt"), titled=True)


def read_rtf(data: bytes) -> Iterator[Content]:
    """The document in a rich text file."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("it is no rich text, whatever its name says")
    # The title of an RTF's properties is no text of it, and often that of an older document.
    yield _content(_tree(_in_unicode(data), "rtf"), titled=False)


def _content(tree: Any, *, titled: bool) -> Content:
    blocks = PandocTree()
    try:
        if titled:
            blocks.read_head(tree["meta"])
        blocks.read(tree["blocks"])
    except RecursionError:
        raise Unreadable("it is nested too deeply") from None
    return blocks.content()


def _tree(data: bytes, source: str) -> Any:
    """Pandoc's tree of the document; raises `Unreadable`."""
    import pypandoc

    # The program that the wheel carries, and no newer one that is somewhere on the path.
    pandoc = Path(pypandoc.__file__).parent / "files" / "pandoc"
    command = [str(pandoc), "--sandbox", f"--from={source}", "--to=json"]
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        output = _output([*command, "+RTS", f"-M{_HEAP}", "-RTS"], file)
    try:
        return json.loads(output)
    except (ValueError, RecursionError):
        raise Unreadable("it is damaged, or too large or deep for pandoc") from None


def _output(command: list[str], file: IO[bytes]) -> bytes:
    """What a program writes, if it ends well and in time; else nothing."""
    with subprocess.Popen(
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout
        timer = threading.Timer(_SECONDS, process.kill)
        timer.start()
        try:
            output = process.stdout.read(_LARGEST_TREE + 1)
            if len(output) <= _LARGEST_TREE and process.wait() == 0:
                return output
        finally:
            timer.cancel()
            process.kill()
    return b""


def _archived(parts: dict[str, bytes]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        for name, part in parts.items():
            file.writestr(zipfile.ZipInfo(name), part)
    return archive.getvalue()


# Damaged archives raise whatever their damage leads to.
_DAMAGES = (
    EOFError, LookupError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, expat.ExpatError,
)  # fmt: skip


def _xml_parts(data: bytes) -> dict[str, bytes]:
    """The XML parts of an archive by name; raises `Unreadable`.

    Pandoc is given nothing but these, so that what is checked is what is read.
    """
    parts: dict[str, bytes] = {}
    left = _LARGEST_XML
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.infolist()) > _MOST_PARTS:
                raise Unreadable(f"it is an archive of more than {_MOST_PARTS:,} parts")
            for name in sorted({n for n in archive.namelist() if n.endswith((".xml", ".rels"))}):
                if archive.getinfo(name).file_size > left:
                    raise Unreadable(f"it unpacks to more than {_LARGEST_XML >> 20} MB")
                parts[name] = archive.read(name)
                left -= len(parts[name])
                _check(parts[name])
    except _DAMAGES:
        raise Unreadable("it is no archive of an office program, or a damaged one") from None
    return parts


def _check(xml: bytes) -> None:
    """Refuses XML that defines entities or is nested as no office program writes it."""
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1

    def entity(*_: object) -> None:
        raise Unreadable("its XML defines entities, which no office program writes")

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.EntityDeclHandler = entity
    parser.Parse(xml, True)


_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_UNICODE = re.compile(rb"(?<!\\)((?:\\\\)*\\u-?\d{1,5})(?=[^\s\d\\{}])")
_BYTES = re.compile(rb"(?P<unicode>\\u-?\d+ ?)?(?P<run>(?:\\'[0-9a-fA-F]{2})+)")


def _in_unicode(data: bytes) -> bytes:
    """A rich text with the bytes of its code page as `\\u` escapes; pandoc knows few code pages.

    A blank after each escape keeps pandoc from taking the next letter for its fallback.
    """
    page = _CODE_PAGE.search(data[:1_000])
    codec = f"cp{page[1].decode()}" if page else "cp1252"

    def signs(match: re.Match[bytes]) -> bytes:
        if match["unicode"]:  # the bytes are for programs that know no Unicode
            return match[0]
        try:
            text = bytes.fromhex(match["run"].decode().replace("\\'", "")).decode(codec)
        except (LookupError, UnicodeDecodeError):
            return match[0]
        units = memoryview(text.encode("utf-16-le")).cast("H")
        return b"{\\uc0" + b"".join(b"\\u%d " % unit for unit in units) + b"}"

    return _UNICODE.sub(rb"\1 ", _BYTES.sub(signs, data))
