"""What the documents say of a turn whose own words leave open how it follows its thread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retriever.answering.ranking import candidates, focus_on
from retriever.index.generation import Generation
from retriever.index.lexical.terms import meaningful
from retriever.question.reading import Reading
from retriever.row_set import RowSet

LIKE = 0.45
"""The cosine from which two names are of a kind: Kyiv has .55 with Warsaw, and Sherman .16 with
Libya."""

# Found on the development threads, and on stand-alone questions behind threads that they have
# nothing to do with: nine in ten of those that lean, one in a hundred of those that do not.
SAID = 2.3
"""The most that a turn may say and still lean, in words that a single passage has."""
SAID_LEANING = 4.0
"""The same of one that leans by its words: "its" in a long question means what that names."""
APART = 3.5
"""How many such words it counts for, by each point, that other documents are nearer to the turn."""
_FARTHEST = 0.6  # other documents are hardly ever so much nearer
_PASSAGES = 2  # for each document, below which most have nothing more to answer with
_PART = 10
"""Documents for each that may count as the thread's: of five, three would hold anything."""


@dataclass(frozen=True, slots=True)
class ThreadDocuments:
    """The rows of a generation that may answer, asked as `follow_ups.Documents`."""

    generation: Generation
    allowed: RowSet | None = None

    def answer(self, turn: str, earlier: str, *, leans: bool) -> bool:
        """Whether a turn that `leans` by its words, or not, is asked of the documents that answer
        the earlier question: the more it says itself, the nearer they have to be to it."""
        terms = dict.fromkeys(meaningful(turn), 1.0)
        lexical = self.generation.lexical
        said = sum(lexical.weights(terms).values()) / np.log1p(lexical.count)
        most = SAID_LEANING if leans else SAID
        if leans and said <= most - APART * _FARTHEST:
            return True
        if not terms or said > most:
            return False
        if lexical.count < _PASSAGES * len(self.generation.days.newest):
            return leans  # who has read a document of one passage has read all of it
        focus = focus_on(self.generation, earlier, self.allowed)
        if not focus:
            return leans
        documents = focus.documents[: max(1, len(self.generation.days.newest) // _PART)]
        found = candidates(self.generation, Reading(turn, terms), self.allowed, focus)
        inside = np.isin(self.generation.document_of[found.rows], documents)
        gap = found.scores[0] - found.scores[inside].max(initial=0.0)
        return bool(said + APART * gap <= most)

    def like(self, name: str, names: Sequence[str]) -> str | None:
        """Which of the names is of the same kind, by meaning; None when none is."""
        if not names:
            return None
        vector = self.generation.vector_of
        likeness = [(vector(name) @ vector(each).T).item() for each in names]
        best = int(np.argmax(likeness))
        return names[best] if likeness[best] >= LIKE else None
