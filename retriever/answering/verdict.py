"""The verdict: whether the documents answer, are near, or do not hold the answer."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.language.languages import is_function_word
from retriever.answering.answer import Verdict
from retriever.answering.evidence import Ranked
from retriever.answering.reranking import RERANKER
from retriever.answering.time_evidence import POSSIBLE
from retriever.documents.mentions import (
    Lacks,
    lacking,
    language_asked_in,
    mentions,
    never_beside,
    never_together,
    words_asked,
)
from retriever.index.calibration import Calibration
from retriever.index.generation import Generation
from retriever.index.lexical.terms import ASKING_TERMS, meaningful
from retriever.question.reading import Reading
from retriever.row_set import RowSet

ABOUT = 0.5
"""Of what the question asks: if so much of it are names, or words, that no document mentions, it
asks about them."""
_MOST = 5  # times or words that a reason lists
_MANY = 5_000
"""Passages among which an ordinary word is hardly ever absent."""
_FEW = 0.02  # of the documents in the commonest language


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason in one sentence, and what it rests on.

    `likelihood` is the probability that the documents hold an answer.
    `probabilities` that each ranked passage answers, in the order of the ranking, come from its
    score and from `facts` of the question, by the `calibration`.
    """

    verdict: Verdict
    reason: str
    facts: Mapping[str, float]
    probabilities: NDArray[np.float64]
    likelihood: float
    calibration: Calibration


def judge(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    searched: str = "",
    allowed: RowSet | None = None,
) -> Judgement:
    """Judges the ranked candidates of a question.

    What the documents lack is evidence beside the score, and decides alone only where hardly
    anything else is asked. A search that was restricted to the rows `allowed` is named by
    `searched`, and said where other documents might have more.
    """
    generation = generation.asked_in(reading.language)
    among = f", in {searched}" if searched else ""
    language = language_asked_in(reading)
    strange = language if language not in generation.languages else ""
    weights = _weights(generation, reading, reading.own, language)
    asks_more = bool(weights or _weights(generation, reading, reading.text, language))
    lacks = lacking(generation, reading, allowed)
    elsewhere = ""
    if not lacks.names:
        elsewhere = _lacking_then(generation, reading, ranked, allowed, among, asks_more)
    known = [name for name in reading.required if name not in lacks]
    topic = {word: weight for word, weight in weights.items() if word not in _words(reading.names)}
    told = topic.keys() - _words(lacks) if language in ("", "English") else ()
    apart = never_beside(generation, known, told, allowed)
    facts = {
        "dated": float(bool(reading.periods)),
        "named": float(bool(reading.names)),
        **facts_of_ranking(ranked),
        "lacking": _lacking_share(generation, weights, lacks),
        "elsewhere": float(bool(elsewhere)),
        "apart": _share(topic, apart),
    }
    calibration = generation.evidence_calibration
    if ranked.has(RERANKER):
        calibration = generation.calibration
    probabilities = calibration.answers(ranked.scores, facts)
    about = _share(weights, _words(lacks.names)) >= ABOUT
    verdict = (
        Verdict.NONE
        if about
        else _verdict(generation, calibration, reading, ranked, facts, asks_more)
    )
    if verdict is Verdict.FOUND and _share(weights, _denied(lacks)) >= ABOUT:
        verdict = Verdict.RELATED  # most of what is asked is said nowhere in these words
    if verdict is Verdict.FOUND and not (elsewhere or lacks.names):
        elsewhere = _scattered_then(generation, reading, ranked, allowed, among)
        verdict = Verdict.RELATED if elsewhere else verdict
    reason = _in_others(generation, strange) or elsewhere or _lack(generation, lacks, among)
    if not reading.terms:
        reason = "nothing is asked that could be searched for"
    elif verdict is Verdict.FOUND:
        if not (strange or elsewhere or lacks.names):  # ordinary words are said in others
            reason = _lack(generation, lacks.without(generation.is_word), among)
        doubt = reason or _doubt(generation, reading, ranked, among)
        reason = "passages match the question's words and meaning" + (doubt and f", but {doubt}")
    else:
        reason = reason or _undated(generation, reading, ranked, among)
        reason = reason or _never_beside_names(generation, reading, known, apart, among)
        if verdict is Verdict.RELATED:
            reason = reason or f"none matches it well enough{among}"
            reason = f"passages are near the question, but {reason}"
        reason = reason or f"no passage is near the question{among}"
    held = calibration.answered(facts)
    bound = (
        max if verdict is Verdict.FOUND else min
    )  # what is proved of names and times counts more
    held = bound(held, calibration.found_from)
    return Judgement(verdict, reason, facts, probabilities, held, calibration)


def facts_of_ranking(ranked: Ranked) -> dict[str, float]:
    """The facts of a question that its candidates tell; see `FACTS`."""
    return {
        "nearest": float(ranked.values("meaning").max(initial=0.0)),
        "covered": float(ranked.values("coverage")[:1].sum()) ** 2,
        "read": float(ranked.values(RERANKER).max(initial=0.0)),
    }


def _verdict(
    generation: Generation,
    calibration: Calibration,
    reading: Reading,
    ranked: Ranked,
    facts: Mapping[str, float],
    asks_more: bool,
) -> Verdict:
    """The verdict by the facts; `asks_more` than what happened at some time?"""
    if not reading.terms or not len(ranked.rows):
        return Verdict.NONE
    if reading.periods and not asks_more:  # what happened then?
        return Verdict.NONE if facts["elsewhere"] else Verdict.FOUND
    near, held = generation.evidence_calibration, calibration.answered(facts)
    unlike = facts["nearest"] < near.alike_from and facts["covered"] < ABOUT**2
    if unlike or near.answered(facts) < near.near_from:
        # What is likely once it was read with the question is shown all the same.
        read = calibration is not near and held >= calibration.found_from
        return Verdict.RELATED if read and not facts["elsewhere"] else Verdict.NONE
    if held < calibration.found_from or facts["elsewhere"] or _undated(generation, reading, ranked):
        return Verdict.RELATED  # a month without a release is not answered with its neighbour
    return Verdict.FOUND


def _words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in name.split()}


def _lacking_share(generation: Generation, weights: Mapping[str, float], lacks: Lacks) -> float:
    """How much of the question no document mentions. That few passages lack an ordinary word says
    little, and acronyms are spelt out in some documents and not in others."""
    ordinary = _denied(lacks) - _words(lacks.names)
    telling = min(1.0, math.log1p(generation.lexical.count) / math.log(_MANY))
    return _share(weights, _words(lacks.names)) + telling * _share(weights, ordinary)


def _denied(lacks: Lacks) -> set[str]:
    """The words of the question that no document mentions, without acronyms."""
    return _words(lacks.names) | {word for word in lacks.words if not word.isupper()}


def _share(weights: Mapping[str, float], words: Collection[str]) -> float:
    """How much of the weight of the question's words these have."""
    told = sum(weight for word, weight in weights.items() if word in words)
    return told / sum(weights.values()) if told else 0.0


def _weights(
    generation: Generation, reading: Reading, text: str, language: str
) -> dict[str, float]:
    """How much each word of a text of the question tells, without its times and the function words
    of its language; nor what only asks."""
    weights = {}
    for word in words_asked(reading, text):
        terms = dict.fromkeys(meaningful(word), 1.0)
        if terms and not (ASKING_TERMS.issuperset(terms) or is_function_word(word, language)):
            weights[word] = sum(generation.lexical.weights(terms).values())
    return weights


def _in_others(generation: Generation, language: str) -> str:
    """That the question is in a language that the documents are not in; else empty."""
    if not (language and generation.languages):
        return ""
    documents = listed(_main(generation), "and")
    is_told_of_all = sum(generation.languages.values()) == generation.manifest.documents
    told = "" if is_told_of_all else ", as far as can be told"
    return f"the question is in {language}, and the documents are in {documents}{told}"


def _main(generation: Generation) -> list[str]:
    """The languages of the documents, without those of a few only."""
    least = max(generation.languages.values()) * _FEW
    return [language for language, count in generation.languages.items() if count >= least]


def _lack(generation: Generation, lacks: Lacks, among: str) -> str:
    """That no document mentions these, the names before all; else empty. What could not be read
    may."""
    lacking_most = listed((lacks.names or lacks.words)[:_MOST]) if lacks else ""
    return f"no document{_read(generation)} mentions {lacking_most}{among}" if lacks else ""


def _read(generation: Generation) -> str:
    """What is said of the documents of which something is denied: not of what was not read."""
    return " that could be read" if generation.skipped else ""


def _lacking_then(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    allowed: RowSet | None,
    among: str,
    asks_more: bool,
) -> str:
    """What is missing of the time that is asked about: all documents, or those that mention a name;
    else empty. A document without a day may be of any time: where the first passage is of one, and
    more is asked than what happened then, nothing is missing."""
    in_time = ranked.in_time
    if in_time is None or (asks_more and _may_be_of_any_time(ranked)):
        return ""
    if not (in_time > POSSIBLE).any():
        known = "known to be " if in_time.any() else ""
        return f"nothing{_read(generation)} is {known}dated {_times(reading)}{among}"
    rows = _rows_of(generation, in_time > POSSIBLE, allowed)
    near = np.sort(ranked.rows[in_time[ranked.rows] > POSSIBLE])  # asked fast, they mostly tell
    few = RowSet.of(near, generation.store.count)
    missing = [
        name
        for name in reading.required
        if not any(mentions(generation, name, some) for some in (few, rows))
    ]
    return _none_then(generation, reading, listed(missing), among) if missing else ""


def _scattered_then(
    generation: Generation,
    reading: Reading,
    ranked: Ranked,
    allowed: RowSet | None,
    among: str,
) -> str:
    """That no document of the time that is asked about mentions all names; else empty."""
    if ranked.in_time is None or _may_be_of_any_time(ranked):
        return ""
    rows = _rows_of(generation, ranked.in_time > POSSIBLE, allowed)
    if not len(rows) or not never_together(generation, reading.required, rows):
        return ""
    names = listed(reading.required, "and")
    return _none_then(generation, reading, f"{names} together", among)


def _none_then(generation: Generation, reading: Reading, mentioned: str, among: str) -> str:
    """That no document of the time that is asked about mentions this."""
    return f"no document dated {_times(reading)}{_read(generation)} mentions {mentioned}{among}"


def _may_be_of_any_time(ranked: Ranked) -> bool:
    """Whether the first passage is of a document that states no day."""
    return bool(
        ranked.in_time is not None
        and len(ranked.rows)
        and ranked.in_time[ranked.rows[0]] == POSSIBLE
    )


def _rows_of(generation: Generation, which: NDArray[np.bool_], allowed: RowSet | None) -> RowSet:
    """All rows, or those allowed, of the documents of which one row is among `which`."""
    rows = generation.in_documents_of(RowSet(which))
    return rows if allowed is None else rows & allowed


def _undated(generation: Generation, reading: Reading, ranked: Ranked, among: str = "") -> str:
    """That the first passage has no day, where a time with a number is asked about; else empty.
    Who says "last week" may mean what holds at any time."""
    if not any(map(str.isdigit, " ".join(reading.dated))) or not _may_be_of_any_time(ranked):
        return ""
    first = int(ranked.rows[0])
    states = "no year" if not generation.days.undated[generation.document_of[first]] else "no date"
    return f"the nearest passage has {states}, and may not be of {_times(reading)}{among}"


def _doubt(generation: Generation, reading: Reading, ranked: Ranked, among: str) -> str:
    """Why the first passage may not be of the time that is asked about; else empty."""
    first = int(ranked.rows[0])
    if ranked.in_time is None or generation.days.newest[generation.document_of[first]]:
        return ""
    days = generation.days.undated[generation.document_of[first]]
    if days and ranked.in_time[first] > POSSIBLE:  # its words name the time
        return ""
    states = "no date" if days else "no year"
    return f"the first may not be of {_times(reading)}: it states {states}{among}"


def _never_beside_names(
    generation: Generation,
    reading: Reading,
    names: Sequence[str],
    apart: Collection[str],
    among: str,
) -> str:
    """That no passage has these words of the question together with its names; else empty."""
    words = [f"“{word}”" for word in words_asked(reading, reading.own) if word in apart]
    if not words:
        return ""
    read = "could be read and " if generation.skipped else ""
    return f"no passage that {read}mentions {listed(names)} has {listed(words[:_MOST])}{among}"


def _times(reading: Reading) -> str:
    first, *others = dict.fromkeys(map(str, reading.periods))
    return listed([first, *others[: _MOST - 1]])


def listed(names: Sequence[str], joined_by: str = "or") -> str:
    """The names in one phrase."""
    *others, last = names
    return f"{', '.join(others)} {joined_by} {last}" if others else last
