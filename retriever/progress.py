"""How long work says how far it is."""

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

_Each = TypeVar("_Each")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is; 0 of 0 when the
amount is not known."""


def untold(what: str, done: int, total: int) -> None:
    """Tells nobody."""


def counted(progress: Progress, what: str, all_of: Collection[_Each]) -> Iterator[_Each]:
    """Each of these, and so many are told as done."""
    for done, each in enumerate(all_of):
        progress(what, done, len(all_of))
        yield each
