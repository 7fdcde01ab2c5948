"""The candidates of questions, as a reranker reads them: what it is trained on.

python -m retriever.evaluation.candidates OUT QUESTIONS... --corpora FOLDER --home HOME
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from retriever.answering.reranking import in_context
from retriever.answering.search import find
from retriever.build.models import DEFAULT_MODELS
from retriever.evaluation.cases import Case
from retriever.evaluation.evaluate import Corpus, place_of, read_corpora
from retriever.evaluation.gold_passages import GoldPassages
from retriever.index.generation import Generation
from retriever.index.home import Home

_MOST = 50  # candidates of a question, beside those that readers named


def candidates(corpus: Corpus, home: Home) -> Iterator[dict[str, Any]]:
    """Each question of a corpus as it is read, with its passages in the order of the ranking by
    evidence alone: each is an answer, near, or other."""
    place = place_of(home, corpus)
    corpus.index(place, DEFAULT_MODELS, lambda *_: None)
    generation = Generation.open(place, fast=True)
    named = GoldPassages(generation.store)
    for case in corpus.cases:
        if case.answers and not any(named.rows(answer) for answer in case.answers):
            continue  # it is answered where nobody can show it
        yield _line(generation, named, case)


def _line(generation: Generation, named: GoldPassages, case: Case) -> dict[str, Any]:
    answers = {row for answer in case.answers for row in named.rows(answer)}
    near = {row for passage in case.near for row in named.rows(passage)} - answers
    found = find(generation, case.question, history=case.history, asked_on=case.asked_on)
    rows = named.once(found.ranked.rows.tolist(), answers)[:_MOST]
    rows += sorted((answers | near).difference(rows))
    kinds = {**dict.fromkeys(near, "near"), **dict.fromkeys(answers, "answer")}
    passages = [{"text": in_context(generation, row), "kind": kinds.get(row, "other")}
                for row in rows]  # fmt: skip
    return {"id": case.id, "question": found.reading.text, "passages": passages}


def main(arguments: Sequence[str]) -> None:
    """Writes the candidates of question files."""
    parser = argparse.ArgumentParser(prog="python -m retriever.evaluation.candidates")
    parser.add_argument("out", type=Path, help="the file to write, one question a line")
    parser.add_argument("questions", type=Path, nargs="+", help="files as for `pincite eval`")
    parser.add_argument("--corpora", type=Path, help="the folder of the corpora that they name")
    parser.add_argument("--home", type=Path, required=True, help="where the indexes are kept")
    given = parser.parse_args(arguments)
    home = Home(given.home, given.home / "models")
    with given.out.open("w", encoding="utf-8") as out:
        for path in given.questions:
            for corpus in read_corpora(path, given.corpora):
                for line in candidates(corpus, home):
                    out.write(json.dumps(line, ensure_ascii=False) + "\n")
            sys.stdout.write(f"{path.stem}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
