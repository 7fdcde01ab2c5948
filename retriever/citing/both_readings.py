"""A file read in both ways that its citations may be of; a worker process loads nothing else."""

from contextlib import suppress
from functools import partial

from corpus.document import Document
from corpus.errors import Unreadable
from corpus.metadata import NO_METADATA, Metadata
from corpus.readers import read_documents
from corpus.release.repeated_lines import RepeatedLines, read_without_repeated


def both_readings(
    identifier: str, data: bytes, stated: Metadata, *, repeated: RepeatedLines, folder: str
) -> list[Document]:
    """The documents of a file as the index reads them, then as the file reads by itself.

    Which lines repeat, and what is stated beside the file, depends on other files. That must not
    break a citation: its words are sought in both readings. Raises `Unreadable`.
    """
    read_as = partial(read_without_repeated, repeated=repeated, folder=folder)
    documents = read_documents(identifier, data, stated, read_as)
    lacking = any(each.rule.startswith("repeated in") for one in documents for each in one.dropped)
    if stated != NO_METADATA or lacking:
        with suppress(Unreadable):
            documents += read_documents(identifier, data)
    return documents
