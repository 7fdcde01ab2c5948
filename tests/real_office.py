"""Real office files, read by Pincite and by other programs, beside LibreOffice's reading of them.

    python tests/real_office.py FOLDER [--cache DIR] [--list]

FOLDER holds checkouts with Word, OpenDocument and rich text files. LibreOffice (`soffice`) makes
the text to compare with, once, into the cache. Of the other programs those that can be imported
are asked: pandoc, mammoth, docx2txt, docx2python, odfpy, striprtf. Half of the files, by a hash of
their names, are named by `--list`; the other half is for measuring alone.
"""

import argparse
import contextlib
import hashlib
import io
import os
import re
import shutil
import signal
import statistics
import subprocess
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from corpus.errors import Unreadable
from corpus.readers import READERS

ENDINGS = (".docx", ".docm", ".dotx", ".dotm", ".odt", ".ott", ".fodt", ".rtf")
KINDS = {".odt": "odt", ".ott": "odt", ".fodt": "odt", ".rtf": "rtf"}  # all others are Word's
ASIDE = frozenset(
    "annotation tracked-changes note-citation page-number page-count title desc binary-data "
    "ruby-text event-listeners sequence-decls forms math".split()
)
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|\d+|[^\W\d_]+")
BULLET = re.compile(r"[^\w\s(]+|o|§|Ø")


def words(text: str) -> Counter[str]:
    """The words of a text without regard to case and to the forms of letters."""
    plain = unicodedata.normalize("NFKC", text.replace("\xad", "").replace("\u200b", ""))
    return Counter(WORD.findall(plain.casefold()))


@dataclass
class Oracle:
    """What LibreOffice makes of a file: its body, its paragraphs, and its lines with labels."""

    body: Counter[str]
    everything: Counter[str]
    paragraphs: list[str]
    lines: list[str]


def oracle(flat: Path, text: Path) -> Oracle | None:
    """LibreOffice's reading; None for what it does not open."""
    if not flat.exists() or not text.exists():
        return None
    root = ElementTree.parse(flat).getroot()
    hidden = {
        style.get(_name("style", "name"))
        for style in root.iter(_name("style", "style"))
        for each in style.iter(_name("style", "text-properties"))
        if each.get(_name("text", "display")) == "none"
    }
    body = root.find(f".//{_name('office', 'text')}")
    if body is None:
        return None
    _empty_deletions(body)
    paragraphs: list[str] = []
    _gather(body, paragraphs, hidden)
    lines = text.read_text("utf-8-sig", "replace")
    counted = words("\n".join(paragraphs))
    formulas = words(
        " ".join(t for math in body.iter() if math.tag.endswith("}math") for t in math.itertext())
    )
    first = Counter(w for line in lines.splitlines() for w in words(line[:20]).elements())
    return Oracle(counted, counted + formulas + first, paragraphs, lines.splitlines())


def _empty_deletions(body: Element) -> None:
    """Empties what stands between the marks of a deletion, which may be in its place."""
    deletions = {
        region.get(_name("text", "id"))
        for region in body.iter(_name("text", "changed-region"))
        if region.find(_name("text", "deletion")) is not None
    }
    open_marks: set[str | None] = set()

    def walk(parent: Element) -> None:
        if open_marks:
            parent.text = ""
        for child in parent:
            mark = child.get(_name("text", "change-id"))
            if child.tag == _name("text", "change-start") and mark in deletions:
                open_marks.add(mark)
            elif child.tag == _name("text", "change-end"):
                open_marks.discard(mark)
            else:
                walk(child)
            if open_marks:
                child.tail = ""

    walk(body)


def _name(space: str, name: str) -> str:
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{space}:1.0}}{name}"


def _gather(parent: Element, paragraphs: list[str], hidden: set[str | None]) -> None:
    """Appends the paragraphs below an element, those in boxes behind the one that holds them."""
    for child in parent:
        local = child.tag.rpartition("}")[2]
        if local in ("p", "h") and "drawing" not in child.tag:
            paragraphs.append("")
            place = len(paragraphs) - 1
            paragraphs[place] = _inline(child, paragraphs, hidden)
        elif local not in ASIDE and child.get(_name("text", "display")) != "none":
            _gather(child, paragraphs, hidden)


def _inline(parent: Element, paragraphs: list[str], hidden: set[str | None]) -> str:
    gathered = parent.text or ""
    if parent.get(_name("text", "style-name")) in hidden:
        return ""
    for child in parent:
        local = child.tag.rpartition("}")[2]
        if local in ("s", "tab", "line-break"):
            gathered += " "
        elif local in ("frame", "note", "custom-shape", "g", "rect", "line", "path", "ellipse"):
            _gather(child, paragraphs, hidden)
        elif local not in ASIDE:
            gathered += _inline(child, paragraphs, hidden)
        gathered += child.tail or ""
    return gathered


def convert(files: list[Path], cache: Path) -> None:
    """Lets LibreOffice convert what is not in the cache; it may crash, so ever fewer at once."""
    for kind, ending in (
        ("txt:Text (encoded):UTF8", ".txt"),
        ("fodt:OpenDocument Text Flat XML", ".fodt"),
    ):
        for size in (25, 5, 1):
            left = [each for each in files if not (cache / f"{each.stem}{ending}").exists()]
            if (cache / f"refused{ending}").exists():
                refused = (cache / f"refused{ending}").read_text().split()
                left = [each for each in left if each.stem not in refused]
            for start in range(0, len(left), size):
                _soffice([str(each) for each in left[start : start + size]], kind, cache)
        missing = [each.stem for each in files if not (cache / f"{each.stem}{ending}").exists()]
        (cache / f"refused{ending}").write_text("\n".join(missing))


def _soffice(files: list[str], kind: str, cache: Path) -> None:
    profile = f"-env:UserInstallation={(cache / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(cache)]
    with subprocess.Popen(
        [*command, *files], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            process.wait(20 + 4 * len(files))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def pincite(file: Path) -> tuple[str, str, list[str]]:
    """The text that is shown, what stands beside it, and the lines."""
    shown, beside, lines = [], [], []
    for content in READERS[file.suffix](file.read_bytes()):
        shown.append(content.text)
        beside.append(content.beside)
        lines += [line.text for line in content.lines if not line.literal]
    if not "".join(shown).strip():
        raise Unreadable("it is empty")
    return "\n".join(shown), "\n".join(beside), lines


def _pandoc(file: Path) -> str:
    import pypandoc  # type: ignore[import-not-found]

    source = {"docm": "docx", "dotx": "docx", "dotm": "docx", "ott": "odt"}
    kind = source.get(file.suffix[1:], file.suffix[1:])
    text: str = pypandoc.convert_file(str(file), "plain", format=kind, extra_args=["--wrap=none"])
    return text


def _mammoth(file: Path) -> str:
    import mammoth

    with file.open("rb") as data:
        text: str = mammoth.extract_raw_text(data).value
    return text


def _docx2txt(file: Path) -> str:
    import docx2txt

    text: str = docx2txt.process(str(file))
    return text


def _docx2python(file: Path) -> str:
    import docx2python

    with docx2python.docx2python(str(file)) as document:
        text: str = document.text
    return text


def _odfpy(file: Path) -> str:
    from odf import opendocument, teletype
    from odf import text as odf_text

    document = opendocument.load(str(file))
    kinds = (odf_text.P, odf_text.H)
    found = [each for kind in kinds for each in document.text.getElementsByType(kind)]
    return "\n".join(teletype.extractText(each) for each in found)


def _striprtf(file: Path) -> str:
    from striprtf.striprtf import rtf_to_text

    text: str = rtf_to_text(file.read_bytes().decode("latin-1"), errors="ignore")
    return text


TOOLS: dict[str, dict[str, Callable[[Path], str]]] = {
    "word": {
        "pandoc": _pandoc, "mammoth": _mammoth, "docx2txt": _docx2txt, "docx2python": _docx2python,
    },
    "odt": {"pandoc": _pandoc, "odfpy": _odfpy},
    "rtf": {"pandoc": _pandoc, "striprtf": _striprtf},
}  # fmt: skip


@dataclass
class Reading:
    """How one program read one file: shares of words, and seconds; None where it refused."""

    lost: float
    added: int
    seconds: float


def compared(truth: Oracle, shown: str, beside: str, seconds: float) -> Reading:
    """A reading beside LibreOffice's."""
    mine = words(shown)
    total = sum(truth.body.values())
    lost = sum((truth.body - (mine + words(beside))).values())
    return Reading(lost / total if total else 0.0, sum((mine - truth.everything).values()), seconds)


def labels(truth: Oracle, lines: list[str]) -> tuple[int, int, list[str]]:
    """How many paragraphs have a label in LibreOffice's text, how many have the same here, and
    those that have another."""
    plain = [" ".join(each.split()) for each in truth.paragraphs]
    theirs = [" ".join(each.split()) for each in truth.lines]
    ours = [" ".join(each.split()) for each in lines]
    labelled = same = 0
    others: list[str] = []
    once = Counter(plain)
    for paragraph in plain:
        if len(paragraph) < 8 or once[paragraph] > 1:
            continue
        label, mine = _label(paragraph, theirs), _label(paragraph, ours)
        if label is None or mine is None or not label + mine:
            continue
        labelled += 1
        if _comparable(label) == _comparable(mine):
            same += 1
        else:
            others.append(f"{label!r} is {mine!r} before {paragraph[:40]!r}")
    return labelled, same, others


def _label(paragraph: str, lines: list[str]) -> str | None:
    found = [each for each in lines if each.endswith(paragraph)]
    return found[0][: -len(paragraph)].strip() if len(found) == 1 and len(found[0]) - len(
        paragraph
    ) < 25 else None  # fmt: skip


def _comparable(label: str) -> str:
    return "•" if BULLET.fullmatch(label) else re.sub(r"[^\w]+", ".", label).strip(".")


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--own", action="store_true", help="ask no other program")
    arguments = parser.parse_args()
    cache = arguments.cache or Path(tempfile.gettempdir()) / "real_office"
    (cache / "in").mkdir(parents=True, exist_ok=True)
    files: dict[str, tuple[Path, str]] = {}
    for path in sorted(arguments.folder.rglob("*")):
        if path.suffix.lower() in ENDINGS and path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            copy = cache / "in" / f"{digest}{path.suffix.lower()}"
            if not copy.exists():
                shutil.copy(path, copy)
            files.setdefault(digest, (copy, path.relative_to(arguments.folder).as_posix()))
    convert([copy for copy, _ in files.values()], cache)
    for half in ("looked at", "kept apart"):
        for kind in ("word", "odt", "rtf"):
            chosen = [
                (copy, name)
                for copy, name in files.values()
                if KINDS.get(copy.suffix, "word") == kind and _half(name) == half
            ]
            report(chosen, kind, half, cache, named=arguments.list, own=arguments.own)


def _half(name: str) -> str:
    digest = hashlib.sha256(name.rpartition("/")[2].encode()).digest()
    return "looked at" if digest[0] % 2 else "kept apart"


def report(
    files: list[tuple[Path, str]], kind: str, half: str, cache: Path, *, named: bool, own: bool
) -> None:
    """Prints what each program made of these files."""
    readings: dict[str, list[Reading | None]] = {"pincite": []}
    unopened, both = 0, [0, 0]
    named = named and half == "looked at"
    for copy, name in files:
        truth = oracle(cache / f"{copy.stem}.fodt", cache / f"{copy.stem}.txt")
        reading, reason = None, ""
        began = time.perf_counter()
        try:
            shown, beside, lines = pincite(copy)
            seconds = time.perf_counter() - began
            if truth:
                reading = compared(truth, shown, beside, seconds)
                labelled, same, others = labels(truth, lines)
                both = [both[0] + labelled, both[1] + same]
                if named and (reading.lost > 0.01 or reading.added):
                    mine = words(f"{shown}\n{beside}")
                    missing = (truth.body - mine).most_common(12)
                    more = (words(shown) - truth.everything).most_common(12)
                    print(f"{name}: lost {reading.lost:.1%} {missing} added {more}")
                if named and others:
                    print(f"{name}: labels {others[:6]}")
        except Unreadable as error:
            reason = str(error)
        except Exception as error:
            reason = f"RAISED {error!r}"
        if truth is None or not sum(truth.body.values()):
            unopened += 1
            continue
        readings["pincite"].append(reading)
        if reason and (named or "RAISED" in reason):
            print(f"{name}: refused: {reason} ({sum(truth.body.values())} words)")
        for tool, read in {} if own else TOOLS[kind].items():
            found: Reading | None = None
            began = time.perf_counter()
            with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
                text = read(copy)
                found = compared(truth, text, "", time.perf_counter() - began)
            readings.setdefault(tool, []).append(found)
    print(f"\n{kind}, {half}: {len(files)} files, {unopened} not opened by LibreOffice or empty")
    print("  program      refused  lost median  lost 90th  files with added words  ms median")
    for tool, each in readings.items():
        good = [reading for reading in each if reading]
        lost = [reading.lost for reading in good]
        milliseconds = statistics.median([1000 * reading.seconds for reading in good] or [0])
        print(
            f"  {tool:12} {len(each) - len(good):7} {_percentile(lost, 0.5):12.2%}"
            f" {_percentile(lost, 0.9):10.2%} {sum(bool(r.added) for r in good):23}"
            f" {milliseconds:10.1f}"
        )
    print(f"  labels: {both[0]} paragraphs have one, {both[1]} the same as LibreOffice's\n")


if __name__ == "__main__":
    main()
