"""The verdict: whether the documents answer, are near, or do not hold the answer."""

from collections.abc import Sequence

from retriever.answer import Verdict
from retriever.lexical import LexicalIndex
from retriever.question import Reading
from retriever.ranking import Ranked
from retriever.terms import terms_of

# Found by `pincite eval`: 2 % of the answerable development questions are weaker than the first,
# and one of them, in Korean, than the second; with the names rule 4 % are refused. Strength alone
# tells answerable from unanswerable questions only fairly (AUROC 0.72 and 0.74).
FOUND_FROM = 0.21
RELATED_FROM = 0.15

NEAR_PASSAGES = 2
"""A near passage is no answer, so few are shown."""


def judge(lexical: LexicalIndex, reading: Reading, ranked: Ranked) -> tuple[Verdict, str]:
    """The verdict on the ranked candidates of a question, with its reason in one sentence."""
    if not reading.terms:
        return Verdict.NONE, "the question has no word that could be searched for"
    missing = [name for name in reading.names if not _is_known(lexical, name)]
    if missing:
        return Verdict.NONE, f"no document mentions {_listed(missing)}"
    match = strength(lexical, reading, ranked)
    if match < RELATED_FROM:
        unknown = [word for word in reading.words if not _is_known(lexical, word)]
        if unknown and lexical.coverage(reading.terms) < 0.5:
            return Verdict.NONE, f"no document mentions {_listed(unknown)}"
        return Verdict.NONE, "no passage is near the question"
    if match < FOUND_FROM:
        return Verdict.RELATED, "passages are near the question, but none matches it well enough"
    return Verdict.FOUND, "passages match the question's words and meaning"


def strength(lexical: LexicalIndex, reading: Reading, ranked: Ranked) -> float:
    """How well the best candidate matches, in [0, 1]: its score, less for words unknown here.

    Where no passage holds any of the question's words, half of the score is left.
    """
    best = float(ranked.scores[0]) if len(ranked.scores) else 0.0
    return best * (1 + lexical.coverage(reading.terms)) / 2


def _is_known(lexical: LexicalIndex, name: str) -> bool:
    """Whether each word of the name stands in some passage, or is spelt nearly like one there."""
    return all(_is_known_word(lexical, word) for word in name.split())


def _is_known_word(lexical: LexicalIndex, word: str) -> bool:
    """`Shin-hwa` is known where the documents write `Shinhwa`, and the other way round."""
    whole = [term for term in terms_of(word.replace("-", "")) if len(term) > 1]
    apart = [term for term in terms_of(word) if len(term) > 1]
    halves = [(term[:n], term[n:]) for term in whole for n in range(2, len(term) - 1)]
    return (
        all(map(lexical.passages_with, apart))
        or all(map(lexical.passages_with, whole))
        or any(lexical.passages_with(a) and lexical.passages_with(b) for a, b in halves)
        or all(lexical.has_similar(term, _slips(term)) for term in whole)
    )


def _slips(term: str) -> int:
    """The misspelt letters that are forgiven: none in a short word, two in a long one."""
    return 0 if len(term) < 3 else 1 if len(term) < 6 else 2


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
