"""Documents to passages: the files of a folder are read into dated, titled, labelled passages.

A document on its way, in the order of the calls:
    list_folder(folder)          -> FolderListing of `ListedFile`s, with sidecars and skipped files
    read_sidecars(files, ...)    -> Sidecars, the `Metadata` that sidecar files state of the others
    read_bytes(path)             -> the bytes of one file
    a reader of corpus.formats   -> Content: text, logical lines and the file's own `Metadata`
    read_release(id, content, …) -> Document with its `Passage`s
`read_documents` does the last two for the bytes of one file, and `read_all` the last three for many
files in a worker pool, as `FileRead`s. Importing this package loads nothing until a name is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpus.content import Content
    from corpus.document import Day, Document, Dropped, Passage, Span
    from corpus.errors import CorpusError, FolderMissing, NoWorkers, Unreadable
    from corpus.folder.file_io import read_bytes
    from corpus.folder.limits import Limits
    from corpus.folder.listing import (
        FolderListing,
        ListedFile,
        Skipped,
        list_folder,
        read_sidecars,
    )
    from corpus.folder.sidecars import Sidecars
    from corpus.folder.worker_pool import FileRead, read_all
    from corpus.metadata import NO_METADATA, Metadata
    from corpus.readers import READERS, read_documents

__all__ = [
    "NO_METADATA",
    "READERS",
    "Content",
    "CorpusError",
    "Day",
    "Document",
    "Dropped",
    "FileRead",
    "FolderListing",
    "FolderMissing",
    "Limits",
    "ListedFile",
    "Metadata",
    "NoWorkers",
    "Passage",
    "Sidecars",
    "Skipped",
    "Span",
    "Unreadable",
    "list_folder",
    "read_all",
    "read_bytes",
    "read_documents",
    "read_sidecars",
]

_HOMES = {
    "content": "Content",
    "document": "Day Document Dropped Passage Span",
    "errors": "CorpusError FolderMissing NoWorkers Unreadable",
    "folder.file_io": "read_bytes",
    "folder.limits": "Limits",
    "folder.listing": "FolderListing ListedFile Skipped list_folder read_sidecars",
    "folder.sidecars": "Sidecars",
    "folder.worker_pool": "FileRead read_all",
    "metadata": "NO_METADATA Metadata",
    "readers": "READERS read_documents",
}
"""The module of each public name, which is imported when the name is first used."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        for module, names in _HOMES.items():
            if name in names.split():
                globals()[name] = getattr(import_module(f"corpus.{module}"), name)
                return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
