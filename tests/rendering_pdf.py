"""The releases as PDF files, set in two quite different ways."""

import io
import re
from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

import pypdfium2
from releases import Release
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.pagesizes import A4, letter
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

KOREAN = "HYSMyeongJo-Medium"
NARROW = "●※◦"
"""What the Latin fonts that every PDF viewer has cannot show."""

pdfmetrics.registerFont(UnicodeCIDFont(KOREAN))

SYLLABLE = re.compile(r"(?<=[a-z][aeiou])(?=[bcdfgklmnprstv][aeiou][a-z])")


def block_pdf(release: Release) -> bytes:
    """A4, one column, 11 points, ragged right, space between paragraphs, nothing else."""
    plain = ParagraphStyle("text", fontName="Times-Roman", fontSize=11, leading=14, spaceAfter=7)
    title = ParagraphStyle("title", plain, fontName="Times-Bold", fontSize=16, leading=20)
    heading = ParagraphStyle("heading", plain, fontName="Times-Bold")
    story = [Paragraph(_markup(release.title), title)] if release.title else []
    if release.posted:
        story.append(Paragraph(f"Date {release.posted}", plain))
    for block in release.blocks:
        story.append(Paragraph(_markup(block.line), heading if block.is_heading else plain))
    return _built(story, pagesize=A4, margin=72)


def book_pdf(release: Release) -> bytes:
    """Letter, justified, hyphenated, indented or with hanging numbers, running heads and feet.

    Paragraphs follow each other without a space between, and the pages are small.
    """
    plain = ParagraphStyle(
        "text",
        fontName="Times-Roman",
        fontSize=10,
        leading=12,
        alignment=TA_JUSTIFY,
        firstLineIndent=15,
        embeddedHyphenation=1,
    )
    hanging = ParagraphStyle("hanging", plain, leftIndent=20, bulletIndent=0, firstLineIndent=0)
    under = ParagraphStyle("under", hanging, leftIndent=40, bulletIndent=20)
    title = ParagraphStyle(
        "title", plain, fontSize=14, leading=17, alignment=TA_CENTER, firstLineIndent=0
    )
    heading = ParagraphStyle(
        "heading", plain, fontName="Times-Bold", firstLineIndent=0, spaceBefore=9, spaceAfter=3
    )
    dated = ParagraphStyle("dated", plain, alignment=TA_CENTER, spaceAfter=6, spaceBefore=6)
    story = [Paragraph(_markup(release.title), title)] if release.title else []
    if release.posted:
        story.append(
            Paragraph(f"{release.posted:%B} {release.posted.day}, {release.posted.year}", dated)
        )
    for block in release.blocks:
        words = _markup(_hyphenated(block.text))
        if block.is_heading:
            story.append(Paragraph(_markup(block.text), heading))
        elif block.printed:
            style = hanging if block.printed[0].isdigit() else under
            font = KOREAN if block.printed in NARROW else "Times-Roman"
            style = ParagraphStyle("signed", style, bulletFontName=font, bulletFontSize=10)
            story.append(Paragraph(words, style, bulletText=f"{block.printed} "))
        else:
            story.append(Paragraph(words, plain))
    head = release.title[:60] or "Press Release"
    return _built(story, pagesize=letter, margin=130, head=(head, f"{release.posted or ''}"))


def _built(
    story: list[Flowable], *, pagesize: tuple[float, float], margin: float, head: Any = None
) -> bytes:
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=pagesize,
        leftMargin=margin,
        rightMargin=margin,
        topMargin=margin,
        bottomMargin=margin,
        invariant=1,
    )
    document.build(story, canvasmaker=_with_heads(*head) if head else Canvas)
    return file.getvalue()


def _with_heads(left: str, right: str) -> Callable[..., Canvas]:
    """A canvas that prints running heads and `Page 2 of 5` when it knows how many there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        def __init__(self, *args: Any, **named: Any) -> None:
            super().__init__(*args, **named)
            self.printed: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.printed.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self.printed, start=1):
                self.__dict__.update(page)
                width, height = self._pagesize
                self.setFont("Times-Italic", 9)
                self.drawString(130, height - 60, left)
                self.drawRightString(width - 130, height - 60, right)
                self.drawString(130, 60, "Ministry of Foreign Affairs, Seoul")
                of = f"Page {number} of {len(self.printed)}" if number % 2 else f"- {number} -"
                self.drawCentredString(width / 2, 40, of)
                super().showPage()
            super().save()

    return Numbered


def _hyphenated(text: str) -> str:
    """With soft hyphens where a syllable may end.

    Where reportlab would lose a printed sign there are none: before an `&`, beside a hyphen.
    """
    if "&" in text:
        return text
    return re.sub(
        r"(?<![\w-])[A-Za-z]?[a-z]{5,}(?![\w-])",
        lambda word: SYLLABLE.sub("\u00ad", word.group()),
        text,
    )


def _markup(text: str) -> str:
    """Signs that the Latin font lacks, and the space behind them, in one that has them."""
    return re.sub(
        f"[{NARROW}] ?", lambda sign: f'<font name="{KOREAN}">{sign.group()}</font>', escape(text)
    )


def page_texts(data: bytes) -> list[str]:
    """What stands on each page as PDFium tells it, on one line."""
    with pypdfium2.PdfDocument(data) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.replace("\ufffe", "").replace("\x02", "").split()) for text in texts]
