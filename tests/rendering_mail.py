"""Releases as mail: quoted-printable, flowed, with an HTML alternative, and as one mailbox."""

import datetime
import email.policy
import re
import textwrap
from collections.abc import Callable, Iterable
from email.message import EmailMessage
from html import escape

from releases import Release


def message(release: Release, body: str, **content: str) -> EmailMessage:
    """A message whose body is this text."""
    made = EmailMessage()
    made["From"] = "Press Office <press@example.org>"
    made["To"] = "press-list@example.org"
    if release.title:
        made["Subject"] = release.title
    if release.posted:
        # Sent late in the evening, so that the day in Greenwich is another.
        zone = datetime.timezone(datetime.timedelta(hours=-9))
        time = datetime.time(23, 30, tzinfo=zone)
        made["Date"] = datetime.datetime.combine(release.posted, time)
    made.set_content(body, **content)
    return made


def quoted_printable(release: Release) -> bytes:
    """Plain text with a line for each paragraph, and a signature."""
    body = f"{_body(release)}\n\n-- \nPress Office\nTel. 02-2100-0000\n"
    return message(release, body, cte="quoted-printable").as_bytes()


def flowed(release: Release) -> bytes:
    """Flowed text: every line but the last of a paragraph ends in a space."""
    text = ""
    for paragraph in _body(release).split("\n"):
        wrapped = textwrap.wrap(paragraph, 66, break_on_hyphens=False, break_long_words=False)
        text += " \n".join(f" {line}" if _is_stuffed(line) else line for line in wrapped) + "\n"
    made = message(release, text, cte="8bit")
    made.set_param("format", "flowed")
    return made.as_bytes(policy=email.policy.default.clone(cte_type="8bit"))


def _is_stuffed(line: str) -> bool:
    return line.startswith((" ", ">", "From "))


def alternative(release: Release) -> bytes:
    """Plain text and the same as a page."""
    made = message(release, _body(release), cte="base64")
    paragraphs = "".join(f"<p>{escape(block.line)}</p>\n" for block in release.blocks)
    made.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return made.as_bytes()


def saved(page: str, address: str = "https://www.maritime.example/talks") -> bytes:
    """A page as a browser saves it in one file: a message that has the page and what it shows."""
    made = EmailMessage()
    made["From"] = "<Saved by Blink>"
    made["Snapshot-Content-Location"] = address
    made["Subject"] = "A window | Maritime"
    made["Date"] = datetime.datetime(2026, 2, 3, 4, tzinfo=datetime.UTC)
    made.set_content(page, subtype="html", cte="quoted-printable", cid="<frame@mhtml.blink>")
    made.add_related("p { color: black }", subtype="css")
    made.add_related(b"GIF89a", "image", "gif")
    made.add_related("<p>An advertisement in a frame.</p>", subtype="html")
    return made.as_bytes()


def mailbox(releases: Iterable[Release]) -> bytes:
    """One mailbox of these releases."""
    parts = []
    for release in releases:
        data = re.sub(rb"^(>*From )", rb">\1", quoted_printable(release), flags=re.MULTILINE)
        parts.append(b"From press@example.org Tue Oct 17 12:00:00 2023\n" + data + b"\n")
    return b"".join(parts)


def _body(release: Release) -> str:
    return release.text.rstrip("\n")


def _as_it_is(release: Release) -> Release:
    return release


LAYOUTS: dict[str, tuple[str, Callable[[Release], bytes], Callable[[Release], Release]]] = {
    "quoted-printable": (".eml", quoted_printable, _as_it_is),
    "flowed": (".eml", flowed, _as_it_is),
    "alternative": (".eml", alternative, _as_it_is),
}
"""The ending, the renderer, and the release as the layout prints it."""
