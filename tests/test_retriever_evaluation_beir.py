"""Collections in the form of BEIR: read, indexed once, and refused in one sentence."""

import datetime
import json
from pathlib import Path

import pytest

from retriever.build.build import Build
from retriever.build.models import DEFAULT_MODELS
from retriever.errors import QuestionsRefused
from retriever.evaluation.beir import collection_documents, index_collection, read_queries
from retriever.evaluation.cases import Gold
from retriever.index.home import Home

ROWS: list[dict[str, object]] = [
    {"_id": "h1", "doc_id": "harbour", "title": "Harbor Talks", "date": "2021-03-04",
     "text": "The minister met the governor of Elbonia in Busan."},
    {"_id": "h2", "doc_id": "harbour", "title": "Harbor Talks", "date": "2021-03-04",
     "text": " The two sides agreed to deepen the harbor.\n"},
    {"_id": "v", "title": "", "text": "Two million doses of vaccine went to Freedonia."},
    {"_id": "empty", "title": "Film Week", "text": ""},
]  # fmt: skip
QUERIES: list[dict[str, object]] = [
    {"_id": "q1", "text": "What was agreed about the harbor?", "kind": "fact"},
    {"_id": "q2", "text": "and on films?", "rewrite": "What was agreed on films?",
     "asked_on": "2021-04-01",
     "history": [{"role": "user", "text": "What was agreed?"},
                 {"role": "assistant", "text": "To deepen the harbor."}]},
    {"_id": "q3", "text": "Who wrote the zebra opera?", "answerability": "UNANSWERABLE"},
    {"_id": "train", "text": "Nobody judged this."},
]  # fmt: skip
JUDGED = 'query-id\tcorpus-id\tscore\nq1\th2\t1\nq1\th1\t0\nq2\t"odd\t2\n'


def lines(rows: list[dict[str, object]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "talks"
    place.mkdir()
    (place / "corpus.jsonl").write_text(lines(ROWS))
    (place / "queries.jsonl").write_text(lines(QUERIES))
    (place / "qrels.tsv").write_text(JUDGED)
    return place


def test_rows_of_one_document_are_its_passages(folder: Path) -> None:
    harbour, vaccine, film = (file.document for file in collection_documents(folder))
    assert harbour.title == "Harbor Talks"
    assert harbour.posted == datetime.date(2021, 3, 4)
    assert [(each.label, each.text) for each in harbour.passages] == [
        ("h1", "The minister met the governor of Elbonia in Busan."),
        ("h2", "The two sides agreed to deepen the harbor."),
    ]
    assert all(each.span.of(harbour.text) == each.text for each in harbour.passages)
    assert (vaccine.title_stated, vaccine.posted) == (False, None)
    assert film.passages[0].text == "Film Week"  # a title is all that this one has


def test_judged_queries_are_cases(folder: Path) -> None:
    first, follow_up, nowhere = read_queries(folder)
    assert (first.id, first.type, first.corpus) == ("q1", "fact", "talks")
    assert first.answers == (Gold("", label="h2"),)
    assert follow_up.history == ("What was agreed?",)
    assert follow_up.full == "What was agreed on films?"
    assert follow_up.asked_on == datetime.date(2021, 4, 1)
    assert follow_up.answers == (Gold("", label='"odd'),)
    assert nowhere.answers == ()


def test_judgements_may_lie_where_beir_has_them(folder: Path) -> None:
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert len(read_queries(folder)) == 3


def test_the_index_is_kept_until_the_corpus_changes(folder: Path, models: Path) -> None:
    home = Home(folder.parent / "home", models, models)

    def build() -> Build:
        return index_collection(home, folder, DEFAULT_MODELS, lambda *now: None)

    first = build()
    assert first.published
    assert (first.manifest.documents, first.manifest.passages) == (3, 4)
    again = build()
    assert (again.published, again.generation) == (False, first.generation)
    (folder / "queries.jsonl").write_text(lines(QUERIES[:1]))
    assert not build().published
    (folder / "corpus.jsonl").write_text(lines(ROWS[:3]))
    assert build().manifest.passages == 3


CORPUS, QUERY, JUDGE = "corpus.jsonl", "queries.jsonl", "qrels.tsv"


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (CORPUS, None, r"lacks corpus.jsonl; name a file of questions, or a folder with"),
        (QUERY, None, r"lacks queries.jsonl; name"),
        (JUDGE, None, r"lacks qrels.tsv; name"),
        (CORPUS, "", "is empty; write one object on each line"),
        (QUERY, "\n", "is empty"),
        (CORPUS, "nonsense", "Line 1 of .*corpus.jsonl cannot be used; it needs _id and text"),
        (CORPUS, "[1]", "Line 1 "),
        (CORPUS, '{"_id": 1}', "Line 1 "),
        (CORPUS, '{"_id": 1, "text": 2}', "Line 1 "),
        (CORPUS, '\n{"_id": 1, "text": "a", "date": "May"}', "Line 2 .*dates such as 2023-10-17"),
        (CORPUS, '{"_id": 1, "text": "\\ud800"}', "Line 1 "),
        (CORPUS, '{"_id": 1, "text": "a"}\n{"_id": "1", "text": "b"}', "Line 2 .*repeats .* '1'"),
        (QUERY, '{"_id": 1, "text": ""}', "Line 1 "),
        (QUERY, '{"_id": 1, "text": "a", "history": ["b"]}', "Line 1 .*turns with role"),
        (QUERY, '{"_id": 1, "text": "a", "history": [{"role": "user"}]}', "Line 1 "),
        (QUERY, '{"_id": "other", "text": "a"}', "No query of .* is judged"),
        (JUDGE, "q1\th2\t1\nq1\th1\t1\n", "Line 2 of .*qrels.tsv is no judgement; below the head"),
        (JUDGE, "query-id\tcorpus-id\tscore\nq1\th2\tyes\n", "Line 2 "),
        (JUDGE, "query-id\tcorpus-id\tscore\nq1\n", "Line 2 "),
    ],
)
def test_a_malformed_collection_says_what_to_do(
    folder: Path, file: str, content: str | None, message: str
) -> None:
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_text(content)
    with pytest.raises(QuestionsRefused, match=message) as refusal:
        read_queries(folder)
        collection_documents(folder)
    assert str(refusal.value).endswith(".")
