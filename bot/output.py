"""What leaves the program: text, objects, complaints of one sentence, and the exit code."""

import contextlib
import json
import re
import shutil
import sys
import traceback
from typing import Any

import click

from bot.errors import BotError
from corpus.text.characters import printable

FOUND, NOT_FOUND, ERROR, CRASHED, INTERRUPTED = 0, 1, 2, 70, 130
"""Exit codes; 70 is EX_SOFTWARE of sysexits.h, so that who supervises us can tell a defect."""

_LONGEST = 2_000  # characters of a complaint
_QUOTED = 200  # characters of what a defect says of itself

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")

FORM = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "jsonl", "csv"]),
    help="How to print it.  [default: text]",
)


def chosen_form(form: str | None, *, as_json: bool) -> str:
    """How to print something, where `--json` is short for `--format json`."""
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} are different forms; give one.")
    return "json" if as_json else form or "text"


class ReadEnough(Exception):
    """The reader of our output, such as `head`, has closed it: no error of ours or of click's."""


def say(rendered: str | dict[str, Any]) -> None:
    """Prints text, or an object as one line of JSON; raises `ReadEnough`."""
    try:
        click.echo(rendered if isinstance(rendered, str) else _json(rendered))
        sys.stdout.flush()
    except BrokenPipeError:
        raise ReadEnough from None


def on_terminal() -> bool:
    """Whether what is said is shown on a terminal that may be given more than plain text."""
    context = click.get_current_context(silent=True)
    return sys.stdout.isatty() and (context is None or context.color is not False)


def terminal_columns() -> int | None:
    """The columns of the terminal that shows what is said; None where it goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def hint(sentence: str) -> None:
    """Tells the person at the terminal how to go on; a pipe that takes the answers lacks it."""
    click.echo(click.style(sentence, dim=True), err=True)


def complain(sentence: str, code: int = ERROR) -> int:
    """Prints a sentence on standard error and gives the exit code that goes with it."""
    with contextlib.suppress(OSError, ValueError):  # nobody reads it; the code still says so
        click.echo(f"pincite: {one_sentence(sentence)}", err=True)
    return code


def one_sentence(sentence: str) -> str:
    """A complaint on one line, whatever the text in it was, safe on a terminal."""
    return printable(" ".join(sentence.split()))[:_LONGEST]


def complain_of(error: Exception) -> int:
    """Complains of a failure that was to be expected; raises any other, which is a defect."""
    sentence = sentence_of(error)
    if sentence is None:
        raise error
    return complain(sentence)


def sentence_of(error: Exception) -> str | None:
    """What is the case and what to do, for a failure that was to be expected; else None."""
    if isinstance(error, MemoryError):  # which leaves none to look further
        return None
    if isinstance(error, click.ClickException):
        return error.format_message()
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"{error.strerror or error}{where}; check the disk and rights."
    if type(error).__module__ == "sqlite3":
        return f"A database failed ({error}); check the disk's space and rights."
    return str(error) if is_expected(error) else None


def complain_of_crash(error: BaseException, *, debug: bool) -> int:
    """Complains of a defect, after its traceback in `debug`, and never with an answer's code."""
    if debug:
        click.echo("".join(traceback.format_exception(error)), err=True, nl=False)
    if isinstance(error, MemoryError):
        return complain("There is not enough memory; close other programs and try again.", CRASHED)
    what = f"{type(error).__name__}: {str(error)[:_QUOTED]}".rstrip(": ")
    more = "report the traceback" if debug else "`pincite --debug COMMAND` shows where"
    return complain(f"This is a defect of Pincite ({what}); {more}.", CRASHED)


def is_expected(error: Exception) -> bool:
    """Whether this is a failure of ours that says in a sentence what to do."""
    from corpus.errors import CorpusError
    from embeddings.errors import EmbeddingError
    from retriever.errors import RetrieverError

    return isinstance(error, BotError | CorpusError | EmbeddingError | RetrieverError)


def _json(facts: dict[str, Any]) -> str:
    text = json.dumps(facts, ensure_ascii=False, allow_nan=False)
    # A lone surrogate, from bytes that are no text, cannot be written as UTF-8, and a terminal
    # obeys the control characters behind ASCII; JSON can escape both.
    return re.sub("[\x7f-\x9f\ud800-\udfff]", lambda each: f"\\u{ord(each[0]):04x}", text)
