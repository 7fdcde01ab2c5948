"""The verdict: whether the documents answer, are near, or do not hold the answer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retriever.answering.answer import Verdict
from retriever.answering.evidence import Ranked
from retriever.answering.mentions import any_mentions_all, never_beside
from retriever.answering.time_evidence import POSSIBLE
from retriever.index.calibration import NONE_BELOW
from retriever.index.generation import Generation
from retriever.index.lexical.terms import terms_of, words_of
from retriever.question.reading import Reading

_LOOKED_INTO = 2  # documents of the time that is asked about; further ones are about others
_POINTS = ".,;:?!\"'“”‘’()"
NEAR_PASSAGES = 2
"""A near passage is no answer, so few are shown."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason in one sentence, and what it rests on.

    `probabilities` that each ranked passage answers, in the order of the ranking, come from its
    score and from `facts` of the question.
    """

    verdict: Verdict
    reason: str
    facts: Mapping[str, float]
    probabilities: NDArray[np.float64]


def judge(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    searched: str = "",
    allowed: NDArray[np.int64] | None = None,
) -> Judgement:
    """Judges the ranked candidates of a question.

    What the question names and the documents do not have decides before any score. A search that
    was restricted to the rows `allowed` is named by `searched`, and said where other documents
    might have more.
    """
    among = f", in {searched}" if searched else ""
    missing = _missing(generation, reading, ranked, among)
    topic = _topic(generation, reading) if reading.names and not missing else {}
    apart = never_beside(generation, reading.names, topic, allowed)
    facts = {
        "dated": float(bool(reading.periods)),
        "named": float(bool(reading.names)),
        "missing": float(bool(missing)),
        "apart": sum(topic[term] for term in apart) / sum(topic.values()) if apart else 0.0,
    }
    probabilities = generation.calibration.probability(ranked.scores, facts)
    if missing:
        return Judgement(Verdict.NONE, missing, facts, probabilities)
    best = float(probabilities[0]) if len(probabilities) else 0.0
    threshold = generation.calibration.found_from
    undated = reading.periods and len(ranked.rows) and ranked.values("date")[0] <= POSSIBLE
    if best >= threshold and undated:
        reason = f"the nearest passage has no date, and may not be of {_times(reading)}{among}"
        return Judgement(Verdict.RELATED, reason, facts, probabilities)
    if best >= threshold:
        reason = "passages match the question's words and meaning"
        if reading.periods and generation.days.newest[generation.document_of[ranked.rows[0]]] == 0:
            reason += f", but the first may not be of {_times(reading)}: it states no year"
        return Judgement(Verdict.FOUND, reason, facts, probabilities)
    apart_words = _never_beside_names(reading, apart, among)
    if best < NONE_BELOW * threshold:
        unknown = f"no document mentions {listed(reading.unknown)}" if reading.unknown else ""
        reason = unknown or apart_words or f"no passage is near the question{among}"
        return Judgement(Verdict.NONE, reason, facts, probabilities)
    but = apart_words or f"none matches it well enough{among}"
    reason = f"passages are near the question, but {but}"
    return Judgement(Verdict.RELATED, reason, facts, probabilities)


def _never_beside_names(reading: Reading, apart: Collection[str], among: str) -> str:
    """That no passage has these words of the question together with its names; else empty."""
    words = [
        f"“{word.strip(_POINTS)}”"
        for word in words_of(reading.own)
        if not set(terms_of(word)).isdisjoint(apart)
    ]
    if not words:
        return ""
    return f"no passage that mentions {listed(reading.names)} has {listed(words)}{among}"


def _topic(generation: Generation, reading: Reading) -> dict[str, float]:
    """The terms that the question itself asks about, without its names and times, by their
    weight. Words of another script, which the documents do not have, ask in another language."""
    taken = {term for words in (*reading.names, *reading.dated) for term in terms_of(words)}
    lexical = generation.lexical
    return lexical.weights(
        {
            term: weight
            for term, weight in reading.terms.items()
            if weight == 1 and term not in taken
            if term.isascii() or lexical.passages_with(term)
        }
    )


def _missing(generation: Generation, reading: Reading, ranked: Ranked, among: str) -> str:
    """What the question names and the documents do not have, as a reason; else empty."""
    if not reading.terms:
        return "nothing is asked that could be searched for"
    unknown = [name for name in reading.names if set(name.split()) & set(reading.unknown)]
    if unknown:
        return f"no document mentions {listed(unknown)}"
    if ranked.in_time is None or not len(ranked.rows):
        return ""
    times = _times(reading)
    if not ranked.values("date").any():  # the ranking found nothing of that time to prefer
        some_undated = ranked.in_time.max() == POSSIBLE
        return f"nothing is {'known to be ' if some_undated else ''}dated {times}"
    of_that_time = ranked.rows[ranked.values("date") > POSSIBLE]
    documents = list(dict.fromkeys(generation.document_of[of_that_time].tolist()))[:_LOOKED_INTO]
    if len(documents) and not any_mentions_all(generation, documents, reading.required):
        return f"no document dated {times} mentions {listed(reading.required, 'and')}{among}"
    said = set(reading.terms) - {term for words in reading.dated for term in terms_of(words)}
    if len(said) > 1 and not any(map(generation.lexical.passages_with, said)):
        return "no document has any word of the question, but for its time"
    return ""


def _times(reading: Reading) -> str:
    return listed([str(period) for period in reading.periods])


def listed(names: Sequence[str], joined_by: str = "or") -> str:
    """The names in one phrase."""
    *others, last = names
    return f"{', '.join(others)} {joined_by} {last}" if others else last
