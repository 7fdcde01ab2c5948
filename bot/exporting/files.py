"""The forms in which quotations are taken along, and the files that they are written to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import BotError
from bot.exporting.footnotes import markdown
from bot.exporting.quotations import Section
from bot.exporting.reference_lists import bibtex, citation_lines, csl_json
from bot.exporting.word_document import word_document


@dataclass(frozen=True, slots=True)
class Form:
    """A form of quotations: what makes it, the ending of its files, and its media type."""

    make: Callable[[Sequence[Section]], str | bytes]
    ending: str
    media_type: str

    def file(self, sections: Sequence[Section]) -> bytes:
        """The quotations as a file holds them."""
        made = self.make(sections)
        return made if isinstance(made, bytes) else f"{made}\n".encode()


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = {
    "markdown": Form(markdown, ".md", "text/markdown"),
    "docx": Form(word_document, ".docx", _WORD),
    "citation": Form(citation_lines, ".txt", "text/plain"),
    "csl-json": Form(csl_json, ".json", "application/vnd.citationstyles.csl+json"),
    "bibtex": Form(bibtex, ".bib", "application/x-bibtex"),
}
"""The forms by name; `docx` alone is no text."""

_BY_ENDING = {each.ending: each for each in FORMS.values()} | {".markdown": FORMS["markdown"]}


class NotExported(BotError):
    """Something cannot be written, or there is nothing to write."""


def write(sections: Sequence[Section], file: Path, form: str | None = None) -> None:
    """Writes quotations into a file that is not there yet, in the form that its ending names.

    Raises `NotExported`.
    """
    chosen = FORMS[form] if form else _BY_ENDING.get(file.suffix.lower())
    if chosen is None:
        known = ", ".join(_BY_ENDING)
        raise NotExported(f"The ending of {file} names no form; use one of {known}, or --format.")
    content = chosen.file(sections)
    try:
        with file.open("xb") as opened:
            opened.write(content)
    except FileExistsError:
        raise NotExported(f"{file} is there already; name another file.") from None
    except OSError as error:
        raise NotExported(f"{file} cannot be written ({error.strerror}); name another.") from None
