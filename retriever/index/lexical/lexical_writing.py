"""Writing the terms of passages: one lexical document for each."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path

import tantivy

from corpus.document import Document, Passage
from corpus.passage_context import context_of, figured_days
from corpus.text.characters import search_form
from retriever.index.lexical.lexical_schema import (
    FIELDS,
    FOLDER,
    PLACE,
    WORDS,
    schema,
    with_analyzers,
)
from retriever.index.lexical.shards import place_of, write_shards
from retriever.index.records import Entry

_REMEMBERED = 64  # texts


def write_lexical(
    folder: Path,
    entries: Sequence[Entry],
    document_of: Callable[[Entry], Document],
    before: Path | None = None,
) -> None:
    """Writes the lexical index of the documents' passages; rows count through all of them.

    `document_of` gives the words of an entry; kept entries are those of the generation in the
    folder `before`, whose segments are taken over.
    """

    form = lru_cache(_REMEMBERED)(search_form)  # passages share most of their context

    def write(writer: tantivy.IndexWriter, shard: int, run: Sequence[Entry]) -> None:
        ordinals = count()
        for document in map(document_of, run):
            for passage in document.passages:
                entry = tantivy.Document()
                entry.add_unsigned(PLACE, place_of(shard, next(ordinals)))
                context = context_of(document, passage)
                under = f"{context.under}\n{figured_days(passage.text)}"
                parts = (passage.text, context.title, context.when, context.lead, under)
                for name, value in zip(FIELDS, parts, strict=True):
                    entry.add_text(name, form(value))
                for value in _said(document, passage):
                    entry.add_text(WORDS, form(value))
                writer.add_document(entry)

    place = folder / FOLDER
    place.mkdir()
    write_shards(place, entries, _empty_index, write, before / FOLDER if before else None)


def _said(document: Document, passage: Passage) -> list[str]:
    """What a passage says; the first one also what its document says outside of any."""
    said = [passage.text, passage.heading, passage.columns, passage.speaker]
    if passage is document.passages[0]:
        said += [document.id, document.title, document.subtitle, document.byline, document.outside]
    return [each for each in said if each]


def _empty_index(place: Path) -> tantivy.Index:
    return with_analyzers(tantivy.Index(schema(), path=str(place)))
