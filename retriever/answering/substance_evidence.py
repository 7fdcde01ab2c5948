"""Evidence against candidates that can hardly answer: those that only ask, as the turn of a
journalist does, and thin ones, which say next to nothing that the question does not say itself.

The vector of either is mostly its context's, or is near the question because it asks the same.
"""

import re
from collections.abc import Collection

import numpy as np

from corpus.language.sentences import AFTER_A_SENTENCE, only_asks
from corpus.release.speakers import is_questioner
from retriever.answering.evidence import Evidence, Ranked
from retriever.index.generation import Generation
from retriever.index.lexical.terms import meaningful, terms_of
from retriever.question.reading import Reading

# Found by `pincite eval` on the questions that rules are fitted to.
ASKS_WEIGHT = 0.1
THIN_WEIGHT = 0.1
ENOUGH_WORDS = 7  # that carry meaning and are not the question's
SENTENCE_SHARE = 0.3
"""How thin a sentence is beside a line of as many words: of `Desk` and `Ecuador:` nothing follows,
while `The public may attend.` answers."""

_FIRST = 40  # candidates: what is further behind is not shown whatever counts against it
_ANSWER = 20  # passages behind a question, among which its answer is looked for
_SHORT = 150  # characters; what is longer says enough
_BELOW = 1e-6  # an answer goes before its question, by the least that counts
_ENDS_SENTENCE = re.compile(rf"[.!?…。！？][{re.escape(AFTER_A_SENTENCE)}]*(?:\[\d+\])?$")


def with_substance(generation: Generation, reading: Reading, ranked: Ranked) -> Ranked:
    """The candidates when of the first ones those that only ask and thin ones count less; a
    question goes below the best of what answers it."""
    thin, asks = np.zeros(len(ranked.rows)), np.zeros(len(ranked.rows))
    place = {row: at for at, row in enumerate(ranked.rows.tolist())}
    known = {*reading.terms, *terms_of(reading.text)}
    first = ranked.rows[:_FIRST].tolist()
    for row, text, heading, speaker in generation.store.brief_or_asking(first, _SHORT):
        if is_questioner(speaker) or only_asks(text):
            asks[place[row]] = ASKS_WEIGHT
        elif not only_asks(heading):  # under one that asks, a word may be the answer
            thin[place[row]] = thinness(text, speaker, known)
    left = np.maximum(ranked.scores - THIN_WEIGHT * thin, 0)
    best: dict[int, float] = {}
    asking = np.flatnonzero(asks)
    follow = ranked.rows[:, None] - ranked.rows[asking]
    follow = ranked.rows[((follow > 0) & (follow <= _ANSWER)).any(axis=1)]
    for answer, question in generation.store.below(ranked.rows[asking].tolist(), follow.tolist()):
        if not asks[place[answer]]:
            best[question] = max(best.get(question, 0.0), float(left[place[answer]]))
    for question, answered in best.items():
        above = float(ranked.scores[place[question]]) - answered + _BELOW
        asks[place[question]] = max(ASKS_WEIGHT, above)
    return ranked.against(Evidence("asks", 1.0, asks), Evidence("thin", THIN_WEIGHT, thin))


def thinness(text: str, speaker: str, known: Collection[str]) -> float:
    """From 0, for a passage with enough words that are not `known`, to 1 for a line with none."""
    own = set(meaningful(text)).difference(known, terms_of(speaker))
    is_line = not _ENDS_SENTENCE.search(text) and "\n\n" not in text
    share = 1.0 if is_line else SENTENCE_SHARE
    # Other scripts may write a sentence in one piece.
    words = sum(1 if term.isascii() else (len(term) + 1) // 2 for term in own)
    return share * max(0.0, 1 - words / ENOUGH_WORDS)
