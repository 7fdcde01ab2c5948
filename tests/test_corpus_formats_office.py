"""Word, OpenDocument and rich text: forty releases, what lists and notes become, hostile files."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import read_document
from releases import Release, releases
from rendering_office import LAYOUTS, Lists, odt, odt_file, odt_list, rtf, saved, typed_docx
from test_corpus_readers import check

from corpus.document import Document
from corpus.errors import Unreadable

W = "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"


def passages(document: Document) -> list[tuple[str, str]]:
    return [(each.label, " ".join(each.text.split())) for each in document.passages]


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("release", releases(), ids=lambda release: release.name)
def test_a_release_in_an_office_file_is_the_release(release: Release, layout: str) -> None:
    ending, render, printed = LAYOUTS[layout]
    document = read_document(f"{release.name}{ending}", render(release))
    expected = printed(release).document
    check(document)
    assert passages(document) == passages(expected)
    assert (document.title, document.posted) == (expected.title, expected.posted)


def test_headings_are_known_by_their_style() -> None:
    longer = releases()[-1]
    for ending, render, _ in (LAYOUTS["typed docx"], LAYOUTS["odt"]):
        document = read_document(f"a{ending}", render(longer))
        headings = list(dict.fromkeys(each.heading for each in document.passages))
        assert headings == ["Opening of the Talks", "Next Steps"]


def word(write: Callable[[Any], None]) -> Document:
    """What a Word file is read as, into which this has written."""
    file = docx.Document()
    write(file)
    return read_document("a.docx", saved(file))


def with_part(data: bytes, name: str, part: bytes, *, before: bool = False) -> bytes:
    """An archive in which this part is replaced or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for each in old.namelist():
            if each != name:
                new.writestr(each, old.read(each))
        new.writestr(name, part)
    return made.getvalue()


def part_of(data: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(data)).read(name).decode()


def body(*paragraphs: str) -> bytes:
    """A Word file of this XML."""
    data = saved(docx.Document())
    xml = "".join(paragraphs)
    document = f"<w:document {W}><w:body>{xml}</w:body></w:document>"
    return with_part(data, "word/document.xml", document.encode())


def run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def test_bullets_of_two_styles_stay_two_levels() -> None:
    def write(file: Any) -> None:
        file.add_paragraph("1. The two sides met.")
        for style, text in (("", "One"), (" 2", "one a"), (" 2", "one b"), ("", "Two")):
            file.add_paragraph(f"{text} is.", style=f"List Bullet{style}")

    labels = [label for label, _ in passages(word(write))]
    assert labels == ["1", "1 • 1", "1 • 1 ◦ 1", "1 • 1 ◦ 2", "1 • 2"]


def test_bullets_below_a_number_of_the_same_list_are_bullets() -> None:
    def write(file: Any) -> None:
        lists = Lists(file)
        for text, number, level in (
            ("The two sides met.", lists.numbers, 0),
            ("They agreed on ships.", lists.numbers, 1),
            ("They agreed on fish.", lists.numbers, 1),
            ("Nothing else was said.", lists.numbers, 0),
        ):
            lists.use(file.add_paragraph(text), number, level)

    assert [label for label, _ in passages(word(write))] == ["1", "1 (1)", "1 (2)", "2"]


def test_numbering_goes_on_behind_what_interrupts_it() -> None:
    def write(file: Any) -> None:
        lists = Lists(file)
        lists.use(file.add_paragraph("The two sides met."), lists.numbers, 0)
        file.add_paragraph("The meeting was long.")
        lists.use(file.add_paragraph("They agreed on ships."), lists.numbers, 0)
        file.add_table(1, 2).cell(0, 0).text = "ships"
        lists.use(file.add_paragraph("They agreed on fish."), lists.numbers, 0)
        lists.restart(7)
        lists.use(file.add_paragraph("They will meet again."), lists.numbers, 0)

    labels = [label for label, _ in passages(word(write))]
    assert labels == ["1", "1 ¶2", "2", "2 ¶2", "3", "7"]


def test_a_row_of_a_table_is_a_passage() -> None:
    def write(file: Any) -> None:
        file.add_paragraph("Humanitarian assistance was given as follows.")
        table = file.add_table(3, 2)
        cells = ("Country", "Amount", "Haiti", "US$ 1 million", "", "")
        for cell, text in zip(table._cells, cells, strict=True):
            cell.text = text
        table.cell(1, 0).add_paragraph("(hurricane)")

    assert passages(word(write))[1:] == [
        ("¶2", "Country | Amount"),
        ("¶3", "Haiti (hurricane) | US$ 1 million"),
    ]


def test_a_frame_around_a_text_is_no_table() -> None:
    def write(file: Any) -> None:
        cell = file.add_table(1, 1).cell(0, 0)
        cell.text = "1. The two sides met."
        cell.add_paragraph("2. They agreed.")

    assert passages(word(write)) == [("1", "The two sides met."), ("2", "They agreed.")]


def test_lines_of_one_paragraph_that_begin_with_signs_stand_alone() -> None:
    def write(file: Any) -> None:
        paragraph = file.add_paragraph("1. The two sides met")
        for text in ("in Seoul.", "o They agreed on ships.", "2. They will meet again."):
            paragraph.add_run().add_break()
            paragraph.add_run(text)

    document = word(write)
    assert [each.text for each in document.passages] == [
        "The two sides met\nin Seoul.",
        "They agreed on ships.",
        "They will meet again.",
    ]
    assert [each.label for each in document.passages] == ["1", "1 o 1", "2"]


def test_a_paragraph_in_the_style_of_a_heading_is_none() -> None:
    def write(file: Any) -> None:
        file.add_heading("A Heading", 1)
        file.add_paragraph("The two sides met.")
        file.add_heading("The two sides agreed on many things. " * 10, 2)

    document = word(write)
    assert [len(each.text) > 300 for each in document.passages] == [False, True]


def test_a_note_stands_below_the_paragraph_that_refers_to_it() -> None:
    notes = (
        f"<w:footnotes {W}><w:footnote w:id='5'><w:p>{run('These are NAM DAE BONG ')}</w:p>"
        f"<w:p>{run('and UNICA.')}</w:p></w:footnote></w:footnotes>"
    )
    data = body(
        f"<w:p>{run('1. Seven')}<w:r><w:footnoteReference w:id='5'/></w:r>"
        f"{run(' vessels are named.')}</w:p>",
        f"<w:p>{run('2. Nothing else was said.')}</w:p>",
    )
    types = part_of(data, "[Content_Types].xml")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    override = f"<Override PartName='/word/footnotes.xml' ContentType='{kind}'/></Types>"
    data = with_part(data, "[Content_Types].xml", types.replace("</Types>", override).encode())
    relations = part_of(data, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        "<Relationship Id='rF' Target='footnotes.xml' Type='http://schemas.openxmlformats.org/"
        "officeDocument/2006/relationships/footnotes'/></Relationships>",
    )
    data = with_part(data, "word/_rels/document.xml.rels", relations.encode())
    document = read_document("a.docx", with_part(data, "word/footnotes.xml", notes.encode()))
    assert passages(document) == [
        ("1", "Seven vessels are named."),
        ("1 * 1", "These are NAM DAE BONG and UNICA."),
        ("2", "Nothing else was said."),
    ]


def test_a_raised_number_is_set_apart_where_it_is_no_power() -> None:
    def write(file: Any) -> None:
        paragraph = file.add_paragraph()
        for words in ("The treaty", "1", " is of 5 km", "2", ", and it holds.", "12"):
            paragraph.add_run(words).font.superscript = words.isdecimal()

    assert [each.text for each in word(write).passages] == [
        "The treaty[1] is of 5 km2, and it holds.[12]"
    ]


def test_changes_are_accepted_and_comments_are_not_read() -> None:
    data = body(
        f"<w:p>{run('They agreed on ')}<w:ins w:id='1' w:author='a'>{run('ships')}</w:ins>"
        f"<w:del w:id='2' w:author='a'><w:r><w:delText>fish</w:delText></w:r></w:del>"
        f"<w:commentRangeStart w:id='3'/>{run('.')}<w:commentRangeEnd w:id='3'/></w:p>"
    )
    assert read_document("a.docx", data).lead == "They agreed on ships."


def test_the_title_page_is_the_head() -> None:
    def write(file: Any) -> None:
        file.core_properties.title = "Template of 2009"
        file.add_paragraph("Outcome of Talks", style="Title")
        file.add_paragraph("Date 2023-10-17")
        file.add_paragraph("1. The two sides met.")

    document = word(write)
    assert (document.title, str(document.posted)) == ("Outcome of Talks", "2023-10-17")
    assert passages(document) == [("1", "The two sides met.")]


def test_a_rich_text_is_read_by_its_code_page() -> None:
    korean = "똠방각하".encode("cp949")
    signs = "".join(f"\\'{byte:02x}" for byte in korean)
    data = f"{{\\rtf1\\ansi\\ansicpg949 {{\\pard 1. {signs} is\\u44032\\'b0\\'a1.\\par}}}}"
    assert read_document("a.rtf", data.encode()).lead.startswith("똠방각하 is가")


@pytest.mark.parametrize("stands_in", ["?", " ?", "x", "\\'92", "\\'3f"])
def test_what_stands_in_for_a_sign_of_rich_text_is_no_text(stands_in: str) -> None:
    words = f"it\\u8217{stands_in}s na\\u239{stands_in}ve at \\\\u12 \\uc0 and\\u8217 s."
    data = f"{{\\rtf1\\ansi\\ansicpg1252 {{\\pard 1. The Harbor: {words}\\par}}}}"
    assert read_document("a.rtf", data.encode()).lead == "The Harbor: it’s naïve at \\u12 and’s."


def test_opendocument_numbers_go_on_as_the_file_says() -> None:
    def item(text: str, start: str = "") -> str:
        return f"<text:list-item {start}><text:p>{text}</text:p></text:list-item>"

    bullet = odt_list(item("They agreed on fish."), "B")
    data = odt_file(
        odt_list(item("The two sides met.") + item("They talked."), "N", "xml:id='a'")
        + bullet
        + odt_list(item("They agreed."), "N", "xml:id='b' text:continue-list='a'")
        + bullet
        + odt_list(item("They left."), "N", "text:continue-numbering='true'")
        + odt_list(item("They will meet.", "text:start-value='9'"), "N")
    )
    labels = [label for label, _ in passages(read_document("a.odt", data))]
    assert labels == ["1", "2", "2 • 1", "3", "3 • 1", "4", "9"]


def archive(*parts: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts:
            file.writestr(name, part)
    return made.getvalue()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    data = archive(("word/document.xml", b" " * 60_000_000))
    assert len(data) < 100_000
    with pytest.raises(Unreadable, match="it unpacks to more than 50 MB"):
        read_document("a.docx", data)


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = archive(("word/document.xml", b" " * 60_000_000))
    lying = data.replace((60_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    with pytest.raises(Unreadable, match="no archive of an office program, or a damaged one"):
        read_document("a.docx", lying)


def test_an_archive_of_too_many_parts_is_refused() -> None:
    data = archive(*((f"word/media/{number}.png", b"") for number in range(20_000)))
    with pytest.raises(Unreadable, match="more than 5,000 parts"):
        read_document("a.docx", data)


LAUGHS = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10 if n else 'lol'}'>" for n in range(12))
PASSWORDS = "<!ENTITY l11 SYSTEM 'file:///etc/passwd'>"


@pytest.mark.parametrize("entities", [LAUGHS, PASSWORDS], ids=["laughs", "external"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_neither_expanded_nor_fetched(entities: str, encoding: str) -> None:
    document = (
        f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE w:document [{entities}]>"
        f"<w:document {W}><w:body><w:p>{run('1. One is. &l11;')}</w:p></w:body></w:document>"
    )
    data = with_part(body(), "word/document.xml", document.encode(encoding))
    try:
        text = read_document("a.docx", data).text
    except Unreadable:
        return
    assert "root:" not in text
    assert "lollol" not in text


def test_remote_pictures_and_templates_are_not_fetched() -> None:
    data = typed_docx(releases()[3])
    remote = "Target='http://203.0.113.1/x' TargetMode='External'/></Relationships>"
    kind = "Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    name = "word/_rels/document.xml.rels"
    relations = part_of(data, name)
    for each in ("attachedTemplate", "image"):
        relation = f"<Relationship Id='r{each}' {kind}/{each}' {remote}"
        relations = relations.replace("</Relationships>", relation)
    document = read_document("a.docx", with_part(data, name, relations.encode()))
    assert passages(document) == passages(releases()[3].document)


def test_names_that_leave_the_archive_are_only_names() -> None:
    data = with_part(typed_docx(releases()[3]), "../../../../tmp/pincite.xml", b"<a/>")
    data = with_part(data, "/etc/pincite.rels", b"<a/>")
    assert passages(read_document("a.docx", data)) == passages(releases()[3].document)


@pytest.mark.parametrize("render", [typed_docx, odt, rtf])
@pytest.mark.parametrize("kept", [0, 1, 300, -1, -300])
def test_a_file_that_breaks_off_is_read_or_refused(
    render: Callable[[Release], bytes], kept: int
) -> None:
    ending = {typed_docx: "docx", odt: "odt", rtf: "rtf"}[render]
    data = render(releases()[3])[:kept]
    try:
        check(read_document(f"a.{ending}", data))
    except Unreadable:
        return
    assert render is rtf


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.rtf"])
@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"%PDF-1.4", b"{\\rtf", b"1. One is.", archive()]
)
def test_what_is_no_office_file_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_document(name, data)


def test_deep_groups_lists_and_tables_are_read_or_refused() -> None:
    deep = 10_000
    table = "<w:tbl><w:tr><w:tc>"
    ends = "</w:tc></w:tr></w:tbl>"
    start = "<text:list text:style-name='B'><text:list-item>"
    lists = start * deep + "<text:p>One is.</text:p>" + "</text:list-item></text:list>" * deep
    files = {
        "a.rtf": b"{\\rtf1 " + b"{" * deep + b"1. One is." + b"}" * deep + b"}",
        "b.rtf": b"{\\rtf1 " + b"{" * deep + b"1. One is.",
        "a.docx": body(table * deep, f"<w:p>{run('1. One is.')}</w:p>", ends * deep),
        "a.odt": odt_file(lists),
    }
    for name, data in files.items():
        try:
            check(read_document(name, data))
        except Unreadable as error:
            assert str(error)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes, or the XML inside the archive, with something changed."""
    if data[:2] == b"PK" and chance.random() < 0.8:
        names = [n for n in zipfile.ZipFile(io.BytesIO(data)).namelist() if n.endswith(".xml")]
        main = ("word/document.xml", "word/numbering.xml", "content.xml")
        name = chance.choice([n for n in names if n in main] or names)
        return with_part(data, name, _changed(part_of(data, name).encode(), chance))
    return _changed(data, chance)


def _changed(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice([1, 2, 10, 100]))
        kind = chance.randrange(4)
        if kind == 0:
            del changed[at:end]
        elif kind == 1:
            changed[at:end] = chance.randbytes(end - at)
        elif kind == 2:
            changed[at:at] = changed[at:end] * chance.choice([1, 30])
        else:  # numbers decide on levels, lists and lengths
            digits = [n for n, byte in enumerate(changed) if chr(byte).isdigit()]
            changed[chance.choice(digits or [0])] = chance.choice(b"0123456789-")
    return bytes(changed)


def fuzz(seed: int, rounds: int) -> int:
    """Reads mutated files; gives how many inputs were documents all the same."""
    chance = random.Random(seed)
    good = [releases()[n] for n in (3, 11, 34)]
    seeds = [(ending, render(each)) for ending, render, _ in LAYOUTS.values() for each in good]
    read = 0
    for _ in range(rounds):
        ending, data = chance.choice(seeds)
        try:
            document = read_document(f"a{ending}", mutated(data, chance))
        except Unreadable:
            continue
        check(document)
        document.text.encode()
        read += 1
    return read


def test_mutated_office_files_are_read_or_refused() -> None:
    assert fuzz(5, 24) > 3


def test_no_other_pandoc_reads_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    impostor = tmp_path / "pandoc"
    impostor.write_text("#!/bin/sh\necho pandoc 99.1\n")
    impostor.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("PYPANDOC_PANDOC", str(impostor))
    document = read_document("a.rtf", rb"{\rtf1 The two sides agreed on grain.}")
    assert document.lead == "The two sides agreed on grain."
