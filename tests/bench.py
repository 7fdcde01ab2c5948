"""The benchmark: ratios in one run against named baselines, never absolute times.

    python tests/bench.py [FOLDER...]      (default: the samples; a new index is built in a
                                            temporary home)

Prints, as medians with their range: a cold question beside a bare process that only loads the same
parts, and beside sentence-transformers with FAISS; building beside the bare encoder on the same
texts; and building again with nothing changed.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
RUNS = 10
QUESTION = "What was agreed with Sung Kim?"

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


def indexed_texts(home: Path, generation: Path) -> list[str]:
    """The texts that were embedded for this generation: passages' windows and contexts."""
    from corpus.readers import read_document
    from embeddings import open_encoder
    from retriever.contextual import context_text
    from retriever.manifest import read_manifest
    from retriever.passages import PassageStore
    from retriever.windows import windows_of

    encoder = open_encoder(home / "models", read_manifest(generation).model)
    texts: list[str] = []
    for stored in PassageStore.open(generation).all_documents():
        document = read_document(stored.id, stored.path.read_bytes())
        passages = [passage.text for passage in document.passages]
        cut = windows_of(passages, encoder.card.max_tokens, encoder.count_tokens)
        texts += [window for each in cut for window in each] + [context_text(document)]
    return list(dict.fromkeys(texts))


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
        model = str(next(home.glob("models/*/model.onnx")).parent)
        source = json.loads((Path(model) / "model.json").read_text())["source"]
        index = str(generation / "vectors.faiss")
        texts = indexed_texts(home, generation)
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


if __name__ == "__main__":
    main()
