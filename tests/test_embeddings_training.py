"""The training of the reranker: its questions, their pairs, that it learns, and its graph."""

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch

from embeddings.graph import Graph
from embeddings.training.cross_encoder import CrossEncoder, Tokens
from embeddings.training.examples import Pair, Question, read_questions
from embeddings.training.quantised_graph import export
from embeddings.training.sources import SOURCES
from embeddings.training.split import PARTS, main, part_of, split
from embeddings.training.train import train

FILES = sorted((SOURCES.parent / "questions").glob("*.jsonl"))
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
ANSWERED = [
    Question(day, f"What opened on {day}?", (f"The port opened on {day}.",), (),
             tuple(f"The port opened on {other}." for other in DAYS if other != day))
    for day in DAYS
]  # fmt: skip


def test_the_parts_are_apart_by_document_and_a_twin_goes_with_its_question() -> None:
    sizes = dict.fromkeys(PARTS, 0)
    for file in FILES:
        questions = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        parts = split(questions)
        place = {each["id"]: part for part, chosen in parts.items() for each in chosen}
        assert len(place) == len(questions)
        for question in questions:
            if question["answers"]:
                assert place[question["id"]] == part_of(question["answers"][0]["file"])
            if "twin" in question:
                assert place[question["id"]] == place[question["twin"]]
            sizes[place[question["id"]]] += 1
    assert sizes["kept"] > 250 and sizes["fit"] > 500 and sizes["train"] > 1_900


def test_the_parts_are_written_as_files_of_questions(tmp_path: Path) -> None:
    main([str(tmp_path), str(FILES[0])])
    lines = [(tmp_path / part / FILES[0].name).read_text("utf-8") for part in PARTS]
    assert sorted("".join(lines).splitlines()) == sorted(FILES[0].read_text("utf-8").splitlines())


def test_pairs_of_an_answered_question() -> None:
    others = tuple(f"Other {number} of the twenty." for number in range(20))
    question = Question("1", "Who met?", ("They met in Seoul.",), ("They will meet.",),
                        ("In Seoul they met.", *others))  # fmt: skip
    pairs = question.pairs(random.Random(0))
    assert pairs[:2] == [Pair("They met in Seoul.", True, 2.0), Pair("They will meet.", False, 1.0)]
    drawn = [others.index(pair.passage) for pair in pairs[2:]]  # what repeats the answer is none
    assert sorted(at < 10 for at in drawn) == [False, True, True, True, True]


def test_a_question_that_nothing_answers_has_what_looks_like_an_answer() -> None:
    others = tuple(map(str, range(20)))
    pairs = Question("1", "Who?", (), ("They will meet.",), others).pairs(random.Random(0))
    assert pairs[0] == Pair("They will meet.", False, 1.0)
    assert [pair.passage for pair in pairs[1:]] == list(others[:7])


def test_candidates_are_read_from_lines(tmp_path: Path) -> None:
    kinds = ("other", "answer", "near")
    line = {"id": "7", "question": "Who?", "passages": [{"text": k, "kind": k} for k in kinds]}
    (tmp_path / "c.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    (read,) = read_questions([tmp_path / "c.jsonl"])
    assert read == Question("7", "Who?", ("answer",), ("near",), ("other",))


@pytest.fixture(scope="module")
def model() -> CrossEncoder:
    """Two layers that have learned what opened on which day."""
    model = CrossEncoder(2)
    train(model, ANSWERED * 8, epochs=6, log=lambda _: None)
    return model


def logits(model: CrossEncoder, question: Question) -> list[float]:
    with torch.no_grad():
        texts = (*question.answers, *question.others)
        return model(**Tokens()([(question.text, text) for text in texts])).tolist()


def test_it_learns(model: CrossEncoder) -> None:
    right = [logits(model, question) for question in ANSWERED]
    assert all(np.argmax(each) == 0 for each in right)
    assert min(each[0] - max(each[1:]) for each in right) > 1


def test_the_same_seed_gives_the_same_weights() -> None:
    one, other = CrossEncoder(1), CrossEncoder(1)
    for model in (one, other):
        train(model, ANSWERED, epochs=1, log=lambda _: None)
    assert torch.equal(one.head.first.weight, other.head.first.weight)
    assert one.head.first.weight.abs().max() > 0


def test_the_graph_says_what_the_model_says(model: CrossEncoder, tmp_path: Path) -> None:
    card = export(model, tmp_path, layers=2)
    assert (card.kind, set(card.files)) == ("reranker", {"model.onnx", "model.weights",
                                                         "tokenizer.json"})  # fmt: skip
    folder = tmp_path / card.fingerprint
    graph = Graph.open(folder, card, aside=True)
    for question in ANSWERED:
        texts = (*question.answers, *question.others, "")
        said = graph.run([(question.text, text) for text in texts])[:-1, 0]
        assert np.abs(said - logits(model, question)).max() < 1.0
        assert said.argmax() == 0
