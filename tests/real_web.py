"""Real web pages whose content, title and day people have marked, beside trafilatura.

`python tests/real_web.py TRAFILATURA BENCHMARK READABILITY [--apart]` with checkouts of
adbar/trafilatura, scrapinghub/article-extraction-benchmark and mozilla/readability prints a table.
With `--apart` each page is judged by a fit that has not seen its site: five fits, some minutes.
trafilatura's own columns are printed where that package is installed.
"""

import argparse
import contextlib
import gzip
import json
import re
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import mean

from corpus.errors import Unreadable
from corpus.formats.html import page_furniture
from corpus.formats.html.training import fit, marked_pages, save, site_of
from corpus.readers import read_documents
from corpus.text.characters import folded

_FOLDS = 5


@dataclass(frozen=True)
class Page:
    """A page, and what people have marked of it; `article` is the whole text, where known."""

    site: str
    data: bytes
    content: list[str] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    title: str = ""
    day: str = ""
    article: str = ""

    @property
    def fold(self) -> int:
        return zlib.crc32(self.site.encode()) % _FOLDS


@dataclass(frozen=True)
class Read:
    """What a reader makes of a page."""

    text: str = ""
    title: str = ""
    day: str = ""


def phrase_pages(checkout: Path) -> Iterator[Page]:
    tests = checkout / "tests"
    for address, marked in json.loads((tests / "evaldata.json").read_text()).items():
        places = (tests / "cache" / marked["file"], tests / "eval" / marked["file"])
        data = next(each for each in places if each.exists()).read_bytes()
        title, day = marked.get("title") or "", marked.get("date") or ""
        yield Page(site_of(address), data, marked["with"], marked["without"], title, day)


def article_pages(checkout: Path) -> Iterator[Page]:
    for name, truth in json.loads((checkout / "ground-truth.json").read_text()).items():
        data = gzip.decompress((checkout / "html" / f"{name}.html.gz").read_bytes())
        site = site_of(truth.get("url", name))
        yield Page(site, data, article=truth.get("articleBody", ""))


def read_by_us(page: Page) -> Read:
    """What is shown of a page: its passages, and the headings above them."""
    try:
        (document,) = read_documents("page.html", page.data)
    except Unreadable:
        return Read()
    spans = [each.span for each in document.passages]
    spans += [each.span for each in document.dropped if each.rule == "heading"]
    spans.sort(key=lambda span: span.start)
    text = "\n".join(span.of(document.text) for span in spans)
    title = document.title if document.title_stated else ""
    return Read(text, title, str(document.posted or ""))


def read_by_trafilatura(page: Page) -> Read:
    import trafilatura

    text = title = day = ""
    with contextlib.suppress(Exception):  # as its own evaluation counts a page that it fails on
        text = trafilatura.extract(page.data, include_comments=False) or ""
    with contextlib.suppress(Exception):
        stated = trafilatura.extract_metadata(page.data)
        title, day = stated.title or "", stated.date or ""
    return Read(text, title, day)


def read_apart(pages: list[Page], folders: list[Path]) -> list[Read]:
    """Each page read with a fit to the pages of other sites."""
    marked = [*marked_pages(*folders)]
    found: dict[int, Read] = {}
    for fold in range(_FOLDS):
        others = [each for each in marked if zlib.crc32(each.site.encode()) % _FOLDS != fold]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "trees.npz"
            save(fit(others), path)
            use = partial(_use, path)
            mine = [(at, page) for at, page in enumerate(pages) if page.fold == fold]
            with ProcessPoolExecutor(2, initializer=use) as pool:
                reads = pool.map(read_by_us, [page for _, page in mine], chunksize=8)
                found.update(zip([at for at, _ in mine], reads, strict=True))
    return [found[at] for at in range(len(pages))]


def _use(path: Path) -> None:
    page_furniture.MODEL = path


def phrases(pages: Iterable[Page], reads: Iterable[Read]) -> tuple[float, float]:
    """Precision and recall of the marked phrases, counted as trafilatura's evaluation does."""
    shown = wrong = missing = 0
    for page, read in zip(pages, reads, strict=True):
        text = _one_line(read.text)
        found = sum(_one_line(phrase) in text for phrase in page.content)
        shown, missing = shown + found, missing + len(page.content) - found
        wrong += sum(_one_line(phrase) in text for phrase in page.furniture)
    return shown / max(1, shown + wrong), shown / max(1, shown + missing)


def articles(pages: Iterable[Page], reads: Iterable[Read]) -> tuple[float, float]:
    """Precision and recall of runs of four words, as the benchmark counts them."""
    precisions, recalls = [], []
    for page, read in zip(pages, reads, strict=True):
        gold, own = _shingles(page.article), _shingles(read.text)
        both = (gold & own).total()
        if own:
            precisions.append(both / own.total())
        if gold:
            recalls.append(both / gold.total())
    return mean(precisions), mean(recalls)


def heads(pages: Iterable[Page], reads: Iterable[Read]) -> tuple[int, int, int, int]:
    """Titles right, of how many; days right, and days that are another than the marked one.

    A title is right that is the marked one, or begins or ends with it, as with the site's name.
    """
    titles = of = days = other = 0
    for page, read in zip(pages, reads, strict=True):
        if page.title:
            one, two = folded(page.title), folded(read.title)
            titles += bool(two) and (one == two or _is_around(one, two) or _is_around(two, one))
            of += 1
        if re.fullmatch(r"\d{4}-\d\d-\d\d", page.day):
            days += read.day == page.day
            other += bool(read.day) and read.day != page.day
    return titles, of, days, other


def _is_around(long: str, short: str) -> bool:
    return len(short) > 8 and (long.startswith(short) or long.endswith(short))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs=3, type=Path)
    parser.add_argument("--apart", action="store_true")
    arguments = parser.parse_args()
    marked = [*phrase_pages(arguments.folders[0])]
    whole = [*article_pages(arguments.folders[1])]
    pages = marked + whole
    rows: dict[str, Callable[[], list[Read]]] = {
        "pincite": lambda: _in_processes(read_by_us, pages)
    }
    if arguments.apart:
        rows["pincite, sites apart"] = lambda: read_apart(pages, arguments.folders)
    with contextlib.suppress(ImportError):
        import trafilatura

        name = f"trafilatura {trafilatura.__version__}"
        rows[name] = lambda: _in_processes(read_by_trafilatura, pages)
    print(f"{len(marked)} pages with marked phrases, {len(whole)} with the whole article")
    print("| reader | precision | recall | articles: P | R | F1 | titles | days | other days |")
    print("|---|---|---|---|---|---|---|---|---|")
    for row, reading in rows.items():
        reads = reading()
        precision, recall = phrases(marked, reads[: len(marked)])
        of_words = articles(whole, reads[len(marked) :])
        f1 = 2 * of_words[0] * of_words[1] / sum(of_words)
        titles, of, days, other = heads(marked, reads[: len(marked)])
        print(
            f"| {row} | {precision:.3f} | {recall:.3f} | {of_words[0]:.3f} | {of_words[1]:.3f} | "
            f"{f1:.3f} | {titles} of {of} | {days} | {other} |",
            flush=True,
        )


def _in_processes(read: Callable[[Page], Read], pages: list[Page]) -> list[Read]:
    with ProcessPoolExecutor(2) as pool:
        return [*pool.map(read, pages, chunksize=8)]


if __name__ == "__main__":
    main()
