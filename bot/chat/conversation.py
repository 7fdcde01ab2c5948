"""A conversation on the command line: each line is a question or a command, and gives text."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot.opening.programs import open_target
from bot.opening.target import target_of
from bot.output import FOUND, NOT_FOUND, complain_of, hint, on_terminal, say, terminal_columns
from bot.rendering.answers import answer_text, hits_by_document
from bot.rendering.cited_passages import cited_text, receipt_text
from bot.rendering.phrases import one_line
from bot.rendering.reading_page import on_reading_page
from bot.rendering.terminal import width_in, wrapped_lines
from retriever.answering.answer import Answer, Hit, Verdict
from retriever.answering.ask import ask, list_documents
from retriever.citing.receipts import CitationState
from retriever.citing.verifier import look_up
from retriever.index.generation import Generation
from retriever.index.home import Home

_LEAVE = "Ctrl-D or /quit leaves."
_MOST = 100  # passages of /all
_NAME = 10  # columns of a command's name in /help


class Chat:
    """A conversation over the current generation; it prints nothing.

    `code` is the exit code of the last answer, and `over` is True once `/quit` was said.
    """

    def __init__(
        self, home: Home, opened: Callable[[], Generation], top: int,
        min_score: float | None = None, *, editor: str = "", web: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """A conversation over what `opened` gives, once and whenever the home has another one.

        Texts open in the `editor`, and titles link to the reading page that the table `[web]` of
        the settings tells of.
        """
        self._editor, self._web = editor, web or {}
        self.code, self.over = FOUND, False
        self._home, self._top, self._min_score = home, top, min_score
        self._opened, self._generation = opened, opened()
        self._questions: list[str] = []
        self._within: tuple[str, ...] = ()
        self._literal = False
        self._again: Callable[..., Answer] | None = None
        self._shown: list[Hit] = []
        self._answers: list[Answer] = []

    @property
    def greeting(self) -> str:
        """What can be asked, and how to go on."""
        manifest = self._generation.manifest
        newest = f" to {manifest.newest}" if manifest.newest else ""
        return f"{manifest.documents:,} documents{newest}. /help lists the commands. {_LEAVE}"

    @property
    def prompt(self) -> str:
        """What precedes a typed line; it shows to how many documents questions are restricted."""
        count = len(self._within)
        return f"only {count} document{'s' if count > 1 else ''} > " if count else "> "

    def reply(self, line: str) -> Iterator[str]:
        """What a line gives, part by part.

        Raises `ClickException` for a command that cannot be followed, else as `ask` does; the
        conversation is then as it was.
        """
        name, *words = line.replace(",", " ").split() or [""]
        if not name.startswith("/"):
            return self._answer(line.strip()) if name else iter(())
        if name.casefold() not in COMMANDS:
            raise click.ClickException(f"There is no command {name[:40]}; see /help.")
        command, _ = COMMANDS[name.casefold()]
        return iter(command(self, words))

    def _answer(self, question: str) -> Iterator[str]:
        if self._home.current() != self._generation.name:
            self._generation = self._opened()
            yield click.style(f"A new index is in use: {self._generation.name}.", dim=True)
        again = partial(
            ask,
            self._generation,
            question,
            history=tuple(self._questions),
            within=self._within,
            literal=self._literal,
        )
        answer = again(top=self._top, min_score=self._min_score)
        self.code = FOUND if answer.verdict is Verdict.FOUND else NOT_FOUND
        self._questions.append(question)
        self._again, self._shown = again, list(answer.passages)
        self._answers.append(answer)
        yield self._rendered(answer)

    def _more(self, _: list[str]) -> Iterator[str]:
        answer = self._asked_again(
            top=len(self._shown) + self._top, min_score=self._min_score or 0.0
        )
        known = {hit.citation for hit in self._shown}
        new = [hit for hit in answer.passages if hit.citation not in known]
        if not new:
            yield "There are no more passages."
            return
        numbered = [replace(hit, rank=rank) for rank, hit in enumerate(new, len(known) + 1)]
        self._shown += numbered
        yield self._rendered(replace(answer, passages=tuple(numbered)))

    def _all(self, _: list[str]) -> Iterator[str]:
        answer = self._asked_again(top=_MOST, min_score=self._min_score)
        self._shown = list(answer.passages)
        yield self._rendered(answer)

    def _list(self, words: list[str]) -> Iterator[str]:
        if words:
            yield from self._list_mentioning(" ".join(words))
            return
        self._shown = list(self._asked_again(top=_MOST, min_score=self._min_score).passages)
        yield hits_by_document(self._shown, terminal_columns())

    def _list_mentioning(self, words: str) -> Iterator[str]:
        def again(top: int, min_score: float | None = None) -> Answer:
            return list_documents(generation, words, within=within, top=top)

        generation, within = self._generation, self._within
        answer = again(self._top)
        self.code = FOUND if answer.verdict is Verdict.FOUND else NOT_FOUND
        self._again, self._shown = again, list(answer.passages)
        self._answers.append(answer)
        yield self._rendered(answer)

    def _asked_again(self, top: int, min_score: float | None) -> Answer:
        if self._again is None:
            raise click.ClickException("There is no answer yet; ask a question first.")
        return self._again(top=top, min_score=min_score)

    def _show(self, words: list[str]) -> Iterator[str]:
        for hit in self._chosen(words):
            found = look_up(self._generation.store, hit.citation, 1)
            yield cited_text(
                found,
                linked=on_terminal(),
                columns=terminal_columns(),
                reading_page=self._web.get("address", ""),
            )

    def _open(self, words: list[str]) -> Iterator[str]:
        for hit in self._chosen(words):
            found = look_up(self._generation.store, hit.citation)
            if found.receipt.state is not CitationState.HOLDS:
                yield receipt_text(found.receipt)
            if target := target_of(found):
                open_target(target, self._editor)
                yield f"Opened {target}"

    def _export(self, words: list[str]) -> Iterator[str]:
        from bot.exporting.files import write  # few take something along
        from bot.exporting.quotations import section_of

        if not self._answers:
            raise click.ClickException("There is no answer yet; ask a question first.")
        if not words:
            raise click.ClickException("Name a new file: .md, .docx, .txt, .json or .bib.")
        file = Path(" ".join(words)).expanduser()
        write(list(map(section_of, self._answers)), file)
        yield f"Written to {file}"

    def _only(self, words: list[str]) -> Iterator[str]:
        if words == ["off"]:
            self._within = ()
        elif words:
            self._within = tuple(dict.fromkeys(hit.document.id for hit in self._chosen(words)))
        if self._within:
            yield f"Questions go to {', '.join(map(one_line, self._within))}; /only off lifts that."
        else:
            yield "Questions go to all documents."

    def _read_literally(self, words: list[str]) -> Iterator[str]:
        self._literal = words != ["off"]
        read = (
            "searched for as they are typed; /literal off lifts that" if self._literal else "read"
        )
        yield f"Questions are {read}."

    def _chosen(self, words: list[str]) -> list[Hit]:
        """The passages of the last answer with these numbers."""
        if not self._shown:
            raise click.ClickException("There is no passage to choose from; ask a question first.")
        hits = {str(hit.rank): hit for hit in self._shown}
        if not words or not hits.keys() >= set(words):
            raise click.ClickException(f"The passages have the numbers 1 to {len(hits)}; name one.")
        return [hits[word] for word in words]

    def _reset(self, _: list[str]) -> Iterable[str]:
        self._questions, self._within, self._again, self._shown = [], (), None, []
        self._answers, self._literal = [], False
        return ["The conversation is forgotten; questions go to all documents."]

    def _help(self, _: list[str]) -> Iterable[str]:
        width = width_in(terminal_columns(), _NAME)
        lines = [
            f"{name if not number else '':<{_NAME}}{line}"
            for name, (_, what) in COMMANDS.items()
            for number, line in enumerate(wrapped_lines(what, width))
        ]
        last = wrapped_lines(
            f"Anything else is a question. {_LEAVE}", width_in(terminal_columns(), 0)
        )
        return ["\n".join([*lines, *last])]

    def _rendered(self, answer: Answer) -> str:
        return answer_text(
            on_reading_page(answer, self._web, self._generation),
            linked=on_terminal(),
            columns=terminal_columns(),
            how_to_see_all="/all shows them",
        )

    def _quit(self, _: list[str]) -> Iterable[str]:
        self.over = True
        return ()


COMMANDS: dict[str, tuple[Callable[[Chat, list[str]], Iterable[str]], str]] = {
    "/show": (Chat._show, "N: passage N of the last answer in its place, with its neighbours"),
    "/open": (Chat._open, "N: opens the document of passage N there"),
    "/more": (Chat._more, "further passages of the last answer"),
    "/all": (Chat._all, "every passage that is about as near as the first"),
    "/list": (Chat._list, "the documents of all these; WORDS: those that mention WORDS"),
    "/export": (
        Chat._export,
        "FILE: the conversation as .md or .docx, or references: .txt .json .bib",
    ),
    "/only": (Chat._only, "N [N...]: ask only the documents of these passages; /only off: all"),
    "/literal": (Chat._read_literally, "search for questions as they are typed; /literal off"),
    "/reset": (Chat._reset, "forget the conversation, and ask all documents again"),
    "/help": (Chat._help, "this list"),
    "/quit": (Chat._quit, "leave"),
}
"""The commands by name, and what they do."""


def converse(chat: Chat, home: Home) -> int:
    """Answers lines until they end; gives the exit code, that of the last answer in a pipe."""
    typed = sys.stdin is not None and sys.stdin.isatty()  # None when the caller closed it
    for line in _typed_lines(chat, home) if typed else _piped_lines():
        try:
            for part in chat.reply(line):
                say(part + "\n")
        except KeyboardInterrupt:
            if not typed:
                raise
            hint("Stopped.")
        except Exception as error:
            chat.code = complain_of(error)
        if chat.over:
            break
    return FOUND if typed else chat.code


def _piped_lines() -> Iterator[str]:
    if sys.stdin is not None:
        yield from (line.decode("utf-8", "replace") for line in sys.stdin.buffer)


def _typed_lines(chat: Chat, home: Home) -> Iterator[str]:
    from bot.chat.prompt import prompt_session  # a pipe does without its imports

    hint(chat.greeting)
    session = prompt_session(home.path / "chat_history", lambda: chat.prompt, list(COMMANDS))
    while True:
        try:
            line = session.prompt()
        except KeyboardInterrupt:
            if not session.default_buffer.text:
                hint(_LEAVE)
            continue
        except EOFError:
            return
        yield line
