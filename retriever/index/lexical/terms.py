"""The terms of texts: how words are folded and stemmed, in the index and in questions alike."""

import tantivy

from corpus.language.stop_words import ASKING_WORDS, STOP_WORDS
from corpus.text.characters import search_form

ANALYZER = (
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(60))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.ascii_fold())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


def terms_of(text: str) -> list[str]:
    """The terms of a text in reading order, as the index has them: folded and stemmed."""
    return ANALYZER.analyze(search_form(text))


def words_of(text: str) -> list[str]:
    """The words of a question that carry meaning, in order."""
    return [
        word
        for word in search_form(text).split()
        if word.casefold().strip(".,;:?!\"'()") not in STOP_WORDS
    ]


def meaningful(text: str) -> list[str]:
    """The terms of the words that carry meaning, in order."""
    return [term for term in terms_of(" ".join(words_of(text))) if term not in STOP_WORDS]


ASKING_TERMS = frozenset(terms_of(" ".join(ASKING_WORDS)))
"""The terms of words that only ask."""
