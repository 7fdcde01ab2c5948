"""Slides, books, Outlook's messages, Hangul's documents, archives, and files that are looked at."""

import re
import struct
import zipfile
from io import BytesIO

import pytest
from conftest import cpu_seconds, read_document
from releases import releases
from rendering_mail import message
from rendering_tables import archived, book, compound, hwp, hwpx, outlook, slides, workbook

from corpus.errors import Unreadable
from corpus.formats.sheets.cell_values import formatted
from corpus.formats.signatures import ending_of
from corpus.passage_context import in_words
from corpus.readers import PARTLY, READERS, read_documents, within
from corpus.text.characters import part_name

HAN = ["1. 양측은 항만 협력을 합의하였다.", "2. 다음 회의는 오슬로에서 열린다."]
PLAIN = "Harbour note\n\n1. The lighthouse was painted green.\n"


def test_a_slide_is_a_page_its_title_a_heading_and_its_note_beside_it() -> None:
    data = slides(
        [
            ("Ferry plan", ["The ferry starts in May", "Two ships"], "Greet the mayor"),
            ("Costs", ["The ship costs ten million kroner"], "Blame the weather"),
        ]
    )
    document = read_document("a.pptx", data)
    assert [(each.page, each.text) for each in document.passages] == [
        (1, "The ferry starts in May"),
        (1, "Two ships"),
        (2, "The ship costs ten million kroner"),
    ]
    assert document.passages[2].heading == "Costs"
    assert "Greet the mayor\nBlame the weather" in document.outside
    assert "7" not in document.text


def test_a_book_has_a_document_for_each_chapter() -> None:
    chapters = [("One", "The sea was calm on that day."), ("Two", "The storm came at night.")]
    one, two = read_documents("sea.epub", book("The Sea", chapters))
    assert (one.id, one.title, one.lead) == ("sea.epub/1", "The Sea: One", chapters[0][1])
    assert (two.id, two.title, two.lead) == ("sea.epub/2", "The Sea: Two", chapters[1][1])
    assert "Ada Quist" in one.outside


def test_a_message_of_outlook_is_read_as_mail() -> None:
    data = outlook("RE: Talks", "1. They met in Genève.\r\n\r\n-- \r\nJo\r\n", _0C1A="Ada Quist")
    document = read_document("a.msg", data)
    assert (document.title, document.lead) == ("Talks", "They met in Genève.")
    assert str(document.posted) == "2024-05-14"
    assert "Ada Quist" in document.outside


def test_a_message_of_old_outlook_is_read_in_its_code_page() -> None:
    page = struct.pack("<IIQ", 0x3FDE0003, 6, 950)
    streams = {
        "__substg1.0_0037001E": "格式測試".encode("big5"),
        "__substg1.0_1000001E": "雙方今天舉行會談。".encode("big5"),
        "__properties_version1.0": bytes(32) + page,
    }
    document = read_document("a.msg", compound(streams))
    assert (document.title, document.lead) == ("格式測試", "雙方今天舉行會談。")


def test_documents_of_hangul() -> None:
    assert [each.text for each in read_document("a.hwp", hwp(HAN)).passages] == [
        each[3:] for each in HAN
    ]
    table = [["나라", "금액"], ["노르웨이", "300만 달러를 낸다"], ["덴마크", "200만 달러를 낸다"]]
    (content,) = READERS[".hwpx"](hwpx(HAN, table))
    assert [line.text for line in content.lines] == [*HAN, *map("\t".join, table)]
    assert content.lines[-1].columns == "나라\t금액"


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.hwp", hwp(HAN, flags=3), "it has a password"),
        ("a.hwp", hwp(HAN, flags=5), "it is locked against copying; save it as .hwpx or PDF"),
        ("a.hwp", b"HWP Document File V3.00 \x1a", "old version of Hangul; save it as .hwpx"),
        ("a.hwp", b"\xd0\xcf\x11\xe0", "no document of Hangul"),
        ("a.hwpx", archived({"a": "b"}), "no document of Hangul"),
        ("a.pptx", archived({"a": "b"}), "it is no presentation"),
        ("a.pptx", archived({"ppt/presentation.xml": "<a>" * 9_000}), "nested too deeply"),
        (
            "a.pptx",
            archived({"ppt/presentation.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "its XML defines entities",
        ),
        ("a.epub", archived({"a": "b"}), "it is no book"),
        ("a.msg", b"no message", "it is no message of Outlook"),
        ("a.msg", compound({"a": b"b"}), "it has no text but its header"),
    ],
)
def test_what_is_none_of_them_is_refused(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_documents(name, data)


def test_an_archive_holds_a_document_for_each_file_that_is_one() -> None:
    inner = archived({"b.md": "# Tides\n\nThe tide is high at noon on Sunday.\n"})
    data = archived(
        {
            "notes/2024/a.txt": PLAIN,
            "../up.txt": PLAIN,
            "in.zip": inner,
            "fares.xlsx": workbook({"A": [["The fare is eighty kroner"]], "B": [["None is due"]]}),
            "photo.png": b"x",
            "two.png": b"x",
            "none.txt": b"\0\1",
            "__MACOSX/._a.txt": b"x",
            ".hidden/a.txt": PLAIN,
        }
    )
    documents = read_documents("pack.zip", data)
    assert [each.id for each in documents] == [
        "pack.zip/notes:2024:a.txt",
        "pack.zip/up.txt",
        "pack.zip/in.zip:b.md",
        "pack.zip/fares.xlsx:A",
        "pack.zip/fares.xlsx:B",
    ]
    assert documents.left_out == (
        f"{PARTLY}; left out: there is no reader for .png; recognise its text and save that as "
        ".pdf (photo.png, two.png)\nit holds binary data, not text (none.txt)"
    )
    with pytest.raises(Unreadable, match="nothing in it can be read: there"):
        read_documents("pack.zip", archived({"photo.png": b"x"}))


def test_an_archive_is_bounded_in_depth_number_and_size() -> None:
    data = archived({"a.txt": PLAIN})
    for _ in range(5):
        data = archived({"in.zip": data})
    with pytest.raises(Unreadable, match="it is an archive in too many archives"):
        read_documents("a.zip", data)
    with pytest.raises(Unreadable, match="an archive of more than 5,000 parts"):
        read_documents("a.zip", archived({f"{n}.txt": "" for n in range(5_001)}))
    many = read_documents("a.zip", archived({f"{n}.txt": PLAIN for n in range(1_001)}))
    assert len(many) == 1_000
    assert many.left_out.endswith("all after its file 1,000")
    with pytest.raises(Unreadable, match="it unpacks to more than 20 MB"):
        read_documents("a.zip", archived({"a.txt": b"a" * (21 * 2**20)}))


def test_files_of_one_name_in_an_archive_are_two_documents() -> None:
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", PLAIN)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.txt", PLAIN)
    ids = [each.id for each in read_documents("b.zip", data.getvalue())]
    assert ids == ["b.zip/a.txt", "b.zip/a.txt (2)"]


PAGE = b"<!DOCTYPE html><title>A</title><h1>Bridge opened</h1><p>The bridge was opened in May.</p>"


@pytest.mark.parametrize(
    ("data", "ending"),
    [
        (PAGE, ".html"),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --> <!-- b -->\n<html>', ".html"),
        (b"%PDF-1.7\n", ".pdf"),
        (b"{\\rtf1\\ansi}", ".rtf"),
        (archived({"word/document.xml": "<a/>"}), ".docx"),
        (workbook({"A": []}), ".xlsx"),
        (slides([]), ".pptx"),
        (book("A", []), ".epub"),
        (hwpx([]), ".hwpx"),
        (archived({"a.txt": "b"}), ".zip"),
        (outlook("A", "b"), ".msg"),
        (hwp([]), ".hwp"),
        (compound({"WordDocument": b""}), ".doc"),
        (message(releases()[0], "1. One is.").as_bytes(), ".eml"),
        (b"From a@b.org Tue Oct 17 12:00:00 2023\nSubject: a\n\n", ".mbox"),
        (b"To: everybody\n\nThe ferry is late.\n", ""),
        (b"<!-- -->" * 9_000, ""),
        (b"", ""),
    ],
)
def test_what_a_file_is_by_its_first_bytes(data: bytes, ending: str) -> None:
    assert ending_of(data) == ending


@pytest.mark.parametrize(
    ("name", "data", "lead"),
    [
        ("view.aspx", PAGE, "The bridge was opened in May."),
        ("letter.doc", PAGE, "The bridge was opened in May."),
        ("minutes.05", PLAIN.encode(), "The lighthouse was painted green."),
        ("note", PLAIN.encode(), "The lighthouse was painted green."),
    ],
)
def test_a_file_whose_name_does_not_say_it_is_read_by_what_it_holds(
    name: str, data: bytes, lead: str
) -> None:
    assert read_document(name, data).lead == lead


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", compound({"WordDocument": b""}), "no reader for .doc; save it as .docx"),
        ("a", compound({"Workbook": b""}), "no reader for .xls; save it as .xlsx or .csv"),
        ("a.php", b"<?php echo 1;", "no reader for .php; save it as .docx or .pdf"),
        ("a", b"#!/bin/sh\necho", "no reader for files without an ending"),
        ("a", b"\x7fELF\0\0\0\1", "it holds binary data, not text"),
    ],
)
def test_what_is_not_read_is_told_what_to_do(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_documents(name, data)


def test_a_mailbox_that_takes_too_long_is_read_in_part_and_says_so() -> None:
    mark = b"From - Tue Oct 17 12:00:00 2023\n"
    data = (mark + b"Subject: a\n\n1. The two sides met in Oslo.\n\n") * 50
    with within(0):
        documents = read_documents("a.mbox", data)
    assert len(documents) == 1
    assert documents.left_out == f"{PARTLY}; left out: what follows a.mbox/1 (limits.seconds)"
    assert len(read_documents("a.mbox", data)) == 50


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1234567, "#,##0,", "1,235"), (5e6, '0.0,,"M"', "5.0M"), (5, '"10"0', "105"),
        (2.5, "0", "3"), (1.005, "0.00", "1.01"), (0.045, "0.0%", "4.5%"), (12, "000", "012"),
        (-3, "#,##0.00;(#,##0.00)", "(3.00)"), (1e300, "0.00", "1e+300"),
    ],
)  # fmt: skip
def test_a_number_of_a_sheet_is_shown_as_excel_shows_it(
    value: float, form: str, shown: str
) -> None:
    assert formatted(value, form) == shown


def test_figures_keep_their_columns_where_cells_at_the_left_are_empty() -> None:
    (document,) = read_documents("a.csv", b",2019,2020\nApples,1,2\n,3,4\n")
    said = [in_words(each.text, each.columns) for each in document.passages]
    assert said[0] == "Apples; 2019: 1; 2020: 2"
    (document,) = read_documents("a.csv", b"Name,Region,Paid\nAnn,North,5 gold\n,South,7 gold\n")
    said = [in_words(each.text, each.columns) for each in document.passages]
    assert said == ["Name: Ann; Region: North; Paid: 5 gold", "Region: South; Paid: 7 gold"]


@pytest.mark.parametrize("first", [b"sep=", b"sep=\n", b"sep=;\n"])
def test_a_first_line_names_the_delimiter_or_nothing(first: bytes) -> None:
    if first == b"sep=":
        with pytest.raises(Unreadable):
            read_documents("a.csv", first)
    else:
        (document,) = read_documents("a.csv", first + b"a;b\n1;Bergen\n3;Oslo\n")
        assert [each.text for each in document.passages] == ["1\tBergen", "3\tOslo"]


def test_header_lines_without_an_end_take_no_time() -> None:
    assert cpu_seconds(lambda: ending_of(b"Date: x y\r\nTo: a\r\n" * 2_000 + b"zzz")) < 1


def test_the_name_of_a_part_is_no_path_and_each_has_its_own() -> None:
    assert part_name("../a\nb/S") == "a_b:S"
    data = archived({"../a.txt": PLAIN.encode(), "a.txt": PLAIN.encode()})
    assert [each.id for each in read_documents("x.zip", data)] == ["x.zip/a.txt", "x.zip/a.txt (2)"]


def slide_with_table(table: str) -> bytes:
    """A presentation of one slide, which has this table too."""
    data = slides([("Aid to towns", ["A line"], "")])
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    (name,) = (each for each in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", each))
    parts[name] = parts[name].replace(b"</p:cSld>", f"<a:tbl>{table}</a:tbl></p:cSld>".encode())
    return archived(parts)


def slide_cell(text: str, more: str = "") -> str:
    return f"<a:tc {more}><a:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:txBody></a:tc>"


@pytest.mark.parametrize(
    ("stated", "columns"),
    [
        ('<a:tblPr firstRow="1" bandRow="1"/>', "Name\tTown"),
        ('<a:tblPr firstRow="true"><a:noFill/></a:tblPr>', "Name\tTown"),
        ('<a:tblPr firstRow="0"/>', ""),
        ("", ""),
    ],
)
def test_the_first_row_of_a_slides_table_is_its_head_where_it_is_styled_so(
    stated: str, columns: str
) -> None:
    names = [("Name", "Town"), ("Ann Lee", "Oslo"), ("Bert Moe", "Moss")]
    table = "".join(f"<a:tr>{''.join(map(slide_cell, row))}</a:tr>" for row in names)
    document = read_document("a.pptx", slide_with_table(stated + table))
    assert document.passages[-1].text == "Bert Moe\tMoss"
    assert document.passages[-1].columns == columns


def test_merged_cells_of_slides_keep_their_columns() -> None:
    cell = slide_cell
    table = "".join(
        f"<a:tr>{row}</a:tr>"
        for row in (
            cell("", 'rowSpan="2"') + cell("Aid", 'gridSpan="2"') + cell("", 'hMerge="1"'),
            cell("", 'vMerge="1"') + cell("2023") + cell("2024"),
            cell("Oslo", 'rowSpan="2"') + cell("5") + cell("6"),
            cell("", 'vMerge="1"') + cell("7") + cell("8"),
        )
    )
    document = read_document("a.pptx", slide_with_table(table))
    rows = [(each.text, each.columns, each.heading) for each in document.passages[-2:]]
    assert rows == [
        ("Oslo\t5\t6", "\tAid 2023\tAid 2024", ""),
        ("7\t8", "Aid 2023\tAid 2024", "Oslo"),
    ]


def test_merged_cells_of_hangul_keep_their_columns() -> None:
    def cell(row: int, column: int, text: str, rows: int = 1, columns: int = 1) -> str:
        return (
            f"<hp:tc><hp:subList><hp:p><hp:run><hp:t>{text}</hp:t></hp:run></hp:p></hp:subList>"
            f'<hp:cellAddr colAddr="{column}" rowAddr="{row}"/>'
            f'<hp:cellSpan colSpan="{columns}" rowSpan="{rows}"/></hp:tc>'
        )

    rows = (
        cell(0, 0, "나라", rows=2) + cell(0, 1, "금액", columns=2),
        cell(1, 1, "2023") + cell(1, 2, "2024"),
        cell(2, 0, "노르웨이") + cell(2, 1, "5") + cell(2, 2, "6"),
    )
    grid = "".join(f"<hp:tr>{row}</hp:tr>" for row in rows)
    body = f'<hp:p><hp:run><hp:tbl colCnt="3">{grid}</hp:tbl></hp:run></hp:p>'
    section = f'<hs:sec xmlns:hs="s" xmlns:hp="p">{body}</hs:sec>'
    (content,) = READERS[".hwpx"](archived({"Contents/section0.xml": section}))
    assert content.lines[-1].columns == "나라\t금액 2023\t금액 2024"


def test_what_has_no_reader_is_not_unpacked_from_an_archive() -> None:
    data = archived({"a.txt": "Oslo is a town by the sea.", "b.png": b"\0" * (21 * 2**20)})
    documents = read_documents("a.zip", data)
    assert [each.id for each in documents] == ["a.zip/a.txt"]
    assert "there is no reader for .png" in documents.left_out  # and not that it is too large


def test_slides_and_chapters_behind_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.formats.slides._MOST_SLIDES", 1)
    monkeypatch.setattr("corpus.formats.epub._MOST_CHAPTERS", 1)
    lines = ["They met in Oslo."]
    presentation = read_documents("a.pptx", slides([("One", lines, ""), ("Two", lines, "")]))
    assert presentation.left_out.endswith("left out: what follows its slide 1")
    chapters = [("One", "They met in Oslo at noon."), ("Two", "They met in Moss at noon.")]
    assert read_documents("a.epub", book("Towns", chapters)).left_out.endswith("its chapter 1")
