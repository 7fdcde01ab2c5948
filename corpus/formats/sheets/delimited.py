"""Tables as text (`.csv`, `.tsv`): each record a row, below the names of its columns."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

from corpus.content import Content
from corpus.formats.rendering import Rendering
from corpus.formats.sheets.sheet_tables import render_sheet
from corpus.formats.table_cells import Row
from corpus.text.decoding import decode

_MOST_ROWS = 50_000
_SAMPLE, _SAMPLED = 50, 50_000  # lines and characters by which the delimiter is told
_LONGEST_CELL = 100_000
_LONGEST_RECORD = 50  # lines, where quotes are in doubt


def read_csv(data: bytes) -> Iterator[Content]:
    """The document of a table whose cells have commas, semicolons, tabs or bars between them."""
    text, _ = decode(data)
    yield from _content(text, max(",;\t|", key=lambda each: _evenness(text, each)))


def read_tsv(data: bytes) -> Iterator[Content]:
    """The document of a table whose cells have tabs between them."""
    yield from _content(decode(data)[0], "\t")


def _content(text: str, delimiter: str) -> Iterator[Content]:
    rows = _records(text, delimiter)
    rendering = Rendering()
    render_sheet([Row.of(row) for row in rows[:_MOST_ROWS]], rendering)
    yield rendering.content()
    if len(rows) > _MOST_ROWS:
        yield Content("", [], left_out=f"what follows its row {_MOST_ROWS:,}")


def _records(text: str, delimiter: str) -> list[list[str]]:
    """The records, empty ones among them; a spreadsheet names its delimiter in the first line."""
    csv.field_size_limit(_LONGEST_CELL)
    named = text.removeprefix("\ufeff")
    if named[:4].lower() == "sep=":
        first, _, text = named.partition("\n")
        delimiter = first[4:].strip(" \r")[:1] or delimiter
    lines = list(islice(io.StringIO(text, newline=""), 2 * _MOST_ROWS))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    records, single, several, line = list[list[str]](), Counter[int](), Counter[int](), 0
    with suppress(csv.Error):
        for record in islice(reader, _MOST_ROWS + 1):
            records.append(record)
            (several if reader.line_num - line > 1 else single)[len(record)] += 1
            line = reader.line_num
        if not several or several.keys() <= single.keys():
            return records
    width = max(single, key=lambda each: single[each], default=0)
    return list(islice(_line_by_line(lines, delimiter, width), _MOST_ROWS + 1))


def _line_by_line(lines: Sequence[str], delimiter: str, width: int) -> Iterator[list[str]]:
    """The records of lines in which some quote is never closed, or closed within a word.

    A record goes on in further lines only where it then has as many cells as the others; else
    the quotes in its line are signs as all others.
    """
    at = 0
    while at < len(lines):
        taken = 1
        record = _parsed(lines[at : at + 1], delimiter)
        if record is None and lines[at].count('"') % 2:
            for more in range(2, min(_LONGEST_RECORD, len(lines) - at) + 1):
                if '"' in lines[at + more - 1]:
                    record = _parsed(lines[at : at + more], delimiter)
                    taken = more
                    break
            if record is not None and len(record) != width:
                record = None
        if record is None:
            taken = 1
            record = lines[at].rstrip("\r\n").split(delimiter)
        yield record
        at += taken


def _parsed(lines: Sequence[str], delimiter: str) -> list[str] | None:
    """The one record that these lines are, or None."""
    try:
        records = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    """How many records have as many cells as most, and how many cells those have."""
    sample = "\n".join(text[:_SAMPLED].splitlines()[:_SAMPLE])
    widths = [len(each) for each in _records(sample, delimiter) if any(map(str.strip, each))]
    usual = max(set(widths), key=widths.count, default=0)
    return (widths.count(usual) / len(widths) if usual > 1 else 0, usual)
