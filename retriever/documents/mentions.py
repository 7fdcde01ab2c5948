"""What the documents mention, and what they lack: no word or name is denied but by the index."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Self

import numpy as np

from corpus.language.languages import is_function_word
from corpus.language.offices import AFTER_NAMES, OFFICES
from retriever.index.generation import Generation
from retriever.index.lexical.terms import ASKING_TERMS, terms_of
from retriever.question.reading import Reading
from retriever.question.spelling import bare_words, without_times
from retriever.row_set import RowSet

_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium
_SHORT = 2  # letters of words that are not denied: they say too little
_PLAIN = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ0-9][A-Za-zÀ-ɏḀ-ỿ0-9'’&-]*")
"""A word in Latin letters, and no address or pattern."""
_UMLAUT = re.compile(r"(?<=[aou])e", re.IGNORECASE)
"""What is typed for the dots of a vowel, which the index has without them."""


def key_words(name: str) -> list[str]:
    """The words by which a name is known: the last one of each part between `of`, but for offices.
    Narendra Modi of India is Modi and India, and the President of Palau is Palau."""
    parts = [
        [word for word in part.split() if word.casefold().rstrip(".") not in AFTER_NAMES]
        for part in name.split(" of ")
    ]
    lasts = [part[-1] for part in parts if part]
    return [word for word in lasts if word.casefold() not in OFFICES] or lasts[-1:] or [name]


def mentions(generation: Generation, name: str, among: RowSet | None = None) -> bool:
    """Whether the rows `among` all mention the name: each of its key words.

    The last word is enough, since Liz Truss is also Elizabeth Truss; so is another ending of a
    single word, since Belgians are from Belgium.
    """
    return all(_is_said(generation, word, among) for word in key_words(name))


def never_together(generation: Generation, names: Sequence[str], among: RowSet) -> bool:
    """Whether no document mentions all of the names in the rows `among` all, by whatever endings; a
    name that is known only by another ending or by its parts counts as mentioned."""
    lexical = generation.lexical
    words = [word for name in names for word in key_words(name)]
    if len(names) < 2 or lexical.says(*words, among=among):
        return False
    documents = generation.document_of
    left = np.unique(documents[among.rows])
    for word in words:
        saying = lexical.rows_saying(word, among)
        if not len(saying):
            continue
        if beginning := _beginning(word, 5):  # four letters stand in many documents: Polish, policy
            saying = np.concatenate([saying, lexical.rows_like(beginning, among)])
        left = np.intersect1d(left, documents[saying])
    return not len(left)


def _is_said(generation: Generation, word: str, among: RowSet | None) -> bool:
    lexical, beginning = generation.lexical, _beginning(word, 4)
    if lexical.says(word, among=among):
        return True
    return bool(beginning) and lexical.any_like(beginning, among)


def _beginning(word: str, least: int) -> str:
    """How all endings of a word begin, in at least so many letters; empty for a short one, which
    others begin with too."""
    (stem, *others) = terms_of(word) or [""]
    is_short = others or len(stem) < _STEM - 1 or len(word) < _STEM
    return "" if is_short else stem[: max(least, len(stem) - 2)]


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a question says and no document mentions: names, or the words of a name that are
    lacking, and other words."""

    names: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.words)

    def __iter__(self) -> Iterator[str]:
        yield from (*self.names, *self.words)

    def without(self, is_ordinary: Callable[[str], bool]) -> Self:
        """The names, and the other words that are not ordinary ones."""
        return replace(self, words=tuple(word for word in self.words if not is_ordinary(word)))


def lacking(generation: Generation, reading: Reading, among: RowSet | None = None) -> Lacks:
    """What the question says that no document, or none of the rows `among` all, mentions.

    A name is mentioned where its key words stand. Only English has its endings known here, so of a
    question or of documents in another language nothing is lacking, nor in another script; where
    some documents are in another, nothing is that begins like a word of theirs.
    """
    if language_asked_in(reading) not in ("", "English") or not _is_english(generation):
        return Lacks()
    of_others = len(generation.languages) > 1
    said = reading.unknown if among is None else words_asked(reading, reading.text)
    strange = [
        word
        for word in said
        if _PLAIN.fullmatch(word) and len(word) > _SHORT
        if not (ASKING_TERMS.issuperset(terms_of(word)) or is_function_word(word, "English"))
        if not generation.lexical.says(word, among=among)
        if not (of_others and _is_said(generation, _UMLAUT.sub("", word), among))
    ]
    for pair in pairwise(words_asked(reading, reading.text)):  # a hand book is a handbook
        if {*pair} & {*strange} and generation.lexical.says("-".join(pair), among=among):
            strange = [word for word in strange if word not in pair]
    names = []
    for name in reading.names:
        words = [word for word in name.split() if word in strange]
        strange = [word for word in strange if word not in words]
        joined = "-".join(name.split())  # VanDyke is Van Dyke
        keys = {*key_words(name)}
        if keys & {*words} and not generation.lexical.says(joined, among=among):
            told = (word for word in words if word in keys or word.casefold() not in OFFICES)
            names.append(" ".join(told))
    return Lacks(tuple(names), tuple(strange))


def _is_english(generation: Generation) -> bool:
    """Whether documents are in English, as far as their languages can be told."""
    return not generation.languages or "English" in generation.languages


def language_asked_in(reading: Reading) -> str:
    """The language of a question that has words which no document has; else empty."""
    return reading.language if reading.unknown else ""


def words_asked(reading: Reading, text: str) -> list[str]:
    """The words of a text of the question, each once, as the documents spell them, without those
    that name a time."""
    spelt = dict(reading.spelt)
    words = bare_words(without_times(text, reading.dated))
    return list(dict.fromkeys(spelt.get(word, word) for word in words))


def never_beside(
    generation: Generation,
    names: Sequence[str],
    words: Iterable[str],
    among: RowSet | None = None,
) -> list[str]:
    """Those of the words that no passage, or none of the rows `among` all, has with its context
    together with one of the names; none of them when nothing mentions these."""
    lexical = generation.lexical
    known = (key_words(name)[0].lower() for name in names)  # so a context's words count too
    lasts = [last for last in known if lexical.says(last, among=among)]
    return [
        word
        for word in (words if lasts else ())
        if not any(lexical.says(last, word.lower(), among=among) for last in lasts)
    ]
