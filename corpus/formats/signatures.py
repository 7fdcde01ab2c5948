"""What a file is by its first bytes, where its name does not say."""

import io
import re
import zipfile

from corpus.formats.archive import COMPOUND

_HEADERS = re.compile(
    rb"(?:From |Return-Path|Received|Delivered-To|Message-ID|Date|From|To|Subject|MIME-Version|"
    rb"X-[A-Za-z-]+)[: ].*+\n(?:[!-9;-~]++:.*+\n|[ \t].*+\n)*+\r?\n"
)
_MESSAGE = re.compile(rb"^(?:From|Date|Subject|Received|Message-ID):", re.MULTILINE)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?"
    rb"(?:(?:<!--(?:(?!-->).)*+-->|<\?php\b(?:(?!\?>).)*+\?>|<%(?:(?!%>).)*+%>)\s*+)*+"
    rb"<(?:!doctype html|html|head|body)\b",
    re.I | re.S,
)
_POSTMARK = re.compile(rb"From [^\n]*\d\d:\d\d[^\n]*\n")
_HEAD = 65_536

_OPEN_DOCUMENT = {
    b"application/epub+zip": ".epub",
    b"application/vnd.oasis.opendocument.text": ".odt",
    b"application/hwp+zip": ".hwpx",
}
_PARTS = {
    "word/document.xml": ".docx",
    "xl/workbook.xml": ".xlsx",
    "ppt/presentation.xml": ".pptx",
    "META-INF/container.xml": ".epub",
    "Contents/section0.xml": ".hwpx",
}


def ending_of(data: bytes) -> str:
    """The ending that a file with these bytes should have; "" for what has no signature."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in head[:1_024]:
        return ".pdf"
    if head.lstrip().startswith(b"{\\rtf"):
        return ".rtf"
    if head.startswith(b"PK\x03\x04"):
        return _archived(data)
    if head.startswith(COMPOUND):
        return _compound(data)
    if _PAGE.match(head):
        return ".html"
    if _POSTMARK.match(head):
        return ".mbox"
    headers = _HEADERS.match(head)
    if headers and len(_MESSAGE.findall(headers[0])) > 1:
        return ".mhtml" if b"multipart/related" in headers[0] and b"Snapshot" in head else ".eml"
    return ""


def _archived(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except Exception:  # whatever a damaged archive leads to
        return ".zip"
    for part, ending in _PARTS.items():
        if part in names:
            return _OPEN_DOCUMENT.get(kind.strip(), ending)
    return _OPEN_DOCUMENT.get(kind.strip(), ".zip")


def _compound(data: bytes) -> str:
    """Of a compound file the kind that its storages name, in UTF-16; "" for one of another."""
    for mark, ending in (
        ("__properties_version1.0", ".msg"),
        ("FileHeader", ".hwp"),
        ("WordDocument", ".doc"),
        ("Workbook", ".xls"),
        ("PowerPoint Document", ".ppt"),
    ):
        if mark.encode("utf-16-le") in data:
            return ending
    return ""
