"""How the documents spell: their names and acronyms, learned when they are indexed.

A question may write a name in another order, joined or apart, misspelt or in another romanisation;
here it finds the spelling that the documents have.
"""

import re
import sqlite3
from collections.abc import Collection, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from corpus.language.spelling_similarity import (
    SHORT_WORD,
    bare_letters,
    letters_key,
    nearest_spelling,
)
from retriever.index.generation_manifest import damaged
from retriever.index.read_only import open_read_only

SPELLINGS = "lexicon.db"
_CAPITALISED = 10  # documents in which a word is part of a name, for each time that it is not
_LONG = 6  # letters


def plain_words(text: str) -> str:
    """The plain words between spaces, to find some of them as a part."""
    return f" {' '.join(filter(None, map(bare_letters, text.split())))} "


def _marks(values: Collection[str]) -> str:
    """Places for as many values in a query."""
    return ", ".join("?" * len(values))


class Spellings:
    """The spellings of a generation; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Opens the spellings of a generation; raises `GenerationDamaged`."""
        try:
            return cls(open_read_only(folder / SPELLINGS), folder)
        except sqlite3.Error as error:
            raise damaged(folder, SPELLINGS, error) from None

    def spelt(self, name: str) -> str | None:
        """The commonest name of the documents with the same letters, whatever order and hyphens."""
        found = self._all(
            "SELECT name FROM names WHERE key = ? ORDER BY count DESC, name LIMIT 1",
            [letters_key(name)],
        )
        return str(found[0][0]) if found else None

    def variants(self, name: str) -> list[str]:
        """The names of the documents with the same letters, whatever order and hyphens."""
        query = "SELECT name FROM names WHERE key = ? ORDER BY name"
        return [str(found) for (found,) in self._all(query, [letters_key(name)])]

    def is_also_a_word(self, name: str) -> bool:
        """Whether the documents write the only word of a name without a capital too."""
        query = "SELECT 1 FROM words WHERE word = ? AND lower > 0"
        return " " not in name and bool(self._all(query, [bare_letters(name)]))

    def romanised(self, name: str) -> str | None:
        """The commonest name of the documents that a name in Hangul may be, in either order; its
        two parts may be typed apart.

        Every syllable has to be written in one of its romanisations. That is exact enough to need
        no likeness: of 318 common Korean words only Hong Kong was a name in 29,000 passages.
        """
        from corpus.language.hangul_names import name_parts, spelling_pattern

        found: list[tuple[int, str]] = []
        for one, other in name_parts(name):
            ones = self._parts(one)
            keys = {letters_key(a + b) for b in (self._parts(other) if ones else ()) for a in ones}
            if not keys:
                continue
            first, second = spelling_pattern(one), spelling_pattern(other)
            either = f"{first} {second}|{second} {first}"
            query = f"SELECT name, words, count FROM names WHERE key IN ({_marks(keys)})"
            found += (
                (-count, written)
                for written, words, count in self._all(query, sorted(keys))
                if re.fullmatch(either, words.strip()) and re.sub("[ -]", "", written).isalpha()
            )
        return min(found)[1] if found else None

    def _parts(self, part: str) -> set[str]:
        """The spellings of a part of a name in Hangul that words of names have, joined."""
        from corpus.language.hangul_names import romanisations, spelling_pattern

        first, rest = romanisations(part[0]), part[1:]
        query = f"SELECT word FROM words WHERE capitalised > 0 AND word IN ({_marks(first)})"
        alone = {word for (word,) in self._all(query, first)}
        if not rest:
            return alone
        starts = sorted({a + b[:1] for a in first for b in romanisations(rest[0])})
        begins = " OR ".join(["word BETWEEN ? AND ? || '{'"] * len(starts))  # { follows z
        query = f"SELECT word FROM words WHERE capitalised > 0 AND ({begins})"
        joined = re.compile(spelling_pattern(part))
        words = self._all(query, [end for start in starts for end in (start, start)])
        return {word for (word,) in words if joined.fullmatch(word)} | {
            word + other for word in alone for other in self._parts(rest)
        }

    def written(self, word: str) -> str:
        """How the documents write a word of a name, of which this is the plain form."""
        query = "SELECT name FROM names WHERE instr(words, ?) ORDER BY count DESC, name LIMIT 1"
        for (name,) in self._all(query, [f" {word} "]):
            return next((each for each in name.split() if bare_letters(each) == word), word)
        return word

    def is_name(self, word: str) -> bool:
        """Whether the documents hardly ever write this word without a capital."""
        query = (
            "SELECT 1 FROM words WHERE word = ? AND capitalised > 0 AND lower * ? <= capitalised"
        )
        return bool(self._all(query, [bare_letters(word), _CAPITALISED]))

    def nearest(
        self, word: str, name: Sequence[str] = (), neighbours: Sequence[str] = ()
    ) -> str | None:
        """The word of a name that this one is most likely a misspelling of, or None.

        `name` are the words of the name that it was typed in: next to one of them it may be another
        romanisation, as in "Kim Geon". `neighbours` are those in a question without capitals.
        A word without either is corrected only when it is long.
        """
        typed = bare_letters(word)
        names = [bare_letters(each) for each in name]
        for others, same_sound in (
            (names, True),
            ([bare_letters(each) for each in neighbours], False),
        ):
            together = self._together([other for other in others if other != typed])
            best = nearest_spelling(typed, together, same_sound=same_sound)
            if best:
                return best
        in_place = self._in_place(names, names.index(typed)) if len(names) > 1 else None
        if in_place or len(typed) < (_LONG if word.islower() or len(names) > 1 else _LONG - 1):
            return in_place
        return nearest_spelling(typed, self._all_words, same_sound=False)

    def ordinary(self, word: str) -> str | None:
        """The commonest word of the documents that this one is a slip away from: a letter too many,
        too few, wrong, or two that changed places; None for a short word, or one with capitals."""
        from rapidfuzz.distance import OSA

        typed = bare_letters(word)
        if len(typed) < SHORT_WORD or not word.islower():
            return None
        query = (
            "SELECT word FROM words WHERE lower > 2 AND word BETWEEN ? AND ? || '{' "
            "ORDER BY lower DESC, word"
        )
        alike = self._all(query, [typed[0], typed[0]])
        return next(
            (known for (known,) in alike if OSA.distance(known, typed, score_cutoff=1) <= 1), None
        )

    def _in_place(self, typed: list[str], place: int) -> str | None:
        """The word at this place in the name that is like the typed one in every word."""
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler, Levenshtein

        alike = process.extract(
            " ".join(typed), self._all_names, scorer=JaroWinkler.similarity, limit=10
        )
        for name, _, _ in alike:
            words = name.split()
            if len(words) == len(typed) and all(
                Levenshtein.distance(*pair) <= len(pair[0]) // 3
                for pair in zip(typed, words, strict=True)
            ):
                return words[place]
        return None

    def _together(self, words: Sequence[str]) -> list[str]:
        """The other words of the names that have one of these words."""
        query = "SELECT words FROM names WHERE instr(words, ?) ORDER BY name"
        names = (names for word in words for (names,) in self._all(query, [f" {word} "]))
        return sorted({found for each in names for found in each.split()} - set(words))

    @cached_property
    def _all_names(self) -> list[str]:
        return [words.strip() for (words,) in self._all("SELECT words FROM names ORDER BY name")]

    @cached_property
    def _all_words(self) -> list[str]:
        return [
            word
            for (word,) in self._all(
                "SELECT word FROM words WHERE length(word) > 3 AND capitalised > 0 ORDER BY word"
            )
        ]

    def meanings(self, short: str) -> list[str]:
        """What an acronym stands for, the commonest first."""
        query = "SELECT long FROM acronyms WHERE short = ? COLLATE NOCASE ORDER BY count DESC, long"
        return [str(long) for (long,) in self._all(query, [short])]

    def acronyms_of(self, text: str) -> list[str]:
        """The acronyms of the long forms that this text has."""
        within = plain_words(text)
        return [short for short, words in self._acronyms if words in within]

    @cached_property
    def _acronyms(self) -> list[tuple[str, str]]:
        """Each acronym with the plain words of a long form."""
        found = self._all("SELECT short, long FROM acronyms ORDER BY short, long")
        return [(short, plain_words(long)) for short, long in found]

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        try:
            return self._connection.execute(query, tuple(values)).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise damaged(self._folder, SPELLINGS, error) from None
