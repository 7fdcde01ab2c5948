"""A damaged generation is one sentence, whichever file and however it is damaged."""

import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from conftest import ROOT

from embeddings import EmbeddingError, ModelDamaged
from retriever.answering.ask import ask
from retriever.errors import FormatUnknown, GenerationDamaged, RetrieverError
from retriever.index.generation import Generation
from retriever.index.generation_manifest import INDEX_FORMAT, read_manifest
from retriever.index.home import Home
from retriever.index.integrity import checked_json, read_checked_json

QUESTION = "What was agreed with Sung Kim?"


def change(home: Home, **facts: object) -> None:
    file = home.generation() / "manifest.json"
    known, _ = read_checked_json(file.read_bytes())
    file.write_bytes(checked_json(known | facts))


def test_a_manifest_survives_the_disk(home: Home, samples: Generation, tmp_path: Path) -> None:
    samples.manifest.write(tmp_path)
    assert read_manifest(tmp_path) == samples.manifest == read_manifest(home.generation())
    assert (samples.manifest.documents, samples.manifest.passages) == (32, samples.store.count)
    assert samples.name == home.current()


def test_another_format_says_so(copied: Home) -> None:
    change(copied, format=INDEX_FORMAT + 1)
    with pytest.raises(
        FormatUnknown, match=rf"has format {INDEX_FORMAT + 1}, .*reads {INDEX_FORMAT}; run"
    ):
        Generation.open(copied)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b"null", b'"a"', b"\xff\xfe", b'{"format": 5}',
     b'{"format": 5, "folders": 3}', b'{"format": 5, "checksum": "0"}', b"[" * 100_000],
)  # fmt: skip
def test_a_damaged_manifest_says_what_to_do(copied: Home, content: bytes) -> None:
    (copied.generation() / "manifest.json").write_bytes(content)
    with pytest.raises(GenerationDamaged, match=r"^The file manifest\.json .*; run `pincite index"):
        Generation.open(copied)


def test_a_manifest_of_another_size_is_noticed(copied: Home) -> None:
    change(copied, passages=7)
    with pytest.raises(GenerationDamaged, match=r"passages\.db"):
        Generation.open(copied)


@pytest.mark.parametrize("file", ["passages.db", "vectors.faiss"])
@pytest.mark.parametrize("size", [0, 1, 100, 5000, -5000])
def test_a_truncated_file_is_one_sentence(copied: Home, file: str, size: int) -> None:
    path = copied.generation() / file
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(GenerationDamaged, match=rf"^The file {file} .*; run `pincite index"):
        ask(Generation.open(copied), QUESTION)


@pytest.mark.parametrize("file", ["passages.db", "vectors.faiss"])
def test_a_missing_or_foreign_file_is_one_sentence(copied: Home, file: str) -> None:
    path = copied.generation() / file
    for replace in (lambda: path.write_bytes(b"garbage " * 4096), path.unlink):
        replace()
        with pytest.raises(GenerationDamaged, match=rf"^The file {file} "):
            ask(Generation.open(copied), QUESTION)


def harmless(copied: Home, samples: Generation) -> bool:
    """Whether the damaged copy answers; what it shows is true, else it says what is damaged."""
    try:
        answer = ask(Generation.open(copied), QUESTION, top=50)
    except GenerationDamaged:
        return False
    texts = {samples.store.passage(row).text for row in range(samples.store.count)}
    assert {hit.text for hit in answer.passages} <= texts
    return True


def test_zeroed_pages_show_nothing_false(copied: Home, samples: Generation) -> None:
    path = copied.generation() / "passages.db"
    data = path.read_bytes()
    for page in range(len(data) // 4096):
        start = page * 4096
        path.write_bytes(data[:start] + bytes(4096) + data[start + 4096 :])
        harmless(copied, samples)


@pytest.mark.slow
def test_flipped_bytes_show_nothing_false(copied: Home, samples: Generation) -> None:
    path = copied.generation() / "passages.db"
    data = path.read_bytes()
    chance = random.Random(5)
    answered = 0
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(20):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(damaged)
        answered += harmless(copied, samples)
    assert 0 < answered < 150


def remove_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def empty_folder(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.mkdir()


def cut_each(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def empty_each(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(b"")


def cut_one(ending: str, size: int) -> Callable[[Path], None]:
    def cut(folder: Path) -> None:
        for file in folder.glob(f"*{ending}"):
            file.write_bytes(file.read_bytes()[:size])

    cut.__name__ = f"cut_{ending[1:]}_{size}"
    return cut


def drop_one(ending: str) -> Callable[[Path], None]:
    def drop(folder: Path) -> None:
        for file in folder.glob(f"*{ending}"):
            file.unlink()

    drop.__name__ = f"drop_{ending[1:]}"
    return drop


SEGMENT = (".term", ".idx", ".fast", ".fieldnorm", ".store", ".pos")
DAMAGES = [
    remove_folder,
    empty_folder,
    cut_each,
    empty_each,
    cut_one(".json", 10),
    *(cut_one(ending, size) for ending in SEGMENT for size in (0, 30)),
    *(drop_one(ending) for ending in SEGMENT),
]


# In a process of its own: a panic of the library is no exception of Python's.
ASKING = f"""
import sys
from pathlib import Path
from retriever.answering.ask import ask
from retriever.errors import GenerationDamaged
from retriever.index.integrity import checked_json, read_checked_json
from retriever.index.generation import Generation
from retriever.index.home import Home
for copy in sys.argv[1:]:
    try:
        ask(Generation.open(Home(Path(copy))), {QUESTION!r})
        print("answered")
    except GenerationDamaged as error:
        print(error)
    except BaseException as error:
        print("unexpected", type(error).__name__, str(error)[:80].replace(chr(10), " "))
"""


@pytest.mark.slow
def test_damaged_terms_are_one_sentence(home: Home, tmp_path: Path) -> None:
    copies = []
    for number, damage in enumerate(DAMAGES):
        copies.append(tmp_path / str(number))
        shutil.copytree(home.path, copies[-1], symlinks=True)
        damage(Home(copies[-1]).generation() / "lexical")
    process = subprocess.run(
        [sys.executable, "-c", ASKING, *map(str, copies)], cwd=ROOT, capture_output=True, text=True
    )
    assert process.returncode == 0, process.stderr
    said = dict(zip((d.__name__ for d in DAMAGES), process.stdout.splitlines(), strict=True))
    wrong = {name: what for name, what in said.items() if not what.startswith("The file lexical/")}
    assert wrong == {}


@pytest.mark.parametrize("name", ["model.onnx", "model.weights", "tokenizer.json", "model.json"])
def test_an_altered_model_is_noticed(copied: Home, models: Path, name: str) -> None:
    (copied.path / "models").unlink()
    shutil.copytree(models, copied.path / "models")
    file = copied.path / "models" / read_manifest(copied.generation()).model / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x80
    file.write_bytes(data)
    with pytest.raises(ModelDamaged, match="; run `pincite index` to prepare it again"):
        Generation.open(copied)


def test_a_missing_model_is_one_sentence(copied: Home) -> None:
    (copied.path / "models").unlink()
    with pytest.raises(EmbeddingError, match="run `pincite index` to prepare it"):
        Generation.open(copied)


def test_errors_are_one_family() -> None:
    names = ["Busy", "CalibrationDamaged", "CitationRefused", "FormatUnknown", "GenerationDamaged",
             "NoIndex", "NothingToIndex", "QuestionRefused", "QuestionsRefused",
             "RunRefused"]  # fmt: skip
    assert sorted(each.__name__ for each in RetrieverError.__subclasses__()) == names


COLUMNS = {
    "passages.db": {
        "documents": "number id path sha256 title posted events source file title_stated subtitle "
        "byline outside language trace dropped count digest",
        "passages": "row document label heading speaker start end parent text page columns twin "
        "digest",
        "columns": "name checksum",
        "folders": "path",
        "windows": "row passage",
    },
    "lexicon.db": {
        "names": "name key words count",
        "words": "word capitalised lower",
        "acronyms": "short long count",
    },
}
"""Of format 5: an index with others is another format, which older and newer programs refuse."""


def test_another_column_is_another_format(home: Home) -> None:
    assert INDEX_FORMAT == 5
    every_table = "SELECT name FROM sqlite_master WHERE type = 'table'"
    for file, tables in COLUMNS.items():
        with closing(sqlite3.connect(home.generation() / file)) as database:
            assert {
                table: " ".join(row[1] for row in database.execute(f"PRAGMA table_info({table})"))
                for (table,) in database.execute(every_table)
            } == tables
