"""Messages that Outlook saved (`.msg`): properties in a compound file, read as any other mail."""

import datetime
import io
import struct
from collections.abc import Iterator
from email.message import Message
from typing import TYPE_CHECKING

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.mail.charsets import DAMAGES, text_in
from corpus.formats.mail.mail_reader import damage_told, message_contents

if TYPE_CHECKING:
    from olefile import OleFileIO

_SUBJECT, _HEADER, _BODY, _PAGE = 0x0037, 0x007D, 0x1000, 0x1013
_SENDER, _SENDER_ADDRESS, _TO, _CC = 0x0C1A, 0x0C1F, 0x0E04, 0x0E03
_SENT, _RECEIVED, _CODE_PAGE, _PAGE_CODE_PAGE = 0x0039, 0x0E06, 0x3FFD, 0x3FDE
_NAME, _SHORT_NAME, _SHOWN_NAME = 0x3707, 0x3704, 0x3001
_UNICODE, _ANSI, _BINARY, _TIME = 0x001F, 0x001E, 0x0102, 0x0040
_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
_CHARSETS = {20127: "ascii", 20866: "koi8-r", 21866: "koi8-u", 50220: "iso2022_jp", 65001: "utf-8"}
_MOST_ATTACHED = 200
_DEEPEST = 10


def read_msg(data: bytes) -> Iterator[Content]:
    """The documents in a message of Outlook, as `read_eml` has them; raises `Unreadable`."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            message = _Storage(file, ()).message()
    except (OSError, *DAMAGES, struct.error, RecursionError):
        raise Unreadable("it is no message of Outlook, or a damaged one") from None
    with damage_told():
        yield from message_contents(message)


class _Storage:
    """A storage of the compound file that holds the properties of a message or an attachment."""

    def __init__(self, file: "OleFileIO", path: tuple[str, ...]) -> None:
        self._file, self._path = file, path
        self._fixed = self._fixed_properties()

    def message(self) -> Message:
        """The message in the form of all mail."""
        made = Message()
        for name, value in (
            ("Subject", self.text(_SUBJECT)),
            ("From", " ".join(filter(None, map(self.text, (_SENDER, _SENDER_ADDRESS))))),
            ("To", self.text(_TO)),
            ("Cc", self.text(_CC)),
            ("Date", self._sent()),
        ):
            if value:
                made[name] = " ".join(value.split())
        made["Content-Type"] = "multipart/mixed"
        made.set_payload([])
        forms = Message()
        forms["Content-Type"] = "multipart/alternative"
        forms.set_payload([])
        for kind, text in (("plain", self.text(_BODY)), ("html", self._page())):
            if text.strip():
                forms.attach(_part(kind, text))
        made.attach(forms)
        for attached in self._attached():
            made.attach(attached)
        return made

    def text(self, number: int) -> str:
        """A property that is text; empty when it is missing."""
        data = self._stream(number, _UNICODE)
        if data is not None:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        data = self._stream(number, _ANSI)
        return text_in(data.rstrip(b"\0"), self._charset) if data else ""

    def _page(self) -> str:
        data = self._stream(_PAGE, _BINARY)
        return text_in(data.rstrip(b"\0"), self._charset) if data else self.text(_PAGE)

    @property
    def _charset(self) -> str:
        """The charset of what is not in Unicode; empty when the message names none."""
        page = self._fixed.get(_CODE_PAGE) or self._fixed.get(_PAGE_CODE_PAGE) or 0
        page &= 0xFFFFFFFF
        if 28591 <= page <= 28605:
            return f"iso8859-{page - 28590}"
        return _CHARSETS.get(page, f"cp{page}" if page else "")

    def _sent(self) -> str:
        """The day of sending, in the sender's zone where the header of the transport states it."""
        for line in self.text(_HEADER).splitlines():
            if line.lower().startswith("date:"):
                return line[5:].strip()
        ticks = self._fixed.get(_SENT) or self._fixed.get(_RECEIVED) or 0
        if not ticks:
            return ""
        moment = _EPOCH + datetime.timedelta(microseconds=ticks // 10)
        return moment.strftime("%a, %d %b %Y %H:%M:%S +0000")

    def _attached(self) -> Iterator[Message]:
        """The messages that are attached, and the names of the files that are."""
        names = sorted(
            {
                entry[len(self._path)]
                for entry in self._file.listdir(streams=True, storages=True)
                if tuple(entry[: len(self._path)]) == self._path
                and len(entry) > len(self._path)
                and entry[len(self._path)].startswith("__attach_version1.0_")
            }
        )
        for name in names[:_MOST_ATTACHED]:
            storage = _Storage(self._file, (*self._path, name))
            inner = (*self._path, name, "__substg1.0_3701000D")
            if self._file.exists([*inner, "__properties_version1.0"]) and len(inner) < _DEEPEST:
                carried = Message()
                carried["Content-Type"] = "message/rfc822"
                carried.set_payload([_Storage(self._file, inner).message()])
                yield carried
                continue
            named = next(filter(None, map(storage.text, (_NAME, _SHORT_NAME, _SHOWN_NAME))), "")
            file = Message()
            file["Content-Type"] = "application/octet-stream"
            file.add_header("Content-Disposition", "attachment", filename=("utf-8", "", named))
            file.set_payload("")
            yield file

    def _stream(self, number: int, kind: int) -> bytes | None:
        path = [*self._path, f"__substg1.0_{number:04X}{kind:04X}"]
        if not self._file.exists(path):
            return None
        with self._file.openstream(path) as stream:
            data: bytes = stream.read()
            return data

    def _fixed_properties(self) -> dict[int, int]:
        """The numbers and times, which stand in a table of 16 bytes for each."""
        path = [*self._path, "__properties_version1.0"]
        if not self._file.exists(path):
            return {}
        with self._file.openstream(path) as stream:
            table: bytes = stream.read()
        # A message of its own has 32 bytes above its table, one that is attached 24, a file 8.
        start = len(table) % 16 or (32 if not self._path else 0)
        return {
            tag >> 16: value
            for tag, _, value in struct.iter_unpack("<IIQ", table[start : len(table)])
        }


def _part(kind: str, text: str) -> Message:
    part = Message()
    part["Content-Type"] = f"text/{kind}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "8bit"
    part.set_payload(text.encode("utf-8", "replace").decode("ascii", "surrogateescape"))
    return part
