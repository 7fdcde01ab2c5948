"""The sentence of a passage that answers best, by the question's terms that it holds."""

from collections.abc import Mapping

from corpus.sentences import sentence_spans
from retriever.terms import terms_of


def highlights(text: str, weights: Mapping[str, float]) -> tuple[tuple[int, int], ...]:
    """The range of the sentence whose terms weigh most; none when no term stands in the text.

    Equal sentences: the earlier one. A passage of one sentence is not marked.
    """
    spans = sentence_spans(text)
    if len(spans) < 2:
        return ()
    scores = [
        sum(weights.get(term, 0.0) for term in set(terms_of(span.of(text)))) for span in spans
    ]
    best = max(scores)
    if best <= 0:
        return ()
    span = spans[scores.index(best)]
    return ((span.start, span.end),)
