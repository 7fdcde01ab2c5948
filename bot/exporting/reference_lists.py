"""Quoted documents as references: a line to paste, CSL-JSON, BibTeX."""

import json
import re
from collections.abc import Sequence
from typing import Any

from bot.exporting.quotations import Section, documents_in, quotations_in
from bot.rendering.phrases import TITLE, address_in_words, one_line
from retriever.answering.answer import Source

_FOR_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%",
    "&": r"\&", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def citation_lines(sections: Sequence[Section]) -> str:
    """A line for each quotation: title, day, paragraph, address or file, and citation."""
    return "\n".join(
        f"{each.source}. {each.address or 'file ' + each.file} [{each.citation}]"
        for each in quotations_in(sections)
    )


def csl_json(sections: Sequence[Section]) -> str:
    """The documents as CSL-JSON, the form of reference managers (citationstyles.org)."""
    items = [_csl(document, cited) for document, cited in documents_in(sections).items()]
    return json.dumps(items, ensure_ascii=False, indent=2)


def bibtex(sections: Sequence[Section]) -> str:
    """The documents as entries of BibTeX."""
    items = documents_in(sections).items()
    return "\n\n".join(_entry(document, citations) for document, citations in items)


def _csl(document: Source, citations: Sequence[str]) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": document.id,
        "type": "webpage" if document.source else "document",
        "title": one_line(document.title, TITLE),
        "note": "; ".join(citations),
    }
    if day := _day(document):
        item["issued"] = {"date-parts": [day]}
    if document.source:
        item["URL"] = address_in_words(document.source)
    return item


def _entry(document: Source, citations: Sequence[str]) -> str:
    fields = {"title": f"{{{_in_tex(one_line(document.title, TITLE))}}}"}
    if day := _day(document):
        fields |= {"year": str(day[0]), "month": _MONTHS[day[1] - 1], "day": str(day[2])}
    if document.source:
        fields["url"] = _in_tex(address_in_words(document.source))
    fields["note"] = _in_tex("; ".join(citations))
    lines = [
        f"  {name} = {value if name == 'month' else f'{{{value}}}'}"
        for name, value in fields.items()
    ]
    key = re.sub(r"[^A-Za-z0-9]+", "-", document.id).strip("-") or "document"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _day(document: Source) -> list[int]:
    """Year, month and day of a document that states all of them."""
    posted = document.posted or ""
    return [] if not posted or posted.startswith("--") else list(map(int, posted.split("-")))


def _in_tex(text: str) -> str:
    return "".join(_FOR_TEX.get(each, each) for each in text)
