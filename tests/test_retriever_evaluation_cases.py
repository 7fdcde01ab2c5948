"""Files of questions: every field, and one sentence for each way to be wrong."""

import datetime
import json
from pathlib import Path

import pytest

from retriever.errors import QuestionsRefused
from retriever.evaluation.cases import Case, Gold, read_cases


def test_every_field_is_read(tmp_path: Path) -> None:
    line = {
        "id": 7,
        "question": "and last March?",
        "full": "What was agreed last March?",
        "history": ["What was agreed?"],
        "asked_on": "2023-10-17",
        "mode": "all",
        "type": "follow-up",
        "corpus": "seeds",
        "answers": [{"file": "a.txt", "paragraph": "2. The two"}, {"file": "a.txt", "label": "3"}],
        "note": "anything else is passed over",
    }
    bare = {"question": "Who?", "corpus": "seeds", "answers": [], "asked_on": None}
    path = tmp_path / "q.jsonl"
    path.write_text(f"{json.dumps(line)}\n\n{json.dumps(bare)}\n")
    assert read_cases(path) == [
        Case(
            id="7",
            question="and last March?",
            corpus="seeds",
            answers=(Gold("a.txt", paragraph="2. The two"), Gold("a.txt", label="3")),
            type="follow-up",
            history=("What was agreed?",),
            mode="all",
            asked_on=datetime.date(2023, 10, 17),
            full="What was agreed last March?",
        ),
        Case(id="3", question="Who?", corpus="seeds", answers=()),
    ]


GOOD = {"question": "a", "corpus": "b", "answers": []}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no questions; write one on each line"),
        (b"\n \n", "holds no questions"),
        (b"\xff", "cannot be read"),
        (b"{}\n", "Line 1 of .* is no question; it needs question, corpus and answers"),
        (b'\n{"question": "a", "corpus": "b", "answers": [{"file": "x"}]}', "Line 2 .*or a label"),
        (b"[]", "Line 1 "),
        (b"3", "Line 1 "),
        (b"nonsense", "Line 1 "),
        (b"[" * 100_000, "Line 1 "),
        (GOOD | {"question": " "}, "a question is empty or no text"),
        (GOOD | {"question": 3}, "a question is empty or no text"),
        (GOOD | {"history": "What?"}, "history is no list"),
        (GOOD | {"history": [None]}, "a question is empty or no text"),
        (GOOD | {"answers": {}}, "answers is no list"),
        (GOOD | {"answers": ["a.txt#2"]}, "Line 1 "),
        (GOOD | {"mode": "some"}, "mode is 'some', and can be any or all"),
        (GOOD | {"asked_on": "yesterday"}, "'yesterday' is no date such as 2023-10-17"),
        (GOOD | {"asked_on": 2023}, "2023 is no date"),
    ],
)
def test_a_bad_file_of_questions_names_the_line(
    tmp_path: Path, content: bytes | dict[str, object], message: str
) -> None:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    (tmp_path / "q.jsonl").write_bytes(data)
    with pytest.raises(QuestionsRefused, match=message):
        read_cases(tmp_path / "q.jsonl")


def test_how_a_paragraph_begins_counts_before_its_label(tmp_path: Path) -> None:
    both = GOOD | {"answers": [{"file": "x", "label": "2", "paragraph": "y"}]}
    (tmp_path / "q.jsonl").write_text(json.dumps(both))
    (case,) = read_cases(tmp_path / "q.jsonl")
    assert case.answers == (Gold("x", paragraph="y"),)


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(QuestionsRefused, match=r"cannot be read .*; name another"):
        read_cases(tmp_path / "none.jsonl")
