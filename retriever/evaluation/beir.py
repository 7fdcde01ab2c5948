"""Collections in the form of BEIR, read as documents and cases.

A collection is a folder with `corpus.jsonl` (`_id`, `title`, `text`; here also `doc_id`, `date`),
`queries.jsonl` (`_id`, `text`; here also `history`, `kind`, `rewrite`) and `qrels.tsv` or, as it is
published, `qrels/test.tsv` (query, passage, score); see Thakur and others 2021, "BEIR".
"""

import csv
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus.document import Document, Passage, Span
from corpus.folder.file_io import file_hash
from retriever.build.build import Build, build_generation, unchanged
from retriever.build.models import ModelNames, prepare_models
from retriever.errors import QuestionsRefused
from retriever.evaluation.cases import Case, Gold, day_in, question_in
from retriever.index.generation_manifest import CorpusFolder
from retriever.index.home import Home
from retriever.index.records import IndexedFile
from retriever.progress import Progress

CORPUS, QUERIES = "corpus.jsonl", "queries.jsonl"
JUDGEMENTS = ("qrels.tsv", "qrels/test.tsv")
_BETWEEN = "\n\n"
_SUPPLIED_TITLE = 80  # characters of the first passage, where the collection gives no title


def index_collection(home: Home, folder: Path, names: ModelNames, progress: Progress) -> Build:
    """Indexes the documents of a collection, unless its corpus, the models and the program are
    those of the home's current generation.

    Raises `QuestionsRefused`, `Busy` and the errors of `embeddings`.
    """
    with home.locked():
        models = prepare_models(home, names, progress)
        digest = file_hash(_data(folder / CORPUS))
        listed = (CorpusFolder(str(folder), {CORPUS: digest}, {}),)
        return unchanged(home, models, listed) or build_generation(
            home, collection_documents(folder), listed, models, progress
        )


def collection_documents(folder: Path) -> list[IndexedFile]:
    """The rows of the corpus as documents; raises `QuestionsRefused` naming a line that is none.

    Neighbouring rows with the same `doc_id` and title are the passages of one document, each
    labelled with its `_id`.
    """
    path = folder / CORPUS
    rows = list(_rows(path))
    sha256 = file_hash(_data(path))
    documents = [
        _document(number, list(group))
        for number, (_, group) in enumerate(groupby(rows, key=_document_key))
    ]
    return [IndexedFile(path, sha256, document) for document in documents]


def read_queries(folder: Path) -> list[Case]:
    """The judged queries as cases; raises `QuestionsRefused`.

    A query is judged when a line of the judgements names it, or when its `answerability` is
    `UNANSWERABLE`; BEIR leaves the others for training. The earlier questions are the turns of the
    role `user` in `history`.
    """
    relevant = _judgements(folder)
    cases = [
        Case(
            id=row["_id"],
            question=row["text"],
            corpus=folder.name,
            answers=tuple(Gold("", label=each) for each in relevant.get(row["_id"], ())),
            type=str(row.get("kind") or row.get("type") or "question"),
            history=row["history"],
            asked_on=row["asked_on"],
            full=str(row.get("full") or row.get("rewrite") or ""),
        )
        for row in _rows(folder / QUERIES)
        if row["_id"] in relevant or row.get("answerability") == "UNANSWERABLE"
    ]
    if not cases:
        raise QuestionsRefused(
            f"No query of {folder} is judged; its judgements must name the _id of queries."
        )
    return cases


def _document_key(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("doc_id", row["_id"])), str(row.get("title") or "")


def _document(number: int, rows: Sequence[dict[str, Any]]) -> Document:
    text = ""
    passages = []
    key, title = _document_key(rows[0])
    for row in rows:
        own = row["text"].strip() or title.strip() or "-"
        passages.append(Passage(row["_id"], Span(len(text), len(text) + len(own)), own))
        text += own + _BETWEEN
    return Document(
        id=f"{number}/{key}",
        text=text,
        title=title or passages[0].text[:_SUPPLIED_TITLE],
        title_stated=bool(title),
        passages=tuple(passages),
        posted=rows[0]["date"],
    )


def _judgements(folder: Path) -> dict[str, list[str]]:
    """The ids of the passages that answer each judged query; none when all its scores are 0."""
    path = next((folder / name for name in JUDGEMENTS if (folder / name).is_file()), None)
    if path is None:
        raise QuestionsRefused(_lacking(folder, JUDGEMENTS[0]))
    relevant: dict[str, list[str]] = defaultdict(list)
    lines = _data(path).decode("utf-8", "replace").splitlines()
    # Ids may hold quotation marks: a line is three fields between tabs, and nothing is quoted.
    for number, row in enumerate(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 2):
        try:
            query, passage, score = row["query-id"], row["corpus-id"], float(row["score"])
        except (ValueError, KeyError, TypeError):
            raise QuestionsRefused(
                f"Line {number} of {path} is no judgement; below the heading query-id, corpus-id, "
                "score it needs these three, with tabs between them."
            ) from None
        relevant[query] += [passage] if score > 0 else []
    return relevant


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSONL file, with the fields that matter here made sure of."""
    known: set[str] = set()
    for number, line in enumerate(_data(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            json.dumps(row, ensure_ascii=False).encode()  # half a surrogate pair cannot be stored
            identifier = str(row["_id"])
            title_only = path.name == CORPUS and row["text"] == ""
            asked = [turn["text"] for turn in row.get("history") or [] if turn["role"] == "user"]
            row["text"] = "" if title_only else question_in(row["text"])
            row["history"] = tuple(map(question_in, asked))
            row["asked_on"] = day_in(row.get("asked_on"))
            row["date"] = day_in(row.get("date") or None)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise QuestionsRefused(
                f"Line {number} of {path} cannot be used; it needs _id and text, turns with role "
                "and text if it has a history, and dates such as 2023-10-17."
            ) from None
        if identifier in known:
            raise QuestionsRefused(
                f"Line {number} of {path} repeats the _id {identifier!r}; give each its own."
            )
        known.add(identifier)
        yield {**row, "_id": identifier}
    if not known:
        raise QuestionsRefused(f"The file {path} is empty; write one object on each line.")


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise QuestionsRefused(_lacking(path.parent, path.name)) from None


def _lacking(folder: Path, name: str) -> str:
    return (
        f"The folder {folder} lacks {name}; name a file of questions, or a folder with {CORPUS}, "
        f"{QUERIES} and {JUDGEMENTS[0]}."
    )
