"""What every test may use: the prepared model, the indexed samples, small corpora, the CLI."""

import hashlib
import ipaddress
import json
import os
import shutil
import socket
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

import pytest
from filelock import FileLock

import corpus.readers
import embeddings.graph
from bot.cli import main
from corpus.document import Document
from corpus.folder import settling
from corpus.readers import read_documents
from embeddings import DEFAULT_MODEL, Encoder, ModelCard, open_encoder, prepare
from embeddings.model import find_model, fingerprint
from retriever.answering.answer import Answer
from retriever.answering.ask import ask
from retriever.build.build import Build, build_index
from retriever.index.generation import Generation
from retriever.index.home import Home

ROOT = Path(corpus.readers.__file__).parents[1]
SAMPLES = ROOT / "corpus" / "samples"


def read_document(name: str, data: bytes) -> Document:
    """The only document of a file."""
    (document,) = read_documents(name, data)
    return document


def cpu_seconds(work: Callable[[], object]) -> float:
    """The processor time that this thread spends on some work, however busy the machine is."""
    started = time.thread_time()
    work()
    return time.thread_time() - started


class NetworkUsed(BaseException):
    """Something reached for the network; no handler of an ordinary error can hide it."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):  # a Unix socket
        return True
    if address[0] in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(address[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuses every connection but those to this machine."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, address: Any, original: Any = original) -> Any:
            if not _is_local(address):
                raise NetworkUsed(f"connecting to {address}")
            return original(self, address)

        patch.setattr(socket.socket, name, guarded)
    look_up = socket.getaddrinfo

    def known(host: Any, *rest: Any, **named: Any) -> Any:
        if host is not None and not _is_local((host,)):
            raise NetworkUsed(f"looking up {host}")
        return look_up(host, *rest, **named)

    patch.setattr(socket, "getaddrinfo", known)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _private_logs() -> Iterator[None]:
    """No log of a bot that any test ran holds a token, a response_url or a question."""
    yield
    if bots := sys.modules.get("slack_privacy"):
        assert bots.leaks() == []


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, models_of_the_run: Path) -> None:
    """No setting of the person who runs the tests reaches them."""
    for name in ("PINCITE_HOME", "PINCITE_MODEL", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PINCITE_MODELS", str(models_of_the_run))


@pytest.fixture(autouse=True)
def _written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test writes is written; builds need not wait for it to settle."""
    monkeypatch.setattr(settling, "MOMENT", 0.0)


@pytest.fixture(scope="session", autouse=True)
def _hashed_once(models_of_the_run: Path) -> Iterator[None]:
    """A file of a model is hashed once for as long as nothing is written to it: it is large."""
    patch, digest = pytest.MonkeyPatch(), hashlib.file_digest
    known: dict[object, Any] = {}

    def remembered(file: IO[bytes], kind: str) -> Any:
        if not str(file.name).startswith(str(models_of_the_run)):
            return digest(file, kind)  # type: ignore[arg-type]
        key = kind, *_state(os.fstat(file.fileno()))
        if key not in known:
            known[key] = digest(file, kind)  # type: ignore[arg-type]
        return known[key]

    patch.setattr(hashlib, "file_digest", remembered)
    yield
    patch.undo()


@pytest.fixture(scope="session", autouse=True)
def _opened_once() -> Iterator[None]:
    """A graph is opened once for as long as its files are the same; whether they are is checked."""
    patch, open_session = pytest.MonkeyPatch(), embeddings.graph.open_session
    known: dict[object, Any] = {}

    def remembered(graph: Path, *, save_to: Path | None = None, threads: int = 0) -> Any:
        if save_to:
            return open_session(graph, save_to=save_to)
        files = sorted(graph.parent.glob(f"{graph.stem}.*"))
        key = threads, *(_state(file.stat()) for file in files)
        if key not in known:
            known[key] = open_session(graph, threads=threads)
        return known[key]

    patch.setattr(embeddings.graph, "open_session", remembered)
    yield
    patch.undo()


def _state(file: os.stat_result) -> tuple[int, ...]:
    """What changes whenever a file is written to."""
    return file.st_dev, file.st_ino, file.st_size, file.st_mtime_ns, file.st_ctime_ns


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What ends with the test need not survive a power cut."""
    connect = sqlite3.connect

    def hasty(*where: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*where, **options)
        with suppress(sqlite3.Error):  # it is damaged, as whoever reads it will find
            connection.execute("PRAGMA synchronous = OFF")
        return connection

    if request.node.get_closest_marker("slow") is None:
        monkeypatch.setattr(os, "fsync", lambda _: None)
        monkeypatch.setattr(sqlite3, "connect", hasty)


KEPT_MODELS = 3
"""Prepared models that are kept for later runs, each made by another version of the code."""


def _bring_prepared(target: Path) -> None:
    """Brings the default model as this code prepares it, which is kept for later runs below the
    user's caches: not every run prepares it."""
    code = hashlib.sha256()
    for file in sorted((ROOT / "embeddings").glob("*.py")):
        code.update(file.read_bytes())
    for name in (
        "onnx",
        "onnxruntime",
        "sentence-transformers",
        "tokenizers",
        "torch",
        "transformers",
    ):
        code.update(f"{name} {version(name)}\n".encode())
    place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pincite-tests"
    place.mkdir(parents=True, exist_ok=True)
    models = place / f"{fingerprint(find_model(DEFAULT_MODEL))}-{code.hexdigest()[:16]}"
    with FileLock(place / "lock"):
        prepare(DEFAULT_MODEL, models)
        models.touch()
        kept = sorted((each for each in place.iterdir() if each.is_dir()), key=_age)
        for each in kept[:-KEPT_MODELS]:
            shutil.rmtree(each)
        shutil.copytree(models, target, copy_function=_link_or_copy, dirs_exist_ok=True)


def _age(folder: Path) -> float:
    return folder.stat().st_mtime


def _link_or_copy(source: str, target: str) -> None:
    """Links what nothing writes to; the card may be written anew."""
    try:
        if not source.endswith(".json"):
            return os.link(source, target)
    except OSError:  # on another disk
        pass
    shutil.copy2(source, target)


@pytest.fixture(scope="session")
def models_of_the_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every program that a test runs looks for prepared models; empty at first."""
    return tmp_path_factory.mktemp("prepared") / "models"


@pytest.fixture(scope="session")
def prepared(models_of_the_run: Path) -> tuple[Path, ModelCard]:
    _bring_prepared(models_of_the_run)
    return models_of_the_run, prepare(DEFAULT_MODEL, models_of_the_run)


@pytest.fixture(scope="session")
def models(prepared: tuple[Path, ModelCard]) -> Path:
    """The folder of prepared models, which homes share."""
    return prepared[0]


@pytest.fixture(scope="session")
def encoder(prepared: tuple[Path, ModelCard]) -> Encoder:
    models, card = prepared
    return open_encoder(models, card.fingerprint)


@pytest.fixture(scope="session")
def home(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The samples, indexed; not to be changed."""
    place = tmp_path_factory.mktemp("samples") / "home"
    place.mkdir()
    (place / "models").symlink_to(models)
    build_index(Home(place), [SAMPLES])
    return Home(place)


@pytest.fixture(scope="session")
def samples(home: Home) -> Generation:
    """The generation of the samples, open; what it answers rests on the evidence alone."""
    return Generation.open(home, fast=True)


@pytest.fixture
def copied(home: Home, tmp_path: Path) -> Home:
    """The indexed samples, to be damaged."""
    place = tmp_path / "copied"
    shutil.copytree(home.path, place, symlinks=True)
    return Home(place)


def release(title: str, posted: str, *paragraphs: str) -> str:
    """A press release as the ministry's board prints it, its paragraphs numbered."""
    numbered = (f"{number}. {text}\n\n" for number, text in enumerate(paragraphs, start=1))
    return f"Press Releases\n\n{title}\n\nDate\n{posted}\nhit\n17\n\n{''.join(numbered)}"


HARBOUR = release(
    "Korea and Elbonia Hold Harbor Talks in Busan (March 3)",
    "2021-03-04",
    "Minister Alice Brown met Governor Carl Diaz of Elbonia in Busan on March 3.",
    "The two sides agreed to deepen the harbor of Busan for container ships by 2025.",
    "Governor Diaz praised the fish market. He will visit again in the autumn.",
)
VACCINES = release(
    "Korea Gives Vaccines to Freedonia",
    "2022-06-10",
    "The government sent two million doses of vaccine to Freedonia on June 9.",
    "Freedonia will store the doses in cold houses near its capital.",
)
CULTURE = release(
    "Film Week Opens in Grand Fenwick",
    "2023-09-02",
    "The embassy in Grand Fenwick opened a week of Korean films on September 1.",
    "Six films will be shown with subtitles, and entry is free.",
)
RELEASES = {"harbour.txt": HARBOUR, "vaccines.txt": VACCINES, "culture.txt": CULTURE}


@dataclass(frozen=True, slots=True)
class Shelf:
    """A small corpus and the home that indexes it."""

    folder: Path
    home: Home

    def write(self, **texts: str) -> None:
        """Writes documents; the keyword is the name of the file, which ends in `.txt`."""
        for name, text in texts.items():
            (self.folder / f"{name}.txt").write_text(text, "utf-8")

    def index(self) -> Build:
        return build_index(self.home, [self.folder])

    def ask(self, question: str, **options: Any) -> Answer:
        return ask(Generation.open(self.home), question, **options)


@pytest.fixture
def shelf(models: Path, tmp_path: Path) -> Shelf:
    """Three releases, indexed."""
    made = Shelf(tmp_path / "releases", Home(tmp_path / "shelf", models, models))
    made.folder.mkdir()
    for name, text in RELEASES.items():
        (made.folder / name).write_text(text, "utf-8")
    made.index()
    return made


@dataclass(frozen=True, slots=True)
class Run:
    """What a command line gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        def refuse(constant: str) -> Any:
            raise ValueError(f"{constant} is no JSON")

        return json.loads(self.out, parse_constant=refuse)

    def refuses(self, *, advice: str) -> None:
        """One line on standard error that says what to do, and nothing else."""
        assert (self.code, self.out) == (2, "")
        assert self.err.startswith("pincite: ")
        assert self.err.count("\n") == 1
        assert self.err.endswith(".\n")
        assert advice in self.err


class CommandLine:
    """The command line, run in this process as the console script runs it."""

    def __init__(
        self, home: Path, patch: pytest.MonkeyPatch, captured: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self._patch, self._captured = patch, captured

    def __call__(self, *arguments: str | Path) -> Run:
        self._captured.readouterr()
        self._patch.setattr(sys, "argv", ["pincite", *map(str, arguments)])
        # As in a console script: click names the program after a package that is run with -m.
        self._patch.setattr(sys.modules["__main__"], "__package__", None)
        with pytest.raises(SystemExit) as stop:
            main()
        return Run(int(stop.value.code or 0), *self._captured.readouterr())


@pytest.fixture
def cli(
    models: Path,  # which is prepared then
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> CommandLine:
    """The command line in an empty folder, with the prepared model."""
    working = tmp_path / "working"
    (working / ".pincite").mkdir(parents=True)
    monkeypatch.chdir(working)
    return CommandLine(working / ".pincite", monkeypatch, capfd)


@pytest.fixture
def indexed(cli: CommandLine) -> CommandLine:
    """The command line in a folder with three releases, indexed."""
    for name, text in RELEASES.items():
        Path("releases").mkdir(exist_ok=True)
        Path("releases", name).write_text(text, "utf-8")
    assert cli("index", "releases").code == 0
    return cli
