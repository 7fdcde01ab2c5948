"""Word for word: the words of every passage of real files, looked for in another program's reading.

    python tests/real_words.py FOLDER... [--files 300] [--list FILE] [--only pdf]

The files are chosen by a hash of their paths, each format in turn. A PDF is read by poppler's
pdftotext too, Word, OpenDocument, RTF and EPUB by pandoc, a page by lexbor without its scripts, and
a mail's text by Python. A passage is found when its words stand there in order, with no more
between them than a page's edges and notes. Prints a table by format; --list writes each passage
that is not found, with the words that are missing.
"""

import argparse
import email
import email.policy
import hashlib
import re
import shutil
import subprocess
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from itertools import chain, zip_longest
from pathlib import Path

from rapidfuzz.distance import LCSseq
from selectolax.lexbor import LexborHTMLParser

from corpus.folder.limits import Limits
from corpus.folder.listing import ListedFile
from corpus.folder.worker_pool import FileRead, read_all
from corpus.readers import READERS

PANDOC = shutil.which("pandoc")
FORMATS = {
    ".docx": "docx", ".odt": "odt", ".rtf": "rtf", ".epub": "epub", ".pdf": "pdf", ".eml": "mail",
    ".htm": "html", ".html": "html", ".xhtml": "html",
}  # fmt: skip
BETWEEN = 300  # words of edges, notes and columns between two words of a passage
BLOCKS = "p,div,h1,h2,h3,h4,h5,h6,li,dt,dd,td,th,tr,br,hr,section,article,pre,blockquote,option"
SIGNS = (
    "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"  # kana and ideographs, each a word: lines divide them
)
LARGEST = 20 * 2**20
LONGEST = 200  # characters of a passage in the list


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared: without case, compatibility forms, and the hyphens
    in words and at the ends of lines, which some programs leave out."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text)
    text = re.sub(r"(?<=\w)[-\u2010\u2011]\s*\n\s*(?=\w)", "", text)
    text = re.sub(r"(?<=\w)[-\u2010\u2011](?=\w)", "", text)
    return re.findall(rf"[{SIGNS}]|[^\W_{SIGNS}]+", text)


class Reading:
    """Another program's reading of a file, in which passages are looked for."""

    def __init__(self, text: str) -> None:
        self.words = words_of(text)
        self._line = f" {' '.join(self.words)} "
        self._letters = "".join(self.words)

    @cached_property
    def _places(self) -> dict[tuple[str, ...], list[int]]:
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for size in (1, 3):
            for at in range(len(self.words) - size + 1):
                known = places[tuple(self.words[at : at + size])]
                if len(known) < 50:
                    known.append(at)
        return places

    def holds(self, words: Sequence[str]) -> bool:
        """Whether these words stand here, one behind the other."""
        return not words or f" {' '.join(words)} " in self._line

    def missing(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """The ranges of these words that do not stand here in their order."""
        if self.holds(words):
            return []
        size = 3 if len(words) >= 3 else 1
        votes: Counter[int] = Counter()
        for at in range(len(words) - size + 1):
            for place in self._places.get(tuple(words[at : at + size]), ()):
                votes[(place - at) // 50] += 1
        best = [(0, len(words))]
        for bucket, _ in votes.most_common(4):
            start = max(0, bucket * 50 - BETWEEN)
            window = self.words[start : bucket * 50 + 50 + len(words) + BETWEEN]
            found = [
                (op.src_start, op.src_end)
                for op in LCSseq.opcodes(words, window)
                if op.tag in ("delete", "replace")
            ]
            best = min(best, found, key=lambda ranges: sum(end - at for at, end in ranges))
        return best

    def has_letters(self, words: Sequence[str], ranges: Sequence[tuple[int, int]]) -> bool:
        """Whether the letters around these ranges stand here, divided into other words."""
        return all("".join(words[max(0, a - 1) : b + 1]) in self._letters for a, b in ranges)


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, timeout=120)
    return done.stdout.decode("utf-8", "replace")


def page_text(data: bytes) -> str:
    """What a browser shows of a page, about: its text without scripts, a line for each block."""
    head = data[:4096]
    stated = re.search(rb"""charset\s*=\s*["']?([\w-]+)""", head)
    text = ""
    for codec in ("utf-8-sig", stated[1].decode() if stated else "cp1252", "cp1252", "latin-1"):
        try:
            text = data.decode(codec)
            break
        except (UnicodeDecodeError, LookupError):
            continue
    tree = LexborHTMLParser(text.replace("\0", ""))
    for node in tree.css("script,style,template"):
        node.decompose()
    for node in tree.css(BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return tree.root.text(separator="") if tree.root else ""


def mail_texts(data: bytes) -> Iterator[str]:
    for part in email.message_from_bytes(data, policy=email.policy.default).walk():
        if part.get_content_maintype() == "text":
            try:
                content = part.get_content()
            except (LookupError, ValueError):
                continue
            yield page_text(content.encode()) if part.get_content_subtype() == "html" else content


def readings_of(path: Path, kind: str) -> list[Reading]:
    """What other programs read in a file, each way that they have."""
    if kind == "pdf":
        ways: list[list[str]] = [[], ["-layout"], ["-raw"]]
        texts = [run("pdftotext", "-enc", "UTF-8", *way, path, "-") for way in ways]
    elif kind == "html":
        texts = [page_text(path.read_bytes())]
    elif kind == "mail":
        texts = ["\n".join(mail_texts(path.read_bytes()))]
    else:
        plain = run(PANDOC, f"--from={kind}", "--to=plain", "--columns=9999", "--wrap=none", path)
        page = run(PANDOC, f"--from={kind}", "--to=html", path)
        texts = [plain, page_text(page.encode())]
    if kind == "rtf" and find_spec("striprtf"):  # pandoc loses signs beside escapes
        striprtf = import_module("striprtf.striprtf")
        texts.append(striprtf.rtf_to_text(path.read_bytes().decode("latin-1"), errors="replace"))
    return [reading for reading in map(Reading, texts) if reading.words]


@dataclass
class Tally:
    files: int = 0
    refused: int = 0
    alone: int = 0
    passages: int = 0
    found: int = 0
    divided: int = 0
    words: int = 0
    missing: int = 0
    listed: list[str] = field(default_factory=list)

    def add(self, file: FileRead, readings: Sequence[Reading]) -> None:
        self.files += 1
        for document in file.documents:
            for passage in document.passages:
                words = words_of(passage.text)
                self.passages += 1
                self.words += len(words)
                tried = [(reading, reading.missing(words)) for reading in readings]
                _, ranges = min(tried, key=lambda each: sum(b - a for a, b in each[1]))
                if not ranges:
                    self.found += 1
                    continue
                same = any(each.has_letters(words, missing) for each, missing in tried)
                self.divided += same
                self.missing += 0 if same else sum(b - a for a, b in ranges)
                what = " … ".join(" ".join(words[a:b]) for a, b in ranges)
                kind = "divided otherwise" if same else "missing"
                shown = " ".join(passage.text.split())[:LONGEST]
                place = f"{document.id} [{passage.label}]"
                self.listed.append(f"{place} {kind}: {what[:LONGEST]}\n    {shown}")


def chosen(folders: Sequence[Path], only: str) -> Iterator[tuple[str, Path]]:
    """The files by format in turn, each format's in the order of their hashes, no bytes twice."""
    by_kind: dict[str, list[tuple[str, Path]]] = defaultdict(list)
    for folder in folders:
        for path in folder.rglob("*"):
            ending = path.suffix.lower()
            kind = FORMATS.get(ending, "") if ending in READERS else ""
            if kind and kind == (only or kind) and path.is_file() and not path.is_symlink():
                name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
                by_kind[kind].append((hashlib.sha256(name.encode()).hexdigest(), path))
    seen = set()
    in_turn = ([(kind, path) for _, path in sorted(by_kind[kind])] for kind in sorted(by_kind))
    for each in chain.from_iterable(zip_longest(*in_turn)):
        if each and 0 < each[1].stat().st_size <= LARGEST:
            digest = hashlib.sha256(each[1].read_bytes()).digest()
            if digest not in seen:
                seen.add(digest)
                yield each


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--list", type=Path)
    parser.add_argument("--only", default="", choices=["", *sorted(set(FORMATS.values()))])
    given = parser.parse_args()
    tallies: dict[str, Tally] = defaultdict(Tally)
    files = list(chosen(given.folders, given.only))
    listed = (ListedFile(str(path), path) for _, path in files)
    read = 0
    results = read_all(listed, Limits())
    for (kind, path), file in zip(files, results, strict=True):
        tally = tallies[kind]
        if not file.documents:
            tally.refused += 1
            tally.listed.append(f"{file.id} refused: {file.reason}")
            continue
        readings = readings_of(path, kind)
        if not readings:
            tally.alone += 1
            continue
        tally.add(file, readings)
        read += 1
        if read == given.files:
            break
    results.close()  # type: ignore[attr-defined]
    print("| format | files | refused | no other reading | passages | found | divided otherwise "
          "| not found | words missing |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for kind, each in sorted(tallies.items()):
        lost = each.passages - each.found - each.divided
        share = each.missing / each.words if each.words else 0
        print(f"| {kind} | {each.files} | {each.refused} | {each.alone} | {each.passages:,} | "
              f"{each.found:,} | {each.divided:,} | {lost:,} | "
              f"{each.missing:,} ({share:.3%}) |")  # fmt: skip
    if given.list:
        lines = (f"{kind} {line}\n" for kind, each in tallies.items() for line in each.listed)
        given.list.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
