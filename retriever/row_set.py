"""Rows of an index that may answer: as a mark for each row, and as numbers."""

from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray


class RowSet:
    """Some of the rows of an index; each of its two forms is made when it is first needed.

    Two sets are intersected by their marks: of a million rows that takes a twentieth of a
    millisecond, and by their numbers a second.
    """

    def __init__(self, marks: NDArray[np.bool_]) -> None:
        """The rows that are marked, of all rows in order."""
        self._count = len(marks)
        self.marks = marks

    @classmethod
    def of(cls, rows: NDArray[np.int64], count: int) -> Self:
        """These distinct rows, ascending, of an index with so many."""
        made = cls.__new__(cls)
        made._count, made.rows = count, rows
        return made

    @cached_property
    def marks(self) -> NDArray[np.bool_]:
        """Whether each row of the index is one of these."""
        marks = np.zeros(self._count, np.bool_)
        marks[self.rows] = True
        return marks

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """The numbers of the rows, ascending."""
        return np.flatnonzero(self.marks)

    @cached_property
    def runs(self) -> NDArray[np.int64]:
        """The first and the last row of each run of neighbouring rows, (runs, 2)."""
        edges = np.flatnonzero(np.diff(self.marks, prepend=False, append=False)).reshape(-1, 2)
        edges[:, 1] -= 1
        return edges

    @cached_property
    def _length(self) -> int:
        return len(self.rows) if "rows" in vars(self) else int(np.count_nonzero(self.marks))

    def __len__(self) -> int:
        return self._length

    def __and__(self, other: "RowSet") -> "RowSet":
        return RowSet(self.marks & other.marks)

    def holding(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these rows, in any order, are in the set."""
        return self.marks[rows]
