"""Phrases: words in a row, each in one of its forms, as texts and passages have them."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product

import tantivy

from corpus.language.irregular_forms import other_forms
from corpus.text.characters import search_form
from retriever.index.lexical.terms import terms_of
from retriever.index.lexical.word_queries import PLAIN_ANALYZER, other_spellings

Phrase = tuple[frozenset[str], ...]
"""For each word of a phrase the forms in which it may stand, folded."""

_MOST_WORDINGS = 200  # of one phrase: more forms than those that documents have are no phrase


def exact_phrase(text: str) -> Phrase:
    """The words of a text as they are, but for case and accents."""
    return tuple(frozenset([token]) for token in tokens_of(text))


def phrase_in_any_form(text: str, beginning: Callable[[str], Iterable[str]]) -> Phrase:
    """The words of a text, each in any form of its stem or of an irregular one, however spelt;
    `beginning` gives the words of the index that begin so."""
    return tuple(frozenset(_forms(token, beginning)) for token in tokens_of(text))


def tokens_of(text: str) -> list[str]:
    """The words of a text in reading order, folded."""
    return PLAIN_ANALYZER.analyze(search_form(text))


def folded_words(text: str) -> str:
    """A text in which `phrase_pattern` finds phrases: its words, folded."""
    form = search_form(text).casefold()
    return form if form.isascii() else " ".join(tokens_of(text))


def phrase_pattern(phrases: Iterable[Phrase]) -> re.Pattern[str]:
    """Finds one of the phrases in folded words."""
    either = (
        "[^a-z0-9]+".join(f"(?:{'|'.join(map(re.escape, sorted(forms)))})" for forms in phrase)
        for phrase in phrases
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(either)})(?!\w)")


def any_phrase(
    schema: tantivy.Schema, field: str, phrases: Iterable[Phrase], exists: Callable[[str], bool]
) -> tantivy.Query:
    """The passages that hold one of the phrases in a field; `exists` tells which words it has."""
    either: list[tantivy.Query] = []
    for words in _wordings(phrases, exists):
        if len(words) == 1:
            either.append(tantivy.Query.term_query(schema, field, words[0]))
        else:
            either.append(tantivy.Query.phrase_query(schema, field, [*words]))
    query = tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in either])
    return tantivy.Query.const_score_query(query, 1.0)


def _wordings(
    phrases: Iterable[Phrase], exists: Callable[[str], bool]
) -> Iterator[tuple[str, ...]]:
    for phrase in phrases:
        if phrase:
            known = [sorted(filter(exists, forms)) for forms in phrase]
            yield from islice(product(*known), _MOST_WORDINGS)


def _forms(word: str, beginning: Callable[[str], Iterable[str]]) -> set[str]:
    """The word, its irregular forms and its other spellings, and the words of their stems."""
    forms = {word, *other_forms(word), *other_spellings(word)}
    stems = {form: stem for form in forms for stem in terms_of(form)}
    for stem in set(stems.values()):  # policy and policies have the stem polici
        forms |= {each for each in beginning(stem[:-1] or stem) if terms_of(each) == [stem]}
    return forms
