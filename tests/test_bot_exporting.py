"""Quotations taken along: footnotes, Word, references, and nothing that a document slips in."""

import io
import json
import re
from pathlib import Path

import docx
import pytest
from conftest import HARBOUR, CommandLine, release
from markdown_it import MarkdownIt

from bot.exporting.files import NotExported, write
from bot.exporting.footnotes import escaped, markdown
from bot.exporting.quotations import Quotation, Section
from bot.exporting.reference_lists import bibtex, citation_lines, csl_json
from bot.exporting.word_document import word_document
from corpus.readers import read_documents
from retriever.answering.answer import Source

QUESTION = "What was agreed about the harbor of Busan?"
AGREED = "The two sides agreed to deepen the harbor of Busan for container ships by 2025."
EVIL = "<script>alert(1)</script> [x](javascript:y) **b** `c` $d$ 1. & \x1b[31m ]]> {{e}} \\input"


def quotation(**changes: str | None) -> Quotation:
    document = Source(
        "a b/x_1.txt", "/home/me/a b/x_1.txt", changes.get("title") or "Talks & More", "2021-03-04",
        "2021-03-03", changes.get("source", "https://x.org/1"),
    )  # fmt: skip
    text = changes.get("text") or "They met. They agreed on 5%."
    link = "https://x.org/1#:~:text=They%20met" if document.source else ""
    return Quotation(
        text, changes.get("columns") or "", (10, len(text)), document, "4", 2, link,
        "a b/x_1.txt#4@0123456789ab",
    )  # fmt: skip


def section(**changes: str | None) -> list[Section]:
    return [Section("What was agreed?", "Likely found: reasons", (quotation(**changes),))]


def test_each_footnote_has_what_is_needed_to_find_the_words() -> None:
    assert markdown(section()).splitlines() == [
        "## What was agreed?",
        "",
        "Likely found: reasons",
        "",
        "> They met. **They agreed on 5%.**[^1]",
        "",
        r"[^1]: Talks \& More, 4 March 2021 (event 3 March 2021), paragraph 4, page 2. "
        "<https://x.org/1#:~:text=They%20met>, `a b/x_1.txt#4@0123456789ab`",
    ]
    without = markdown(section(source=None))
    assert r"page 2. file a b/x\_1.txt, `a b/x_1.txt#4@0123456789ab`" in without
    assert "/home/me" not in without


def test_a_row_of_a_table_has_the_heads_of_its_columns() -> None:
    text = markdown(section(columns="Country\tAid", text="Sanesia\t6"))
    assert "> Country: Sanesia; Aid: 6[^1]" in text


@pytest.mark.parametrize("begin", ["", "1. ", "1) ", "- ", "+ ", "# ", "> ", "    ", "=== ", ": "])
def test_nothing_that_a_document_says_is_markdown(begin: str) -> None:
    said = begin + EVIL
    shown = MarkdownIt("commonmark").parse(escaped(" ".join(said.split())))
    assert [each.type for each in shown] == ["paragraph_open", "inline", "paragraph_close"]
    [inline] = [each for each in shown if each.type == "inline"]
    assert {each.type for each in inline.children or []} <= {"text", "text_special"}
    assert "".join(each.content for each in inline.children or []) == " ".join(said.split())
    page = MarkdownIt("commonmark").render(markdown(section(text=said, title=said)))
    assert "<script" not in page and "javascript:y)" in page and 'href="javascript' not in page


def test_word_opens_it_with_its_footnotes() -> None:
    data = word_document([*section(), *section(title=EVIL, text=EVIL, source=None)])
    opened = docx.Document(io.BytesIO(data))
    assert [(each.style.name, each.text) for each in opened.paragraphs][:3] == [
        ("Heading 2", "What was agreed?"),
        ("Normal", "Likely found: reasons"),
        ("Quote", "They met. They agreed on 5%."),
    ]
    assert [run.text for run in opened.paragraphs[2].runs if run.bold] == ["They agreed on 5%."]
    [notes] = [each for each in opened.part.rels.values() if "footnotes" in each.reltype]
    assert b"page 2. " in notes.target_part.blob
    assert [each.target_ref for each in notes.target_part.rels.values()] == [
        "https://x.org/1#:~:text=They%20met"
    ]
    [document] = read_documents("x.docx", data)  # as our own reader has it
    assert "They met. They agreed on 5%." in document.text
    assert "4 March 2021 (event 3 March 2021), paragraph 4, page 2." in document.text
    assert "a b/x_1.txt#4@0123456789ab" in document.text
    assert word_document(section()) == word_document(section())


def test_references_are_those_of_the_documents() -> None:
    twice = section() + section()
    [item] = json.loads(csl_json(twice))
    assert item == {
        "id": "a b/x_1.txt",
        "type": "webpage",
        "title": "Talks & More",
        "note": "a b/x_1.txt#4@0123456789ab",
        "issued": {"date-parts": [[2021, 3, 4]]},
        "URL": "https://x.org/1",
    }
    assert bibtex(twice).splitlines() == [
        "@misc{a-b-x-1-txt,",
        r"  title = {{Talks \& More}},",
        "  year = {2021},",
        "  month = mar,",
        "  day = {4},",
        "  url = {https://x.org/1},",
        r"  note = {a b/x\_1.txt\#4@0123456789ab}",
        "}",
    ]


def test_braces_in_a_title_do_not_end_an_entry() -> None:
    entry = bibtex(section(title="}} @misc{evil, \\input{x} {"))
    depth = 0
    for sign in re.sub(r"\\.", "", entry):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0 and entry.count("\n@") == 0 and "\\input" not in entry


def test_a_line_to_paste_has_everything() -> None:
    assert citation_lines(section()) == (
        "Talks & More, 4 March 2021 (event 3 March 2021), paragraph 4, page 2. "
        "https://x.org/1#:~:text=They%20met [a b/x_1.txt#4@0123456789ab]"
    )


def test_a_file_is_written_once_and_by_its_ending(tmp_path: Path) -> None:
    for name, begin in (
        ("x.md", b"## What"), ("x.docx", b"PK"), ("x.txt", b"Talks"), ("x.json", b"["),
        ("x.bib", b"@misc"),
    ):  # fmt: skip
        write(section(), tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(begin)
        with pytest.raises(NotExported, match="is there already; name another file"):
            write(section(), tmp_path / name)
    with pytest.raises(NotExported, match=r"names no form; use one of \.md"):
        write(section(), tmp_path / "x.pdf")
    with pytest.raises(NotExported, match="cannot be written"):
        write(section(), tmp_path / "none" / "x.md")


def test_a_conversation_is_exported_with_its_follow_ups(indexed: CommandLine) -> None:
    run = indexed("export", QUESTION, "and about the fish market?")
    assert run.code == 0
    assert re.findall("^## .*", run.out, re.MULTILINE) == [
        f"## {QUESTION}", "## and about the fish market?",
    ]  # fmt: skip
    assert f"> **{AGREED}**[^1]".replace("**", "") in run.out.replace("**", "")
    citation = re.findall(r"`(harbour\.txt#2@\w+)`", run.out)[0]
    assert indexed("verify", citation).code == 0


def test_citations_that_do_not_hold_are_told_and_not_quoted(indexed: CommandLine) -> None:
    cited = indexed("ask", "--json", QUESTION).json["passages"][0]["citation"]
    run = indexed("export", "--format", "citation", cited)
    assert (run.code, run.err) == (0, "")
    assert run.out.startswith(
        "Korea and Elbonia Hold Harbor Talks in Busan (March 3), 4 March 2021"
    )
    assert run.out.endswith(f" file harbour.txt [{cited}]\n")
    Path("releases/harbour.txt").write_text(HARBOUR.replace("by 2025", "by 2027"))
    run = indexed("export", cited)
    assert (run.code, run.out) == (1, "")
    assert "changed; what stands there now is" in run.err


def test_without_an_answer_the_verdict_is_exported(indexed: CommandLine) -> None:
    run = indexed("export", "What did Zaphod Quxley agree?", "-o", "none.md")
    assert run.code == 1
    text = Path("none.md").read_text()
    assert "Not found in these documents: no document mentions" in text
    assert "[^1]" not in text


def test_word_wants_a_file(indexed: CommandLine) -> None:
    indexed("export", "--format", "docx", QUESTION).refuses(advice="--output")


def test_hostile_documents_are_exported_as_text(indexed: CommandLine) -> None:
    Path("releases/evil.txt").write_text(release(f"Zebra {EVIL}", "2020-02-02", f"A zebra. {EVIL}"))
    assert indexed("index").code == 0
    for form in ("markdown", "citation", "csl-json", "bibtex"):
        run = indexed("export", "--format", form, "What of the zebra?")
        assert "zebra" in run.out.lower()
        assert "\x1b" not in run.out
