"""The sentence of a passage that answers best: by the question's terms, and by what it asks for."""

import re
from collections.abc import Collection, Mapping

from corpus.language.sentences import sentence_spans
from retriever.index.lexical.terms import terms_of
from retriever.question.answer_type import Asked, asked_for, came_together, tells

# Found on 36 of 72 passages of questions that rules are fitted to, whose sentences were known: 31
# are marked rightly and 3 wrongly, where what is asked for decided before any term 28 and 5; of the
# other 36, kept apart, 21 and 8, and then 19 and 7. The rest has no mark.
IN_TITLE = 0.3
"""What a term weighs that the title has as well: it tells the document rather than the sentence."""
ALIKE = 0.5
"""What a term weighs that only begins like one of the sentence: `egypt` and `egyptian`."""
# Of the weight of all terms.
TELLS = 0.3
CAME_TOGETHER = 0.25
OPPOSITE = 0.3

_SHORTEST = 5  # letters that two terms begin with, to be alike
_MOST = 0.6  # of the longer one
_QUOTED = re.compile(r"[\"“]([^\"”]{3,})[\"”]")
_OPPOSITES = [
    (frozenset(terms_of(one)), frozenset(terms_of(other)))
    for one, other in (
        ("new current now", "old former previous earlier"),
        ("minimum least", "maximum most"),
        ("first", "last"),
        ("before", "after"),
    )
]


def highlights(
    text: str, weights: Mapping[str, float], question: str = "", title: str = ""
) -> tuple[tuple[int, int], ...]:
    """The range of the sentence that answers best; none when no sentence has a term of the question
    or gives the kind of thing that it asks for. Equal sentences: the earlier one.

    What the question quotes is in the sentence before all else. Of the others, one that says no
    more than that people met counts less, and so does one about the old when the new is asked for.
    """
    known, asked = set(terms_of(title)), asked_for(question)
    quoted = [terms_of(quotation) for quotation in _QUOTED.findall(question)]
    weighed = {
        term: weight * (IN_TITLE if term in known else 1.0) for term, weight in weights.items()
    }
    whole = sum(weights.values())
    best, at_best = 0.0, tuple[tuple[int, int], ...]()
    for span in sentence_spans(text):
        sentence = span.of(text)
        terms = terms_of(sentence)
        score = sum(weight * _held(term, terms) for term, weight in weighed.items())
        score += TELLS * whole * (asked is not None and tells(sentence, asked, question))
        if score > 0 and asked in (None, Asked.SAID) and came_together(sentence):
            score -= CAME_TOGETHER * whole
        if score > 0 and _is_opposite(terms_of(question), terms):
            score -= OPPOSITE * whole
        score += whole * any(_is_within(words, terms) for words in quoted)
        if score > best:
            best, at_best = score, ((span.start, span.end),)
    return at_best


def _held(term: str, terms: Collection[str]) -> float:
    """1 if the terms of a sentence hold this one, `ALIKE` if they hold one that is like it."""
    if term in terms:
        return 1.0
    return ALIKE if any(_are_alike(term, other) for other in terms) else 0.0


def _are_alike(one: str, other: str) -> bool:
    least = max(_SHORTEST, round(_MOST * max(len(one), len(other))))
    return one[:least] == other[:least] and min(len(one), len(other)) >= least


def _is_opposite(question: Collection[str], sentence: Collection[str]) -> bool:
    """Whether the sentence has the opposite of a word of the question, and not the word."""
    pairs = [*_OPPOSITES, *((other, one) for one, other in _OPPOSITES)]
    return any(
        not asked.isdisjoint(question)
        and asked.isdisjoint(sentence)
        and not opposite.isdisjoint(sentence)
        and opposite.isdisjoint(question)
        for asked, opposite in pairs
    )


def _is_within(words: list[str], sentence: list[str]) -> bool:
    return any(sentence[at : at + len(words)] == words for at in range(len(sentence)))
