"""The files of an index as they are now, read as the index reads them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from itertools import groupby
from pathlib import Path

from corpus.document import Document, Passage
from corpus.errors import FolderMissing, Unreadable
from corpus.folder.file_io import file_hash, read_bytes
from corpus.folder.limits import MOST_MEGABYTES, Limits
from corpus.folder.listing import FolderListing, ListedFile, list_folder, read_sidecars
from corpus.folder.sidecars import Sidecars
from corpus.folder.worker_pool import ReadDocuments, read_all
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import no_reader
from corpus.release.repeated_lines import RepeatedLines
from retriever.citing.both_readings import both_readings
from retriever.citing.citation import Citation, citation_of, receipt_of
from retriever.citing.originals import FileState
from retriever.index.passages import PassageStore
from retriever.index.records import StoredDocument

_REMEMBERED = 256  # files
_NEW_HASHED, _NEW = 1_000, 16  # files that are not in the index, and are hashed or read

MayShow = Callable[[Path], bool]
"""Whether anything may be said of a file."""


def any_file(_: Path) -> bool:
    """That every file may be shown."""
    return True


@dataclass(frozen=True, slots=True)
class Place:
    """A passage in a file of today, by its position in its document."""

    path: Path
    document: Document
    position: int

    @property
    def passage(self) -> Passage:
        """The passage."""
        return self.document.passages[self.position]

    @property
    def citation(self) -> Citation:
        """The citation of the passage."""
        return citation_of(self.document, self.passage)


@dataclass(frozen=True, eq=False)
class FileNow:
    """A file as it is now: its state against the index, and what is read in it.

    `documents` are first as the index reads them, then as the file reads by itself, where that
    differs. `reason` says why there are none. `sha256` is empty for a file that cannot be opened.
    """

    path: Path
    state: FileState
    sha256: str
    documents: tuple[Document, ...] = ()
    reason: str = ""

    @property
    def is_gone(self) -> bool:
        """Whether there is no such file, though its folder is there."""
        return self.state is FileState.MISSING and not self.reason

    def document(self, identifier: str) -> list[Place]:
        """The passages of a document, as the index reads it, in reading order."""
        first = next((each for each in self.documents if each.id == identifier), None)
        return [each for each in self._places if each.document is first]

    def labelled(self, document: str, label: str) -> list[Place]:
        """The passages with this label, one of each reading of the document."""
        return self._by_label.get((document, label), [])

    def with_words(self, receipt: str) -> list[Place]:
        """The passages with the words of this receipt, in reading order."""
        return self._by_receipt.get(receipt, [])

    @property
    def _places(self) -> Iterator[Place]:
        for document in self.documents:
            for position in range(len(document.passages)):
                yield Place(self.path, document, position)

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[Place]]:
        found: dict[tuple[str, str], list[Place]] = {}
        for place in self._places:
            found.setdefault((place.document.id, place.passage.label), []).append(place)
        return found

    @cached_property
    def _by_receipt(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for place in self._places:
            found.setdefault(receipt_of(place.passage.text), []).append(place)
        return found


@dataclass(frozen=True, slots=True)
class _Task:
    """A file to read: as which id, with which sha256 it was indexed, and in which folder."""

    listed: ListedFile
    sha256: str
    folder: Path


class TodaysFiles:
    """Reads the files that an index was made of, within limits, and those beside them; what is
    looked for is found in those that may be shown."""

    def __init__(
        self, store: PassageStore, limits: Limits | None = None, may_show: MayShow = any_file
    ) -> None:
        self._store, self._limits, self._may_show = store, limits or Limits(), may_show
        self._listing = cache(self._list)
        self._sidecars = cache(self._read_sidecars)
        self._hash = cache(self._hash_of)
        self._known: dict[_Task, FileNow] = {}

    def file_of(self, document: StoredDocument) -> FileNow:
        """The file of a document of the index."""
        return self._remembered(self._task(document))

    def files_of(self, documents: Sequence[StoredDocument]) -> Iterator[FileNow]:
        """The file of each document, in this order; documents of one file stand together.

        No other file may be read between two of these: what reads in processes ends them all.
        """
        tasks = [self._task(each) for each in documents]
        files = self._read_each([task for task, _ in groupby(tasks)])
        for _, group in groupby(tasks):
            file = next(files)
            for _ in group:
                yield file

    def file_named(self, identifier: str) -> FileNow | None:
        """The file of a document that the index does not hold, if the folders have it."""
        for name in (identifier, identifier.rpartition("/")[0]):
            if name in self._unindexed:
                return self._remembered(self._unindexed[name])
        return None

    def new(self) -> list[FileNow]:
        """The first files that came since the index was built."""
        tasks = list(self._unindexed.values())[:_NEW]
        files = {each: self._known[each] for each in tasks if each in self._known}
        unread = [each for each in tasks if each not in files]
        files |= zip(unread, self._read_each(unread), strict=True)
        self._known |= files  # reading may have dropped some
        return [files[each] for each in tasks]

    def renamed(self, sha256: str) -> Iterator[FileNow]:
        """The files with these bytes, those of the index and those that came since."""
        for document in self._store.documents_with(sha256):
            if self._may_show(document.path):
                file = self.file_of(document)
                if file.sha256 == sha256:
                    yield file
        for task in list(self._unindexed.values())[:_NEW_HASHED]:
            if self._hash(task.listed.path, task.folder) == sha256:
                yield self._remembered(task)

    def _hash_of(self, path: Path, folder: Path) -> str:
        try:
            return file_hash(read_bytes(path, self._limits.megabytes, folder))
        except Unreadable:
            return ""

    @cached_property
    def _unindexed(self) -> dict[str, _Task]:
        """The files of the folders that are not in the index, by the ids that they would have."""
        documents = [each for each in self._store.sound_documents() if each]
        known, ids = {each.path for each in documents}, {each.id for each in documents}
        found: dict[str, _Task] = {}
        for folder in self._store.folders():
            listing = self._listing(folder)
            for file in listing.files if listing else ():
                if file.path not in known and self._may_show(file.path):
                    taken = file.id in found or file.id in ids
                    name = f"{folder.name}/{file.id}" if taken else file.id
                    found[name] = _Task(ListedFile(name, file.path, below=folder), "", folder)
        return found

    @cached_property
    def _repeated(self) -> RepeatedLines:
        return self._store.repeated_lines(0)[1]

    def _task(self, document: StoredDocument) -> _Task:
        whole = f"/{document.id}".endswith(f"/{document.path.name}")
        name = document.id if whole else document.id.rpartition("/")[0]
        folder = self._folder(document.path, name)
        return _Task(ListedFile(name, document.path, below=folder), document.sha256, folder)

    def _folder(self, path: Path, name: str) -> Path:
        """The corpus folder of a file; of folders in each other the one that gives it its id, with
        or without a prefix."""

        def fit(folder: Path) -> tuple[bool, bool]:
            below = path.relative_to(folder).as_posix()
            return below == name, name.endswith(f"/{below}")

        holding = [each for each in self._store.folders() if path.is_relative_to(each)]
        return max(holding, key=fit, default=path.parent)

    def _remembered(self, task: _Task) -> FileNow:
        if task not in self._known:
            (self._known[task],) = self._read_each([task])
        return self._known[task]

    def _read_each(self, tasks: Sequence[_Task]) -> Iterator[FileNow]:
        """Reads files in this order. One with the bytes of the index was read for it, and is read
        here, whatever the limits were then; any other in a process of its own, within the limits.
        """
        now = [(task, self._opened(task)) for task in tasks]
        others = [task for task, file in now if file is None]
        anew = self._in_processes(others)
        for task, file in now:
            if file is None:  # takes a process to read it again
                self._known[task] = next(anew)
                yield self._known[task]
            else:
                yield self._as_indexed(task, file)
            if len(self._known) > _REMEMBERED:
                self._known.pop(next(iter(self._known)))

    def _opened(self, task: _Task) -> FileNow | None:
        """A file that cannot be read, or that has the bytes of the index; None for another one."""
        path = task.listed.path
        if no_reader(path.name):  # a row of a collection
            reason = "it stands in a file that only `eval` reads"
            return FileNow(path, FileState.VALID, task.sha256, reason=reason)
        try:
            sha256 = file_hash(read_bytes(path, MOST_MEGABYTES, task.folder))
        except Unreadable as error:
            return self._unopened(task, str(error))
        return FileNow(path, FileState.VALID, sha256) if sha256 == task.sha256 else None

    def _unopened(self, task: _Task, reason: str) -> FileNow:
        path, state = task.listed.path, FileState.CHANGED
        try:
            if not path.exists() and not path.is_symlink():
                state, reason = FileState.MISSING, ""
            if not task.folder.is_dir():
                state, reason = FileState.MISSING, f"the folder {task.folder} is not there"
        except OSError:  # nobody may look whether it is there
            pass
        return FileNow(path, state, "", reason=reason)

    def _as_indexed(self, task: _Task, file: FileNow) -> FileNow:
        if file.reason or not file.sha256:
            return file
        try:
            data = read_bytes(file.path, MOST_MEGABYTES, task.folder)
            documents = self._reader(task)(task.listed.id, data, self._stated(task))
        except Unreadable as error:
            return FileNow(file.path, file.state, file.sha256, reason=str(error))
        return FileNow(file.path, file.state, file.sha256, tuple(documents))

    def _in_processes(self, tasks: Iterable[_Task]) -> Iterator[FileNow]:
        for _, group in groupby(tasks, key=lambda task: task.folder):
            of_folder = list(group)
            listed = (replace(each.listed, metadata=self._stated(each)) for each in of_folder)
            for read in read_all(listed, self._limits, self._reader(of_folder[0])):
                state, documents = FileState.CHANGED, read.documents
                yield FileNow(read.path, state, read.sha256, documents, read.reason)

    def _reader(self, task: _Task) -> ReadDocuments:
        return partial(both_readings, repeated=self._repeated, folder=task.folder.name)

    def _stated(self, task: _Task) -> Metadata:
        """What the sidecars of the file's corpus folder state of it."""
        sidecars = self._sidecars(task.folder)
        name = task.listed.path.relative_to(task.folder).as_posix()
        return sidecars.metadata.get(name, NO_METADATA) if sidecars else NO_METADATA

    def _list(self, folder: Path) -> FolderListing | None:
        try:
            return list_folder(folder, self._limits.megabytes)
        except FolderMissing:
            return None

    def _read_sidecars(self, folder: Path) -> Sidecars | None:
        listing = self._listing(folder)
        if listing is None:
            return None
        return read_sidecars(listing.files, listing.sidecars, self._limits.megabytes)
