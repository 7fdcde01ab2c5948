"""How long work says how far it is."""

from collections.abc import Callable

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is; 0 of 0 when the
amount is not known."""


def untold(what: str, done: int, total: int) -> None:
    """Tells nobody."""
