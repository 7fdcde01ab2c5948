"""What is reported, as rows: CSV, lines of JSON, Markdown."""

import csv
import io
import json
from pathlib import Path

import pytest
from conftest import CommandLine, release
from markdown_it import MarkdownIt

from bot.exporting.report_rows import as_csv, as_json_lines, as_markdown, fact_rows

QUESTION = "What was agreed about the harbor of Busan?"
ROWS = [
    {"name": "a | b\n*c* \x1b[31m", "count": 1},
    {"name": '=HYPERLINK("x")', "count": -2, "more": None},
    {"name": "- “one”, two"},
]


def test_a_table_is_csv_that_no_spreadsheet_computes() -> None:
    assert as_csv(ROWS).splitlines() == [
        "name,count,more",
        r"a | b *c* \x1b[31m,1,",
        '"\'=HYPERLINK(""x"")",-2,',
        '"\'- “one”, two",,',
    ]


def test_lines_of_json_have_texts_as_they_are() -> None:
    lines = as_json_lines(ROWS)
    assert [json.loads(line) for line in lines.splitlines()] == ROWS
    assert "\x1b" not in lines


def test_no_cell_leaves_its_table() -> None:
    table = as_markdown(ROWS)
    assert [line.count(" | ") for line in table.replace(r"\|", "").splitlines()] == [2] * 5
    page = MarkdownIt("commonmark").enable("table").render(table)
    assert page.count("<td>") == 9 and "<em>" not in page


def test_the_facts_of_an_index_are_one_value_each() -> None:
    facts = {
        "folders": ["/a", "/b"], "new": ["x", "y"], "skipped": {"why": ["x"], "or": ["y", "z"]},
        "dropped": {"date": 2, "board": 3}, "vectors": {"kind": "Flat", "recall": None},
        "documents": 3, "newest": None,
    }  # fmt: skip
    assert {row["fact"]: row["value"] for row in fact_rows(facts)} == {
        "folders": "/a; /b", "new": 2, "skipped": 3, "dropped": 5,
        "vectors": "kind Flat; recall None", "documents": 3, "newest": None,
    }  # fmt: skip


def test_an_answer_has_a_row_for_each_passage(indexed: CommandLine) -> None:
    answer = indexed("ask", "--json", QUESTION).json
    rows = list(csv.DictReader(io.StringIO(indexed("ask", "--format", "csv", QUESTION).out)))
    lines = [
        json.loads(line) for line in indexed("ask", "--format", "jsonl", QUESTION).out.splitlines()
    ]
    cited = [each["citation"] for each in answer["passages"]]
    assert [each["citation"] for each in rows] == [each["citation"] for each in lines] == cited
    assert rows[0]["verdict"] == "found"
    assert f"`{cited[0]}`" in indexed("ask", "--format", "markdown", QUESTION).out
    assert indexed("ask", "--format", "json", QUESTION).json["passages"] == answer["passages"]
    run = indexed("ask", "--format", "csv", "What did Zaphod Quxley agree?")
    [row] = csv.DictReader(io.StringIO(run.out))
    assert (run.code, row["verdict"]) == (1, "none")
    assert row["reason"].startswith("no document mentions")


@pytest.mark.parametrize("form", ["markdown", "csv", "jsonl"])
def test_the_status_has_each_form(indexed: CommandLine, form: str) -> None:
    Path("releases/scan.pdf").write_bytes(b"%PDF-1.4 no")
    Path("releases/copy.txt").write_text(Path("releases/harbour.txt").read_text())
    assert indexed("index").code == 0
    assert "documents" in indexed("status", "--format", form).out
    assert "scan.pdf" in indexed("status", "--skipped", "--format", form).out
    copies = indexed("status", "--copies", "--format", form).out
    assert "harbour.txt" in copies and "copy.txt" in copies


def test_an_evaluation_has_a_row_for_each_question_and_a_table(indexed: CommandLine) -> None:
    Path("q.jsonl").write_text(
        "".join(
            json.dumps({"question": each, "type": "t", "corpus": "releases", "answers": answers})
            + "\n"
            for each, answers in (
                (QUESTION, [{"file": "harbour.txt", "label": "2"}]),
                ("What did Zaphod Quxley agree?", []),
            )
        )
    )
    run = indexed("eval", "q.jsonl", "--fast", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(run.out)))
    assert [(each["answerable"], each["verdict"], each["MRR@10"]) for each in rows] == [
        ("True", "found", "1.0"), ("False", "none", ""),
    ]  # fmt: skip
    table = indexed("eval", "q.jsonl", "--fast", "--format", "markdown").out
    assert table.startswith("| type | system |")


def test_two_forms_contradict(indexed: CommandLine) -> None:
    indexed("status", "--json", "--format", "csv").refuses(advice="give one")


def test_a_document_writes_no_control_sequence_in_any_form(indexed: CommandLine) -> None:
    evil = "\x1b]0;owned\x07\x1b[2J"
    Path("releases/evil.txt").write_text(
        release(f"Zebra {evil} News", "2020-02-02", f"The zebra {evil} was crowned.")
    )
    assert indexed("index").code == 0
    for form in ("markdown", "csv", "jsonl", "json"):
        run = indexed("ask", "--format", form, "Was the zebra crowned?")
        assert "owned" in run.out and "\x1b" not in run.out
