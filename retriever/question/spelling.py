"""Names and words of a question in the spelling of the documents."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from corpus.language.offices import OFFICES
from retriever.index.lexical.lexical_index import LexicalIndex
from retriever.index.lexical.terms import meaningful, terms_of, words_of
from retriever.index.spellings import Spellings

_MOST_RESPELT = 6
"""Unknown words that are looked for in other spellings: more are no slips, and each costs time."""

_MOST_HANGUL = 100
"""Words in Hangul that are looked for as names, each with and without its particle."""

_HANGUL = re.compile("[가-힣\u1100-\u11ff]")  # composed or not


def romanised(text: str, spellings: Spellings) -> tuple[str, dict[str, str]]:
    """The text in which names in Hangul, with their particles, are written as the documents write
    them, and for each that was typed what it means."""
    spelt: dict[str, str] = {}
    if text.isascii() or not _HANGUL.search(text):
        return text, spelt
    from corpus.language.hangul_names import possible_names

    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"(?<=[A-Za-zÀ-ÿ])(?=[가-힣])", " ", text)  # a particle is no part of a name
    written, end = "", 0
    for span, name in islice(possible_names(text), _MOST_HANGUL):
        meant = spellings.romanised(name) if span.start >= end else None
        if meant:
            between = text[end : span.start]
            # Side by side two names would be read as one.
            written += (", " if spelt and between.isspace() else between) + meant
            spelt[name], end = meant, span.end
    return written + text[end:], spelt


def respelt(
    text: str,
    names: Sequence[str],
    lexical: LexicalIndex,
    spellings: Spellings,
    is_word: Callable[[str], bool],
) -> Iterator[tuple[str, str]]:
    """What was typed and how the documents spell it, where that differs.

    What `is_word` and stands in no name is no slip, though the documents lack it.
    """
    covered: set[str] = set()
    for name in names:
        if " " in name and not lexical.holds(terms_of(name)):
            meant = spellings.spelt(name)
            if meant:
                covered.update(name.split())
                yield name, meant
    runs = [re.findall(r"[^\s'’]+", part) for name in names for part in name.split(" of ")]
    words, tried = bare_words(text), 0
    for position, word in enumerate(words):
        letters = word.replace("-", "")
        if len(word) < 3 or not letters.isalpha() or word in covered or lexical.says(word):
            continue
        if _HANGUL.search(word):  # no slip makes it a Latin word
            continue
        tried += 1
        if tried > _MOST_RESPELT:
            return
        run = next((run for run in runs if word in run), [])
        if not run and word.islower() and is_word(word):
            continue
        within = run[max(0, run.index(word) - 2) : run.index(word) + 3] if run else []
        neighbours = [*words[max(0, position - 1) : position], *words[position + 1 : position + 2]]
        meant = spellings.nearest(word, within, () if within else neighbours)
        if meant:
            yield word, spellings.written(meant)
        elif ordinary := spellings.ordinary(word):
            yield word, ordinary


def likely_spellings(
    spelt: dict[str, str], names: Sequence[str], lexical: LexicalIndex
) -> dict[str, str]:
    """The spellings, but for words of a name whose last one no document has, however it is spelt:
    nobody meant Angola by the first word of "Angela Merkel"."""
    doubtful = {
        word
        for name in names
        for *first, last in [name.split()]
        if name not in spelt and last not in spelt and not lexical.says(last)
        for word in first
    }
    return {typed: meant for typed, meant in spelt.items() if typed not in doubtful}


def bare_words(text: str) -> list[str]:
    """The words that carry meaning, without the signs around them."""
    bare = (re.sub(r"['’]s?$", "", word.strip(".,;:?!\"'()")) for word in words_of(text))
    return [word for word in bare if word]


def without_times(text: str, times: Iterable[str]) -> str:
    """The text without these words for times, where they are no part of another word: `May` is not
    taken out of `Mayhew`."""
    for time in times:
        text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(time)}(?![A-Za-z0-9])", " ", text)
    return text


def uncapitalised_names(
    text: str, capitalised: Sequence[str], lexical: LexicalIndex, spellings: Spellings
) -> Iterator[str]:
    """Names typed as the first word, or by somebody who types no capitals: words that the documents
    hardly write without one."""
    within = {word for name in capitalised for word in name.split()}
    words = bare_words(text)
    if any(map(str.isupper, text[1:])):
        words = [word for word in words[:1] if text.startswith(word)]
    run: list[str] = []
    for word in [*words, ""]:
        is_office = word.casefold() in OFFICES
        if len(word) > 2 and word not in within and not is_office and spellings.is_name(word):
            run.append(word)
            continue
        together = " ".join(run)
        yield from ([together] if len(run) > 1 and lexical.holds(terms_of(together)) else run)
        run = []


def as_spelt(name: str, spelt: dict[str, str]) -> str:
    """A name with its words as the documents spell them."""
    return spelt.get(name) or " ".join(spelt.get(word, word) for word in name.split())


def acronym_terms(text: str, spellings: Spellings) -> Iterator[str]:
    """The terms of what the question's acronyms stand for, and the acronyms of its long forms."""
    for word in re.findall(r"\b[A-Za-z][A-Za-z&-]*\b", text):
        if word.isupper() and len(word) > 1:
            for long in spellings.meanings(word)[:1]:
                yield from meaningful(long)
    for short in spellings.acronyms_of(text):
        yield from terms_of(short)
