"""The sentence of a passage that is shown first: one that says something."""

import re

from corpus.language.names import names_in
from corpus.language.sentences import sentence_spans
from corpus.release.speakers import speaker_of
from retriever.answering.answer import Hit
from retriever.question.courtesies import is_courtesy

_FEW = 3
"""Words of a sentence, and of scripts without blanks letters, that may say nothing: `Yes.`"""
_LETTERS = 8


def best_sentence(hit: Hit) -> tuple[int, int]:
    """The range of the sentence that answers best, without the name of whoever speaks.

    Where that one says nothing, as a greeting does, it is the next one that does; where none is
    marked, the first.
    """
    text = hit.text
    spans = [(span.start, span.end) for span in sentence_spans(text)] or [(0, len(text))]
    marked = hit.highlights[0] if hit.highlights else spans[0]
    after = [span for span in spans if span[0] >= marked[1]]
    before = [span for span in spans if span[1] <= marked[0]]
    for start, end in (marked, *after, *reversed(before)):
        start += _speaker_length(text[start:end])
        if says_something(text[start:end]):
            return start, end
    return marked


def says_something(sentence: str) -> bool:
    """Whether a sentence is more than a greeting of somebody, an exclamation or a lone name."""
    letters = sum(map(str.isalpha, sentence))
    in_one_piece = not sentence.isascii() and letters >= _LETTERS
    rest = sentence
    for name in names_in(sentence):
        rest = rest.replace(name, " ")
    is_long = len(sentence.split()) >= _FEW or in_one_piece
    return is_long and letters > _FEW and not is_courtesy(" ".join(rest.split()) or ".")


def _speaker_length(sentence: str) -> int:
    """The characters of `MR PRICE: ` before what he says."""
    if not speaker_of(sentence):
        return 0
    tag = re.match(r"[^:]*:\s*", sentence)
    return tag.end() if tag else 0
