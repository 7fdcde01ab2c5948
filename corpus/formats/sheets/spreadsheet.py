"""Workbooks of Excel (`.xlsx`): each sheet a document, its cells as they are shown."""

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import repeat
from typing import Any

from corpus.content import Content
from corpus.errors import Unreadable
from corpus.formats.rendering import Rendering
from corpus.formats.sheets.cell_values import shown
from corpus.formats.sheets.sheet_tables import render_sheet
from corpus.formats.sheets.workbook_parts import SheetParts, checked_parts
from corpus.formats.table_cells import MOST_COLUMNS, Cell, Row
from corpus.metadata import Metadata

_MOST_CELLS = 500_000  # that are not empty, of all sheets
_MOST_LETTERS = 20_000_000  # a sheet can repeat one long text in each cell
_MOST_NAMED = 5
_UNNAMED = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|arkusz|лист|시트)\s*\d*", re.I)
"""What Excel calls a sheet that has no name."""


def read_xlsx(data: bytes) -> Iterator[Content]:
    """The documents in a workbook: one for each sheet that is shown, `part` its name; hidden ones
    are named as left out, since nobody who opens it sees them.

    A formula whose value no program has stored stands as it is typed, as Excel shows it when it is
    asked for formulas. Raises `Unreadable`.
    """
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"):
            parts, about = checked_parts(data)
            values = openpyxl.load_workbook(parts, read_only=True, data_only=True, keep_links=False)
            typed = (
                openpyxl.load_workbook(parts, read_only=True, keep_links=False)
                if any(each.has_bare_formulas for each in about.values())
                else None
            )
            left, letters = _MOST_CELLS, _MOST_LETTERS
            sheets = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
            for sheet in sheets:
                sheet.reset_dimensions()  # which some programs state wrongly
                own = about.get(sheet._worksheet_path.lstrip("/"), SheetParts())
                rows: list[Row] = []
                for row in _rows(sheet, typed[sheet.title] if typed else None, own):
                    left -= len(row.cells)
                    letters -= sum(map(len, row.words))
                    if min(left, letters) < 0:
                        break
                    rows.append(row)
                title = "" if _UNNAMED.fullmatch(sheet.title) else sheet.title
                part = sheet.title if len(sheets) > 1 else ""
                rendering = Rendering()
                titled = render_sheet(rows, rendering)
                metadata = Metadata(title="" if titled else title)
                yield replace(rendering.content(metadata=metadata), part=part)
                if min(left, letters) < 0:
                    rest = len(sheets) - sheets.index(sheet) - 1
                    after = f"what follows row {len(rows):,} of the sheet {sheet.title}"
                    more = f", and {rest:,} sheets more" if rest else ""
                    yield Content("", [], left_out=f"{after}{more}")
                    break
            hidden = [sheet.title for sheet in values.worksheets if sheet not in sheets]
            if hidden:
                yield Content("", [], left_out=_told(hidden))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # the library raises whatever a damaged book leads to
        raise Unreadable(f"it is no workbook, or a damaged one ({type(error).__name__})") from None


def _told(hidden: Sequence[str]) -> str:
    """The names of hidden sheets."""
    more = f" and {len(hidden) - _MOST_NAMED:,} more" if len(hidden) > _MOST_NAMED else ""
    named = ", ".join(hidden[:_MOST_NAMED])
    return f"its hidden sheets ({named}{more})"


def _rows(sheet: Any, typed: Any, about: SheetParts) -> Iterator[Row]:
    """The rows of a sheet, each up to its last cell; of many empty ones in a row one."""
    formulas: Iterable[Any] = repeat(())
    if typed is not None and about.has_bare_formulas:
        typed.reset_dimensions()
        formulas = typed.iter_rows()
    reaching: dict[int, tuple[int, int]] = {}  # from a column: until which row, how many columns
    was_empty = True
    for number, (cells, as_typed) in enumerate(zip(sheet.iter_rows(), formulas, strict=False), 1):
        texts = [" ".join(shown(cell).split()) for cell in cells]
        for at, cell in enumerate(as_typed):
            if at < len(texts) and not texts[at] and cell.value is not None:
                texts[at] = " ".join(str(cell.value).split())
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            if not was_empty:
                yield Row([])
            was_empty = True
            continue
        was_empty = False
        yield Row(
            list(_cells(texts, number, about.merged, reaching)),
            strong=all(cell.font.b for cell, text in zip(cells, texts, strict=False) if text),
        )


def _cells(
    texts: Sequence[str],
    row: int,
    merged: Mapping[tuple[int, int], tuple[int, int]],
    reaching: dict[int, tuple[int, int]],
) -> Iterator[Cell]:
    """The cells of a row; what is merged reaches over columns, and goes on in the rows below."""
    column = 1
    while column <= len(texts):
        until, columns = reaching.get(column, (0, 1))
        goes_on = until >= row
        if not goes_on:
            rows, columns = merged.get((row, column), (1, 1))
            reaching[column] = (row + rows - 1, columns)
        yield Cell(texts[column - 1], min(columns, MOST_COLUMNS), goes_on)
        column += columns
