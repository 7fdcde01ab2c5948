"""Quotations as a document of Word, with true footnotes: the few parts of Office Open XML
(ECMA-376) that these need. The library that is known for it writes no footnotes."""

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from bot.exporting.quotations import Quotation, Section
from corpus.text.characters import encodable

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MODES = ("Internal", "External")
_WHEN = (1980, 1, 1, 0, 0, 0)  # the same quotations give the same bytes

_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_WORD}.document.main+xml"/>'
    f'<Override PartName="/word/footnotes.xml" ContentType="{_WORD}.footnotes+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_WORD}.styles+xml"/></Types>'
)  # fmt: skip
_STYLES = (
    f"<w:styles {_W}>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="160"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Heading2"><w:name w:val="heading 2"/>'
    '<w:pPr><w:keepNext/><w:outlineLvl w:val="1"/></w:pPr>'
    '<w:rPr><w:b/><w:sz w:val="28"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/>'
    '<w:pPr><w:ind w:left="567" w:right="567"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="FootnoteText"><w:name w:val="footnote text"/>'
    '<w:rPr><w:sz w:val="18"/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="FootnoteReference">'
    '<w:name w:val="footnote reference"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
    "</w:style></w:styles>"
)
_MARK = '<w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr>'


def word_document(sections: Sequence[Section]) -> bytes:
    """The sections as a .docx; each footnote has title, day, paragraph, address or file, and
    citation of its quotation, and opens the address."""
    body: list[str] = []
    notes: list[Quotation] = []
    for section in sections:
        if section.question:
            body.append(_paragraph("Heading2", _run(section.question)))
            body.append(_paragraph("Normal", _run(section.verdict)))
        for quotation in section.quotations:
            notes.append(quotation)
            body.append(_paragraph("Quote", _quoted(quotation, len(notes))))
    addresses = [each.link for each in notes]
    return _packed(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": _relations([("officeDocument", "word/document.xml", False)]),
            "word/document.xml": f"<w:document {_W}><w:body>{''.join(body)}</w:body></w:document>",
            "word/_rels/document.xml.rels": _relations(
                [("footnotes", "footnotes.xml", False), ("styles", "styles.xml", False)]
            ),
            "word/styles.xml": _STYLES,
            "word/footnotes.xml": _footnotes(notes),
            "word/_rels/footnotes.xml.rels": _relations(
                ("hyperlink", each, True) for each in addresses
            ),
        }
    )


def _quoted(quotation: Quotation, number: int) -> str:
    runs = (_run(text, bold=answers) for text, answers in quotation.pieces)
    return "".join(runs) + f'<w:r>{_MARK}<w:footnoteReference w:id="{number}"/></w:r>'


def _footnotes(notes: Sequence[Quotation]) -> str:
    lines = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}">'
        f"<w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>"
        for number, kind in ((-1, "separator"), (0, "continuationSeparator"))
    )
    written = "".join(
        f'<w:footnote w:id="{number}">'
        f"{_paragraph('FootnoteText', _note(each, number))}</w:footnote>"
        for number, each in enumerate(notes, start=1)
    )
    return f"<w:footnotes {_W} {_R}>{lines}{written}</w:footnotes>"


def _note(quotation: Quotation, number: int) -> str:
    where = _run(quotation.address or f"file {quotation.file}")
    if quotation.link:
        where = f'<w:hyperlink r:id="r{number}">{where}</w:hyperlink>'
    sign = f"<w:r>{_MARK}<w:footnoteRef/></w:r>"
    source, citation = _run(f" {quotation.source}. "), _run(f", {quotation.citation}")
    return f"{sign}{source}{where}{citation}"


def _paragraph(style: str, runs: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(text: str, *, bold: bool = False) -> str:
    properties = "<w:rPr><w:b/></w:rPr>" if bold else ""
    shown = escape(encodable(text))
    return f'<w:r>{properties}<w:t xml:space="preserve">{shown}</w:t></w:r>'


def _relations(targets: Iterable[tuple[str, str, bool]]) -> str:
    """The relations of a part, each to a kind of part or, outside, to an address; one without a
    target keeps its number."""
    rows = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target={quoteattr(target)} '
        f'TargetMode="{_MODES[outside]}"/>'
        for number, (kind, target, outside) in enumerate(targets, start=1)
        if target
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{rows}</Relationships>'


def _packed(parts: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), _HEAD + text, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
