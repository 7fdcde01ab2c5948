"""The command line: the program, and those of its commands that need no file of their own.

Only what a command needs is imported, when it runs: `pincite --help` answers at once.
"""

from __future__ import annotations

import datetime
import os
import sys
from pathlib import Path

import click

from bot.add import add
from bot.day import Day
from bot.evaluation import calibrate, evaluate
from bot.home import Named, corpus_folders, settings_and_home
from bot.output import (
    AS_JSON,
    ERROR,
    FOUND,
    INTERRUPTED,
    NOT_FOUND,
    ReadEnough,
    complain,
    complain_of,
    on_terminal,
    say,
)
from bot.slack.commands import slack


def main() -> None:
    """Runs the command line and exits: 0 found, 1 nothing found, 2 error."""
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
        code = complain_of(error)
    sys.exit(code if isinstance(code, int) else FOUND)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the index and the models.  [default: .pincite]",
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


pincite.add_command(add)
pincite.add_command(evaluate)
pincite.add_command(slack)
pincite.add_command(calibrate)


@pincite.command(short_help="Answer a question with cited paragraphs.")
@click.argument("question", nargs=-1, required=True)
@click.option("--top", type=click.IntRange(1, 100), help="Show at most N passages.  [default: 5]")
@click.option("--after", type=Day(), metavar="DATE", help="Posted or happened on or after DATE.")
@click.option("--before", type=Day(last=True), metavar="DATE", help="... on or before DATE.")
@click.option("--history", multiple=True, metavar="Q", help="An earlier question; repeatable.")
@click.option(
    "--asked-on",
    type=Day(),
    metavar="DATE",
    help="The day that “last month” counts from.  [default: today]",
)
@click.option(
    "--literal",
    is_flag=True,
    help="Search for the question as it is typed: no names, spellings, times or history.",
)
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option("--generation", metavar="NAME", help="Ask an older generation of the index.")
@AS_JSON
@click.pass_obj
def ask(
    home_flag: Path | None,
    question: tuple[str, ...],
    top: int | None,
    after: datetime.date | None,
    before: datetime.date | None,
    history: tuple[str, ...],
    asked_on: datetime.date | None,
    literal: bool,
    explain: bool,
    generation: str | None,
    as_json: bool,
) -> int:
    """Answer QUESTION with the paragraphs that answer it, word for word, each with a citation.

    Exit code 0: found; 1: not in these documents, or only passages near it; 2: error.

    \b
    Examples:
      pincite ask "What was agreed with Sung Kim?"
      pincite ask "and about defectors?" --history "What was agreed with Sung Kim?"
      pincite ask "statements on the DPRK" --after 2022-03 --before 2022-03 --json
    """
    from bot.render import answer_json, answer_text
    from retriever.answer import Verdict
    from retriever.ask import ask as answer_question
    from retriever.generation import Generation
    from retriever.question import checked

    if after and before and after > before:
        raise click.UsageError(f"No day lies after {after} and before {before}; swap them.")
    settings, home = settings_and_home(home_flag)
    text = " ".join(question)
    checked(text)  # a question that is refused costs no opening of the index
    answer = answer_question(
        Generation.open(home, generation),
        text,
        history=history,
        asked_on=asked_on,
        top=top or settings.top,
        after=after,
        before=before,
        literal=literal,
    )
    if as_json:
        say(answer_json(answer, explain=explain))
    else:
        say(answer_text(answer, explain=explain, linked=on_terminal()))
    return FOUND if answer.verdict is Verdict.FOUND else NOT_FOUND


@pincite.command(short_help="Ask questions one after the other.")
@click.option("--top", type=click.IntRange(1, 100), help="Show at most N passages.  [default: 5]")
@click.pass_obj
def chat(home_flag: Path | None, top: int | None) -> int:
    """Ask questions one after the other, each understood from those before it.

    `/help` lists the commands: `/show 2`, `/more`, `/only 1 3`, `/reset` and others. From a pipe,
    each line is a question, and the exit code is that of the last answer.

    \b
    Examples:
      pincite chat
      printf 'What was agreed with Sung Kim?\nand about defectors?\n' | pincite chat
    """
    from bot.chat import converse

    settings, home = settings_and_home(home_flag)
    return converse(home, top or settings.top)


@pincite.command(short_help="Index folders of documents.")
@click.argument("folders", nargs=-1, metavar="[FOLDER]...", type=Named(path_type=Path))
@click.option("--download", is_flag=True, help="Fetch the configured model from its hub if needed.")
@click.option("--watch", is_flag=True, help="Go on, and index what changes, until Ctrl-C.")
@click.option("--retry", is_flag=True, help="Read what was skipped once more.")
@click.option("--poll", is_flag=True, help="With --watch: look through the folders all the time.")
@AS_JSON
@click.pass_obj
def index(
    home_flag: Path | None,
    folders: tuple[Path, ...],
    download: bool,
    watch: bool,
    retry: bool,
    poll: bool,
    as_json: bool,
) -> int:
    """Index the documents in each FOLDER; without one, the folders of the last time.

    Only what changed is read and encoded. The index is replaced when the new one is complete, so
    questions are answered all the while, and Ctrl-C loses nothing that was finished. What was
    skipped is read again when it changes, or with --retry.

    With --watch, the folders are followed: what is added, edited, renamed or deleted is answered
    from a moment later. Network disks are looked through instead, as with --poll.

    \b
    Examples:
      pincite index releases/ statements/
      pincite index
      pincite index releases/ --watch
    """
    from bot.indexing import indexed, keep_indexed, report

    if poll and not watch:
        raise click.UsageError("--poll is a way to watch; give it with --watch.")
    if retry and watch:
        raise click.UsageError("--retry reads once; give it without --watch.")
    settings, home = settings_and_home(home_flag)
    chosen = folders or corpus_folders(settings, home)
    if watch:
        return keep_indexed(
            home, chosen, settings, download=download, polling=poll, as_json=as_json
        )
    build = indexed(home, chosen, settings, download=download, retry=retry, plain=as_json)
    report(build, as_json=as_json)
    return FOUND


@pincite.command(short_help="Say what the index holds.")
@click.option("--copies", is_flag=True, help="List the documents that are the same release.")
@AS_JSON
@click.pass_obj
def status(home_flag: Path | None, copies: bool, as_json: bool) -> int:
    """Say what the index holds, what was skipped and why, and what changed since.

    With --copies, list the documents that are the same release instead: mirrored, issued again, or
    saved twice. Of words that all of them have, an answer shows the newest.

    \b
    Examples:
      pincite status --json
      pincite status --copies
    """
    from bot.reports import status_facts, status_text

    settings, home = settings_and_home(home_flag)
    if copies:
        from bot.copies import copies_facts, copies_text

        alike = copies_facts(home)
        say(alike if as_json else copies_text(alike))
        return FOUND
    facts = status_facts(home, settings.limits.megabytes)
    say(facts if as_json else status_text(facts))
    return FOUND


@pincite.command(short_help="Show a cited paragraph in its place.")
@click.argument("citation", nargs=-1, required=True)
@click.option(
    "--context",
    "neighbours",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Show N paragraphs before and after it.",
)
@click.option(
    "--raw",
    is_flag=True,
    help="Show the whole document, with labels and with what is dropped and why.",
)
@AS_JSON
@click.pass_obj
def show(
    home_flag: Path | None,
    citation: tuple[str, ...],
    neighbours: int,
    raw: bool,
    as_json: bool,
) -> int:
    """Show the paragraph that CITATION names, word for word, and say whether it still holds.

    With --raw, CITATION may be the name of a document alone; its file is read again, and each line
    that is no paragraph is shown with the rule that dropped it.

    Exit code 0: its file is unchanged; 1: it changed or is gone; 2: error.

    \b
    Examples:
      pincite show "mofa_319953.txt#2 o 1@0123abcd" --context 2
      pincite show mofa_319953.txt --raw
    """
    from retriever.citation import Citation
    from retriever.manifest import read_manifest
    from retriever.passages import PassageStore
    from retriever.receipts import State, cited

    settings, home = settings_and_home(home_flag)
    folder = home.generation()
    read_manifest(folder)
    store, name = PassageStore.open(folder), " ".join(citation)
    if raw:
        from bot.raw import raw_json, raw_text
        from retriever.raw import read_raw

        read = read_raw(store, name, settings.limits)
        say(raw_json(read) if as_json else raw_text(read))
        return FOUND if read.state is State.VALID else NOT_FOUND
    from bot.reports import cited_json, cited_text

    found = cited(store, Citation.parse(name), neighbours)
    say(cited_json(found) if as_json else cited_text(found, linked=on_terminal()))
    return FOUND if found.receipt.state is State.VALID else NOT_FOUND


@pincite.command(short_help="Check citations against the files of today.")
@click.argument("citations", nargs=-1, metavar="[CITATION]...")
@click.option("--all", "everything", is_flag=True, help="Check every document of the index.")
@AS_JSON
@click.pass_obj
def verify(
    home_flag: Path | None, citations: tuple[str, ...], everything: bool, as_json: bool
) -> int:
    """Check that each CITATION still names the words of its file; `--all` checks every file.

    Exit code 0: all hold; 1: a file changed or is gone; 2: error.

    \b
    Examples:
      pincite verify "mofa_319953.txt#2 o 1@0123abcd"
      pincite verify --all
    """
    from bot.reports import receipts_json, receipts_text
    from retriever.citation import Citation
    from retriever.manifest import read_manifest
    from retriever.passages import PassageStore
    from retriever.receipts import State, verify_all
    from retriever.receipts import verify as check

    if bool(citations) == everything:
        raise click.UsageError("Name citations, or give --all.")
    _, home = settings_and_home(home_flag)
    folder = home.generation()
    read_manifest(folder)
    store = PassageStore.open(folder)
    parsed = [Citation.parse(citation) for citation in citations]
    receipts = verify_all(store) if everything else [check(store, each) for each in parsed]
    say(receipts_json(receipts) if as_json else receipts_text(receipts))
    return FOUND if all(each.state is State.VALID for each in receipts) else NOT_FOUND


@pincite.command(short_help="Check the installation, the model and the index.")
@AS_JSON
@click.pass_obj
def doctor(home_flag: Path | None, as_json: bool) -> int:
    """Check the installation, the model and the index, and say what to do about each problem.

    Exit code 0: all is well; 1: something is wrong.

    \b
    Example:
      pincite doctor
    """
    from bot.doctor import examine
    from bot.reports import findings_json, findings_text

    settings, home = settings_and_home(home_flag)
    findings = examine(home, settings.model)
    say(findings_json(findings) if as_json else findings_text(findings))
    return FOUND if all(each.well for each in findings) else NOT_FOUND


@pincite.command(short_help="Print a completion script for your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print the script that completes commands and options in SHELL.

    \b
    Examples:
      pincite completion bash >> ~/.bashrc
      pincite completion fish > ~/.config/fish/completions/pincite.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"There is no completion for {shell}.")
    say(kind(pincite, {}, "pincite", "_PINCITE_COMPLETE").source())
    return FOUND
