"""What is asked of documents in words: each name or phrase with the forms in which it may stand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, permutations
from string import ascii_lowercase

from corpus.language.offices import OFFICES
from corpus.language.spelling_similarity import bare_letters
from corpus.language.stop_words import STOP_WORDS
from corpus.text.characters import search_form
from retriever.index.generation import Generation
from retriever.index.lexical.word_phrases import (
    Phrase,
    exact_phrase,
    folded_words,
    phrase_in_any_form,
    phrase_pattern,
)

_QUOTED = re.compile(r"[\"“]([^\"”]+)[\"”]")
_ACRONYM = re.compile(r"\b(?:(?:[A-Z]\.){2,}|[A-Z][A-Z0-9&-]*[A-Z0-9]\b)")
_WORD = re.compile(r"[\w'’.&-]*\w")
_JOINING = {"of", "the"}
"""Words that stand within a phrase: `rule of law`."""
_BETWEEN = STOP_WORDS - _JOINING | {
    "both",
    "either",
    "together",
    "only",
    "against",
    "during",
    "between",
}
_FILLER = re.compile(
    r"^\W*(?:the )?(?:words?|phrases?|terms?|names?|topics?|subjects?|issues?|questions?|matters?)"
    r"(?: of)?\b",
    re.IGNORECASE,
)
"""`the topic of` before what is meant."""
_LONGEST_NAME = 5  # words that may be in another order
_INITIALS = frozenset(ascii_lowercase)


@dataclass(frozen=True)
class Wording:
    """A name or phrase, `name`, with the `phrases` of which a document has to hold one.

    Of a name that is `written` so, and without a capital is an ordinary word, the case counts.
    """

    name: str
    phrases: tuple[Phrase, ...]
    written: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether a text says it."""
        form = search_form(text) if self.written else folded_words(text)
        return bool(self._pattern.search(form))

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        if not self.written:
            return phrase_pattern(self.phrases)
        forms = (
            re.escape(each) if each.isupper() else f"{re.escape(each[0])}(?i:{re.escape(each[1:])})"
            for each in self.written
        )
        return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")

    def __or__(self, other: "Wording") -> "Wording":
        written = (*self.written, *other.written) if self.written and other.written else ()
        return Wording(f"{self.name} or {other.name}", (*self.phrases, *other.phrases), written)


def wordings(generation: Generation, subject: str, names: Sequence[str]) -> list[Wording]:
    """What a document has to mention to be about a subject: each quotation in it, each of these
    `names`, each acronym, and each run of other words; one of those that "or" joins."""
    found: list[tuple[int, int, Wording]] = []

    def add(start: int, end: int, wording: Wording) -> None:
        if wording.phrases and all(end <= other[0] or other[1] <= start for other in found):
            found.append((start, end, wording))

    for quoted in _QUOTED.finditer(subject):
        add(*quoted.span(), Wording(quoted[1], (exact_phrase(quoted[1]),)))
    for name in sorted(names, key=len, reverse=True):
        for at in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", subject, re.IGNORECASE):
            add(*at.span(), named(generation, name))
    for short in _ACRONYM.finditer(subject):
        add(*short.span(), _acronym(generation, short[0]))
    edges = [0, *(edge for each in sorted(found, key=_start) for edge in each[:2]), len(subject)]
    for start, end in list(pairwise(edges))[::2]:
        for first, words in _runs(subject[start:end]):
            place = start + first
            add(
                place,
                place + len(words),
                Wording(words, (phrase_in_any_form(words, generation.lexical.words_beginning),)),
            )
    return _joined(subject, sorted(found, key=_start))


def named(generation: Generation, name: str) -> Wording:
    """A name without the office before it, in every order and spelling that the documents have, and
    with an initial between two words."""
    words = name.split()
    offices = [at for at, word in enumerate(words[:-1]) if word.casefold().rstrip(".") in OFFICES]
    after = [at + 1 for at in offices if words[at + 1] != "of"]
    name = " ".join(words[after[-1] :] if after else words)
    spelt = [each for each in generation.spellings.variants(name) if _same_words(each, name)]
    phrases = list(map(exact_phrase, dict.fromkeys((name, *spelt))))
    if name.islower():  # it is taken for a name that was typed without its capital
        phrases.append(phrase_in_any_form(name, generation.lexical.words_beginning))
    phrases += [(one, _INITIALS, other) for one, other in (p for p in phrases if len(p) == 2)]
    written = [name] if name[:1].isupper() and generation.spellings.is_also_a_word(name) else []
    return Wording(name, tuple(phrases), tuple(written))


def _acronym(generation: Generation, letters: str) -> Wording:
    plain = letters.replace(".", "")
    is_word = generation.spellings.is_also_a_word(plain) or plain.casefold() in STOP_WORDS
    return Wording(letters, (exact_phrase(letters),), (letters,) if is_word else ())


def _same_words(one: str, other: str) -> bool:
    """Whether two names have the same words, joined or apart and in whatever order."""
    parts = _bare_parts(one), _bare_parts(other)
    if max(map(len, parts)) > _LONGEST_NAME:
        return parts[0] == parts[1]
    orders = ({"".join(each) for each in permutations(part)} for part in parts)
    return not next(orders).isdisjoint(next(orders))


def _bare_parts(name: str) -> list[str]:
    """The words of a name, hyphens between some of them, by their letters."""
    return [bare_letters(part) for part in re.split(r"[\s-]+", name) if part]


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """The runs of words that mean something, with where they begin."""
    filler = _FILLER.match(text)
    run: list[re.Match[str]] = []
    for word in [*_WORD.finditer(text, filler.end() if filler else 0), None]:
        lower = word[0].casefold() if word else ""
        gap = word and run and text[run[-1].end() : word.start()].strip()
        if run and (gap or not word or lower in _BETWEEN):
            yield from _trimmed(text, run)
            run = []
        if word and lower not in _BETWEEN:
            run.append(word)


def _trimmed(text: str, run: list[re.Match[str]]) -> Iterator[tuple[int, str]]:
    """A run without the words at its ends that only join."""
    while run and run[0][0].casefold() in _JOINING:
        run = run[1:]
    while run and run[-1][0].casefold() in _JOINING:
        run = run[:-1]
    if run:
        yield run[0].start(), text[run[0].start() : run[-1].end()]


def _joined(subject: str, found: Sequence[tuple[int, int, Wording]]) -> list[Wording]:
    """The wordings in their order, as one those between which nothing but "or" stands."""
    joined: list[Wording] = []
    end = 0
    for start, until, wording in found:
        if joined and subject[end:start].strip(" ,").casefold() == "or":
            joined[-1] |= wording
        else:
            joined.append(wording)
        end = until
    return joined


def _start(found: tuple[int, int, Wording]) -> int:
    return found[0]
