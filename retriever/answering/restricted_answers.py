"""Answers restricted to some folders say nothing of the others."""

from collections.abc import Mapping
from dataclasses import replace

from corpus.language.names import names_in
from retriever.answering.answer import Verdict
from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of
from retriever.question.reading import Reading
from retriever.row_set import RowSet

DISCREET_REASONS = {
    Verdict.FOUND: "passages match the question's words and meaning",
    Verdict.RELATED: "passages are near the question, but none matches it well enough",
    Verdict.NONE: "no passage is near the question",
}


def discreet_reading(generation: Generation, reading: Reading, allowed: RowSet) -> Reading:
    """The reading without what only the other documents show: how they spell names, and that they
    have them; a name that only they have is unknown."""
    spelt = tuple(
        (typed, meant)
        for typed, meant in reading.spelt
        if len(generation.lexical.rows_with(terms_of(meant), among=allowed))
    )
    unsaid = {meant: typed for typed, meant in reading.spelt if (typed, meant) not in spelt}
    text = reading.text
    for meant, typed in unsaid.items():  # names in Hangul are written as they are meant
        text = text if typed in text else text.replace(meant, typed)
    corpus = reading.corpus
    for meant, typed in unsaid.items():
        corpus = corpus and replace(corpus, subject=corpus.subject.replace(meant, typed))
    names = [_as_typed(name, unsaid) for name in reading.names]
    strange = [
        word
        for name in names
        for word in name.split()
        if not generation.lexical.says(word, among=allowed)
    ]
    written = set(names_in(text))  # others were recognised by how the documents write them
    kept = (name for name in names if name in written or not set(name.split()) & set(strange))
    unknown = tuple(dict.fromkeys((*reading.unknown, *strange)))
    return replace(
        reading, text=text, spelt=spelt, names=tuple(kept), unknown=unknown, corpus=corpus
    )


def _as_typed(name: str, unsaid: Mapping[str, str]) -> str:
    return unsaid.get(name) or " ".join(unsaid.get(word, word) for word in name.split())
