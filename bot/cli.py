"""The command line: the program, its commands, and how it ends.

Only what a command needs is imported, when it runs: `pincite --help` answers at once.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import sys
from contextvars import ContextVar
from pathlib import Path

import click

from bot.commands.add import add
from bot.commands.ask import ask
from bot.commands.calibrate import calibrate
from bot.commands.chat import chat
from bot.commands.completion import completion
from bot.commands.evaluate import evaluate
from bot.commands.export_quotations import export
from bot.commands.health.doctor import doctor
from bot.commands.health.status import status
from bot.commands.index import index
from bot.commands.list_documents import list_
from bot.commands.mcp import mcp
from bot.commands.open import open_
from bot.commands.show import show
from bot.commands.verify import verify
from bot.following.follow_command import follow
from bot.following.news_command import news
from bot.output import (
    CRASHED,
    ERROR,
    FOUND,
    INTERRUPTED,
    ReadEnough,
    complain,
    complain_of,
    complain_of_crash,
)
from bot.slack.command_line import slack
from bot.web.serve_command import serve

_DEBUG = ContextVar("debug", default=False)
_ADDRESSES = 400 * 2**20  # bytes of address space, of which a question takes more
_NO_MEMORY = b"pincite: There is not enough memory; close other programs and try again.\n"


def main() -> None:
    """Runs the command line and exits: 0 found, 1 nothing found, 2 error, 70 a defect."""
    try:
        try:
            code = _run()
        except SystemExit:  # of completion in a shell
            raise
        except BaseException as error:  # a panic of a native library is no Exception
            code = complain_of_crash(error, debug=_DEBUG.get())
    except MemoryError:  # not even enough to complain
        with contextlib.suppress(OSError):
            os.write(2, _NO_MEMORY)
        os._exit(CRASHED)
    sys.exit(code)


def _require_memory() -> None:
    """Raises `MemoryError` where nothing could be answered: a library that is loaded with too
    little ends the process itself, with the exit code that says that nothing was found."""
    try:
        mmap.mmap(-1, _ADDRESSES, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ).close()
    except OSError:
        raise MemoryError from None


def _run() -> int:
    if sys.stdout is None:
        return complain("There is no standard output to print on; open one.")
    try:
        code = pincite.main(prog_name="pincite", standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        return complain("Stopped; what was finished is kept. Run it again to go on.", INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        return ERROR
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "pincite"
        option = getattr(error, "option_name", "")
        if option == "--home":
            return complain("--home stands before the command: `pincite --home FOLDER status`.")
        if option == "--debug":
            return complain("--debug stands before the command: `pincite --debug status`.")
        return complain(f"{error.format_message()} See `{command} --help`.")
    except ReadEnough:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except Exception as error:
        return complain_of(error)
    return code if isinstance(code, int) else FOUND


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the index.  [default: .pincite]",
)
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _option, debug: _DEBUG.set(debug),
    help="Show the traceback of a defect.",
)
@click.version_option(package_name="pincite", message="pincite %(version)s")
@click.pass_context
def pincite(context: click.Context, home: Path | None) -> None:
    """Ask a folder of documents; get the paragraphs that answer, word for word, with citations.

    \b
    Examples:
      pincite index releases/
      pincite ask "What was agreed with Sung Kim?"
      pincite show "releases/001.txt#4@0123456789ab" --context 1
    """
    from bot.settings import no_colour

    _require_memory()
    context.obj = home
    if no_colour():
        context.color = False


for command in (
    add, ask, calibrate, chat, completion, doctor, evaluate, export, follow, index, list_, mcp,
    news, open_, serve, show, slack, status, verify,
):  # fmt: skip
    pincite.add_command(command)
