"""Collections in the form of BEIR, read as documents and cases.

A collection is a folder with `corpus.jsonl` (`_id`, `title`, `text`; here also `doc_id`, `date`),
`queries.jsonl` (`_id`, `text`; here also `history`, `kind`) and `qrels.tsv` (query, passage, score);
see Thakur and others 2021, "BEIR".
"""

import csv
import datetime
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus.document import Document, Passage, Span
from corpus.files import file_hash
from retriever.errors import QuestionsRefused
from retriever.passages import IndexedFile

CORPUS, QUERIES, RELEVANT = "corpus.jsonl", "queries.jsonl", "qrels.tsv"
_BETWEEN = "\n\n"


def is_collection(path: Path) -> bool:
    """Whether this is a folder in the form of BEIR."""
    return all((path / name).is_file() for name in (CORPUS, QUERIES, RELEVANT))


def read_documents(folder: Path) -> list[IndexedFile]:
    """The rows of the corpus as documents; raises `QuestionsRefused` naming a line that is none.

    Neighbouring rows with the same `doc_id` and title are the passages of one document, each
    labelled with its `_id`.
    """
    path = folder / CORPUS
    rows = list(_lines(path))
    sha256 = file_hash(path.read_bytes())
    documents = [
        _document(number, list(group))
        for number, (_, group) in enumerate(groupby(rows, key=_document_key))
    ]
    return [IndexedFile(path, sha256, document) for document in documents]


def _document_key(row: dict[str, Any]) -> tuple[str, str]:
    return str(row.get("doc_id", row["_id"])), str(row.get("title", ""))


def _document(number: int, rows: Sequence[dict[str, Any]]) -> Document:
    text = ""
    passages = []
    for row in rows:
        own = row["text"].strip() or "-"
        passages.append(Passage(row["_id"], Span(len(text), len(text) + len(own)), own))
        text += own + _BETWEEN
    title = str(rows[0].get("title", ""))
    date = rows[0].get("date")
    return Document(
        id=f"{number}/{rows[0].get('doc_id', rows[0]['_id'])}",
        text=text,
        title=title or passages[0].text[:80],
        title_stated=bool(title),
        passages=tuple(passages),
        posted=datetime.date.fromisoformat(date) if date else None,
    )


def read_queries(folder: Path) -> list[tuple[dict[str, Any], tuple[str, ...]]]:
    """Each query with the ids of the passages that answer it, in the order of the file."""
    relevant: dict[str, list[str]] = defaultdict(list)
    with (folder / RELEVANT).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if float(row["score"]) > 0:
                relevant[row["query-id"]].append(row["corpus-id"])
    return [(row, tuple(relevant[row["_id"]])) for row in _lines(folder / QUERIES)]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                row = json.loads(line)
                yield {**row, "_id": str(row["_id"]), "text": str(row["text"])}
            except (ValueError, KeyError, TypeError):
                raise QuestionsRefused(
                    f"Line {number} of {path} is no object with _id and text; correct it."
                ) from None
