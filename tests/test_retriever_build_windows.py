"""Windows fit into the model, overlap by a sentence, and hold every sentence."""

import datetime
from collections.abc import Sequence

from conftest import Shelf

from corpus.language.sentences import sentence_spans
from corpus.text.characters import search_form
from embeddings import Encoder
from retriever.answering.highlights import highlights
from retriever.answering.ranking import rank
from retriever.build.windows import windows_of
from retriever.index.generation import Generation
from retriever.question.reading import read_question


def count_words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def test_windows_overlap_by_one_sentence() -> None:
    text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    assert windows_of([text], 6, count_words) == [
        [
            "One two three. Four five six.",
            "Four five six. Seven eight nine.",
            "Seven eight nine. Ten eleven twelve.",
        ]
    ]


def test_what_fits_stays_whole_and_in_the_form_that_is_searched() -> None:
    assert windows_of(["“Short”  text", "a b. c d."], 4, count_words) == [
        ['"Short" text'],
        ["a b. c d."],
    ]


def test_a_sentence_that_is_too_long_stays_whole() -> None:
    text = "One two. Three four five six seven eight nine. Ten eleven."
    assert windows_of([text], 4, count_words) == [
        ["One two.", "Three four five six seven eight nine.", "Ten eleven."]
    ]


def test_no_texts_have_no_windows() -> None:
    assert windows_of([], 256, count_words) == []


def test_windows_of_real_passages_fit_the_real_model(samples: Generation, encoder: Encoder) -> None:
    texts = [samples.store.passage(row).text for row in range(samples.store.count)]
    long = " ".join(texts[:40])
    limit = encoder.card.max_tokens
    windows = windows_of([*texts, long], limit, encoder.count_tokens)
    assert all(count <= limit for each in windows for count in encoder.count_tokens(each))
    assert len(windows[-1]) > 5
    for text, cut in zip([*texts, long], windows, strict=True):
        plain = search_form(text)
        for sentence in (span.of(plain) for span in sentence_spans(plain)):
            assert any(sentence in window for window in cut)


def test_a_long_passage_is_found_by_its_end(shelf: Shelf) -> None:
    filler = "The delegations reviewed the agenda of the standing committee once more. " * 60
    text = f"{filler}At the end they chose the zebra as the mascot of the games."
    shelf.write(long=f"Press Releases\n\nA Long Meeting\n\nDate\n2020-02-02\n\n1. {text}\n")
    shelf.index()
    generation = Generation.open(shelf.home)
    question = "Which animal is the mascot of the games?"
    today = datetime.date(2024, 1, 1)
    reading = read_question(question, [], today, generation.lexical, generation.spellings)
    ranked = rank(generation, reading)
    first = generation.store.passage(int(ranked.rows[0]))
    assert first.text == text
    assert (generation.store.passage_of == first.row).sum() > 2
    weights = generation.lexical.weights({"mascot": 1.0})
    assert [text[start:end] for start, end in highlights(text, weights)] == [
        "At the end they chose the zebra as the mascot of the games."
    ]
