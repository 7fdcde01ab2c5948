"""The forms in which quotations are taken along, and the files that they are written to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from bot.errors import BotError
from bot.exporting.footnotes import markdown
from bot.exporting.quotations import Section
from bot.exporting.reference_lists import bibtex, citation_lines, csl_json
from bot.exporting.word_document import word_document

FORMS: dict[str, Callable[[Sequence[Section]], str | bytes]] = {
    "markdown": markdown,
    "docx": word_document,
    "citation": citation_lines,
    "csl-json": csl_json,
    "bibtex": bibtex,
}
"""What makes each form; `docx` alone gives bytes."""

_BY_ENDING = {
    ".md": "markdown", ".markdown": "markdown", ".docx": "docx", ".txt": "citation",
    ".json": "csl-json", ".bib": "bibtex",
}  # fmt: skip


class NotExported(BotError):
    """Something cannot be written, or there is nothing to write."""


def write(sections: Sequence[Section], file: Path, form: str | None = None) -> None:
    """Writes quotations into a file that is not there yet, in the form that its ending names.

    Raises `NotExported`.
    """
    chosen = form or _BY_ENDING.get(file.suffix.lower())
    if chosen is None:
        known = ", ".join(_BY_ENDING)
        raise NotExported(f"The ending of {file} names no form; use one of {known}, or --format.")
    made = FORMS[chosen](sections)
    try:
        with file.open("xb") as opened:
            opened.write(made if isinstance(made, bytes) else f"{made}\n".encode())
    except FileExistsError:
        raise NotExported(f"{file} is there already; name another file.") from None
    except OSError as error:
        raise NotExported(f"{file} cannot be written ({error.strerror}); name another.") from None
