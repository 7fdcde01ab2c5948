"""The command line: the program, its commands, and how it ends.

Only what a command needs is imported, when it runs: `pincite --help` answers at once.
"""

from __future__ import annotations

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
from bot.commands.doctor import doctor
from bot.commands.evaluate import evaluate
from bot.commands.index import index
from bot.commands.show import show
from bot.commands.status import status
from bot.commands.verify import verify
from bot.output import (
    ERROR,
    FOUND,
    INTERRUPTED,
    ReadEnough,
    complain,
    complain_of,
    complain_of_crash,
)
from bot.slack.command_line import slack

_DEBUG = ContextVar("debug", default=False)


def main() -> None:
    """Runs the command line and exits: 0 found, 1 nothing found, 2 error, 70 a defect."""
    try:
        code = pincite.main(prog_name="pincite", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = complain("Stopped; what was finished is kept. Run it again to go on.", INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "")
        code = ERROR
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "pincite"
        if getattr(error, "option_name", "") == "--home":
            code = complain("--home stands before the command: `pincite --home FOLDER status`.")
        else:
            code = complain(f"{error.format_message()} See `{command} --help`.")
    except ReadEnough:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = FOUND
    except Exception as error:
        code = _complained_of(error)
    except BaseException as error:  # a panic of a native library is no Exception
        code = complain_of_crash(error, debug=_DEBUG.get())
    sys.exit(code if isinstance(code, int) else FOUND)


def _complained_of(error: Exception) -> int:
    try:
        return complain_of(error)
    except Exception as defect:
        return complain_of_crash(defect, debug=_DEBUG.get())


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the index and the models.  [default: .pincite]",
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
      pincite show "releases/001.txt#4@0123abcd" --context 1
    """
    from bot.settings import no_colour

    context.obj = home
    if no_colour():
        context.color = False


for command in (
    add, ask, calibrate, chat, completion, doctor, evaluate, index, show, slack, status, verify,
):  # fmt: skip
    pincite.add_command(command)
