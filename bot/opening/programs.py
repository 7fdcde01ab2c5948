"""The program that opens something, and what it is told, without a shell."""

import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import PurePath

from bot.errors import BotError
from bot.opening.target import Target

_LINE_FORMS = {
    "+{line} {path}": "emacs emacsclient gedit gvim jed joe kak mcedit mg micro nano ne nvim pico "
    "vi view vim vimx xed",
    "{path}:{line}": "gnome-text-editor helix hx subl sublime_text zed zeditor",
    "--goto {path}:{line}": "code code-insiders codium cursor vscodium windsurf",
    "--line {line} {path}": "idea kate kwrite mate pycharm",
}
"""How editors are told the line to begin at."""

_PAGE_FORMS = {
    "--page-label={page} {path}": "atril evince papers xreader",
    "--page={page} {path}": "okular zathura",
    "{address}": "brave chrome chromium firefox vivaldi",
}
"""How programs that show PDF are told the page; the system's opener does not pass it on."""


class NotOpened(BotError):
    """There is no program to open something with, or it failed."""


def open_target(target: Target, editor: str = "") -> None:
    """Opens something, a text in the editor that the person has set; raises `NotOpened`.

    An editor is waited for: it may be one of the terminal.
    """
    in_editor = target.line is not None and bool(editor)
    command = _in_editor(editor, target) if in_editor else _in_viewer(target)
    try:
        if in_editor:
            code = subprocess.run(command).returncode
        else:
            code = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, start_new_session=True,
            ).wait(_MOMENT)  # fmt: skip
    except subprocess.TimeoutExpired:  # it is the program itself, which stays
        return
    except OSError as error:
        raise NotOpened(
            f"{command[0]} could not be run ({error.strerror}); correct EDITOR, or open {target} "
            "yourself."
        ) from None
    if code:
        raise NotOpened(f"{command[0]} could not open {target}; open it yourself.")


_MOMENT = 2.0  # seconds after which a program that is still there has opened something


def _in_editor(editor: str, target: Target) -> list[str]:
    """The command of an editor at the line of a file; one that is not known gets the file alone."""
    try:
        command = shlex.split(editor)
    except ValueError:
        command = [editor]
    form = _form_of(PurePath(command[0]).name, _LINE_FORMS) or "{path}"
    return [*command, *_filled(form, target)]


def _in_viewer(target: Target) -> list[str]:
    """The command of the system's opener; of the program for PDF itself where a page is meant."""
    if target.page is not None and not target.address and (viewer := _pdf_viewer()):
        form = _form_of(viewer, _PAGE_FORMS)
        if form and shutil.which(viewer):
            return [viewer, *_filled(form, target)]
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    if not shutil.which(opener):
        raise NotOpened(
            f"There is no {opener} here to open {target} with; install xdg-utils, or set EDITOR "
            "for texts."
        )
    return [opener, target.address or str(target.path)]


def _pdf_viewer() -> str:
    """The name of the program for PDF, of those that are known; empty where none of them is it."""
    query = ["xdg-mime", "query", "default", "application/pdf"]
    try:
        entry = subprocess.run(query, capture_output=True, text=True, timeout=_MOMENT).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""
    known = (name for names in _PAGE_FORMS.values() for name in names.split())
    return next((name for name in known if name in entry.lower()), "")


def _form_of(program: str, forms: dict[str, str]) -> str:
    return next((form for form, names in forms.items() if program in names.split()), "")


def _filled(form: str, target: Target) -> Sequence[str]:
    """The arguments of a form; what is filled in stays one argument, whatever is in it."""
    return [
        part.format(path=target.path, line=target.line, page=target.page, address=target)
        for part in form.split()
    ]
