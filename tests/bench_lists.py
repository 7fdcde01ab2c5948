"""Questions about the corpus itself, their counts compared with a scan of its files.

    python tests/bench_lists.py HOME FOLDER us_state

The scan shares no code with the program: it reads the text files, takes off the lines between title
and body, and looks for the regular expressions that tests/questions/lists.jsonl has with each
question. Files count as copies when they share most of their long paragraphs within 60 days. With
`ordinary FILE...` instead, it counts the questions of these files, and of their threads, that are
taken for one about the corpus.
"""

import datetime
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from retriever import Answer, Generation, Home, ask
from retriever.question.corpus_questions import corpus_question
from retriever.question.follow_ups import without_periods

QUESTIONS = Path(__file__).parent / "questions" / "lists.jsonl"
TODAY = datetime.date(2024, 11, 20)
_FURNITURE = 120  # characters of a line between title and body
_RUN = 5  # words in a row that copies share
_LATER = 60  # days
_SHARED = 0.6  # of all of both


@dataclass(frozen=True)
class ScannedFile:
    """A file of the corpus, read plainly."""

    name: str
    day: datetime.date | None
    paragraphs: tuple[str, ...]
    head: str

    @cached_property
    def runs(self) -> frozenset[tuple[str, ...]]:
        words = " ".join(self.paragraphs[1:]).split()
        return frozenset(zip(*(words[at:] for at in range(_RUN)), strict=False))

    def says(self, pattern: str) -> bool:
        return any(map(re.compile(rf"(?<!\w)(?:{pattern})(?!\w)").search, self.paragraphs))

    def says_together(self, patterns: list[str]) -> bool:
        forms = [re.compile(rf"(?<!\w)(?:{each})(?!\w)") for each in patterns]
        return any(all(form.search(each) for form in forms) for each in self.turns())

    def turns(self) -> Iterator[str]:
        """The paragraphs, each behind whoever speaks; the first one also behind the title."""
        speaker = ""
        yield self.head
        for each in self.paragraphs:
            tag = re.match(r"([A-Z][A-Z .’-]+):", each)
            speaker = tag[1].title() if tag else speaker
            yield f"{speaker}: {each}"


def scanned(path: Path) -> ScannedFile:
    parts = [" ".join(each.split()) for each in re.split(r"\n\s*\n|\n(?=\S)", path.read_text())]
    title, *rest = parts = [each for each in parts if each]
    whole = (at for at, each in enumerate(parts) if len(each) >= _FURNITURE and each[-1] in ".”")
    first = next(whole, 0)
    while rest and len(rest[0]) < _FURNITURE and not re.search(r"[.!?”]$", rest[0]):
        rest = rest[1:]
    rest = [each for each in rest if not re.search(r"attributable to .*:$", each)]
    day = re.match(r"\d{4}-\d\d-\d\d", path.name)
    date = datetime.date.fromisoformat(day[0]) if day else None
    return ScannedFile(path.name, date, (title, *rest), " ".join(parts[: first + 1]))


def are_copies(one: ScannedFile, other: ScannedFile) -> bool:
    if one.day and other.day and abs((one.day - other.day).days) > _LATER:
        return False
    shared = len(one.runs & other.runs)
    return bool(shared) and shared >= _SHARED * len(one.runs | other.runs)


def found_by_scan(files: list[ScannedFile], facts: dict[str, object]) -> list[ScannedFile]:
    patterns, year = list(map(str, facts["scan"])), str(facts["year"])  # type: ignore[call-overload]
    return [
        each
        for each in files
        if (each.says_together(patterns) if facts["together"] else all(map(each.says, patterns)))
        if not year or (each.day and str(each.day.year) == year)
    ]


def different(files: list[ScannedFile]) -> int:
    """How many of the files are no copies of one before them."""
    kept: list[ScannedFile] = []
    for each in files:
        if not any(are_copies(each, other) for other in kept):
            kept.append(each)
    return len(kept)


def compared(answer: Answer, files: list[ScannedFile], facts: dict[str, object]) -> str:
    """What differs between the answer and the scan; empty when nothing does."""
    expected = found_by_scan(files, facts)
    if str(answer.listed) != facts["wanted"]:
        return f"read as {answer.listed}"
    assert answer.mentioned is not None
    count = answer.mentioned.documents + answer.mentioned.copies
    found = {hit.document.id for hit in answer.passages}
    found |= {each.partition("#")[0] for hit in answer.passages for each in hit.also_in}
    differs = []
    if count != len(expected):
        names = {each.name for each in expected}
        differs.append(f"{count} files, {len(expected)} by scan: {sorted(found ^ names)[:6]}")
    elif answer.mentioned.documents != different(expected):
        differs.append(f"{answer.mentioned.documents} documents, {different(expected)} by scan")
    return "; ".join(differs)


def taken_for_one(paths: list[str]) -> tuple[int, list[str]]:
    """How many turns there are, and those that are taken for questions about the corpus."""
    turns = [
        turn
        for path in paths
        for facts in map(json.loads, Path(path).read_text("utf-8").splitlines())
        for turn in (*facts.get("history", ()), facts.get("question") or facts["text"])
    ]
    return len(turns), [each for each in turns if corpus_question(without_periods(each, TODAY))]


def main() -> None:
    if sys.argv[1] == "ordinary":
        count, taken = taken_for_one(sys.argv[2:])
        print(f"{len(taken)} of {count} ordinary questions are taken for one: {taken}")
        return
    home, folder, corpus = sys.argv[1:]
    generation = Generation.open(Home(Path(home), Path.home() / ".cache/pincite/models"), fast=True)
    files = [scanned(path) for path in sorted(Path(folder).glob("*.txt"))]
    asked = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    asked = [each for each in asked if each["corpus"] == corpus]
    right = 0
    for facts in asked:
        answer = ask(
            generation, facts["question"], history=facts["history"], asked_on=TODAY,
            most_listed=10_000,
        )  # fmt: skip
        differs = compared(answer, files, facts)
        right += not differs
        print(f"{facts['id']} {facts['question']}: {answer.reason}. {differs or 'equal'}")
    print(f"{right} of {len(asked)} equal the scan")


if __name__ == "__main__":
    main()
