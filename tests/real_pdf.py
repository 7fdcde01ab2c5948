"""The reader of PDF files beside pdftotext, on real files: a folder of checkouts of repositories.

    python tests/real_pdf.py FOLDER [--all] [--tools] [--list]

The files are chosen by what pdftotext reads, never by what we do: those with running text, one of
each text, at most twenty of a repository by one program. Half of them, by a hash of the name, are
kept apart from the making of rules. Printed for both halves: words that are neither in a passage
nor beside one, words that are beside one only (dropped by rule), words that pdftotext does not
have, all with running heads and numbers of pages and lines aside; titles that are right, by
`real_pdf_titles.tsv`, which a reader wrote from the pages; passages whose first words are on the
page that is cited; files refused; pages read in a second. `--tools` does the same for the words of
pdfplumber, pypdf and docling-parse, `--list` prints a line for each file.
"""

import hashlib
import re
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.readers import read_documents
from corpus.text.characters import folded

_WORDS = 250  # of three letters or more
_SENTENCES = 0.3  # of the words, in lines that hold a sentence or a part of one
_OF_ONE_MAKER = 20
_OUTER = 3  # lines of a page that may be its head or its foot
_OFTEN = 0.3  # of the pages
_SECONDS = 30  # that pdftotext may take for a file
_PAGE_WORDS, _PAGE_LETTERS = 3, 8  # of a passage, by which its page is known; a formula has fewer
_MAKERS = {
    "LibreOffice": r"\bwriter\b|libreoffice|openoffice",
    "Word": "word|office|pdfmaker|print to pdf|wps",
    "TeX": r"\btex|latex|pdftex|dvips|dvipdfm",
    "browser": "skia|mozilla|chrom|htmldoc|cairo",
    "InDesign, Quark": "indesign|quark|3b2|xpp|antenna house|framemaker|pagemaker",
    "Ghostscript": "ghostscript|pdfcreator",
    "scanner": "scan|ocr|luradocument",
    "Quartz": "quartz|macos|ios version",
    "Distiller": "distiller|acrobat|adobe pdf",
    "iText": "itext",
}
TITLES = Path(__file__).with_name("real_pdf_titles.tsv")


@dataclass(frozen=True, slots=True)
class Printed:
    """What pdftotext reads in a file."""

    name: str
    path: Path
    maker: str
    pages: list[str]

    @property
    def words(self) -> Counter[str]:
        """The words, without those of running heads and of numbers on lines of their own."""
        furniture = _furniture(self.pages)
        return Counter(
            word
            for page in self.pages
            for line in page.splitlines()
            if _masked(line) not in furniture and not re.fullmatch(r"[\s\d\-–]*", line)
            for word in words(line)
        )


@dataclass(slots=True)
class Figures:
    """What was measured on one file."""

    name: str
    maker: str
    count: int = 0
    lost: int = 0
    dropped: int = 0
    altered: int = 0
    title: bool | None = None
    placed: int = 0
    misplaced: list[str] = field(default_factory=list)
    unplaced: int = 0
    pages: int = 0
    seconds: float = 0.0
    refused: str = ""
    lost_words: list[str] = field(default_factory=list)
    altered_words: list[str] = field(default_factory=list)
    shown_title: str = ""


def words(text: str) -> list[str]:
    """The words of a text; a hyphen within one is none, since line breaks hide whose it is."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.findall(r"\w+", re.sub(r"(?<=\w)[-‐\u00ad\ufffe]\s*(?=\w)|\u00ad", "", plain))


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", " ".join(line.split()))


def _furniture(pages: list[str]) -> set[str]:
    """Lines at the top or the foot of many pages, with their digits masked."""
    outer: Counter[str] = Counter()
    for page in pages:
        lines = [_masked(line) for line in page.splitlines() if line.strip()]
        outer.update({*lines[:_OUTER], *lines[-_OUTER:]})
    return {line for line, count in outer.items() if count >= max(2, _OFTEN * len(pages))}


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


def _pages(path: Path, *options: str) -> list[str]:
    return _output("pdftotext", *options, "-enc", "UTF-8", str(path), "-").split("\f")[:-1]


def _printed(name: str, path: Path) -> Printed | None:
    """What pdftotext reads, or None where that is no running text."""
    pages = _pages(path)
    text = "\n".join(pages)
    if len(re.findall(r"[^\W\d_]{3,}", text)) < _WORDS:
        return None
    lines = [line.split() for line in text.splitlines()]
    running = sum(len(line) for line in lines if sum(word.islower() for word in line) >= 4)
    if running < _SENTENCES * sum(map(len, lines)):
        return None
    facts = _output("pdfinfo", str(path))
    maker = " ".join(re.findall(r"^(?:Creator|Producer):\s*(.*)", facts, re.MULTILINE)).casefold()
    kind = next((kind for kind, found in _MAKERS.items() if re.search(found, maker)), "other")
    return Printed(name, path, kind, pages)


def chosen(folder: Path, each_one: bool = False) -> Iterator[Printed]:
    """The files to measure on, in the order of their names."""
    seen: set[str] = set()
    of_one: Counter[tuple[str, str]] = Counter()
    files = [
        (f"{checkout.name}/{path.relative_to(checkout.resolve())}", path)
        for checkout in sorted(folder.iterdir())
        for path in sorted(checkout.resolve().rglob("*"))
        if path.suffix.lower() == ".pdf" and path.is_file()
    ]
    with ProcessPoolExecutor(2) as pool:
        for printed in pool.map(_printed, *zip(*files, strict=True), chunksize=8):
            if printed is None:
                continue
            text = folded("\n".join(printed.pages))[:2_000]
            kind = (printed.name.split("/")[0], printed.maker)
            if text in seen or (of_one[kind] >= _OF_ONE_MAKER and not each_one):
                continue
            seen.add(text)
            of_one[kind] += 1
            yield printed


def is_apart(name: str) -> bool:
    """Whether a file is of the half that no rule was made on."""
    return hashlib.md5(Path(name).name.encode(), usedforsecurity=False).digest()[0] % 2 == 1


def _without(wanted: Counter[str], had: Counter[str]) -> Counter[str]:
    """The words that are not had, also not joined with others or in pieces."""
    missing, spare = wanted - had, had - wanted
    pieces = "".join(spare.elements())
    return Counter({word: n for word, n in missing.items() if not _is_made(word, spare, pieces)})


def _is_made(word: str, spare: Counter[str], pieces: str) -> bool:
    """Whether a word is a part of another one that is spare, or is made of such."""
    if len(word) < 2:
        return word in pieces
    if any(word in other for other in spare if len(other) > len(word)):
        return True
    made = [True] + [False] * len(word)
    for end in range(1, len(word) + 1):
        made[end] = any(made[start] and word[start:end] in spare for start in range(end))
    return made[-1]


def measured(printed: Printed, titles: dict[str, list[str]]) -> Figures:
    """The figures of our reader on one file."""
    wanted = printed.words
    figures = Figures(printed.name, printed.maker, wanted.total(), pages=len(printed.pages))
    start = time.process_time()
    try:
        (document, *_) = read_documents(printed.path.name.lower(), printed.path.read_bytes())
    except Unreadable as error:
        figures.refused = str(error)
        return figures
    finally:
        figures.seconds = time.process_time() - start
    shown = Counter(word for each in document.passages for word in words(each.text))
    beside = Counter(words(document.outside)) + Counter(words(document.title))
    lost = _without(wanted, shown + beside)
    everything = Counter(word for page in printed.pages for word in words(page))
    altered = _without(shown, everything)
    figures.lost = lost.total()
    figures.dropped = _without(wanted, shown).total() - figures.lost
    figures.altered = altered.total()
    figures.lost_words, figures.altered_words = [*lost.elements()], [*altered.elements()]
    figures.shown_title = document.title if document.title_stated else ""
    if gold := titles.get(Path(printed.name).name):
        figures.title = any(is_titled(figures.shown_title, each) for each in gold)
    _place(document, printed, figures)
    return figures


def is_titled(title: str, gold: str) -> bool:
    """Whether a title has the words of this one; behind `…` more may follow."""
    shown, wanted = folded(title), folded(gold)
    return shown == wanted or (gold.endswith("…") and shown.startswith(wanted))


def _place(document: Document, printed: Printed, figures: Figures) -> None:
    """Whether the first words of each passage are on the page that is cited."""
    ways = [printed.pages, _pages(printed.path, "-raw"), _pages(printed.path, "-layout")]
    letters = [[folded(page) for page in way] for way in ways]
    for passage in document.passages:
        first = folded(" ".join(re.split(r"\s+", passage.text)[:_PAGE_WORDS]))
        found = {
            number for way in letters for number, page in enumerate(way, start=1) if first in page
        }
        if len(first) < _PAGE_LETTERS or not found:
            figures.unplaced += 1
        elif passage.page in found:
            figures.placed += 1
        else:
            figures.misplaced.append(f"{passage.page} not {sorted(found)[:5]}: {passage.text[:60]}")


def _pdfplumber(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() for page in document.pages)


def _pypdf(path: Path) -> str:
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def _docling_parse(path: Path) -> str:
    from docling_core.types.doc.page import TextCellUnit
    from docling_parse.pdf_parser import DoclingPdfParser

    document = DoclingPdfParser(loglevel="fatal").load(path_or_stream=str(path))
    return "\n".join(
        cell.text
        for _, page in document.iterate_pages()
        for cell in page.iterate_cells(TextCellUnit.LINE)
    )


TOOLS: dict[str, Callable[[Path], str]] = {
    "pdfplumber": _pdfplumber,
    "pypdf": _pypdf,
    "docling-parse": _docling_parse,
}


def read_by(tool: str, printed: Printed) -> Figures:
    """The figures of the words that another tool reads in a file."""
    figures = Figures(printed.name, printed.maker, printed.words.total(), pages=len(printed.pages))
    start = time.process_time()
    try:
        text = TOOLS[tool](printed.path)
    except Exception as error:  # whatever a tool raises
        figures.refused = f"{type(error).__name__}: {error}"
        return figures
    finally:
        figures.seconds = time.process_time() - start
    shown = Counter(words(text))
    everything = Counter(word for page in printed.pages for word in words(page))
    figures.lost = _without(printed.words, shown).total()
    figures.altered = _without(shown, everything).total()
    return figures


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _at(found: list[float], share: float) -> float:
    return sorted(found)[min(len(found) - 1, int(share * len(found)))] if found else 0.0


def row(name: str, all_of_them: list[Figures]) -> str:
    """A line of the table."""
    figures = [each for each in all_of_them if not each.refused]
    lost = [_share(each.lost, each.count) for each in figures]
    dropped = [_share(each.dropped, each.count) for each in figures]
    altered = [_share(each.altered, each.count) for each in figures]
    titled = [each.title for each in figures if each.title is not None]
    placed = sum(each.placed for each in figures)
    wrong = sum(len(each.misplaced) for each in figures)
    seconds = sum(each.seconds for each in figures) or 1.0
    return (
        f"{name:22}{len(all_of_them):5}{len(all_of_them) - len(figures):5}"
        f"{_at(lost, 0.5):8.2f}{_at(lost, 0.9):7.2f}"
        f"{_at(dropped, 0.5):9.2f}{_at(dropped, 0.9):7.2f}"
        f"{_at(altered, 0.5):9.2f}{_at(altered, 0.9):7.2f}"
        f"{sum(titled):6}/{len(titled):<4}{placed:7}/{placed + wrong:<7}"
        f"{sum(each.pages for each in figures) / seconds:7.0f}"
    )


HEAD = (
    f"{'':22}files  ref lost 50%   90% drop 50%    90% alt. 50%    90%     title"
    "        page     pages/s"
)


def main(arguments: list[str]) -> None:
    """Prints the table."""
    folder = Path(next(each for each in arguments if not each.startswith("--")))
    rows = [line.split("\t") for line in TITLES.read_text("utf-8").splitlines() if line]
    titles = {name: golden for name, *golden in rows}
    files = [*chosen(folder, "--all" in arguments)]
    print(f"{len(files)} files; by maker:", dict(Counter(each.maker for each in files)))
    with ProcessPoolExecutor(2) as pool:
        ours = [*pool.map(partial(measured, titles=titles), files, chunksize=4)]
        print(HEAD)
        for name, half in (("half seen", False), ("half kept apart", True)):
            print(row(name, [each for each in ours if is_apart(each.name) is half]))
        print(row("all", ours))
        for tool in TOOLS if "--tools" in arguments else ():
            print(row(tool, [*pool.map(partial(read_by, tool), files, chunksize=4)]))
    for each in ours:
        if each.refused:
            print("refused:", each.name, "-", each.refused)
        if each.title is False and not is_apart(each.name):
            print("title:", each.name, "-", repr(each.shown_title))
        for misplaced in each.misplaced:
            print("page:", each.name, "-", misplaced)
    if "--list" in arguments:
        for each in sorted(ours, key=lambda one: -_share(one.lost + one.dropped, one.count)):
            print(
                f"{_share(each.lost, each.count):6.2f}{_share(each.dropped, each.count):6.2f}"
                f"{_share(each.altered, each.count):6.2f}{each.seconds:6.1f}s"
                f" {'apart' if is_apart(each.name) else 'seen':5} {each.maker:12} {each.name}"
            )
            if not is_apart(each.name):
                print("      lost:", " ".join(each.lost_words[:30]))
                print("      altered:", " ".join(each.altered_words[:30]))


if __name__ == "__main__":
    main(sys.argv[1:])
