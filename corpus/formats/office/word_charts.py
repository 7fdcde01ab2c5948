"""The figures that a chart of Word draws, as rows: a column for each series."""

import re
from xml.etree.ElementTree import Element

from corpus.formats.office.list_labels import whole_number
from corpus.formats.table_cells import Cell, Row

_FRACTION = re.compile(r"-?\d{1,9}\.\d{1,40}")
_MOST_POINTS = 2_000


def chart_rows(plot: Element) -> list[Row]:
    """The rows of a chart's figures below the names of its series."""
    series = list(plot.iter("ser"))
    names = [
        " ".join(v.text or "" for tx in each.findall("tx") for v in tx.iter("v")) for each in series
    ]
    categories: dict[str, str] = {}
    for each in series:
        categories = _points(each, "cat", "xVal") | categories
    values = [_points(each, "val", "yVal") for each in series]
    places = sorted(
        {*categories, *(place for each in values for place in each)},
        key=lambda place: whole_number(place, 0),
    )
    head = Row([Cell(""), *map(Cell, names)], is_head=True)
    rows = [
        Row([Cell(categories.get(place, "")), *(Cell(each.get(place, "")) for each in values)])
        for place in places[:_MOST_POINTS]
    ]
    return [head, *rows]


def _points(series: Element, *names: str) -> dict[str, str]:
    """The words or figures of a series by their places."""
    return {
        point.get("idx", ""): " ".join(_figure(v.text or "") for v in point.iter("v"))
        for name in names
        for part in series.findall(name)
        for point in part.iter("pt")
    }


def _figure(stated: str) -> str:
    """A figure without the rest that binary fractions leave: 2.7 for 2.7000000000000002."""
    return f"{float(stated):.15g}" if _FRACTION.fullmatch(stated) else stated
