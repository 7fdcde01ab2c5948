"""Word, OpenDocument and rich text: forty releases, what lists and notes become, hostile files."""

import io
import random
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest
from conftest import read_document
from docx.oxml import OxmlElement
from releases import Release, releases
from rendering_office import LAYOUTS, Lists, odt, odt_file, odt_list, rtf, saved, typed_docx
from test_corpus_readers import check

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.formats.office.office_reader import read_office

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


def rows(data: bytes) -> list[tuple[str, str, str, bool]]:
    """The rows of tables: their words, columns, what they stand under, and if they are heads."""
    lines = next(iter(read_office(data))).lines
    return [
        (each.text, each.columns, each.under, each.column_head) for each in lines if each.literal
    ]


def table_of(*cells: tuple[str, ...]) -> Any:
    file = docx.Document()
    table = file.add_table(len(cells), len(cells[0]))
    for cell, text in zip(table._cells, (text for row in cells for text in row), strict=True):
        cell.text = text
    return file


def test_a_row_of_a_table_knows_the_head_of_its_columns() -> None:
    file = table_of(("Country", "Amount (US$)"), ("Haiti", "1 million"), ("Chad", "2 million"),
                    ("Peru", "9 million"))  # fmt: skip
    file.tables[0].cell(1, 0).add_paragraph("(hurricane)")
    assert rows(saved(file)) == [
        ("Country\tAmount (US$)", "", "", True),
        ("Haiti (hurricane)\t1 million", "Country\tAmount (US$)", "", False),
        ("Chad\t2 million", "Country\tAmount (US$)", "", False),
        ("Peru\t9 million", "Country\tAmount (US$)", "", False),
    ]


def test_a_head_is_what_the_file_marks_as_one_or_what_alone_is_bold() -> None:
    for mark in ("marked", "bold"):
        file = table_of(("Port", "Harbour master"), ("Vard", "Ines Okafor"), ("Lund", "Jonas Hale"))
        head = file.tables[0].rows[0]
        if mark == "marked":
            head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        else:
            for cell in head.cells:
                cell.paragraphs[0].runs[0].bold = True
        assert [each[1] for each in rows(saved(file))] == ["", *["Port\tHarbour master"] * 2]
    file = table_of(("Port", "Harbour master"), ("Vard", "Ines Okafor"), ("Lund", "Jonas Hale"))
    assert [each[1] for each in rows(saved(file))] == ["", "", ""]


def test_cells_that_reach_over_columns_and_rows() -> None:
    file = table_of(("Land", "Aid", "", ""), ("Sanesia", "2022", "6", "x"), ("", "2023", "22", "y"))
    table = file.tables[0]
    table.cell(0, 1).merge(table.cell(0, 3)).text = "Aid"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "Sanesia"
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    assert rows(saved(file)) == [
        ("Land\tAid", "", "", True),
        ("Sanesia\t2022\t6\tx", "Land\tAid\tAid\tAid", "", False),
        ("2023\t22\ty", "Aid\tAid\tAid", "Land: Sanesia", False),
    ]


def test_a_table_that_places_what_it_holds_is_read_as_paragraphs() -> None:
    file = table_of(("Left", "Right"))
    file.tables[0].cell(0, 0).add_paragraph("1. The two sides met.")
    file.tables[0].cell(0, 1).add_paragraph("2. They agreed.")
    document = read_document("a.docx", saved(file))
    assert [text for _, text in passages(document)][-1] == "They agreed."
    nested = (
        f"<w:tbl><w:tr><w:tc><w:p>{run('The ministers met.')}</w:p></w:tc><w:tc><w:tbl><w:tr>"
        f"<w:tc><w:p>{run('Fares')}</w:p></w:tc><w:tc><w:p>{run('12')}</w:p></w:tc></w:tr></w:tbl>"
        "<w:p/></w:tc></w:tr></w:tbl>"
    )
    assert passages(read_document("a.docx", body(nested))) == [
        ("¶1", "The ministers met."),
        ("¶2", "Fares 12"),
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


def words_of(*paragraphs: str) -> list[str]:
    """The passages of a Word file of these paragraphs, below a title."""
    document = read_document(
        "a.docx", body(f"<w:p>{run('Letter of the mayor')}</w:p>", *paragraphs)
    )
    return [each.text for each in document.passages]


def test_a_field_is_what_it_shows() -> None:
    simple = (
        f"<w:p>{run('It starts on ')}<w:fldSimple w:instr=' DATE '>{run('17 October 2023')}"
        f"</w:fldSimple>{run(' in Bergen.')}</w:p>"
    )
    mark = "<w:r><w:fldChar w:fldCharType='{}'/></w:r>".format
    inner = f"{mark('begin')}<w:r><w:instrText>REF x</w:instrText></w:r>{mark('separate')}"
    nested = (
        f"<w:p>{run('It ends ')}{mark('begin')}<w:r><w:instrText> IF </w:instrText></w:r>{inner}"
        f"{run('hidden')}{mark('end')}{mark('separate')}{run('in May')}{mark('end')}"
        f"{run('.')}</w:p>"
    )
    unended = f"<w:p>{mark('begin')}{run('lost')}</w:p><w:p>{run('All else is read.')}</w:p>"
    assert words_of(simple, nested, unended) == [
        "It starts on 17 October 2023 in Bergen.",
        "It ends in May.",
        "All else is read.",
    ]


def test_what_is_wrapped_in_other_elements_is_read() -> None:
    moved = f"<w:moveFrom>{run('old ')}</w:moveFrom><w:moveTo>{run('new ')}</w:moveTo>"
    assert words_of(
        f"<w:sdt><w:sdtPr/><w:sdtContent><w:p>{run('The ')}<w:smartTag>{run('port of ')}<w:sdt>"
        f"<w:sdtContent>{run('Vard ')}</w:sdtContent></w:sdt></w:smartTag>{moved}{run('is open.')}"
        "</w:p></w:sdtContent></w:sdt>",
        "<w:p><w:r><w:t>A well</w:t><w:noBreakHyphen/><w:t>kept par</w:t><w:softHyphen/><w:t>ticle "
        "</w:t><w:sym w:font='Symbol' w:char='F061'/><w:tab/><w:t>is here.</w:t></w:r></w:p>",
        f"<w:p><w:pPr><w:framePr w:dropCap='drop'/></w:pPr>{run('T')}</w:p>",
        f"<w:p>{run('he end.')}</w:p>",
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('One ')}</w:p><w:p>{run('line.')}</w:p>",
        f"<w:p>{run('Seen.')}<w:r><w:rPr><w:vanish/></w:rPr><w:t> Unseen.</w:t></w:r></w:p>",
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('Above it.')}</w:p>"
        f"<w:tbl><w:tr><w:tc><w:p>{run('A')}</w:p></w:tc><w:tc><w:p>{run('B')}</w:p></w:tc></w:tr></w:tbl>",
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('The last.')}</w:p>",
    ) == [
        "The port of Vard new is open.",
        "A well\u2011kept particle α\tis here.",
        "The end.",
        "One line.",
        "Seen.",
        "Above it.",
        "A\tB",
        "The last.",
    ]


def test_the_reading_aid_of_a_word_is_no_word() -> None:
    ruby = (
        f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('とうきょう')}</w:rt><w:rubyBase>{run('東京')}"
        "</w:rubyBase></w:ruby></w:r>"
    )
    assert words_of(f"<w:p>{run('会合は')}{ruby}{run('で開かれる。')}</w:p>") == [
        "会合は東京で開かれる。"
    ]
    data = odt_file(
        "<text:h>Notes</text:h><text:p>会合は<text:ruby><text:ruby-base>東京</text:ruby-base>"
        "<text:ruby-text>とうきょう</text:ruby-text></text:ruby>で開かれる。</text:p>"
    )
    assert read_document("a.odt", data).passages[0].text == "会合は東京で開かれる。"


def test_a_text_box_is_read_once_below_the_paragraph_that_holds_it() -> None:
    box = f"<w:txbxContent><w:p>{run('Every claim is heard.')}</w:p></w:txbxContent>"
    newer = f"<mc:Choice {MC} Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
    older = f"<mc:Fallback {MC}><w:pict>{box}</w:pict></mc:Fallback>"
    both = f"<mc:AlternateContent {MC}>{newer}{older}</mc:AlternateContent>"
    for held in (both, f"<w:pict>{box}</w:pict>"):
        assert words_of(
            f"<w:p>{run('Founded in 1990, ')}<w:r>{held}</w:r>{run('it is old.')}</w:p>"
        ) == [
            "Founded in 1990, it is old.",
            "Every claim is heard.",
        ]
    frame = "<draw:frame xmlns:draw='urn:oasis:names:tc:opendocument:xmlns:drawing:1.0'>"
    inside = "<draw:text-box><text:p>Every claim is heard.</text:p></draw:text-box></draw:frame>"
    data = odt_file(f"<text:h>Notes</text:h><text:p>It is {frame}{inside}old.</text:p>")
    texts = [each.text for each in read_document("a.odt", data).passages]
    assert texts == ["It is old.", "Every claim is heard."]


MC = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"


def outline(*levels: tuple[str, str]) -> tuple[Any, int]:
    """A Word file with a list of these levels, and the list's number."""
    file = docx.Document()
    lists = Lists(file)
    return file, lists._list(lists._define(list(levels)))


def test_numbers_of_several_levels_are_labels_as_word_prints_them() -> None:
    file, number = outline(("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"))
    lists = Lists(file)
    for level, text in (
        (0, "Shipping lanes"), (1, "Lane north"), (None, "The lane north of Vard opens in May."),
        (1, "Lane south"), (2, "It is closed."), (2, "It is deep."), (0, "Ports"), (1, "Dues"),
    ):  # fmt: skip
        paragraph = file.add_paragraph(text)
        if level is not None:
            lists.use(paragraph, number, level)
    document = read_document("a.docx", saved(file))
    assert passages(document) == [
        ("1", "Shipping lanes"), ("1.1", "Lane north"),
        ("1.1 ¶2", "The lane north of Vard opens in May."), ("1.2", "Lane south"),
        ("1.2 (a)", "It is closed."), ("1.2 (b)", "It is deep."), ("2", "Ports"), ("2.1", "Dues"),
    ]  # fmt: skip
    assert "1.2 Lane south\n\n(a) It is closed." in document.text


@pytest.mark.parametrize(
    ("kind", "text", "printed"),
    [
        ("upperRoman", "Section %1", ["Section I", "Section II"]),
        ("lowerLetter", "%1)", ["a)", "b)"]),
        ("decimalZero", "No. %1", ["No. 01", "No. 02"]),
        ("ordinal", "%1", ["1st", "2nd"]),
        ("japaneseCounting", "第%1条", ["第一条", "第二条"]),
        ("ganada", "%1.", ["가.", "나."]),
        ("none", "", ["", ""]),
    ],
)
def test_labels_of_other_kinds(kind: str, text: str, printed: list[str]) -> None:
    file, number = outline((kind, text))
    for words in ("One is here.", "Two is here."):
        Lists(file).use(file.add_paragraph(words), number, 0)
    lines = next(iter(read_office(saved(file)))).lines
    assert [each.text for each in lines] == [
        f"{label} {words}".strip()
        for label, words in zip(printed, ("One is here.", "Two is here."), strict=True)
    ]


def test_headings_have_the_numbers_that_their_style_gives() -> None:
    file, number = outline(("decimal", "%1"), ("decimal", "%1.%2"))
    for level, style in enumerate(("Heading 1", "Heading 2")):
        Lists(file).use(paragraph := file.add_paragraph(), number, level)
        file.styles[style].element.get_or_add_pPr().append(paragraph._p.pPr.numPr)
        paragraph._p.getparent().remove(paragraph._p)
    file.add_paragraph("The plan", style="Title")
    for words, style in (("Scope", "Heading 1"), ("Ships", "Heading 2"), ("Fish", "Heading 2")):
        file.add_paragraph(words, style=style)
        file.add_paragraph(f"{words} are many and are counted by the two ministries each May.")
    headings = [each.heading for each in read_document("a.docx", saved(file)).passages]
    assert headings == ["1 Scope", "1.1 Ships", "1.2 Fish"]


def test_lines_of_contents_and_margins_stand_beside_the_text() -> None:
    file = docx.Document()
    file.styles.add_style("toc 1", 1)
    file.add_paragraph("Report on ports", style="Title")
    file.add_paragraph("Scope of it\t3", style="toc 1")
    file.add_paragraph("The two sides met in Oslo.")
    file.sections[0].header.paragraphs[0].text = "Ministry of Ports"
    content = next(iter(read_office(saved(file))))
    assert content.text == "Report on ports\n\nThe two sides met in Oslo."
    assert content.beside == "Scope of it 3\nMinistry of Ports"


def test_a_chart_is_read_as_the_figures_that_it_draws() -> None:
    space = "xmlns:c='http://schemas.openxmlformats.org/drawingml/2006/chart'"
    points = "<c:pt idx='0'><c:v>{}</c:v></c:pt><c:pt idx='1'><c:v>{}</c:v></c:pt>".format
    series = (
        f"<c:ser><c:tx><c:v>Ships</c:v></c:tx><c:cat>{points('May', 'June')}</c:cat>"
        f"<c:val>{points(4, 9)}</c:val></c:ser>"
    )
    chart = (
        f"<c:chartSpace {space}><c:chart><c:plotArea>{series}</c:plotArea></c:chart></c:chartSpace>"
    )
    relation = (
        "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships' r:id='rC'"
    )
    data = body(f"<w:p><w:r><w:drawing><c:chart {space} {relation}/></w:drawing></w:r></w:p>")
    relations = part_of(data, "word/_rels/document.xml.rels").replace(
        "</Relationships>",
        "<Relationship Id='rC' Target='charts/c1.xml' Type='http://x/chart'/></Relationships>",
    )
    data = with_part(data, "word/_rels/document.xml.rels", relations.encode())
    assert rows(with_part(data, "word/charts/c1.xml", chart.encode())) == [
        ("Ships", "", "", True),
        ("May\t4", "\tShips", "", False),
        ("June\t9", "\tShips", "", False),
    ]


def test_a_formula_is_one_line() -> None:
    space = "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'"
    sign = "<m:r><m:t>{}</m:t></m:r>".format
    power = f"<m:sSup><m:e>{sign('x')}</m:e><m:sup>{sign('2')}</m:sup></m:sSup>"
    fraction = f"<m:f><m:num>{power}{sign('+1')}</m:num><m:den>{sign('y')}</m:den></m:f>"
    root = f"<m:rad><m:e>{sign('z')}</m:e></m:rad>"
    formula = f"<w:p>{run('Let ')}<m:oMath {space}>{fraction}{root}</m:oMath>{run(' be.')}</w:p>"
    assert words_of(formula) == ["Let (x^2+1)/y√(z) be."]


def test_empty_parts_of_opendocument_are_no_fault() -> None:
    data = odt_file("<text:h>Talks in Oslo</text:h><text:p>They agreed on fish.</text:p>")
    for name in ("Configurations2/accelerator/current.xml", "styles.xml", "settings.xml"):
        data = with_part(data, name, b"")
    assert read_document("a.odt", data).lead == "They agreed on fish."


def test_an_opendocument_table_and_what_is_deleted() -> None:
    space = "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>".format
    row = lambda *cells: f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"  # noqa: E731
    head = f"<table:table-header-rows>{row('Port', 'Master')}</table:table-header-rows>"
    deleted = (
        "<text:tracked-changes><text:changed-region text:id='d'><text:deletion/>"
        "</text:changed-region></text:tracked-changes><text:p>They <text:change-start "
        "text:change-id='d'/>never <text:change-end text:change-id='d'/>met.</text:p>"
    )
    data = odt_file(f"{deleted}<table:table {space}>{head}{row('Vard', 'Hale')}</table:table>")
    assert next(iter(read_office(data))).text == "They met.\n\nPort\tMaster\nVard\tHale"
    assert rows(data)[1][1] == "Port\tMaster"


def test_a_flat_file_and_a_template_are_read_as_what_they_hold() -> None:
    data = odt_file("<text:h>Talks</text:h><text:p>They met.</text:p>")
    flat = part_of(data, "content.xml").replace("document-content", "document").encode()
    for name, each in (("a.fodt", flat), ("a.ott", data), ("a.docx", data), ("a.rtf", data)):
        assert read_document(name, each).lead == "They met."
    for name in ("a.docm", "a.dotx", "a.dotm", "a.odt"):
        assert read_document(name, body(f"<w:p>{run('They met.')}</w:p>")).lead == "They met."


def test_what_to_do_with_other_files_is_said() -> None:
    compound = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)
    locked = compound + "EncryptedPackage".encode("utf-16-le")
    manifest = b"<m><encryption-data/></m>"
    for data, reason in (
        (compound, "it is an old Word file; save it as .docx"),
        (locked, "it is protected by a password; save it without one"),
        (
            with_part(odt_file(""), "META-INF/manifest.xml", manifest),
            "it is protected by a password",
        ),
    ):
        with pytest.raises(Unreadable, match=reason):
            read_document("a.docx", data)
    for name in ("a.xlsx", "a.pptx"):
        with pytest.raises(Unreadable, match="it is protected by a password"):
            read_document(name, locked)


def rich(text: str, head: str = "") -> list[str]:
    """The lines of a rich text."""
    data = f"{{\\rtf1\\ansi\\ansicpg1252{head} {text}}}".encode("latin-1")
    return [each.text for each in next(iter(read_office(data))).lines]


def test_a_letter_of_rich_text_is_read_by_its_font() -> None:
    fonts = (
        "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset238 Arial CE;}"
        "{\\f2\\fcharset204 Arial Cyr;}{\\f3\\fcharset128 MS Mincho;}{\\f4\\fcharset2 Symbol;}}"
    )
    said = {"f1": ("přístav", "cp1250"), "f2": ("посол", "cp1251"), "f3": ("東京ソ", "cp932")}
    for font, (word, codec) in said.items():
        escaped = "".join(
            chr(byte) if byte in range(97, 123) else f"\\'{byte:02x}" for byte in word.encode(codec)
        )
        assert rich(f"{{\\{font} {escaped}}} caf\\'e9\\par", fonts) == [f"{word} café"]
    assert rich("{\\f4 a\\'b3}\\par", fonts) == ["α≥"]
    assert rich("\\'d0\\'d3\\par", "\\mac") == ["–”"]


def test_what_rich_text_says_twice_is_read_once() -> None:
    shape = "{\\shp{\\*\\shpinst{\\shptxt \\pard In a box.\\par}}{\\shprslt{\\*\\do In a box.}}}"
    field = "{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt the port}}"
    note = "{\\footnote\\pard It is deep.\\par}"
    hidden = "{\\v unseen}{\\deleted gone}{\\*\\annotation said}"
    lines = rich(
        f"Of {field} {hidden}they spoke.{note}{shape}\\par{{\\header H}}The end.\\par}}@no"
    )
    assert lines == ["Of the port they spoke.", "In a box.", "* It is deep.", "The end."]


def test_labels_of_rich_text_are_as_printed() -> None:
    def item(label: str, text: str, level: int = 0) -> str:
        return f"\\pard\\ilvl{level}{{\\listtext {label}\\tab}}{text}\\par"

    assert rich(
        item("1.", "One.") + item("1.1", "Two.", 1) + item("\\'b7", "Three.")
        + item("o", "Four.", 1) + "\\pard{\\pntext (a)\\tab}Five.\\par"
    ) == ["1. One.", "1.1 Two.", "• Three.", "◦ Four.", "(a) Five."]  # fmt: skip


def test_a_table_of_rich_text() -> None:
    row = "\\trowd{}\\pard\\intbl {}\\cell {}\\cell\\row ".format
    data = row("\\trhdr", "Port", "Master") + row("", "Vard\\par (north)", "Hale")
    text = f"{{\\rtf1 {data}\\pard They met.\\par}}".encode()
    assert rows(text) == [
        ("Port\tMaster", "", "", True),
        ("Vard (north)\tHale", "Port\tMaster", "", False),
    ]


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
    with pytest.raises(Unreadable, match="missing or damaged"):
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


def test_one_more_mark_of_a_note_is_set_apart_from_its_word() -> None:
    mark = "<text:note-ref text:reference-format='text'>10</text:note-ref>"
    body = (
        f"<text:p>Of DAYS360<text:span>{mark}</text:span> and Chad{mark} see note {mark}.</text:p>"
    )
    (passage,) = read_document("a.odt", odt_file(body)).passages
    assert passage.text == "Of DAYS360[10] and Chad[10] see note 10."
