import datetime
import io
import zipfile

import pytest
from conftest import cpu_seconds, read_document
from rendering_tables import archived, workbook

from corpus.errors import Unreadable
from corpus.formats.rendering import Rendering
from corpus.formats.sheets.cell_values import formatted
from corpus.formats.table_cells import Cell, Row
from corpus.readers import PARTLY, READERS, read_documents

FARES = "Route;Fare\nOslo to Bergen;120 kroner for adults\nBergen to Moss;80 kroner for adults\n"


def rows(name: str, data: bytes) -> list[tuple[str, str, bool]]:
    """The rows of the first document: text, head of the columns, whether it is that head."""
    content = next(iter(READERS[name](data)))
    for line in content.lines:
        assert content.text[line.span.start : line.span.end] == line.text
        assert line.literal
    return [(line.text, line.columns, line.column_head) for line in content.lines]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_divides_evenly(delimiter: str) -> None:
    data = FARES.replace(";", delimiter).encode()
    assert rows(".csv", data) == [
        ("Route\tFare", "", True),
        ("Oslo to Bergen\t120 kroner for adults", "Route\tFare", False),
        ("Bergen to Moss\t80 kroner for adults", "Route\tFare", False),
    ]


def test_a_delimiter_in_quotes_divides_nothing() -> None:
    data = b'Name,Remark\nAda,"Oslo, Bergen,\nMoss"\nBert,"says ""no"""\n'
    assert [each[0] for each in rows(".csv", data)] == [
        "Name\tRemark", "Ada\tOslo, Bergen, Moss", 'Bert\tsays "no"',
    ]  # fmt: skip


def test_a_quote_that_never_ends_is_a_quote() -> None:
    data = b'Name,Height\nAda,"6 foot\n' + b"Bert,5 foot\n" * 20_000
    assert rows(".csv", data)[1][0] == 'Ada\t"6 foot'


def test_what_excel_says_of_the_delimiter_is_no_row() -> None:
    assert rows(".csv", b"sep=;\nA;B\n1;2\n")[0] == ("A\tB", "", True)
    assert rows(".tsv", b"A\tB, C\n1\t2\n")[0] == ("A\tB, C", "", True)


def test_a_long_table_is_read_to_its_limit_and_says_so() -> None:
    data = b"Route,Fare\n" + b"Oslo to Moss,eighty kroner for adults\n" * 50_001
    documents = read_documents("fares.csv", data)
    assert len(documents) == 1
    assert documents.left_out == "it is read in part; left out: what follows its row 50,000"


def test_a_table_is_named_by_its_file() -> None:
    assert read_document("2024/fares.csv", FARES.encode()).title == "fares"


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (7, "General", "7"),
        (1234.5, "#,##0.00", "1,234.50"),
        (0.045, "0.0%", "4.5%"),
        (0.5, "0%", "50%"),
        (12.5, '0.00 "kr"', "12.50 kr"),
        (12.5, "[$€-407]#,##0.00", "€12.50"),
        (-3, "#,##0;(#,##0)", "(3)"),
        (-3, "0", "-3"),
        (501, "00000", "00501"),
        (1.5, "0.##", "1.5"),
        (2.0, "0.##", "2"),
        (12345678, "0.00E+00", "12345678"),
        (-250, "#,##0.00;[Red]#,##0.00", "-250.00"),
        (-250, "#,##0 [$€-407];[Red]-#,##0 [$€-407]", "-250 €"),
        (-250, "$#,##0_);[Red]($#,##0)", "($250)"),
        (-250, '0" CR";0" DR"', "250 DR"),
        (-1.5, "[Red]0.0", "-1.5"),
        (123456789, r"000\-00\-0000", "123-45-6789"),
        (12, r"00\-00", "00-12"),
        (1.5, r"00\-00", "1.5"),
        (12345, "00-00,", "12345"),
        (1234.5, "0.0.0", "1234.5"),
        (4105551234, "(###) ###-####", "(410) 555-1234"),
        (5551234, "(###) ###-####", "5551234"),
        (4105551234, "[<=9999999]###-####;(###) ###-####", "4105551234"),
        (3, "0.00 kr", "3"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, form: str, shown: str) -> None:
    assert formatted(value, form) == shown


MOMENT = datetime.datetime(2024, 5, 14, 14, 30, 15)


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (MOMENT.time(), "h:mm:ss", "14:30:15"),
        (MOMENT.time(), "h:mm", "14:30"),
        (MOMENT, "h:mm", "2024-05-14 14:30"),
        (MOMENT, "[$-409]h:mm:ss AM/PM", "2024-05-14 14:30:15"),
        (MOMENT, "d/m/yy", "2024-05-14"),
        (MOMENT, "mmm yyyy", "2024-05"),
        (MOMENT, "mmm yyyy h:mm", "2024-05 14:30"),
        (1.25, "h:mm", "06:00"),
        (1.25, "[h]:mm", "30:00"),
        (datetime.timedelta(hours=30, seconds=9), "[h]:mm:ss", "30:00:09"),
        (-0.5, "[h]:mm", "-12:00"),
    ],
)
def test_a_time_is_shown_with_what_its_format_shows(value: object, form: str, text: str) -> None:
    data = workbook({"A": [["Ferry", value]]}, B1=form)
    assert rows(".xlsx", data)[0][0] == f"Ferry\t{text}"


def test_each_sheet_is_a_document_with_its_cells_as_they_are_shown() -> None:
    data = workbook(
        {
            "Aid": [
                ["Country", "Share", "Paid"],
                ["Sanesia", 0.045, datetime.date(2024, 5, 14)],
                [None, None, None],
                ["Belmar", True, None],
            ],
            "Sheet2": [["Fares of the ferry"], ["Route", "Fare"], ["Oslo to Moss", 80]],
        },
        B2="0.0%",
    )
    assert rows(".xlsx", data) == [
        ("Country\tShare\tPaid", "", True),
        ("Sanesia\t4.5%\t2024-05-14", "Country\tShare\tPaid", False),
        ("Belmar\tTRUE", "Country\tShare", False),
    ]
    aid, fares = read_documents("ferry.xlsx", data)
    assert (aid.id, aid.title) == ("ferry.xlsx/Aid", "ferry: Aid")
    assert (fares.id, fares.title) == ("ferry.xlsx/Sheet2", "Fares of the ferry")


def test_a_workbook_of_one_sheet_is_one_document_and_a_hidden_sheet_is_left_out() -> None:
    import openpyxl

    rows_of_one = [["Oslo is where the ferry starts"], ["Moss is where it ends its journey"]]
    (document,) = read_documents("a.xlsx", workbook({"One": rows_of_one}))
    assert document.id == "a.xlsx"
    assert [each.text for each in document.passages] == [row[0] for row in rows_of_one]
    book = openpyxl.load_workbook(io.BytesIO(workbook({"One": rows_of_one, "Two": rows_of_one})))
    book["Two"].sheet_state = "hidden"
    data = io.BytesIO()
    book.save(data)
    documents = read_documents("a.xlsx", data.getvalue())
    assert [each.id for each in documents] == ["a.xlsx"]
    assert documents.left_out == f"{PARTLY}; left out: its hidden sheets (Two)"
    for number in range(6):
        book.create_sheet(f"S{number}").sheet_state = "veryHidden"
    book.save(data)
    left_out = read_documents("a.xlsx", data.getvalue()).left_out
    assert left_out.endswith("its hidden sheets (Two, S0, S1, S2, S3 and 2 more)")


def test_what_a_sheet_states_of_its_own_size_is_not_believed() -> None:
    data = workbook({"A": [["Oslo", 4], ["Moss", "=B1+1"]]})
    name = "xl/worksheets/sheet1.xml"
    part = zipfile.ZipFile(io.BytesIO(data)).read(name)
    assert b'<dimension ref="A1:B2"' in part
    small = repacked(data, name, part.replace(b'ref="A1:B2"', b'ref="A1"'))
    assert [text for text, *_ in rows(".xlsx", small)] == ["Oslo\t4", "Moss\t=B1+1"]


def repacked(data: bytes, name: str, part: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archived({each: archive.read(each) for each in archive.namelist()} | {name: part})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04", "it is damaged, or not what its ending says"),
        (archived({"a.xml": "<a/>"}), "it is no workbook, or a damaged one"),
        (archived({"xl/a.xml": b" " * (51 * 2**20)}), "it unpacks to more than 50 MB"),
        (
            repacked(workbook({"A": [["x"]]}), "xl/workbook.xml", b"<!DOCTYPE a []><a/>"),
            "its XML declares what no office program declares",
        ),
    ],
)
def test_what_is_no_workbook_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_documents("a.xlsx", data)


def test_a_row_at_the_end_of_an_endless_sheet_takes_no_time() -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1048576"] = "The last row of all has these words in it."
    data = io.BytesIO()
    book.save(data)
    (document,) = read_documents("a.xlsx", data.getvalue())
    assert document.lead == "The last row of all has these words in it."


def read_rows(*grid: list[object], **formats: str) -> list[tuple[str, str, str]]:
    """The rows of a sheet that are no heads: text, head of the columns, what they stand under."""
    content = next(iter(READERS[".xlsx"](workbook({"Sheet1": grid}, **formats))))
    return [(line.text, line.columns, line.under) for line in content.lines if not line.column_head]


def test_each_table_of_a_sheet_has_its_own_head() -> None:
    found = read_rows(
        ["Aid of two years"],
        [],
        ["Country", "Paid"],
        ["Sanesia", 4],
        ["Belmar", 6],
        [],
        ["Ferries"],
        ["Route", "Fare", "Sold"],
        ["Oslo to Moss", 80, 3],
        ["Places"],
        ["Port", "Depth"],
        ["Oslo", 9],
        ["Moss", 7],
    )
    assert found[1:] == [
        ("Sanesia\t4", "Country\tPaid", ""),
        ("Belmar\t6", "Country\tPaid", ""),
        ("Oslo to Moss\t80\t3", "Route\tFare\tSold", "Ferries"),
        ("Oslo\t9", "Port\tDepth", "Places"),
        ("Moss\t7", "Port\tDepth", "Places"),
    ]


def test_tables_side_by_side_are_two_and_an_empty_column_is_none() -> None:
    assert read_rows(
        ["City", "People", None, "Port", "Depth", "Tide"],
        ["Oslo", 700, None, "Moss", 7, 1],
        ["Bergen", 280, None, "Horten", 9, 2],
        ["Lom", 2],
    ) == [
        ("Oslo\t700", "City\tPeople", ""),
        ("Bergen\t280", "City\tPeople", ""),
        ("Lom\t2", "City\tPeople", ""),
        ("Moss\t7\t1", "Port\tDepth\tTide", ""),
        ("Horten\t9\t2", "Port\tDepth\tTide", ""),
    ]
    (row,) = read_rows(["City", None, "2023", "2024"], ["Oslo", None, 700, 710])
    assert row == ("Oslo\t\t700\t710", "City\t\t2023\t2024", "")


def test_a_head_goes_on_behind_an_empty_row_where_the_columns_are_the_same() -> None:
    head, first = ["Country", "Place", "Paid"], ["Sanesia", "Ost", 4]
    names = "Country\tPlace\tPaid"
    assert read_rows(head, first, [], ["Belmar", "Mol", 6])[1] == ("Belmar\tMol\t6", names, "")
    assert read_rows(head, first, [], ["West"], ["Belmar", "Mol", 6])[1:] == [
        ("Belmar\tMol\t6", names, "West")
    ]
    assert read_rows(head, first, [], ["Paid by", "Ann", "Lee"])[1] == ("Paid by\tAnn\tLee", "", "")
    assert read_rows(head, first, [], [6, 7, 8])[1] == ("6\t7\t8", "", "")


def test_a_head_that_comes_again_and_a_remark_are_no_records() -> None:
    head = ["Country", "2023", "2024"]
    found = read_rows(
        head, ["Sanesia", 4, 5], head, ["Belmar", 6, 7], ["Figures of May, which may still change."]
    )
    assert found == [
        ("Sanesia\t4\t5", "Country\t2023\t2024", ""),
        ("Belmar\t6\t7", "Country\t2023\t2024", ""),
        ("Figures of May, which may still change.", "", ""),
    ]


def styled(*grid: list[str], merged: str = "", bold: int = 1) -> list[tuple[str, str]]:
    """The rows of a sheet whose first rows are bold, with the heads of their columns."""
    import openpyxl
    from openpyxl.styles import Font

    book = openpyxl.load_workbook(io.BytesIO(workbook({"Sheet1": grid})))
    for row in book.active.iter_rows(max_row=bold):
        for cell in row:
            cell.font = Font(bold=True)
    if merged:
        book.active.merge_cells(merged)
    data = io.BytesIO()
    book.save(data)
    content = next(iter(READERS[".xlsx"](data.getvalue())))
    return [(line.text, line.columns) for line in content.lines if not line.column_head]


def test_of_words_a_row_is_a_head_that_alone_is_bold_and_no_record() -> None:
    record, other = ["Ann Lee", "Mol"], ["Bert Moe", "Ost"]
    assert styled(["Name", "Place"], record, other)[0] == ("Ann Lee\tMol", "Name\tPlace")
    assert styled(["Name", "Place"], record, other, bold=0)[1] == ("Ann Lee\tMol", "")
    assert styled(["Cy Orr", "Mol"], record, ["Eve Ek", "Mol"])[1] == ("Ann Lee\tMol", "")


def test_a_merged_name_is_that_of_all_its_columns() -> None:
    rows = ["", "Widgets", "", "Bolts"], ["Code", "Sold", "Left", "Sold"], ["VF", "5", "6", "7"]
    assert styled(*rows, merged="B1:C1", bold=2) == [
        ("VF\t5\t6\t7", "Code\tWidgets Sold\tWidgets Left\tBolts Sold")
    ]


def test_a_formula_without_a_value_stands_as_it_is_typed() -> None:
    found = read_rows(["Name", "Paid", "Twice"], ["Ann", 4, "=B2*2"], ["Bert", 6, "=B3*2"])
    assert [each[0] for each in found] == ["Ann\t4\t=B2*2", "Bert\t6\t=B3*2"]


def test_what_stands_behind_the_cells_of_a_sheet_is_no_fault() -> None:
    sheet = zipfile.ZipFile(io.BytesIO(workbook({"A": [["Oslo is a town", 4], ["Moss", 5]]})))
    part = sheet.read("xl/worksheets/sheet1.xml").replace(
        b"</sheetData>", b'</sheetData><sheetProtection content="1"/>'
    )
    data = repacked(workbook({"A": [["Oslo", 4]]}), "xl/worksheets/sheet1.xml", part)
    assert rows(".xlsx", data)


def test_sheets_behind_the_limit_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.formats.sheets.spreadsheet._MOST_CELLS", 4)
    grid = [["Oslo is a town.", "Moss is one."]] * 3
    documents = read_documents("a.xlsx", workbook({"A": grid, "B": grid, "C": grid}))
    assert documents.left_out.endswith("what follows row 2 of the sheet A, and 2 sheets more")


def test_a_stray_quote_joins_no_records() -> None:
    data = 'Name,Height\nAda,"6 foot\n' + "Bert,5 foot\n" * 30 + 'Carl,"7 foot\nDora,5 foot\n'
    found = [text for text, *_ in rows(".csv", data.encode())]
    assert len(found) == 34
    assert (found[1], found[-2]) == ('Ada\t"6 foot', 'Carl\t"7 foot')
    data = 'Name,Remark\nAda,"Oslo,\nMoss"\nBert,"6 foot\nCarl,x\nDora,"y, z"\nEve,f\n'
    assert [text for text, *_ in rows(".csv", data.encode())] == [
        "Name\tRemark", "Ada\tOslo, Moss", 'Bert\t"6 foot', "Carl\tx", "Dora\ty, z", "Eve\tf",
    ]  # fmt: skip


def test_an_empty_line_after_each_row_takes_no_time() -> None:
    head = b"Name,Place,Paid\n"
    data = head + b"Ann,Oslo,4\n\n" * 10_000
    assert cpu_seconds(lambda: rows(".csv", data)) < 20
    assert rows(".csv", data)[-1] == ("Ann\tOslo\t4", "Name\tPlace\tPaid", False)
    grouped = head + b"Ann,Oslo,4\n\nNorth\nBert,Moss,6\n\n" * 5_000
    assert cpu_seconds(lambda: rows(".csv", grouped)) < 20


def test_a_column_that_only_keeps_others_apart_parts_no_records() -> None:
    head = ["Country", "People", None, "Currency", "Rate"]
    norway, japan = ["Norway", 5, None, "krone", 11], ["Japan", 125, None, "yen", 160]
    found = read_rows(head, norway, ["India", 1400], japan)
    assert [text for text, *_ in found] == [
        "Norway\t5\t\tkrone\t11", "India\t1400", "Japan\t125\t\tyen\t160",
    ]  # fmt: skip
    again = [*head[:3], *head[:2]]
    assert len(read_rows(again, norway, japan)) == 4  # two columns of one name: two tables
    ports = [["Port", "Depth", "Tide"], ["Moss", 7, 1], ["Rota", 5, 2]]
    towns = [["Town", "Area"], ["Oslo", 40], ["Lom", 9]]
    left = [head[:3], norway[:3], japan[:3], ["India", 1400, None], ["Chile", 19, None]]
    left += [["Kenya", 55, None], ["Spain", 48, None]]
    stacked = [a + b for a, b in zip(left, [*ports, ["Towns"], *towns], strict=True)]
    assert len(read_rows(*stacked)) == 10  # of three tables
    apart = [[*row[:2], None, *row[2:]] for row in (head, norway, japan)]
    assert len(read_rows(*apart)) == 4
    found = read_rows(["Towns", None, None, "Money"], head, norway, japan)
    assert [each[2] for each in found] == ["", "", "", "Money", "Money"]


def test_figures_behind_an_empty_column_are_no_table_of_their_own() -> None:
    found = read_rows(
        ["City", "People", None, None, "Area", "Depth"],
        ["Oslo", 700, None, None, 40, 7],
        ["Bergen", 280, None, None, 50, 9],
    )
    assert [text for text, *_ in found] == ["Oslo\t700\t\t\t40\t7", "Bergen\t280\t\t\t50\t9"]


def test_only_the_lines_directly_above_a_head_are_titles() -> None:
    tasks = [
        "Buy milk for the office kitchen",
        "Call the plumber about the leak in the cellar",
        "Anna is responsible for the keys",
    ]
    lines = [["Task list"], *([each] for each in tasks)]
    facts = [["Owner", "Ann"], ["Deadline", "Friday"]]
    assert read_rows(*lines, *facts) == [
        ("Task list", "", ""),
        *((each, "", "") for each in (*tasks, "Owner\tAnn", "Deadline\tFriday")),
    ]
    fares = [["Ferries"], ["Route", "Fare"], ["Oslo to Moss", 80], ["Moss to Oslo", 90]]
    assert read_rows(*lines, *fares) == [
        ("Task list", "", ""),
        *((each, "", "") for each in tasks),
        ("Oslo to Moss\t80", "Route\tFare", "Ferries"),
        ("Moss to Oslo\t90", "Route\tFare", "Ferries"),
    ]
    assert [each[2] for each in read_rows(["List"], ["North"], *fares)[1:]] == [
        "North · Ferries"
    ] * 2
    alone = read_rows(["List"], [], ["Contacts"], *facts)
    assert alone[1:] == [
        ("Contacts", "", ""), ("Owner\tAnn", "", "Contacts"), ("Deadline\tFriday", "", "Contacts"),
    ]  # fmt: skip


def test_a_row_across_that_says_something_is_a_passage() -> None:
    rendering = Rendering()
    said = "The museum is closed on Mondays"
    across = [Row([Cell(each, 2)]) for each in ("Winter", said)]
    rendering.table([Row.of(["Day", "Hours"]), *across, Row.of(["Sunday", "9"])], heads=1)
    lines = rendering.content().lines
    assert [(each.text, each.column_head, each.under) for each in lines] == [
        ("Day\tHours", True, ""),
        ("Winter", True, ""),
        (said, False, "Winter"),
        ("Sunday\t9", False, "Winter"),
    ]


def test_a_head_that_names_other_columns_below_the_same_first_one_is_a_head() -> None:
    grid = [
        ["Name", "2020", "2021"],
        ["Ann", "1", "2"],
        ["Bob", "3", "4"],
        ["Name", "2020", "2021"],
        ["Cy", "5", "6"],
        ["Name", "2022", "2023"],
        ["Ann", "5", "6"],
        ["Bob", "7", "8"],
    ]
    before, after = "Name\t2020\t2021", "Name\t2022\t2023"
    found = [
        ("Ann\t1\t2", before),
        ("Bob\t3\t4", before),
        ("Cy\t5\t6", before),
        ("Ann\t5\t6", after),
        ("Bob\t7\t8", after),
    ]
    assert [each[:2] for each in read_rows(*grid)] == found
    rendering = Rendering()
    rendering.table([Row.of(row) for row in grid])
    lines = rendering.content().lines
    assert [(each.text, each.columns) for each in lines if not each.column_head] == found


def test_a_first_record_is_no_head_even_where_it_is_bold() -> None:
    hours = [["Monday", "closed"], ["Tuesday", "9 to 17"], ["Wednesday", "9 to 18"]]
    assert styled(*hours)[0] == ("Monday\tclosed", "")
    assert styled(*hours, bold=0)[1] == ("Tuesday\t9 to 17", "")
    assert styled(["Day", "Hours"], *hours)[0] == ("Monday\tclosed", "Day\tHours")
