"""What Pincite must beat: the field's plain hybrid, on the same passages and reading of a question.

BM25 of title and text, the model's vectors of "title. text", and the reciprocal rank fusion of the
two (Cormack, Clarke and Büttcher 2009, k = 60).
"""

from collections import defaultdict
from collections.abc import Sequence

from corpus.text.characters import search_form
from embeddings import VectorIndex
from retriever.build.encoding import encode_cached
from retriever.index.generation import Generation
from retriever.index.home import Home
from retriever.index.lexical.terms import terms_of
from retriever.progress import Progress
from retriever.question.reading import Reading
from retriever.row_set import RowSet

BASELINES = ("BM25", "vectors", "RRF")
_FIELDS = {"text": 1.0, "title": 1.0}
_DEPTH = 200  # of each side of the fusion


class Baselines:
    """The baselines over one generation."""

    def __init__(self, generation: Generation, home: Home, progress: Progress) -> None:
        self._generation = generation
        encoder = generation.encoder
        texts = [
            search_form(f"{title}. {passage.text}" if title else passage.text)
            for document in generation.store.all_documents()
            for title in [_stated_title(generation, document.number, document.title)]
            for passage in generation.store.passages_of(document.number)
        ]
        cache = home.vectors_of(encoder.card.fingerprint)
        vectors, _ = encode_cached(encoder, cache, texts, progress)
        self._vectors = VectorIndex.build(vectors, exact_below=len(vectors) + 1)

    def rankings(self, reading: Reading) -> dict[str, list[int]]:
        """The rows that each baseline finds, best first."""
        words = self._generation.lexical.search(reading.terms, _FIELDS, _DEPTH)
        query = self._generation.encoder.encode([reading.text], question=True)
        _, near = self._vectors.search(query, _DEPTH)
        lexical, dense = words.rows.tolist(), near[0].tolist()
        return dict(zip(BASELINES, (lexical, dense, fused(lexical, dense)), strict=True))


def _stated_title(generation: Generation, document: int, title: str) -> str:
    """The title, or "" where the document states none: its field in the index is empty then."""
    first = RowSet.of(generation.store.rows_of([document])[:1], generation.store.count)
    found = generation.lexical.search(dict.fromkeys(terms_of(title), 1.0), {"title": 1.0}, 1, first)
    return title if len(found.rows) else ""


def fused(*rankings: Sequence[int]) -> list[int]:
    """Reciprocal rank fusion: each ranking gives a row 1 / (60 + its rank); ties by row."""
    scores: dict[int, float] = defaultdict(float)
    for ranking in rankings:
        for position, row in enumerate(ranking, start=1):
            scores[row] += 1 / (60 + position)
    return sorted(scores, key=lambda row: (-scores[row], row))
