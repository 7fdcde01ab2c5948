"""Rows of one table as Slack shows tables: below the heads of their columns, each cell in place."""

from collections.abc import Iterable, Sequence
from itertools import zip_longest

from bot.slack.sending.block_kit import SlackBlock
from bot.slack.sending.block_limits import TABLE_COLUMNS, TABLE_ROWS
from retriever.answering.answer import Hit

_NOTHING = "\N{NO-BREAK SPACE}"
"""What an empty cell holds: Slack takes no empty text."""


def rows_of_one_table(hits: Sequence[Hit]) -> list[Hit]:
    """Those of one document's passages, in their order, that are rows below the same heads.

    An index leaves out the empty cells at either end of a row and their columns, so that the heads
    of a row are a part of the table's.
    """
    rows = [hit for hit in hits if hit.columns]
    heads = max((_heads(hit) for hit in rows), key=len, default=[])
    return [hit for hit in rows if _place(_heads(hit), heads) is not None]


def table_block(rows: Sequence[Hit]) -> SlackBlock | None:
    """Rows of one table below its heads; None where Slack does not take so large a table."""
    heads = max((_heads(hit) for hit in rows), key=len)
    if not any(heads) or len(rows) >= TABLE_ROWS or len(heads) > TABLE_COLUMNS:
        return None
    lines = [heads, *(_in_place(hit, heads) for hit in rows)]
    if max(map(len, lines)) > len(heads):  # a cell without a column
        return None
    return {
        "type": "table",
        "block_id": f"table_{rows[0].rank}",
        "column_settings": [{"is_wrapped": True} for _ in heads],
        "rows": [_cells(line, len(heads)) for line in lines],
    }


def _heads(hit: Hit) -> list[str]:
    return [name.strip() for name in hit.columns.split("\t")]


def _place(part: Sequence[str], heads: Sequence[str]) -> int | None:
    """Where these heads stand among all; None if they do not."""
    ends = range(len(heads) - len(part) + 1)
    return next((at for at in ends if list(heads[at : at + len(part)]) == list(part)), None)


def _in_place(hit: Hit, heads: Sequence[str]) -> list[str]:
    """The cells of a row, with those empty that stand before its first one."""
    before = _place(_heads(hit), heads) or 0
    return [""] * before + [" ".join(cell.split()) for cell in hit.text.split("\t")]


def _cells(line: Iterable[str], width: int) -> list[SlackBlock]:
    padded = zip_longest(line, range(width), fillvalue="")
    return [{"type": "raw_text", "text": str(cell) or _NOTHING} for cell, _ in padded]
