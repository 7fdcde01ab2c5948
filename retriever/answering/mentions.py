"""What the documents mention, and what they lack: every denial is proven here before it is said."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.language.languages import is_function_word, language_of
from corpus.language.offices import OFFICES
from retriever.index.generation import Generation
from retriever.index.lexical.terms import ASKING_TERMS, terms_of
from retriever.question.reading import Reading
from retriever.question.spelling import bare_words

_STEM = 6  # letters from which a people's name is looked for by its beginning: Belgians, Belgium
_SHORT = 2  # letters of words that are not denied: they say too little
_LOOKED_INTO = 200  # passages with a last name; one of more people is mentioned somewhere


def last_name(name: str) -> str:
    """The last word of a name, before any `of`: `Arcadia` of `Republic of Arcadia` says too much
    alone."""
    before = name.split(" of ")[0].split()
    return before[-1] if before else name


def mentions(generation: Generation, name: str, among: NDArray[np.int64] | None = None) -> bool:
    """Whether one of the rows `among` all mentions the name.

    Its last word is enough, since Liz Truss is also Elizabeth Truss; so is another ending of a
    single word, since Belgians are from Belgium.
    """
    lexical, last = generation.lexical, last_name(name)
    if lexical.says(last, among=among):
        return True
    (stem, *others) = terms_of(last) or [""]
    if others or len(stem) < _STEM - 1 or len(last) < _STEM:
        return False
    return lexical.any_like(stem[: max(4, len(stem) - 2)], among)


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


def lacking(
    generation: Generation, reading: Reading, among: NDArray[np.int64] | None = None
) -> Lacks:
    """What the question says that no document, or none of the rows `among` all, mentions; of names
    also those whose last word is always another's.

    A question in a language that the documents do not have lacks nothing: its words say the same as
    others.
    """
    language = language_asked_in(reading)
    if language and language not in generation.languages:
        return Lacks()
    said = reading.unknown if among is None else words_asked(reading, reading.text)
    strange = [
        word
        for word in said
        if not (ASKING_TERMS.issuperset(terms_of(word)) or is_function_word(word, language))
        if len(word) > _SHORT and not generation.lexical.says(word, among=among)
    ]
    names = []
    for name in reading.names:
        words = [word for word in name.split() if word in strange]
        if last_name(name) in words:
            names.append(" ".join(words))
        elif _is_anothers(generation, name, among):
            names.append(name)
        strange = [word for word in strange if word not in words]
    return Lacks(tuple(names), tuple(strange))


def words_asked(reading: Reading, text: str) -> list[str]:
    """The words of a text of the question, each once, as the documents spell them, without those
    that name a time."""
    for dated in reading.dated:
        text = text.replace(dated, " ")
    spelt = dict(reading.spelt)
    return list(dict.fromkeys(spelt.get(word, word) for word in bare_words(text)))


def language_asked_in(reading: Reading) -> str:
    """The language of a question that has words which no document has; else empty."""
    return language_of(reading.own) if reading.unknown else ""


def _is_anothers(generation: Generation, name: str, among: NDArray[np.int64] | None) -> bool:
    """Whether the last word of a person's name always follows another first name: documents that
    write of Jill Carter alone do not mention Joe Carter."""
    words, lexical = name.split(), generation.lexical
    if len(words) != 2 or not all(map(str.isalpha, words)) or lexical.says(*words, among=among):
        return False
    first, last = words
    rows = lexical.rows_saying(last, most=_LOOKED_INTO + 1)
    if len(rows) > _LOOKED_INTO:
        return False
    rows = rows if among is None else np.intersect1d(rows, among)
    before = re.compile(rf"(?:(\S+)\s+)?\b{re.escape(last)}\b", re.IGNORECASE)
    passages = map(generation.store.passage, rows.tolist())
    found = [before.findall(f"{each.heading}\n{each.text}") for each in passages]
    return bool(found) and all(
        words_before and all(_is_other_first_name(generation, each, first) for each in words_before)
        for words_before in found
    )


def _is_other_first_name(generation: Generation, word: str, first: str) -> bool:
    """Whether the word before a last name is the first name of somebody else."""
    letters = word.strip(".,;:()“”\"'")
    if not (letters.istitle() and letters.isalpha() and len(letters) > 1):
        return False
    if letters.casefold() in OFFICES or _may_be(first.casefold(), letters.casefold()):
        return False
    return generation.spellings.is_only_name(letters)


def _may_be(first: str, other: str) -> bool:
    """Whether two first names may be one person's, as Liz and Elizabeth, Bob and Robert: they have
    some letters in a row in common."""
    count = min(3, len(first) - 1)
    return any(first[at : at + count] in other for at in range(len(first) - count + 1))


def never_beside(
    generation: Generation,
    names: Sequence[str],
    words: Iterable[str],
    among: NDArray[np.int64] | None = None,
) -> list[str]:
    """Those of the words that no passage, or none of the rows `among` all, has with its context
    together with one of the names; none of them when nothing mentions these."""
    lexical = generation.lexical
    lasts = [last_name(name).lower() for name in names]  # in lower case a context's words count too
    lasts = [last for last in lasts if lexical.says(last, among=among)]
    return [
        word
        for word in (words if lasts else ())
        if not any(lexical.says(last, word.lower(), among=among) for last in lasts)
    ]
