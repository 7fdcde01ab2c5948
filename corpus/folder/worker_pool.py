"""Many files are read, each within its limits: one that hangs, bursts or crashes is only skipped.

Small plain texts are read at once; everything else in processes of their own, which can be ended.
"""

import contextlib
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.document import Document
from corpus.errors import NoWorkers, Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import Limits, confine
from corpus.metadata import Stated
from corpus.readers import is_plain, read_documents
from corpus.text.characters import encodable

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

_SMALL = 2**17  # of plain text; what is larger is read within the limits, whatever it holds
_WORKERS = 2
_AHEAD = 16  # files that are given to the workers before the first of them is waited for

File = tuple[str, Path, Stated]
"""A file's id, where it is, and what is stated of it outside."""

Read = Callable[[str, bytes, Stated], list[Document]]
"""Makes documents of a file's bytes, or raises `Unreadable`: `read_documents`."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's documents, or the reason why there are none.

    `sha256` is of the bytes that were read; it is empty when the file could not be opened.
    """

    id: str
    path: Path
    sha256: str
    documents: tuple[Document, ...] = ()
    reason: str = ""


def read_all(
    files: Iterable[File], limits: Limits | None = None, read: Read = read_documents
) -> Iterator[FileRead]:
    """Reads files, each within the limits; the results come in the order of the files.

    Processes are started when the first file needs one, and are gone when the iterator ends or is
    closed.
    """
    limits = limits or Limits()
    waiting: deque[tuple[File, ProcessFuture[FileRead] | None]] = deque()
    with contextlib.closing(_Readers(limits, read)) as readers:
        for file in files:
            waiting.append((file, readers.begin(file) if _needs_process(file[1]) else None))
            if len(waiting) > _AHEAD:
                yield readers.result(*waiting.popleft())
        while waiting:
            yield readers.result(*waiting.popleft())


def _needs_process(path: Path) -> bool:
    try:
        return not is_plain(path.name) or path.stat().st_size >= _SMALL
    except OSError:
        return False


def _read_file(file: File, limits: Limits, read: Read) -> FileRead:
    identifier, path, stated = file
    digest = ""
    try:
        data = read_bytes(path, limits.megabytes)
        digest = file_hash(data)
        return FileRead(identifier, path, digest, tuple(read(identifier, data, stated)))
    except Unreadable as error:
        return FileRead(identifier, path, digest, reason=encodable(str(error)))


def _read_safely(file: File, limits: Limits, read: Read) -> FileRead:
    """Reads a file, so that a defect of its reader costs no more than the file."""
    try:
        return _read_file(file, limits, read)
    except MemoryError:
        reason = _memory(limits)
    except Exception as error:
        detail = encodable(str(error)[:100])
        reason = f"its reader failed ({type(error).__name__}: {detail})"
    return _refused(file, limits, reason)


def _refused(file: File, limits: Limits, reason: str) -> FileRead:
    """A file that could not be read, with its hash, so that it is not tried until it changes."""
    identifier, path, _ = file
    try:
        return FileRead(identifier, path, file_hash(read_bytes(path, limits.megabytes)), (), reason)
    except Unreadable as error:
        return FileRead(identifier, path, "", reason=str(error))


def _memory(limits: Limits) -> str:
    return f"reading it takes more than {limits.memory} MB of memory (limits.memory)"


class _Readers:
    """The worker processes, of which there are none before they are needed."""

    def __init__(self, limits: Limits, read: Read) -> None:
        self._limits, self._read = limits, read
        self._pool: ProcessPool | None = None

    def close(self) -> None:
        """Ends the workers, whatever they are at."""
        from multiprocessing import active_children

        if self._pool:
            self._pool.stop()
            # The pool takes away its locks before it ends its workers; one that is just starting
            # would miss them, and say so on the terminal.
            if self._pool._pool_manager_loop:
                self._pool._pool_manager_loop.join()
            for process in active_children():
                if process.name == "pebble_pool_worker":
                    process.terminate()
            self._pool.join()

    def begin(self, file: File) -> "ProcessFuture[FileRead]":
        """Gives a file to the workers; raises `NoWorkers`."""
        arguments = (file, self._limits, self._read)
        try:
            if self._pool is None or not self._pool.active:
                self._start()
            assert self._pool
            return self._pool.schedule(_read_safely, arguments, timeout=self._limits.seconds)
        except OSError as error:
            raise NoWorkers(
                f"The processes that read files cannot be started ({error.strerror}); see whether "
                f"you may run {sys.executable}."
            ) from None

    def result(self, file: File, future: "ProcessFuture[FileRead] | None") -> FileRead:
        """The documents of a file, or why there are none."""
        if future is None:
            return _read_safely(file, self._limits, self._read)
        return (
            self._outcome(file, future)
            or self._outcome(file, self.begin(file))
            or (_refused(file, self._limits, "its reader crashed"))
        )

    def _outcome(self, file: File, future: "ProcessFuture[FileRead]") -> FileRead | None:
        """What has come of a file; None if all workers ended, on whatever file."""
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            return future.result()
        except BrokenProcessPool:
            return None
        except TimeoutError:
            seconds = self._limits.seconds
            reason = f"reading it takes longer than {seconds} s (limits.seconds)"
        except ProcessExpired as error:
            reason = self._crash(error.exitcode)
        return _refused(file, self._limits, reason)

    def _crash(self, code: int) -> str:
        """Why a worker ended: a number below 0 is a signal's."""
        if -code in (signal.SIGABRT, signal.SIGKILL):  # C++ and the kernel want memory
            return _memory(self._limits)
        named = {-each.value: each.name for each in signal.Signals}
        return f"its reader crashed ({named.get(code, f'exit code {code}')})"

    def _start(self) -> None:
        from multiprocessing import get_context

        from pebble import ProcessPool

        # Spawned, not forked: a fork would take over locks that other threads hold.
        self.close()
        self._pool = ProcessPool(
            _WORKERS,
            initializer=confine,
            initargs=(self._limits.memory,),
            context=get_context("spawn"),
        )
