"""The benchmark: ratios in one run against named baselines, never absolute times.

    python tests/bench.py [FOLDER...]      (default: the samples; a new index is built in a
                                            temporary home)

Prints, as medians with their range: a cold question beside a bare process that only loads the same
parts, and beside sentence-transformers with FAISS; building beside the bare encoder on the same
texts; building again with nothing changed; and warm questions, everything on, over the folders and
over 100,000 passages made of their words, free and restricted, beside encoding the question and
comparing it with all vectors.
"""

import datetime
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from bot.settings import read_settings
from corpus.readers import read_documents
from embeddings import Encoder, VectorCache, open_encoder
from retriever.answering.ask import ask
from retriever.build.build import build_index
from retriever.build.context_vectors import head_text, lead_text
from retriever.build.windows import windows_of
from retriever.index.generation import Generation
from retriever.index.generation_manifest import read_manifest
from retriever.index.home import Home
from retriever.index.passages import PassageStore

ROOT = Path(__file__).parents[1]
RUNS = 10
QUESTION = "What was agreed with Sung Kim?"
MANY = 100_000  # passages
WARM = 500  # questions

BARE = """
import sys, numpy as np, faiss, onnxruntime
from tokenizers import Tokenizer
model, index, question = sys.argv[1:]
tokenizer = Tokenizer.from_file(model + "/tokenizer.json")
session = onnxruntime.InferenceSession(model + "/model.onnx")
vectors = faiss.read_index(index)
pieces = tokenizer.encode(question)
feed = {"input_ids": pieces.ids, "attention_mask": pieces.attention_mask,
        "token_type_ids": pieces.type_ids}
names = [entry.name for entry in session.get_inputs()]
session.run(None, {name: np.array([feed[name]]) for name in names})
"""

SENTENCE_TRANSFORMERS = """
import sys, faiss, json
from sentence_transformers import SentenceTransformer
model, index, texts, question = sys.argv[1:]
passages = json.load(open(texts))
encoder = SentenceTransformer(model)
vectors = faiss.read_index(index)
scores, rows = vectors.search(encoder.encode([question], normalize_embeddings=True), 5)
for score, row in zip(scores[0], rows[0]):
    print(score, passages[row % len(passages)])
"""

BARE_ENCODER = """
import sys, json, time, numpy as np, onnxruntime
from tokenizers import Tokenizer
model, texts = sys.argv[1:]
tokenizer = Tokenizer.from_file(model + "/tokenizer.json")
tokenizer.enable_padding()
tokenizer.enable_truncation(256)
session = onnxruntime.InferenceSession(model + "/model.onnx")
names = [entry.name for entry in session.get_inputs()]
texts = sorted(json.load(open(texts)), key=len)
started = time.perf_counter()
for first in range(0, len(texts), 16):
    pieces = tokenizer.encode_batch(texts[first:first + 16])
    feed = {"input_ids": [piece.ids for piece in pieces],
            "attention_mask": [piece.attention_mask for piece in pieces],
            "token_type_ids": [piece.type_ids for piece in pieces]}
    session.run(None, {name: np.array(feed[name]) for name in names})
print(time.perf_counter() - started)
"""


def run(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak resident megabytes of a whole process; it must succeed."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) not in (0, 1):  # 1: the documents hold no answer
        raise SystemExit(f"failed: {command}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def interleaved(commands: dict[str, list[str]]) -> dict[str, list[tuple[float, float]]]:
    """The runs of each command, taken in turn after one that is not counted."""
    results: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for turn in range(RUNS + 1):
        for name, command in commands.items():
            result = run(command)
            if turn:
                results[name].append(result)
    return results


def indexed_texts(encoder: Encoder, paths: dict[str, Path]) -> list[str]:
    """The texts that are embedded for these files: windows of passages, heads and leads."""
    texts: list[str] = []
    for document in chain.from_iterable(
        read_documents(n, p.read_bytes()) for n, p in paths.items()
    ):
        passages = [passage.text for passage in document.passages]
        cut = windows_of(passages, encoder.card.max_tokens, encoder.count_tokens)
        texts += [window for each in cut for window in each]
        texts += filter(None, [head_text(document), lead_text(document)])
    return list(dict.fromkeys(texts))


def files_of(generation: Path) -> dict[str, Path]:
    return {each.id: each.path for each in PassageStore.open(generation).all_documents()}


def copied(generation: Path, into: Path, most: int) -> None:
    """Writes the documents, and copies of them whose words are shuffled within each line, until
    they have about so many passages."""
    store, chance, written = PassageStore.open(generation), random.Random(1), 0
    for copy in range(-(-most // store.count)):
        for number, path in enumerate(files_of(generation).values()):
            written += len(store.passages_of(number))
            if written > most:
                return
            lines = path.read_text("utf-8", "replace").split("\n")
            for at, line in enumerate(lines[1:], start=1):
                words = line.split()
                if copy and len(words) > 8:
                    lines[at] = " ".join([words[0], *chance.sample(words[1:], len(words) - 1)])
            (into / f"{copy}-{number}{path.suffix}").write_text("\n".join(lines), "utf-8")


def remembered(home: Home, model: str, folder: Path) -> None:
    """Puts vectors of the folder's texts into the cache without encoding them: each is near one
    that was encoded."""
    encoder = open_encoder(home.models_with(model), model)
    texts = indexed_texts(encoder, {path.name: path for path in sorted(folder.iterdir())})
    numbers = np.random.default_rng(1)
    with closing(VectorCache(home.vectors_of(model), encoder.card.dimension)) as cache:
        vectors, known = cache.get(texts)
        near = vectors[known][numbers.integers(0, known.sum(), (~known).sum())]
        near += 0.03 * numbers.standard_normal(near.shape, "f4")  # a cosine of .86
        near /= np.linalg.norm(near, axis=1, keepdims=True)
        cache.put([text for text, have in zip(texts, known, strict=True) if not have], near)


def questions_of(generation: Generation, count: int) -> list[tuple[str, list[str]]]:
    """Questions with their history, made of words that stand together in a passage."""
    chance, store = random.Random(2), generation.store
    questions: list[tuple[str, list[str]]] = []
    while len(questions) < count:
        words = re.findall(r"[\w-]+", store.passage(chance.randrange(store.count)).text)
        if len(words) < 12:
            continue
        at = chance.randrange(len(words) - 10)
        about = " ".join(words[at : at + chance.randint(3, 10)])
        opening = chance.choice(["What was agreed on", "Who said", "latest on", "How many", ""])
        when = chance.choice(["", "", " in March 2022", " last month", " since 2021"])
        leaning = [questions[-1][0]] if questions and chance.random() < 0.3 else []
        asked = f"and {about}?" if leaning else f"{opening} {about}{when}?"
        questions.append((asked, leaning))
    return questions


def times(work: Callable[[int], object], count: int) -> NDArray[np.float64]:
    """Milliseconds of each piece of work, and those that processors spent on it, (count, 2); ten
    before are not counted."""
    taken = []
    for number in [*range(10), *range(count)]:
        started, spent = time.perf_counter(), time.process_time()
        work(number)
        taken.append((time.perf_counter() - started, time.process_time() - spent))
    return np.array(taken[10:]) * 1000


def restrictions(generation: Generation) -> dict[str, dict[str, Any]]:
    """What restricts a question: the middle third of the days, one folder, all folders that there
    are, as in a channel of Slack, and three documents, as by `/only`."""
    days = np.sort(generation.days.newest[generation.days.newest > 0])
    first, last = (datetime.date.fromordinal(int(np.quantile(days, q))) for q in (1 / 3, 2 / 3))
    folders = [Path(each.path).name for each in generation.manifest.folders]
    documents = [each.id for each in generation.store.all_documents()]
    return {
        "dated": {"after": first, "before": last},
        "in a folder": {"folders": folders[:1]},
        "in all folders": {"folders": folders},
        "of three documents": {"within": random.Random(3).sample(documents, 3)},
    }


def warm(home: Home) -> None:
    """Prints the percentiles of a question, everything on, beside encoding and exact search."""
    generation, fast = Generation.open(home), Generation.open(home, fast=True)
    asked = questions_of(generation, WARM)
    dimension, rows = generation.encoder.card.dimension, generation.store.count
    flat = faiss.IndexFlatIP(dimension)
    flat.add(np.random.default_rng(0).standard_normal((rows, dimension), "f4"))

    def answered_by(opened: Generation, **restricted: Any) -> Callable[[int], object]:
        return lambda number: ask(opened, asked[number][0], history=asked[number][1], **restricted)

    def plain(number: int) -> object:
        return flat.search(generation.encoder.encode([asked[number][0]], question=True), 200)

    results = {
        "pincite": times(answered_by(generation), WARM),
        "pincite --fast": times(answered_by(fast), WARM),
        "encoding and exact search": times(plain, WARM),
    }
    for name, restricted in restrictions(generation).items():
        results[f"pincite --fast, {name}"] = times(answered_by(fast, **restricted), WARM)
    free = np.percentile(results["pincite --fast"][:, 1], 50)
    for name, taken in results.items():
        (p50, cpu50), (p95, cpu95), (p99, _) = np.percentile(taken, [50, 95, 99], axis=0)
        print(
            f"warm question, {rows:,} passages, {name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, "
            f"p99 {p99:.1f} ms; processor time p50 {cpu50:.1f} ms, p95 {cpu95:.1f} ms, "
            f"{cpu50 / free:.2f} of --fast"
        )


def home_of(path: Path) -> Home:
    """A home with the folder of prepared models that the command line uses."""
    return Home(path, read_settings(path).models)


def main() -> None:
    folders = [str(Path(each).resolve()) for each in sys.argv[1:]] or [str(ROOT / "corpus/samples")]
    with tempfile.TemporaryDirectory() as temporary:
        home = Path(temporary)
        pincite = [str(Path(sys.executable).parent / "pincite"), "--home", str(home)]
        (home / "one").mkdir()
        (home / "one" / "one.txt").write_text("One document, so that the model is prepared.")
        run([*pincite, "index", str(home / "one")])
        build, memory = run([*pincite, "index", *folders])
        again = statistics.median(run([*pincite, "index"])[0] for _ in range(3))

        generation = home / "generations" / (home / "CURRENT").read_text().strip()
        fingerprint = read_manifest(generation).model
        model = str(home_of(home).models_with(fingerprint) / fingerprint)
        source = json.loads((Path(model) / "model.json").read_text())["source"]
        index = str(generation / "vectors.faiss")
        encoder = open_encoder(Path(model).parent, fingerprint)
        texts = indexed_texts(encoder, files_of(generation))
        (home / "texts.json").write_text(json.dumps(texts))
        encode = [sys.executable, "-c", BARE_ENCODER, model, str(home / "texts.json")]
        bare = float(subprocess.check_output(encode))
        print(f"{len(texts):,} texts of {', '.join(folders)}")
        print(
            f"building: {len(texts) / build:,.0f} texts/s, peak {memory:,.0f} MB; "
            f"bare encoder {len(texts) / bare:,.0f} texts/s; ratio {bare / build:.2f}"
        )
        print(f"building again, nothing changed: {again:.2f} s")

        script = [sys.executable, "-c", SENTENCE_TRANSFORMERS, source, index]
        results = interleaved({
            "pincite ask": [*pincite, "ask", QUESTION],
            "pincite ask --fast": [*pincite, "ask", "--fast", QUESTION],
            "bare process": [sys.executable, "-c", BARE, model, index, QUESTION],
            "sentence-transformers": [*script, str(home / "texts.json"), QUESTION],
        })  # fmt: skip
        ours = statistics.median(wall for wall, _ in results["pincite ask"])
        for name, runs in results.items():
            walls = [wall for wall, _ in runs]
            middle = statistics.median(walls)
            peak = statistics.median(peak for _, peak in runs)
            print(
                f"cold question, {name}: {middle:.2f} s ({min(walls):.2f} to {max(walls):.2f}), "
                f"peak {peak:,.0f} MB; pincite ask / {name} = {ours / middle:.2f}"
            )
        warm(home_of(home))
        halves = [home / "many", home / "others"]
        for half in halves:
            half.mkdir()
        copied(generation, halves[0], MANY)
        for file in sorted(halves[0].iterdir())[::2]:
            file.rename(halves[1] / file.name)
        for half in halves:
            remembered(home_of(home), fingerprint, half)
        build_index(home_of(home), halves)
        warm(home_of(home))


if __name__ == "__main__":
    main()
