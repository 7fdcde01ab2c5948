"""How often names, words and acronyms are used, counted when documents are indexed."""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

from corpus.document import Document
from corpus.language.acronyms import acronyms_in
from corpus.language.names import names_in
from corpus.language.spelling_similarity import (
    bare_letters,
    letters_key,
)
from retriever.index.spellings import SPELLINGS, plain_words

_SCHEMA = """
CREATE TABLE names (
  name TEXT PRIMARY KEY, key TEXT NOT NULL, words TEXT NOT NULL, count INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE words (
  word TEXT PRIMARY KEY, capitalised INTEGER NOT NULL, lower INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE acronyms (
  short TEXT NOT NULL, long TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (short, long)
) WITHOUT ROWID;
CREATE INDEX name_keys ON names (key);
CREATE INDEX acronym_shorts ON acronyms (short COLLATE NOCASE);
"""
_LOWER = re.compile(r"(?<![\w-])[a-z]{3,}(?![\w-])")
_LONGEST_NAME = 4  # words of a name without its offices


def write_spellings(
    folder: Path,
    added: Iterable[Document],
    removed: Iterable[Document] = (),
    before: Path | None = None,
) -> None:
    """Writes `lexicon.db`: the names of the documents, the words of names, the acronyms.

    With the generation in the folder `before`, its counts are taken over, less those of the
    documents `removed`.
    """
    if before:
        shutil.copyfile(before / SPELLINGS, folder / SPELLINGS)
    uses = _Uses()
    for document in added:
        uses.count(document, 1)
    for document in removed:
        uses.count(document, -1)
    with closing(sqlite3.connect(folder / SPELLINGS)) as connection, connection:
        if not before:
            connection.executescript(_SCHEMA)
        uses.add_to(connection)


class _Uses:
    """How often names, words and acronyms are used, or how much more or less often."""

    def __init__(self) -> None:
        self._names, self._lower = Counter[str](), Counter[str]()
        self._acronyms = Counter[tuple[str, str]]()

    def count(self, document: Document, times: int) -> None:
        """Adds what a document uses, so many times."""
        texts = [document.title, document.subtitle, document.byline]
        texts += {
            part
            for each in document.passages
            for part in (each.heading, each.columns, each.speaker)
        }
        texts += [passage.text for passage in document.passages]
        runs = {run for text in texts for run in names_in(text)}
        for name in {part for run in runs for part in _ends(run.split())}:
            self._names[name] += times
        for text in texts:
            for word in _LOWER.findall(text):
                self._lower[word] += times
        for pair in {pair for text in texts for pair in acronyms_in(text)}:
            self._acronyms[pair] += times

    def add_to(self, connection: sqlite3.Connection) -> None:
        """Adds these to the counts of `lexicon.db`, and removes what nobody uses any more."""
        capitalised = Counter[str]()
        for name, count in self._names.items():
            for word in name.split():
                capitalised[bare_letters(word)] += count
        words = (word for word in sorted(capitalised.keys() | self._lower.keys()) if len(word) > 1)
        connection.executemany(
            "INSERT INTO names VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET count = count + excluded.count",
            (
                (name, letters_key(name), plain_words(name), count)
                for name, count in sorted(self._names.items())
                if " " in name and count
            ),
        )
        connection.executemany(
            "INSERT INTO words VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
            "capitalised = capitalised + excluded.capitalised, lower = lower + excluded.lower",
            ((word, capitalised[word], self._lower[word]) for word in words),
        )
        connection.executemany(
            "INSERT INTO acronyms VALUES (?, ?, ?) "
            "ON CONFLICT DO UPDATE SET count = count + excluded.count",
            ((*pair, count) for pair, count in sorted(self._acronyms.items()) if count),
        )
        connection.execute("DELETE FROM names WHERE count = 0")
        connection.execute("DELETE FROM words WHERE capitalised = 0 AND lower = 0")
        connection.execute("DELETE FROM acronyms WHERE count = 0")


def _ends(words: Sequence[str]) -> Iterable[str]:
    """A run of capitalised words and its ends: an office often precedes a person's name."""
    for length in range(1, min(len(words), _LONGEST_NAME) + 1):
        yield " ".join(words[-length:])
