"""Quotations as Markdown with footnotes; nothing that a document says is taken for Markdown."""

import re
from collections.abc import Iterator, Sequence

from bot.exporting.quotations import Quotation, Section

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~$&^!])")
_AT_BEGINNING = re.compile(r"^(\d+)([.)])|^([-+=:])")


def markdown(sections: Sequence[Section]) -> str:
    """The sections, and the footnotes at the end: title, day, paragraph, address or file, and
    citation of each quotation."""
    lines: list[str] = []
    notes: list[str] = []
    for section in sections:
        if section.question:
            lines += [f"## {escaped(section.question)}", "", escaped(section.verdict), ""]
        for quotation in section.quotations:
            notes.append(_note(len(notes) + 1, quotation))
            lines += [f"> {_quoted(quotation)}[^{len(notes)}]", ""]
    return "\n".join([*lines, *notes])


def escaped(text: str) -> str:
    """A text of one line with every sign that Markdown would read as its own escaped."""
    signs = _SIGNS.sub(r"\\\1", text)
    return _AT_BEGINNING.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", signs)


def _quoted(quotation: Quotation) -> str:
    return "".join(_pieces(quotation))


def _pieces(quotation: Quotation) -> Iterator[str]:
    whole = len(quotation.pieces) == 1
    for text, answers in quotation.pieces:
        if whole or not answers:
            yield escaped(text)
        else:  # blanks may not stand inside of the signs
            before, after = text[: -len(text.lstrip())], text[len(text.rstrip()) :]
            yield f"{before}**{escaped(text.strip())}**{after}"


def _note(number: int, quotation: Quotation) -> str:
    address = quotation.address or f"file {quotation.file}"
    where = f"<{quotation.link}>" if quotation.link else escaped(address)
    return f"[^{number}]: {escaped(quotation.source)}. {where}, {_code(quotation.citation)}"


def _code(text: str) -> str:
    """A text as code, between more backticks than are in it."""
    ticks = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{text}{ticks}"
