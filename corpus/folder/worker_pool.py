"""A worker pool that reads many files, each within limits: one that hangs or crashes is skipped.

Small plain texts are read in this process; everything else in worker processes, which can be ended.
"""

import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.document import Document
from corpus.errors import NoWorkers, OutOfTime, Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import Limits, confine, processor_time
from corpus.folder.listing import ListedFile
from corpus.metadata import Metadata
from corpus.readers import is_plain_text, read_documents, within
from corpus.text.characters import encodable

if TYPE_CHECKING:
    from pebble import ProcessFuture, ProcessPool

_SMALL = 2**17  # bytes of a plain text that is read without a worker process
_PROCESSES = 2
_OF_LIMIT = 0.6  # of the seconds: then what was read of many documents still has to be sent here
_AHEAD = 16  # files scheduled before the first result is waited for
_PATIENCE = 60
"""Seconds on the clock for each of processor time: what sleeps ends too, and on the busiest machine
a sixtieth of a processor is enough."""

ReadDocuments = Callable[[str, bytes, Metadata], list[Document]]
"""The documents in a file's bytes, by its id and metadata; raises `Unreadable`."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's documents, or the reason why there are none, or not all of them.

    `sha256` is that of the bytes, in hexadecimal; empty when the file could not be opened. What is
    `broken_off`, at a limit or by a crash, may be read another time.
    """

    id: str
    path: Path
    sha256: str
    documents: tuple[Document, ...] = ()
    reason: str = ""
    broken_off: bool = False


def read_all(
    files: Iterable[ListedFile], limits: Limits | None = None, read: ReadDocuments = read_documents
) -> Iterator[FileRead]:
    """Reads files, each within the limits, and yields the results in the order of the files.

    Worker processes start when the first file needs one, and have ended when the iterator ends or
    is closed. Raises `NoWorkers`.
    """
    limits = limits or Limits()
    scheduled: deque[tuple[ListedFile, ProcessFuture[FileRead] | None]] = deque()
    with contextlib.closing(_WorkerPool(limits, read)) as pool:
        for file in files:
            scheduled.append((file, pool.schedule(file) if _needs_process(file) else None))
            if len(scheduled) > _AHEAD:
                yield pool.result(*scheduled.popleft())
        while scheduled:
            yield pool.result(*scheduled.popleft())


@contextlib.contextmanager
def file_reader(
    limits: Limits, read: ReadDocuments = read_documents
) -> Iterator[Callable[[ListedFile], FileRead]]:
    """A function that reads one file within the limits; it raises `NoWorkers`.

    Its worker processes start when the first file needs one, and end with the context.
    """
    with contextlib.closing(_WorkerPool(limits, read)) as pool:

        def read_one(file: ListedFile) -> FileRead:
            return pool.result(file, pool.schedule(file) if _needs_process(file) else None)

        yield read_one


def _needs_process(file: ListedFile) -> bool:
    try:
        return not is_plain_text(file.id) or file.path.stat().st_size >= _SMALL
    except OSError:
        return False


def _read_file(file: ListedFile, limits: Limits, read: ReadDocuments) -> FileRead:
    digest = ""
    try:
        data = read_bytes(file.path, limits.megabytes, file.below)
        digest = file_hash(data)
        with within(limits.seconds * _OF_LIMIT):
            documents = read(file.id, data, file.metadata)
        left_out = encodable(getattr(documents, "left_out", ""))
        return FileRead(file.id, file.path, digest, tuple(documents), left_out)
    except OutOfTime:
        raise
    except Unreadable as error:
        return FileRead(file.id, file.path, digest, reason=encodable(str(error)))


def _read_safely(file: ListedFile, limits: Limits, read: ReadDocuments) -> FileRead:
    """Reads a file; a defect of its reader is a reason to skip the file."""
    try:
        return _read_file(file, limits, read)
    except OutOfTime:
        return _refused(file, limits, _time(limits), broken_off=True)
    except MemoryError:
        return _refused(file, limits, _memory(limits), broken_off=True)
    except Exception as error:
        detail = encodable(str(error)[:100])
        return _refused(file, limits, f"its reader failed ({type(error).__name__}: {detail})")


def _read_in_time(file: ListedFile, limits: Limits, read: ReadDocuments) -> FileRead:
    """Reads a file in a worker, which ends where the processor time does."""
    with processor_time(limits.seconds):
        return _read_safely(file, limits, read)


def _refused(
    file: ListedFile, limits: Limits, reason: str, *, broken_off: bool = False
) -> FileRead:
    """The result for a file that was not read; its hash keeps it from a retry until it changes."""
    try:
        digest = file_hash(read_bytes(file.path, limits.megabytes, file.below))
    except Unreadable as error:
        return FileRead(file.id, file.path, "", reason=str(error))
    return FileRead(file.id, file.path, digest, reason=reason, broken_off=broken_off)


def _time(limits: Limits) -> str:
    return f"reading it takes more than {limits.seconds} s of processor time (limits.seconds)"


def _memory(limits: Limits) -> str:
    return f"reading it takes more than {limits.memory} MB of memory (limits.memory)"


class _WorkerPool:
    """The worker processes; none is started before it is needed."""

    def __init__(self, limits: Limits, read: ReadDocuments) -> None:
        self._limits, self._read = limits, read
        self._pool: ProcessPool | None = None

    def close(self) -> None:
        """Ends the workers, even while they read."""
        from multiprocessing import active_children

        if self._pool:
            self._pool.stop()
            # The pool removes its locks before it ends its workers; one that is just starting
            # would miss them, and print so on the terminal.
            if self._pool._pool_manager_loop:
                self._pool._pool_manager_loop.join()
            for process in active_children():
                if process.name == "pebble_pool_worker":
                    process.terminate()
            self._pool.join()

    def schedule(self, file: ListedFile) -> "ProcessFuture[FileRead]":
        """Schedules a file; raises `NoWorkers`."""
        arguments = (file, self._limits, self._read)
        try:
            if self._pool is None or not self._pool.active:
                self._start()
            assert self._pool
            patience = self._limits.seconds * _PATIENCE
            return self._pool.schedule(_read_in_time, arguments, timeout=patience)
        except OSError as error:
            raise NoWorkers(
                f"The processes that read files cannot be started ({error.strerror}); see whether "
                f"you may run {sys.executable}."
            ) from None

    def result(self, file: ListedFile, future: "ProcessFuture[FileRead] | None") -> FileRead:
        """The documents of a file, or why there are none."""
        if future is None:
            return _read_safely(file, self._limits, self._read)
        return (
            self._outcome(file, future)
            or self._outcome(file, self.schedule(file))
            or _refused(file, self._limits, "its reader crashed", broken_off=True)
        )

    def _outcome(self, file: ListedFile, future: "ProcessFuture[FileRead]") -> FileRead | None:
        """The result for a file; None if the pool broke, whichever file broke it."""
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            return future.result()
        except BrokenProcessPool:
            return None
        except TimeoutError:
            seconds = self._limits.seconds * _PATIENCE
            reason = f"reading it takes longer than {seconds:,} s, mostly waiting (limits.seconds)"
        except ProcessExpired as error:
            reason = self._crash(error.exitcode)
        return _refused(file, self._limits, reason, broken_off=True)

    def _crash(self, code: int) -> str:
        """Why a worker ended; a negative exit code is a signal's number."""
        if -code == signal.SIGPROF:
            return _time(self._limits)
        if -code in (signal.SIGABRT, signal.SIGKILL):  # of C++ and of the kernel, out of memory
            return _memory(self._limits)
        named = {-each.value: each.name for each in signal.Signals}
        return f"its reader crashed ({named.get(code, f'exit code {code}')})"

    def _start(self) -> None:
        from multiprocessing import get_context
        from multiprocessing.spawn import get_executable

        from pebble import ProcessPool

        # A program that is not there is noticed by no process but by its helper, which may hang.
        os.stat(get_executable())
        # Spawned, not forked: a fork would inherit locks that other threads hold.
        self.close()
        self._pool = ProcessPool(
            _PROCESSES,
            initializer=confine,
            initargs=(self._limits.memory,),
            context=get_context("spawn"),
        )
